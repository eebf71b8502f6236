"""Acknowledge every other Slack request, so that it is not redelivered.

Unknown presses and submissions are answered with an error.
"""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.action_ids import BadValue
from handlers.context import AppContext
from handlers.slack.listener_table import ANY
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register catch-all listeners. Call it last: Bolt runs the first listener that matches."""
    app.use(_DefaultViewType())
    app.action(ANY)(on_press(ctx, _unhandled_press))
    app.view_submission(ANY)(on_submit(ctx, _unhandled_submission))
    app.view_closed(ANY)(_acknowledge)
    app.event(ANY)(_acknowledge)


class _DefaultViewType(AsyncMiddleware):
    """Set a view's missing type to "modal".

    Bolt fails on such a view when it builds a listener's arguments.
    """

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - the signature is Bolt's own
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt passes it by this name
    ) -> BoltResponse:
        view = req.body.get("view")
        if isinstance(view, dict):
            view.setdefault("type", "modal")
        return await next()


async def _unhandled_press(_ctx: AppContext, press: Press) -> None:
    """Ignore a changed input of a form, which counts at submission; raise `BadValue` for any other press."""
    if not press.view:
        raise BadValue


async def _unhandled_submission(_ctx: AppContext, _submission: Submission) -> None:
    raise BadValue


async def _acknowledge(ack: Callable[[], Awaitable[object]]) -> None:
    await ack()
