"""Jira Cloud's issues: the part of its REST API (version 3) that is used."""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers.board import Board, Handler, IssueOnBoard, Json, Naming, utc_now

EMAIL, TOKEN = "switchboard@acme.example", "sandbox-jira-token"
PROJECTS = ("SUP", "WEB")
OUTCOMES = ("Done", "Won't Do", "Duplicate")
TYPES = ("Bug", "Task")
MAX_SUMMARY, MAX_BULK = 255, 100
PREFIX = "/jira"
NAMING = Naming(
    label="Jira",
    key="{project}-{number}",
    list_path=f"{PREFIX}/projects/{{project}}/issues",
    issue_path=f"{PREFIX}/browse/{{project}}-{{number}}",
)
_LOGIN = "Basic " + b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
_JQL = re.compile(r'project = "(\w+)" AND created >= "-(\d+)m" ORDER BY created DESC')
_NODES = frozenset({"doc", "paragraph", "blockquote", "text"})

Act = Callable[[Board, web.Request, Json], Json]


class _Invalid(Exception):
    """The request is refused with 400; the argument is by field."""


def environment(address: str) -> dict[str, str]:
    """Return the environment variables of a bot that uses the Jira served at `address`."""
    return {
        "JIRA_URL": f"{address}{PREFIX}",
        "JIRA_EMAIL": EMAIL,
        "JIRA_API_TOKEN": TOKEN,
        "JIRA_PROJECTS": ",".join(PROJECTS),
    }


def a_board(ledger: Ledger, faults: Faults, clock: Callable[[], datetime] = utc_now) -> Board:
    """Return a Jira with two projects and no issue."""
    return Board("jira", NAMING, PROJECTS, OUTCOMES, ledger, faults, clock)


def add_routes(app: web.Application, board: Board) -> None:
    """Mount the API at /jira/rest/api/3/…."""
    for method, path, act in (
        ("GET", "/project/{key}", _project),
        ("POST", "/issue", _create),
        ("GET", "/issue/{key}", _read),
        ("POST", "/issue/bulkfetch", _bulk),
        ("POST", "/search/jql", _search),
    ):
        handler = _guarded(board, f"{method} {path}", act)
        app.router.add_route(method, f"{PREFIX}/rest/api/3{path}", handler)


def _guarded(board: Board, call: str, act: Act) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await board.faults.guard(f"jira:{call}", request, lambda: _answer(board, request, act))

    return handle


async def _answer(board: Board, request: web.Request, act: Act) -> web.Response:
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), _LOGIN.encode()):
        return web.Response(status=401, text="Basic authentication with passwords is deprecated.")
    if not board.admits_call():
        return web.json_response({}, status=429, headers={"Retry-After": "60"})
    try:
        body = json.loads(await request.read() or b"{}")
        answer = act(board, request, body)
    except KeyError:
        return web.json_response({"errorMessages": ["It does not exist."], "errors": {}}, status=404)
    except _Invalid as invalid:
        return web.json_response({"errorMessages": [], "errors": invalid.args[0]}, status=400)
    is_new = request.method == "POST" and request.path.endswith("/issue")
    return web.json_response(answer, status=201 if is_new else 200)


def _project(board: Board, request: web.Request, _body: Json) -> Json:
    key = request.match_info["key"]
    if key not in board.projects:
        raise KeyError(key)
    return {"key": key, "name": key.title(), "issueTypes": [{"name": name} for name in TYPES]}


def _create(board: Board, _request: web.Request, body: Json) -> Json:
    fields = body.get("fields", {})
    project, summary = fields.get("project", {}).get("key"), str(fields.get("summary") or "")
    if project not in board.projects:
        raise _Invalid({"project": "Specify a valid project ID or key"})
    if fields.get("issuetype", {}).get("name") not in TYPES:
        raise _Invalid({"issuetype": "Specify a valid issue type"})
    if not summary or len(summary) > MAX_SUMMARY or "\n" in summary:
        raise _Invalid({"summary": "The summary is invalid"})
    _check(fields.get("description"))
    properties = {one["key"]: one["value"] for one in body.get("properties", ())}
    made = board.create(project, summary, fields.get("description"), properties=properties)
    return {"id": made.id, "key": board.key(made), "self": f"/rest/api/3/issue/{made.id}"}


def _check(node: object) -> None:
    """Check that a document has known nodes alone, and no empty text, which Jira refuses."""
    if not isinstance(node, dict) or node.get("type") not in _NODES or node.get("text") == "":
        raise _Invalid({"description": "Operation value must be an Atlassian Document"})
    for one in node.get("content", ()):
        _check(one)


def _read(board: Board, request: web.Request, _body: Json) -> Json:
    return _as_json(board, _named(board, request.match_info["key"]))


def _bulk(board: Board, _request: web.Request, body: Json) -> Json:
    """Return those of the issues that exist."""
    wanted = body.get("issueIdsOrKeys", [])
    if len(wanted) > MAX_BULK:
        raise _Invalid({"issueIdsOrKeys": "too many"})
    found = [one for one in board.issues.values() if one.id in wanted or board.key(one) in wanted]
    return {"issues": [_as_json(board, one) for one in found], "issueErrors": []}


def _search(board: Board, _request: web.Request, body: Json) -> Json:
    asked = _JQL.fullmatch(str(body.get("jql")))
    if asked is None:
        raise _Invalid({"jql": "The search cannot be parsed"})
    since = board.clock() - timedelta(minutes=int(asked[2]))
    found = [one for one in board.newest() if one.project == asked[1] and one.created_at >= since]
    wanted = body.get("properties", ())
    return {
        "issues": [
            {
                **_as_json(board, one),
                "properties": {name: one.properties[name] for name in wanted if name in one.properties},
            }
            for one in found[: int(body.get("maxResults", 50))]
        ],
        "isLast": True,
    }


def _named(board: Board, key: str) -> IssueOnBoard:
    for one in board.issues.values():
        if key in {board.key(one), one.id}:
            return one
    raise KeyError(key)


def _as_json(board: Board, one: IssueOnBoard) -> Json:
    category = "done" if one.outcome else "new"
    status = one.outcome or "To Do"
    return {
        "id": one.id,
        "key": board.key(one),
        "fields": {
            "summary": one.title,
            "project": {"key": one.project},
            "status": {"name": "Done" if one.outcome else status, "statusCategory": {"key": category}},
            "resolution": {"name": one.outcome} if one.outcome else None,
        },
    }
