"""Take what Slack sends about a rehearsal to the rehearsal, and everything else past it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.api_calls import CLOCK_SKEW
from adapters.slack.manifest import OUTAGE_COMMAND
from adapters.slack.outages.rehearsal import is_marked, is_marked_message, mark_view, unmark_view
from adapters.slack.outages.rehearsal_messages import EARLIER_ONE, NONE_RUNNING
from domain.outages.rehearsal import Rehearsal
from handlers.context import AppContext
from handlers.slack.refusing import refuse_request

REHEARSE = "rehearse"

#: Returns the rehearsal that goes on, with its context; `None` where there is none.
FindContext = Callable[[], Awaitable[tuple[Rehearsal, AppContext] | None]]


class RehearsalRouter(AsyncMiddleware):
    """Dispatches to a second app, with the rehearsal's context, what belongs to the rehearsal.

    That is everything in the rehearsal channel but `/outage rehearse`, and wherever it is, every message and
    view that has a rehearsal's mark. None of it reaches the real app: where no rehearsal goes on, whoever
    acts is told that nothing was done.
    """

    def __init__(self, ctx: AppContext, find: FindContext, build: Callable[[AppContext], AsyncApp]) -> None:
        self._ctx = ctx
        self._find = find
        self._build = build
        self._built: tuple[AppContext, AsyncApp] | None = None

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - the signature is Bolt's own
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt passes it by this name
    ) -> BoltResponse:
        """Dispatch the request to the rehearsal's app, or go on."""
        if not self.is_of_rehearsal(req.body):
            return await next()
        found = await self._find()
        if found is None:
            return await refuse_request(self._ctx, req.body, NONE_RUNNING)
        rehearsal, ctx = found
        if _is_earlier(req.body, rehearsal):
            return await refuse_request(self._ctx, req.body, EARLIER_ONE)
        view = req.body.get("view")
        body = {**req.body, "view": unmark_view(view)} if isinstance(view, dict) else dict(req.body)
        answer = await self._app(ctx).async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        return _marked(answer)

    def is_of_rehearsal(self, body: Mapping[str, Any]) -> bool:
        """Return whether a request belongs to a rehearsal."""
        view = body.get("view")
        if isinstance(view, dict) and view.get("type") != "home":
            return is_marked(view)
        message = body.get("message")
        if isinstance(message, dict) and is_marked_message(message):
            return True
        channel = self._ctx.policy.outages.rehearsal_channel
        is_steering = body.get("command") == OUTAGE_COMMAND and _first_word(body) == REHEARSE
        return channel is not None and _channel_of(body) == channel and not is_steering

    def _app(self, ctx: AppContext) -> AsyncApp:
        """Return the app of the rehearsal; each rehearsal has one of its own."""
        if self._built is None or self._built[0] is not ctx:
            self._built = (ctx, self._build(ctx))
        return self._built[1]


def _channel_of(body: Mapping[str, Any]) -> str | None:
    """Return the channel of a press, a shortcut, a command or an event."""
    if isinstance(body.get("channel_id"), str):
        return str(body["channel_id"])
    event = body.get("event")
    places = [body.get("channel"), body.get("container")]
    if isinstance(event, dict):
        places += [event.get("channel"), event.get("item")]
    for place in places:
        if isinstance(place, str):
            return place
        if isinstance(place, dict):
            found = place.get("id") or place.get("channel_id") or place.get("channel")
            if isinstance(found, str):
                return found
    return None


def _first_word(body: Mapping[str, Any]) -> str:
    return next(iter(str(body.get("text") or "").split()), "").lower()


def _is_earlier(body: Mapping[str, Any], rehearsal: Rehearsal) -> bool:
    """Whether the message that was acted on is older than the rehearsal, so of another one."""
    container, message = body.get("container"), body.get("message")
    ts = container.get("message_ts") if isinstance(container, dict) else None
    if ts is None and isinstance(message, dict):
        ts = message.get("ts")
    try:
        return ts is not None and float(ts) < (rehearsal.asked_at - CLOCK_SKEW).timestamp()
    except (TypeError, ValueError):
        return False


def _marked(answer: BoltResponse) -> BoltResponse:
    """Mark the view in the answer to a submission."""
    if not answer.body or not isinstance(answer.body, str):
        return answer
    try:
        body = json.loads(answer.body)
    except ValueError:
        return answer
    if not isinstance(body, dict) or not isinstance(body.get("view"), dict):
        return answer
    return BoltResponse(
        status=answer.status,
        body=json.dumps({**body, "view": mark_view(body["view"])}),
        headers=answer.headers,
    )
