"""Store that a request was handled in the transaction that handles it, and tell whether it was before."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from handlers.context import AppContext
from handlers.desk import Desk
from handlers.operations.handled_requests import handling, was_handled
from storage.errors import RequestRepeated, is_storage_fault
from storage.unit_of_work import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")
HandlerT = TypeVar("HandlerT", bound=Callable[..., Any])


@dataclass
class CurrentRequest:
    """A request that the gate dispatches.

    `is_new` says that it was looked up whether it was handled before, `is_stored` that the use case has
    stored that it was now, `is_repeated` that it was handled before.
    """

    key: str
    desk: Desk
    is_new: bool
    is_stored: bool = False
    is_repeated: bool = False


current_request: ContextVar[CurrentRequest | None] = ContextVar("current_request", default=None)


def stores_request(handler: HandlerT) -> HandlerT:
    """Declare that whatever a handler changes or shows for a request, it does after `run_once`.

    Or after `require_new_request`: the gate does not look up whether the request was handled before. What
    only reads, and says below an input what is wrong with it, may come before.
    """
    vars(handler)["stores_request"] = True
    return handler


def stores_requests(handler: object) -> bool:
    """Return whether this was declared of a handler or of its listener."""
    return getattr(handler, "stores_request", False) is True


async def run_once(
    ctx: AppContext,
    use_case: Callable[Concatenate[UnitOfWork, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run the one use case that a request asks for, and store the request in its transaction.

    Raises `RequestRepeated` where the request was handled before; nothing is written then. For a rehearsal's,
    which has a database of its own, the gate does both.
    """
    request = current_request.get()
    if request is None or request.desk is not ctx.desk:
        return await ctx.desk.run_at_once(use_case, *args, **kwargs)
    try:
        once = handling(use_case, key=request.key, now=ctx.clock.now())
        result = await ctx.desk.run_at_once(once, *args, **kwargs)
    except RequestRepeated:
        request.is_repeated = True
        raise
    request.is_stored = True
    return result


async def require_new_request(ctx: AppContext) -> None:
    """Raise `RequestRepeated` where the request was handled before: for what is not one use case."""
    if await is_repeated(ctx):
        raise RequestRepeated
    if (request := current_request.get()) is not None:
        request.is_new = True


async def is_repeated(ctx: AppContext) -> bool:
    """Return whether the request of which a listener is to say that nothing was done was handled before."""
    request = current_request.get()
    if request is None or request.is_new or request.is_stored or request.desk is not ctx.desk:
        return False
    if not request.is_repeated:
        request.is_repeated = await find_handled(ctx, request.key)
    return request.is_repeated


async def find_handled(ctx: AppContext, key: str) -> bool:
    """Return whether the request was handled; false where the database fails, as the listener says so."""
    try:
        return await ctx.desk.run_at_once(was_handled, key=key)
    except Exception as error:
        if not is_storage_fault(error):
            raise
        return False
