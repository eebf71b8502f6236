"""The Web API: every method at /slack/api/<name>, with Slack's checks in Slack's order."""

import logging
import secrets

from aiohttp import web

from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json
from sandbox.slack.state import State
from sandbox.slack.web_api import auth, chat, conversations, files, reactions, users, views
from sandbox.slack.web_api.call import Call, Method, missing_scope
from sandbox.slack.web_api.request import read_arguments, read_body

logger = logging.getLogger(__name__)

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **reactions.METHODS,
    **users.METHODS,
    **views.METHODS,
}


class WebApi:
    """The HTTP side of the methods, for one workspace."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, or fail by the fault that the test has added."""
        self._state.address = f"{request.scheme}://{request.host}"
        name = request.match_info["method"]
        body = await read_body(request, self._state.limits.body_bytes)
        return await self._state.faults.guard(
            f"slack:{name}", request, lambda: self._answer(name, request, body)
        )

    async def _answer(self, name: str, request: web.Request, sent: bytes | None) -> web.Response:
        method = METHODS.get(name)
        headers = {
            "x-slack-req-id": secrets.token_hex(16),
            "x-oauth-scopes": ",".join(sorted(self._state.scopes)),
        }
        if method is not None and method.scopes:
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        try:
            body = {"ok": True, **await self._perform(name, method, request, sent)}
        except SlackError as refusal:
            return web.json_response(
                refusal.as_json(), status=refusal.status, headers={**headers, **refusal.headers}
            )
        return web.json_response(body, headers=headers)

    async def _perform(
        self, name: str, method: Method | None, request: web.Request, sent: bytes | None
    ) -> Json:
        if method is None:
            raise SlackError("unknown_method", extra={"req_method": name})
        arguments = read_arguments(request, sent)
        arguments["token"] = _token(request, arguments)
        self._authorise(method, arguments["token"])
        self._state.rates.method(name, method.tier)
        return await method.act(Call(self._state, arguments))

    def _authorise(self, method: Method, token: str) -> None:
        """Authorize a call; raises not_authed, invalid_auth, not_allowed_token_type or missing_scope."""
        app = self._state.app
        if method.caller == "nobody":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (app.bot_token, app.app_token):
            raise SlackError("invalid_auth")
        if method.caller == "anyone":
            return
        is_app_token = token == app.app_token
        if is_app_token != (method.caller == "app"):
            raise SlackError("not_allowed_token_type")
        granted = self._state.app_scopes if is_app_token else self._state.scopes
        if method.scopes and not granted.intersection(method.scopes):
            raise missing_scope(method.scopes, granted)


def _token(request: web.Request, arguments: Json) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return str(arguments.get("token") or "")
