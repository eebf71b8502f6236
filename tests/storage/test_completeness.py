"""Compare what is held with what was listed: read only the days that are asked for."""

from datetime import timedelta

from domain.intake.completeness import MentionDay
from domain.reports.filters import Filters
from storage.engine import Store
from tests.handlers.made import NOW
from tests.storage.plans import explained

TODAY = f"{NOW:%Y-%m-%d}"


def test_mentions_are_counted_by_the_index_of_times(store: Store) -> None:
    counted = MentionDay(
        day=TODAY, network="x", account_id="1", looked_from=NOW, looked_until=NOW, listed=3, held=2, late=1
    )
    with explained(store) as (uow, plans):
        uow.completeness.save(counted)
        [shown] = uow.completeness.days_since(TODAY)
        uow.completeness.written_between("x", NOW - timedelta(days=1), NOW)
        found = [line for line in plans.lines if "messages" in line]
        figures = uow.completeness.of_period([TODAY], Filters())
        assert [line for line in plans.lines if "messages" in line] == found  # a summary reads no message
    assert (shown.counted, figures.late, figures.missing) == (counted, 1, 1)
    assert found
    assert plans.scans == []
    if store.engine.dialect.name == "sqlite":  # PostgreSQL takes any index while the table is empty
        assert ["ix_messages_arrived" in line for line in found] == [True, True]


def test_what_two_accounts_of_a_network_could_not_read_counts_once(store: Store) -> None:
    with store.unit_of_work() as uow:
        for account in ("1", "2"):
            uow.completeness.save(
                MentionDay(
                    day=TODAY, network="x", account_id=account, looked_from=NOW, looked_until=NOW, listed=5
                )
            )
        uow.completeness.add_unreadable("x", "1", ["7", "8"], day=TODAY)
        uow.completeness.add_unreadable("x", "2", ["9"], day=TODAY)
    with store.unit_of_work() as uow:
        assert [day.unreadable for day in uow.completeness.days_since(TODAY)] == [2, 1]
        assert uow.completeness.of_period([TODAY], Filters()).unreadable == 3
