"""Remember which of Slack's requests were handled, so that none is handled twice (replay protection)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from domain.errors import DeskError
from storage.unit_of_work import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")

#: Slack's signature holds for five minutes; its clock and ours may differ by as much.
REMEMBER_FOR = timedelta(hours=1)


def handling(
    use_case: Callable[Concatenate[UnitOfWork, P], R], *, key: str, now: datetime
) -> Callable[Concatenate[UnitOfWork, P], R]:
    """Return the use case, which stores in its own transaction that it has handled the request.

    It raises `RequestRepeated` instead where the request was handled before, by this copy or another, also
    where the use case would be refused.
    """

    @wraps(use_case)
    def handle(uow: UnitOfWork, /, *args: P.args, **kwargs: P.kwargs) -> R:
        uow.case_changes.store_request(key, now)
        try:
            return use_case(uow, *args, **kwargs)
        except DeskError:
            uow.case_changes.require_new_request()
            raise

    return handle


def was_handled(uow: UnitOfWork, *, key: str) -> bool:
    """Return whether the request was handled."""
    return uow.handled_requests.has(key)


def remember_handled(uow: UnitOfWork, *, key: str, now: datetime) -> None:
    """Store that the request was handled."""
    uow.handled_requests.add(key, now)


def forget_handled(uow: UnitOfWork, *, now: datetime) -> None:
    """Delete what is kept of requests that Slack's signature no longer covers."""
    uow.handled_requests.prune(before=now - REMEMBER_FOR)
