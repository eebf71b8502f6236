"""Exchange a chat link for a session cookie, once, and load the history with it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.chat.session import SESSION_LIFETIME, LinkFault, LinkRefused
from handlers.chat.link import check_link, open_session, record_second_browser
from handlers.chat.session import authorize, view_chat
from handlers.web.chat.context import Chat
from handlers.web.chat.errors import LINK_CODES, UNREADABLE, Refusal
from handlers.web.chat.request_checks import (
    COOKIE,
    KEY,
    cookie_hash,
    hash_secret,
    parse_id,
    read_json,
    refusal_response,
    requested_chat_id,
    require_cookie,
    text_field,
)
from handlers.web.chat.serializers import serialize_messages, serialize_state
from handlers.web.client_address import rate_limit_key

_MAX_TOKEN = 2_000


class SessionRoutes:
    """Routes that start or resume a session."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def open_link(self, request: Request) -> Response:
        """Exchange a link's token for a cookie, once.

        With "check_only", only report whether this browser has the session.
        """
        await self._chat.limiter.count(self._chat.rates.links, "links", rate_limit_key(request))
        body = await read_json(request)
        token, key = text_field(body, "token", _MAX_TOKEN), text_field(body, "key", _MAX_TOKEN)
        if not KEY.fullmatch(key):
            raise Refusal(400, UNREADABLE)
        nonce = ""
        try:
            nonce = self._chat.links.nonce_in(token)
            cookie = self._chat.links.cookie_for(nonce, key)
            new_hash, current_hash = hash_secret(cookie), cookie_hash(request)
            use_case = check_link if body.get("check_only") is True else open_session
            session = await self._chat.ctx.desk.run(
                use_case,
                nonce=nonce,
                secret_hash=new_hash,
                known_hash=current_hash,
                now=self._chat.ctx.clock.now(),
            )
        except LinkRefused as refusal:
            if refusal.fault is LinkFault.USED:
                await self._chat.ctx.desk.run(
                    record_second_browser, nonce=nonce, now=self._chat.ctx.clock.now()
                )
            return refusal_response(Refusal(403, LINK_CODES[refusal.fault]))
        response = JSONResponse({"has_session": session is not None})
        if session is not None and session.secret_hash == new_hash:
            self._set_cookie(response, cookie)
        return response

    async def history(self, request: Request) -> Response:
        """Return the newest messages and the state; renew the cookie, so that it expires with the session.

        With "after", return what a page does not know that has the messages up to this id: it asks so while
        its event stream brings nothing. That is no visit, and extends neither session nor cookie.
        """
        secret, now = require_cookie(request), self._chat.ctx.clock.now()
        after = parse_id(request.query_params.get("after", ""))
        if (chat_id := requested_chat_id(request)) is not None:
            await self._chat.ctx.desk.run_at_once(authorize, secret_hash=secret, now=now, chat_id=chat_id)
        view = await self._chat.ctx.desk.run_at_once(view_chat, secret_hash=secret, now=now, after=after)
        payload = {
            "chat_id": view.handoff.id,
            "messages": await serialize_messages(self._chat, view),
            "state": await serialize_state(self._chat, view, self._chat.language(request)),
            "cursor": view.cursor,
            "is_complete": view.is_complete,
            "joined_at": view.session.created_at.isoformat(),
        }
        response = JSONResponse(payload)
        if after is None:
            self._set_cookie(response, request.cookies[COOKIE])
        return response

    def _set_cookie(self, response: Response, cookie: str) -> None:
        """Set the session cookie; a partitioned one (CHIPS) if the chat is embedded.

        Browsers accept partitioned cookies over https only.
        """
        is_embedded = self._chat.is_secure and bool(self._chat.appearance.embed_on)
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(SESSION_LIFETIME.total_seconds()),
            path=self._chat.path,
            secure=self._chat.is_secure,
            httponly=True,
            samesite="none" if is_embedded else "lax",
        )
        if is_embedded:  # Starlette's own `partitioned` needs Python 3.14
            name, written = response.raw_headers[-1]
            response.raw_headers[-1] = (name, written + b"; Partitioned")
