"""The demo page's API of what is outside the team: status pages, feed, e-mail list, webhook, issues."""

import html
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from yarl import URL

from sandbox.cachet import CachetPage
from sandbox.feed_reader import FeedReader
from sandbox.statuspage import StatusPage
from sandbox.trackers import Board, IssueOnBoard, state_of
from sandbox.webhook import Receiver

Json = dict[str, Any]

SUBSCRIBE_PATH = "/outages/subscribe"

_ESCAPED = re.compile(r"\\([\\`*_\[\]<#])")
_CACHET_STATUS = {1: "investigating", 2: "identified", 3: "watching", 4: "fixed", None: "scheduled"}
_CACHET_STATE = {
    1: "operational",
    2: "performance issues",
    3: "partial outage",
    4: "major outage",
    5: "unknown",
}


def add_routes(
    app: web.Application,
    page: StatusPage,
    cachet: CachetPage,
    receiver: Receiver,
    feed: FeedReader,
    boards: Mapping[str, Board],
) -> None:
    """Mount /ui/notices: everything at once, newest first."""

    async def show(request: web.Request) -> web.Response:
        await feed.poll()
        return web.json_response(
            {
                "statuspage": _statuspage(page),
                "cachet": _cachet(cachet),
                "feed": {"address": feed.address, "problem": feed.problem, "entries": feed.entries},
                "mail": {"subscribe": str(URL(feed.address).with_path(SUBSCRIBE_PATH))},
                "webhook": {"events": list(reversed(receiver.events.values())), "repeats": receiver.repeats},
                "issues": _issues(boards, str(request.url.origin())),
            }
        )

    app.router.add_get("/ui/notices", show)


def _issues(boards: Mapping[str, Board], origin: str) -> list[Json]:
    """Return the issues of all trackers, the newest first."""
    found = [(board, one) for board in boards.values() for one in board.issues.values()]
    found.sort(key=lambda pair: pair[1].created_at, reverse=True)
    return [_issue(board, one, origin) for board, one in found]


def _issue(board: Board, one: IssueOnBoard, origin: str) -> Json:
    return {
        "key": board.key(one),
        "tracker": board.naming.label,
        "title": one.title,
        "state": state_of(one),
        "url": f"{origin}{board.path(one)}",
    }


def _statuspage(page: StatusPage) -> Json:
    return {
        "components": [
            {"name": one["name"], "state": one["status"].replace("_", " ")}
            for one in page.components.values()
        ],
        "entries": [
            {
                "title": one["name"],
                "updates": [
                    # The page shows a text as HTML.
                    {"status": update["status"].replace("_", " "), "text": html.unescape(update["body"])}
                    for update in reversed(one["incident_updates"])
                ],
            }
            for one in reversed(page.incidents.values())
        ],
    }


def _cachet(page: CachetPage) -> Json:
    entries = [one for kind in page.entries.values() for one in kind.values()]
    return {
        "components": [
            {"name": one["name"], "state": _CACHET_STATE[one["status"]]} for one in page.components.values()
        ],
        "entries": [
            {
                "title": one["name"],
                "updates": [
                    {
                        "status": _CACHET_STATUS[update["status"]],
                        "text": _ESCAPED.sub(r"\1", update["message"]),
                    }
                    for update in (*reversed(one["updates"]), one)
                ],
            }
            for one in sorted(entries, key=lambda one: one["id"], reverse=True)
        ],
    }
