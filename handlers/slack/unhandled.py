"""Whatever else Slack sends: acknowledged, so that it does not come again; whoever pressed something hears that it means nothing here."""

import re
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.action_ids import BadValue
from handlers.context import AppContext
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.payloads import Press, Submission

ANY = re.compile("")


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Listen to everything; to be called last, because the first listener that fits gets it."""
    app.use(_WholeViews())
    app.action(ANY)(on_press(ctx, _pressed))
    app.view_submission(ANY)(on_submit(ctx, _submitted))
    app.view_closed(ANY)(_taken)
    app.event(ANY)(_taken)


class _WholeViews(AsyncMiddleware):
    """Bolt stumbles over a view that does not say that it is a modal, already where it gathers a function's arguments."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - the signature is Bolt's own
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse:
        view = req.body.get("view")
        if isinstance(view, dict):
            view.setdefault("type", "modal")
        return await next()


async def _pressed(_ctx: AppContext, press: Press) -> None:
    """A changed input of a form counts when the form is submitted; any other press should have been heard."""
    if not press.view:
        raise BadValue


async def _submitted(_ctx: AppContext, _submission: Submission) -> None:
    raise BadValue


async def _taken(ack: Callable[[], Awaitable[object]]) -> None:
    await ack()
