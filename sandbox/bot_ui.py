"""Show on the page how the bot is, kill it, and skip hours."""

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.evidence import evidence

if TYPE_CHECKING:
    from sandbox.world import World

PATH = "/ui/bot"
SKIPPED_HOURS = 24


def add_routes(app: web.Application, world: "World") -> None:
    """Mount /ui/bot: GET tells the state, with `?evidence` what was lost; POST {"act": …}."""
    began = world.clock()

    def status() -> dict[str, Any]:
        is_connected = bool(world.slack.sockets.connections)
        run = world.bot.status() if world.bot is not None else {}
        return {"connected": is_connected, "run": run, "ahead": world.clock.ahead}

    async def show(request: web.Request) -> web.Response:
        seen = evidence(world.ledger, world.x, began) if "evidence" in request.query else None
        return web.json_response({**status(), "evidence": seen})

    async def act(request: web.Request) -> web.Response:
        try:
            wanted = json.loads(await request.read())["act"]
        except (ValueError, TypeError, KeyError):
            wanted = None
        if wanted not in {"kill", "skip"}:
            return web.json_response({"error": 'Send {"act": "kill"} or {"act": "skip"}.'}, status=400)
        if world.bot is None:
            return web.json_response({"error": "This sandbox runs no bot of its own."}, status=409)
        if wanted == "kill":
            world.bot.kill()
        else:
            world.bot.skip(SKIPPED_HOURS * 3600)
        return web.json_response(status())

    app.router.add_get(PATH, show)
    app.router.add_post(PATH, act)
