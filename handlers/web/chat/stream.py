"""Stream a conversation's changes as server-sent events: each message once, in order, resumable by its id."""

import json
import random
import re
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from domain.chat.session import ChatView
from domain.chat.topics import chat_topic, typing_topic
from domain.handoffs.handoff import Handoff
from handlers.chat.session import NoChat, authorize, view_chat
from handlers.web.chat.context import Chat
from handlers.web.chat.errors import TOO_FAST, Refusal
from handlers.web.chat.request_checks import MAX_ID, requested_chat_id, require_cookie
from handlers.web.chat.serializers import serialize_messages, serialize_state

#: Maximum delay of changes without a signal (assignee, closing), and of those whose signal was lost.
POLL_SECONDS = 5.0
#: Polls without changes per heartbeat. A browser that gets no heartbeat for three times as long reconnects.
POLLS_PER_HEARTBEAT = 3
SEND_TIMEOUT_SECONDS = 30.0  # a browser that reads nothing for so long is disconnected
_NUMBER = re.compile(r"[0-9]{1,18}")


class EventStream:
    """Route of the event stream."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def answer(self, request: Request) -> Response:
        """Stream the events after `Last-Event-ID` or, on the first connection, after the query's `after`."""
        secret = require_cookie(request)
        handoff = await self._chat.ctx.desk.run_at_once(
            authorize, secret_hash=secret, now=self._chat.ctx.clock.now(), chat_id=requested_chat_id(request)
        )
        if self._chat.subscribers.count_subscribers(chat_topic(handoff.id)) >= self._chat.rates.streams:
            raise Refusal(429, TOO_FAST)
        after = max(
            _parse_id(request.headers.get("last-event-id")), _parse_id(request.query_params.get("after"))
        )
        return EventSourceResponse(
            self._events(secret, handoff, after, self._chat.language(request)),
            ping=0,
            send_timeout=SEND_TIMEOUT_SECONDS,
            sep="\n",
        )

    async def _events(
        self, secret: str, handoff: Handoff, after: int, language: str
    ) -> AsyncIterator[ServerSentEvent]:
        subscribers, typing = self._chat.subscribers, typing_topic(handoff.id)
        with subscribers.subscribe(chat_topic(handoff.id), typing) as subscriber:
            last_state: dict[str, Any] = {}
            sent_late: set[int] = set()
            polls = 0
            # Jitter: after a restart all browsers reconnect at the same time.
            pause = POLL_SECONDS * random.uniform(0.2, 1.0)  # noqa: S311 - nobody gains by guessing it
            while not subscribers.closed:
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
    return min(int(value), MAX_ID) if value is not None and _NUMBER.fullmatch(value) else 0
