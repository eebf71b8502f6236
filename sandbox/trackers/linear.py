"""Linear's issues: the queries of its GraphQL API that are used, told apart by their names."""

import hmac
import json
import uuid
from datetime import datetime

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers.board import Board, IssueOnBoard, Json

API_KEY = "lin_api_sandbox"
TEAMS = ("ENG", "WEB")
OUTCOMES = ("Done", "Canceled", "Duplicate")
MAX_TITLE = 255
PREFIX = "/linear"
_TYPES = {"": "unstarted", "Done": "completed", "Canceled": "canceled", "Duplicate": "duplicate"}
_TEAM_IDS = {f"team-{key.lower()}": key for key in TEAMS}
#: The field by which a query is known, and its name in the ledger of faults.
_OPERATIONS = ("issueCreate", "issues", "issue", "teams")


class _Invalid(Exception):
    """The request is refused; the arguments are the message and the code."""


def a_board(ledger: Ledger, faults: Faults) -> Board:
    """Return Linear with two teams and no issue."""
    return Board("linear", TEAMS, OUTCOMES, ledger, faults)


def add_routes(app: web.Application, board: Board) -> None:
    """Mount the API at /linear/graphql. A fault's call is "linear:" and the field that is asked for."""

    async def handle(request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.read())
        name = next(one for one in _OPERATIONS if f"{{ {one}(" in str(asked.get("query")))
        return await board.faults.guard(
            f"linear:{name}", request, lambda: _answer(board, request, name, asked)
        )

    app.router.add_post(f"{PREFIX}/graphql", handle)


async def _answer(board: Board, request: web.Request, name: str, asked: Json) -> web.Response:
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), API_KEY.encode()):
        return _error("Authentication required, not authenticated", "AUTHENTICATION_ERROR", status=401)
    if not board.admits_call():
        headers = {"X-RateLimit-Requests-Reset": str(int(board.clock().timestamp() * 1000) + 60_000)}
        return _error("Rate limit exceeded", "RATELIMITED", status=400, headers=headers)
    try:
        told = _ANSWERS[name](board, asked.get("variables", {}))
    except _Invalid as invalid:
        message, code = invalid.args
        return _error(message, code, status=200 if name == "issue" else 400)
    return web.json_response({"data": {name: told}})


def _error(message: str, code: str, *, status: int, headers: dict[str, str] | None = None) -> web.Response:
    extensions = {"code": code, "userPresentableMessage": message}
    body = {"errors": [{"message": message, "extensions": extensions}], "data": None}
    return web.json_response(body, status=status, headers=headers)


def _create(board: Board, variables: Json) -> Json:
    given = variables["input"]
    team, id_ = _TEAM_IDS.get(given.get("teamId")), str(given.get("id") or uuid.uuid4())
    if team is None or not given.get("title") or len(given["title"]) > MAX_TITLE:
        raise _Invalid("Argument Validation Error", "INVALID_INPUT")
    if uuid.UUID(id_).version != 4 or any(one.id == id_ for one in board.issues.values()):  # noqa: PLR2004
        raise _Invalid("Entity with that id exists", "INVALID_INPUT")
    return {
        "success": True,
        "issue": _told(board.create(team, given["title"], given["description"], id_=id_)),
    }


def _list(board: Board, variables: Json) -> Json:
    wanted = variables["filter"]
    since = wanted.get("updatedAt", {}).get("gte")
    found = [
        one
        for one in board.newest()
        if one.id in wanted["id"]["in"] and (since is None or one.updated_at >= datetime.fromisoformat(since))
    ]
    return {"nodes": [_told(one) for one in found[: variables["first"]]]}


def _look_up(board: Board, variables: Json) -> Json:
    found = [one for one in board.newest() if variables["id"] in {one.id, _key(one)}]
    if not found:
        raise _Invalid("Entity not found: Issue", "INPUT_ERROR")
    return _told(found[0])


def _teams(_board: Board, variables: Json) -> Json:
    return {"nodes": [{"id": one, "key": key} for one, key in _TEAM_IDS.items() if key in variables["keys"]]}


_ANSWERS = {"issueCreate": _create, "issues": _list, "issue": _look_up, "teams": _teams}


def _told(one: IssueOnBoard) -> Json:
    return {
        "id": one.id,
        "identifier": _key(one),
        "title": one.title,
        "url": f"https://linear.app/acme/issue/{_key(one)}",
        "state": {"name": one.outcome or "Todo", "type": _TYPES[one.outcome]},
        "team": {"key": one.project},
    }


def _key(one: IssueOnBoard) -> str:
    return f"{one.project}-{one.number}"
