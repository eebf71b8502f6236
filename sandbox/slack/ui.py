"""Serve /ui/slack/*, the demo page's API; each handler only calls a Workspace method."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.slack.delivery import Ack
from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json
from sandbox.slack.screen import Screen
from sandbox.slack.web_api.request import parse_object, read_body
from sandbox.slack.workspace import Workspace

NEWEST = 200
UPLOAD_BYTES = 20_000_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Ui:
    """Browser API of one workspace.

    The acting person is `as`; refusals are {"ok": false, "error": …}.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def add_routes(self, app: web.Application) -> None:
        """Mount the page's calls."""
        reads = {
            "bootstrap": self.bootstrap,
            "messages": self.messages,
            "replies": self.replies,
            "ephemerals": self.ephemerals,
            "home": self.home,
        }
        for name, read in reads.items():
            app.router.add_get(f"/ui/slack/{name}", _with_errors(_query(read)))
        writes = {
            "act": self.act,
            "submit": self.submit,
            "close": self.close,
            "command": self.command,
            "shortcut": self.shortcut,
            "say": self.say,
        }
        for name, write in writes.items():
            app.router.add_post(f"/ui/slack/{name}", _with_errors(self._body(write)))
        app.router.add_post("/ui/slack/upload", self.upload)
        app.router.add_get("/ui/slack/events", Screen(self._workspace).stream)

    async def bootstrap(self, query: Json) -> Json:
        """Return who acts, all people, the channels that they see, and the app's commands and shortcuts."""
        workspace = self._workspace
        me = workspace.user(_me(query))
        bot = workspace.app.bot_user_id
        return {
            "team": {"id": workspace.team.id, "name": workspace.team.name, "domain": workspace.team.domain},
            "me": me.id,
            "users": [
                {
                    "id": user.id,
                    "name": user.name,
                    "real_name": user.real_name,
                    "title": user.title,
                    "avatar_color": user.avatar_color,
                    "is_bot": user.is_bot,
                }
                for user in workspace.users.values()
            ],
            "channels": [
                {
                    "id": channel.id,
                    "name": channel.name or workspace.app.name,
                    "topic": channel.topic,
                    "is_member": me.id in channel.members,
                    "bot_is_member": bot in channel.members,
                    "is_im": channel.is_im,
                    "is_private": channel.is_private,
                    "is_archived": channel.is_archived,
                }
                for channel in workspace.channels.values()
                if channel.seen_by(me.id)
            ],
            "commands": [
                {"command": c.command, "description": c.description, "usage": c.usage}
                for c in workspace.commands.values()
            ],
            "shortcuts": [
                {"callback_id": one.callback_id, "name": one.name, "is_of_messages": one.is_of_messages}
                for one in workspace.shortcuts.values()
            ],
        }

    async def messages(self, query: Json) -> Json:
        """Return the newest top-level messages of a channel, oldest first."""
        return {"messages": self._workspace.messages(self._channel(query), NEWEST)}

    async def replies(self, query: Json) -> Json:
        """Return a thread."""
        return {"messages": self._workspace.thread(self._channel(query), str(query.get("ts")))}

    async def ephemerals(self, query: Json) -> Json:
        """Return the ephemeral messages of the acting person in a channel."""
        return {"messages": self._workspace.ephemerals(_me(query), self._channel(query))}

    async def home(self, query: Json) -> Json:
        """Return the acting person's Home view; opening it sends app_home_opened."""
        return {"view": self._workspace.open_home(self._workspace.user(_me(query)).id)}

    async def act(self, body: Json) -> Json:
        """Press or choose something in a message or a view."""
        ack = await self._workspace.act(
            _me(body),
            _object(body, "action"),
            channel=str(body.get("channel") or ""),
            ts=str(body.get("ts") or ""),
            view_id=str(body.get("view_id") or ""),
            values=_values(body),
        )
        return _outcome(ack)

    async def submit(self, body: Json) -> Json:
        """Submit a modal."""
        return _outcome(await self._workspace.submit(_me(body), str(body.get("view_id")), _values(body)))

    async def close(self, body: Json) -> Json:
        """Dismiss a modal."""
        await self._workspace.close_view(_me(body), str(body.get("view_id")))
        return {"ok": True}

    async def command(self, body: Json) -> Json:
        """Type a slash command."""
        return _outcome(
            await self._workspace.command(_me(body), str(body.get("channel")), str(body.get("text") or ""))
        )

    async def shortcut(self, body: Json) -> Json:
        """Use a shortcut of the app, in the menu of a message where one is named."""
        where = str(body.get("channel") or ""), str(body.get("ts") or "")
        return _outcome(await self._workspace.use_shortcut(_me(body), str(body.get("callback_id")), *where))

    async def say(self, body: Json) -> Json:
        """Write a message."""
        thread_ts = str(body.get("thread_ts") or "")
        text = str(body.get("text") or "")
        listed = body.get("files")
        files = [str(one) for one in listed] if isinstance(listed, list) else []
        message = await self._workspace.say(
            _me(body), str(body.get("channel")), text, thread_ts, file_ids=files
        )
        return {"ok": True, "message": message}

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Receive a file for the next message."""
        content = await read_body(request, UPLOAD_BYTES)
        query = dict(request.query)

        async def keep(_: web.Request) -> Json:
            if not content:
                raise SlackError("file_upload_size_restricted")
            return {"ok": True, "id": self._workspace.upload(_me(query), str(query.get("name")), content)}

        return await _with_errors(keep)(request)

    def _channel(self, query: Json) -> str:
        return self._workspace.channel(str(query.get("channel")), viewer=_me(query)).id

    def _body(self, act: Callable[[Json], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[Json]]:
        async def read(request: web.Request) -> Json:
            return await act(parse_object(await read_body(request, self._workspace.limits.body_bytes)))

        return read


def _me(query: Json) -> str:
    return str(query.get("as") or "")


def _object(body: Json, name: str) -> Json:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _values(body: Json) -> Json:
    return _object(_object(body, "state"), "values")


def _outcome(ack: Ack) -> Json:
    if ack.errors:
        return {"ok": False, "errors": ack.errors}
    return {"ok": True} if ack.answered else {"ok": False, "error": ack.failure}


def _query(read: Callable[[Json], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[Json]]:
    async def ask(request: web.Request) -> Json:
        return await read(dict(request.query))

    return ask


def _with_errors(act: Callable[[web.Request], Awaitable[Json]]) -> Handler:
    """Convert refusals to JSON: 404 for what does not exist, 400 for the rest."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await act(request))
        except SlackError as refusal:
            status = 404 if refusal.error.endswith("not_found") else 400
            return web.json_response(refusal.as_json(), status=status)
        except LookupError as missing:
            return web.json_response({"ok": False, "error": str(missing)}, status=404)

    return handle
