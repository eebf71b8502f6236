"""Mount all routes: the Web API, WebSockets, uploads, response URLs and the demo page's API."""

from mimetypes import guess_type

from aiohttp import web

from sandbox.slack.answers import use_response_url
from sandbox.slack.errors import SlackError
from sandbox.slack.state import State
from sandbox.slack.ui import Ui
from sandbox.slack.web_api import WebApi
from sandbox.slack.web_api.request import parse_object, read_body
from sandbox.slack.workspace import Workspace

UPLOAD_BYTES = 20_000_000
SHOWN = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp", "text/csv", "text/plain"})


def add_routes(app: web.Application, workspace: Workspace) -> None:
    """Mount a workspace at /slack/{api,socket,files,response}/* and /ui/slack/*."""
    api = WebApi(workspace)
    app.router.add_route("GET", "/slack/api/{method}", api.handle)
    app.router.add_route("POST", "/slack/api/{method}", api.handle)
    routes = _Routes(workspace)
    app.router.add_get("/slack/socket/link/", routes.connect)
    app.router.add_post("/slack/files/upload/{key}", routes.upload)
    app.router.add_get("/slack/files/{id}/{name}", routes.download)
    app.router.add_post("/slack/response/{key}", routes.respond)
    Ui(workspace).add_routes(app)

    async def stop(_app: web.Application) -> None:
        await workspace.close()

    app.on_shutdown.append(stop)


class _Routes:
    """Handlers of the addresses beside the Web API that Slack hands out."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one Socket Mode connection."""
        return await self._state.faults.guard(
            "slack:socket", request, lambda: self._state.sockets.serve(request)
        )

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Receive the bytes of an announced file."""
        body = await read_body(request, UPLOAD_BYTES)

        async def act() -> web.Response:
            try:
                file = self._state.files.receive(request.match_info["key"], body)
            except SlackError as refusal:
                return web.Response(status=refusal.status, text=refusal.error)
            return web.Response(text=f"OK - {file.length}")

        return await self._state.faults.guard("slack:upload", request, act)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Serve a file to the app or a signed-in person, never with a type that a browser would execute."""
        if not self._may_read(request):
            raise web.HTTPFound("/slack/signin")
        try:
            content = self._state.files.get(request.match_info["id"]).content
        except SlackError:
            raise web.HTTPNotFound from None
        kind = guess_type(request.match_info["name"])[0] or ""
        shown = kind if kind in SHOWN else "application/octet-stream"
        return web.Response(body=content, content_type=shown, headers={"X-Content-Type-Options": "nosniff"})

    def _may_read(self, request: web.Request) -> bool:
        """Authorize a download: the app by its token, a person's browser by the user id in `as`."""
        state = self._state
        if request.headers.get("Authorization") == f"Bearer {state.app.bot_token}":
            return "files:read" in state.scopes
        return request.query.get("as", "") in state.users

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Receive a message for a response URL."""
        body = await read_body(request, self._state.limits.body_bytes)

        async def act() -> web.Response:
            try:
                use_response_url(self._state, request.match_info["key"], parse_object(body))
            except SlackError as refusal:
                status = max(refusal.status, 400)
                return web.json_response(refusal.as_json(), status=status)
            return web.Response(text="ok")

        return await self._state.faults.guard("slack:response_url", request, act)
