"""Store that a request was handled in the transaction that handles it, and tell whether it was before."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from handlers.context import AppContext
from handlers.desk import Desk
from handlers.operations.handled_requests import handling, was_handled
from storage.errors import RequestRepeated, is_storage_fault


@dataclass
class CurrentRequest:
    """A request that the gate dispatches.

    `is_new` says that the gate has looked whether it was handled before, `is_stored` that the use case has
    stored that it was now, `is_repeated` that it was handled before.
    """

    key: str
    desk: Desk
    is_new: bool
    is_stored: bool = False
    is_repeated: bool = False


current_request: ContextVar[CurrentRequest | None] = ContextVar("current_request", default=None)


async def run_once(ctx: AppContext, use_case: Callable[..., object], **arguments: Any) -> None:  # noqa: ANN401
    """Run the one use case that a request asks for, unless the request was handled before.

    The request is stored in its transaction; for a rehearsal's, which has a database of its own, the gate
    does that.
    """
    request = current_request.get()
    if request is None or request.desk is not ctx.desk:
        await ctx.desk.run_at_once(use_case, **arguments)
        return
    try:
        await ctx.desk.run_at_once(
            handling(use_case, key=request.key, now=ctx.clock.now()),
            **arguments,
        )
    except RequestRepeated:
        request.is_repeated = True
    else:
        request.is_stored = True


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
