"""Coming in: a link is exchanged once for a cookie, which opens the conversation from then on."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.chat.session import SESSION_LIFETIME, LinkRefused
from handlers.chat.session import authorize, check_link, open_session, view_chat
from handlers.web.chat.context import Chat
from handlers.web.chat.errors import LINKS, UNREADABLE, Refusal
from handlers.web.chat.request_checks import (
    COOKIE,
    KEY,
    chat_named,
    cookie_hash,
    hash_of,
    json_of,
    refused,
    require_cookie,
    text_in,
)
from handlers.web.chat.serializers import lines_of, state_of
from handlers.web.client_address import source_of

_LONGEST_TOKEN = 2_000


class Entering:
    """Answers a browser that comes in."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def open_link(self, request: Request) -> Response:
        """Give a cookie for a token, once; or, where it is only looked at, say whether this browser is inside already."""
        await self._chat.limiter.count(self._chat.rates.links, "links", source_of(request))
        asked = await json_of(request)
        token, key = text_in(asked, "token", _LONGEST_TOKEN), text_in(asked, "key", _LONGEST_TOKEN)
        if not KEY.fullmatch(key):
            raise Refusal(400, UNREADABLE)
        try:
            nonce = self._chat.links.nonce_in(token)
            cookie = self._chat.links.cookie_for(nonce, key)
            fresh, held = hash_of(cookie), cookie_hash(request)
            entering = check_link if asked.get("look") is True else open_session
            session = await self._chat.desk.run(
                entering, nonce=nonce, secret_hash=fresh, known_hash=held, now=self._chat.clock.now()
            )
        except LinkRefused as refusal:
            return refused(Refusal(403, LINKS[refusal.fault]))
        response = JSONResponse({"inside": session is not None})
        if session is not None and session.secret_hash == fresh:
            self._give(response, cookie)
        return response

    async def history(self, request: Request) -> Response:
        """The newest part of the story, and where it stands; with the cookie anew, so that it ends as late as what it opens."""
        secret, now = require_cookie(request), self._chat.clock.now()
        if (named := chat_named(request)) is not None:
            await self._chat.desk.run_at_once(authorize, secret_hash=secret, now=now, chat=named)
        view = await self._chat.desk.run_at_once(view_chat, secret_hash=secret, now=now)
        told = {
            "chat": view.handoff.id,
            "lines": await lines_of(self._chat, view),
            "state": await state_of(self._chat, view),
            "read_to": view.read_to,
            "whole": view.whole,
            "entered": view.session.created_at.isoformat(),
        }
        response = JSONResponse(told)
        self._give(response, request.cookies[COOKIE])
        return response

    def _give(self, response: Response, cookie: str) -> None:
        """Set the cookie: in a frame of another site's page it is kept for that site's pages alone; a browser takes such a one over https only."""
        is_embedded = self._chat.is_secure and bool(self._chat.look.embed_on)
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(SESSION_LIFETIME.total_seconds()),
            path=self._chat.path,
            secure=self._chat.is_secure,
            httponly=True,
            samesite="none" if is_embedded else "lax",
        )
        if is_embedded:  # Starlette writes this itself from Python 3.14 on
            name, written = response.raw_headers[-1]
            response.raw_headers[-1] = (name, written + b"; Partitioned")
