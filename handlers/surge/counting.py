"""Count the posts of past hours, and load what is known for the detection of spikes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.intake.stream_names import MENTIONS
from domain.surge.baseline import HISTORY_HOURS, HOUR, hour_number
from domain.surge.detection import LONGEST
from domain.surge.series import Arrival, Counts, SeriesFinder, hourly_counts
from domain.surge.spikes import RETENTION, without_spikes
from storage.unit_of_work import UnitOfWork

#: How long after an hour its posts are counted: networks list some late.
LISTED_AFTER = timedelta(minutes=10)
HOURS_IN_A_BATCH = 24
ARRIVALS_IN_A_BATCH = 5_000
#: So many of the newest messages are read again, as transactions with lower ids may be under way.
UNCOMMITTED = 500


def count_hours(uow: UnitOfWork, *, finder: SeriesFinder, accounts: Sequence[Account], now: datetime) -> bool:
    """Count the next hours that are over and were read; return whether there may be more of them.

    The first time it goes back as far as the history is used. An hour that some network has not been read for
    yet is left for later.
    """
    until = hour_number(min([now, *_read_at(uow, accounts)]) - LISTED_AFTER)
    last = uow.arrivals.last_hour()
    if last is None:
        since = now - HISTORY_HOURS * HOUR
        last = hour_number(uow.arrivals.first_at(since=since) or now) - 1
    networks = [account.network for account in accounts]
    hours = range(last + 1, min(until, last + 1 + HOURS_IN_A_BATCH))
    for hour in hours:
        uow.arrivals.save_counts(hour, hourly_counts(_arrivals_of(uow, hour, now), finder, networks))
    return len(hours) == HOURS_IN_A_BATCH


def _read_at(uow: UnitOfWork, accounts: Sequence[Account]) -> list[datetime]:
    """Return how far each network was read; one that never was is left out."""
    cursors = (uow.cursors.get(account.network, account.id, MENTIONS) for account in accounts)
    return [cursor.read_at for cursor in cursors if cursor.read_at is not None]


def _arrivals_of(uow: UnitOfWork, hour: int, now: datetime) -> Iterator[Arrival]:
    since = now + (hour - now.timestamp() / 3600) * HOUR
    return uow.arrivals.between(since, since + HOUR)


def load_histories(uow: UnitOfWork, *, now: datetime) -> dict[str, Counts]:
    """Return the counts of past hours by series key, without those of spikes."""
    histories = uow.arrivals.histories(since=hour_number(now) - HISTORY_HOURS)
    return without_spikes(histories, uow.spikes.since(now - RETENTION), now=now)


def read_recent(uow: UnitOfWork, *, now: datetime) -> tuple[list[Arrival], int]:
    """Return the posts of the longest window, and a message after which all others are still to be read."""
    recent = list(uow.arrivals.between(now - LONGEST, now + HOUR))
    return recent, max(0, uow.arrivals.last_id() - UNCOMMITTED)


def read_new(uow: UnitOfWork, *, after: int) -> list[Arrival]:
    """Return posts stored after this message, in the order of their ids."""
    return uow.arrivals.after(after, limit=ARRIVALS_IN_A_BATCH)


def prune(uow: UnitOfWork, *, now: datetime) -> None:
    """Delete counts and spikes that nothing is learnt from any more."""
    uow.arrivals.prune(before=hour_number(now) - HISTORY_HOURS)
    uow.spikes.cases.prune(before=now - RETENTION)
    uow.spikes.prune(before=now - RETENTION)
