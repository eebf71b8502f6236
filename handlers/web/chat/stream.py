"""Stream a conversation's changes as server-sent events: each message once, in order, resumable by its id."""

import json
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain.chat.session import ChatView
from domain.chat.topics import chat_topic, typing_topic
from domain.handoffs.handoff import Handoff
from handlers.chat.session import NoChat, authorize, view_chat
from handlers.web.chat.context import Chat
from handlers.web.chat.request_checks import KEY, parse_id, requested_chat_id, require_cookie
from handlers.web.chat.serializers import serialize_messages, serialize_state
from handlers.web.chat.stream_slots import StreamSlot, StreamSlots

#: Maximum delay of changes without a signal (assignee, closing), and of those whose signal was lost.
POLL_SECONDS = 5.0
#: Polls without changes per heartbeat. A browser that gets no heartbeat for three times as long reconnects.
POLLS_PER_HEARTBEAT = 3
SEND_TIMEOUT_SECONDS = 30.0  # a browser that reads nothing for so long is disconnected


class _SlotResponse(EventSourceResponse):
    """A stream that gives its slot back, however it ends."""

    def __init__(self, events: AsyncIterator[ServerSentEvent], give_back: Callable[[], None]) -> None:
        super().__init__(events, ping=0, send_timeout=SEND_TIMEOUT_SECONDS, sep="\n")
        self._give_back = give_back

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._give_back()


class EventStream:
    """Route of the event stream."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._slots = StreamSlots(chat.rates.streams)

    async def answer(self, request: Request) -> Response:
        """Stream the events after `Last-Event-ID` or, on the first connection, after the query's `after`."""
        secret = require_cookie(request)
        handoff = await self._chat.ctx.desk.run_at_once(
            authorize, secret_hash=secret, now=self._chat.ctx.clock.now(), chat_id=requested_chat_id(request)
        )
        after = max(
            _parse_id(request.headers.get("last-event-id")), _parse_id(request.query_params.get("after"))
        )
        key = request.query_params.get("stream", "")
        slot = self._slots.take(handoff.id, key if KEY.fullmatch(key) else "")
        return _SlotResponse(
            self._events(secret, handoff, after, self._chat.language(request), slot),
            lambda: self._slots.give_back(handoff.id, slot),
        )

    async def _events(
        self, secret: str, handoff: Handoff, after: int, language: str, slot: StreamSlot
    ) -> AsyncIterator[ServerSentEvent]:
        subscribers, typing = self._chat.subscribers, typing_topic(handoff.id)
        with subscribers.subscribe(chat_topic(handoff.id), typing) as subscriber:
            slot.notify_at_end(lambda: subscriber.notify(None))
            last_state: dict[str, Any] = {}
            sent_late: set[int] = set()
            polls = 0
            # Jitter: after a restart all browsers reconnect at the same time.
            pause = POLL_SECONDS * random.uniform(0.2, 1.0)  # noqa: S311 - nobody gains by guessing it
            while not (subscribers.closed or slot.ended):
                try:
                    view = await self._poll(secret, after)
                except NoChat:
                    yield _sse_event("session_expired", {})
                    return
                for message in await serialize_messages(self._chat, view):
                    # A late message is sent without an id: resuming from it would repeat what came after it.
                    if message["id"] > after:
                        yield _sse_event("message", message, id_=message["id"])
                    elif message["id"] not in sent_late:
                        sent_late.add(message["id"])
                        yield _sse_event("message", message)
                after = view.cursor
                if (state := await serialize_state(self._chat, view, language)) != last_state:
                    last_state = state
                    yield _sse_event("state", state)
                if view.has_more:
                    continue
                polls += 1
                if polls % POLLS_PER_HEARTBEAT == 0:
                    yield _sse_event("heartbeat", {})
                while await subscriber.wait(pause) == {typing}:
                    yield _sse_event("typing", {})
                pause = POLL_SECONDS

    async def _poll(self, secret: str, after: int) -> ChatView:
        return await self._chat.ctx.desk.run_at_once(
            view_chat, secret_hash=secret, now=self._chat.ctx.clock.now(), after=after
        )


def _sse_event(name: str, data: dict[str, Any], id_: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(
        event=name, data=json.dumps(data, ensure_ascii=False), id=None if id_ is None else str(id_), sep="\n"
    )


def _parse_id(value: str | None) -> int:
    """Parse an event id; 0, which precedes all ids, if it is absent or invalid."""
    return parse_id(value or "") or 0
