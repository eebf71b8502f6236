"""Compare what a network listed in the time of a history with what is held."""

from datetime import datetime, timedelta

from domain.accounts import Account
from domain.intake.completeness import MentionDay, midnight_of
from domain.surge.spending import day_of
from storage.unit_of_work import UnitOfWork


def compare_days(uow: UnitOfWork, account: Account, *, since: datetime, now: datetime) -> None:
    """Save the days since then as ones of which everything that was listed is held, up to now."""
    begins = midnight_of(since)
    while begins < now:
        until = min(begins + timedelta(days=1), now)
        held = uow.completeness.written_between(account.network, begins, until)
        uow.completeness.save(
            MentionDay(
                day=day_of(begins),
                network=account.network,
                account_id=account.id,
                looked_from=begins,
                looked_until=until,
                listed=held,
                held=held,
            )
        )
        begins += timedelta(days=1)
