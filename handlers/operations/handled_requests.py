"""Remember which of Slack's requests were handled, so that none is handled twice (replay protection)."""

from datetime import datetime, timedelta

from storage.unit_of_work import UnitOfWork

#: Slack's signature holds for five minutes; its clock and ours may differ by as much.
REMEMBER_FOR = timedelta(hours=1)


def was_handled(uow: UnitOfWork, *, key: str) -> bool:
    """Return whether the request was handled."""
    return uow.handled_requests.has(key)


def remember_handled(uow: UnitOfWork, *, key: str, now: datetime) -> None:
    """Store that the request was handled."""
    uow.handled_requests.add(key, now)


def forget_handled(uow: UnitOfWork, *, now: datetime) -> None:
    """Delete what is kept of requests that Slack's signature no longer covers."""
    uow.handled_requests.prune(before=now - REMEMBER_FOR)
