"""News of a conversation, as server-sent events: each line once, in order, from wherever the browser lost us."""

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
from handlers.web.chat.request_checks import NEWEST, chat_named, require_cookie
from handlers.web.chat.serializers import lines_of, state_of

#: What no signal tells (who holds the case, that it was closed), or a lost one would have told, is found so late.
LOOK_SECONDS = 5.0
#: A word that all is well is due after so many looks that found nothing; a browser that hears none for three times as long begins anew.
LOOKS_PER_WORD = 3
SEND_WITHIN = 30.0  # seconds until a browser that takes nothing is let go
_NUMBER = re.compile(r"[0-9]{1,18}")


class Stream:
    """Answers a browser that listens."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def answer(self, request: Request) -> Response:
        """The events after the id that the browser names, by `Last-Event-ID` or, the first time, by `after`."""
        secret = require_cookie(request)
        handoff = await self._chat.desk.run_at_once(
            authorize, secret_hash=secret, now=self._chat.clock.now(), chat=chat_named(request)
        )
        if self._chat.listeners.many(chat_topic(handoff.id)) >= self._chat.rates.streams:
            raise Refusal(429, TOO_FAST)
        after = max(_id(request.headers.get("last-event-id")), _id(request.query_params.get("after")))
        return EventSourceResponse(
            self._events(secret, handoff, after), ping=0, send_timeout=SEND_WITHIN, sep="\n"
        )

    async def _events(self, secret: str, handoff: Handoff, after: int) -> AsyncIterator[ServerSentEvent]:
        listeners, typing = self._chat.listeners, typing_topic(handoff.id)
        with listeners.listening(chat_topic(handoff.id), typing) as listener:
            told: dict[str, Any] = {}
            late: set[int] = set()
            looks = 0
            # After a restart all browsers are back at once: they shall not look at once from then on.
            pause = LOOK_SECONDS * random.uniform(0.2, 1.0)  # noqa: S311 - nobody gains by guessing it
            while not listeners.closed:
                try:
                    view = await self._look(secret, after)
                except NoChat:
                    yield _event("gone", {})
                    return
                for line in await lines_of(self._chat, view):
                    # Without an id of its own: a browser that begins anew is to go on from where it was, not from there.
                    if line["id"] > after:
                        yield _event("line", line, id_=line["id"])
                    elif line["id"] not in late:
                        late.add(line["id"])
                        yield _event("line", line)
                after = view.read_to
                if (state := await state_of(self._chat, view)) != told:
                    told = state
                    yield _event("state", state)
                if view.more:
                    continue
                looks += 1
                if looks % LOOKS_PER_WORD == 0:
                    yield _event("still", {})
                while await listener.wait(pause) == {typing}:
                    yield _event("typing", {})
                pause = LOOK_SECONDS

    async def _look(self, secret: str, after: int) -> ChatView:
        return await self._chat.desk.run_at_once(
            view_chat, secret_hash=secret, now=self._chat.clock.now(), after=after
        )


def _event(name: str, data: dict[str, Any], id_: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(
        event=name, data=json.dumps(data, ensure_ascii=False), id=None if id_ is None else str(id_), sep="\n"
    )


def _id(given: str | None) -> int:
    """An id that a browser names; 0, which is before all of them, for whatever is none."""
    return min(int(given), NEWEST) if given is not None and _NUMBER.fullmatch(given) else 0
