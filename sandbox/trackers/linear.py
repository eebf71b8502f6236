"""Linear's issues: the queries of its GraphQL API that are used, told apart by their names."""

import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers.board import Board, IssueOnBoard, Json, Naming, utc_now

API_KEY = "lin_api_sandbox"
TEAMS = ("ENG", "WEB")
OUTCOMES = ("Done", "Canceled", "Duplicate")
MAX_TITLE = 255
PREFIX = "/linear"
NAMING = Naming(
    label="Linear",
    key="{project}-{number}",
    list_path=f"{PREFIX}/acme/team/{{project}}/all",
    issue_path=f"{PREFIX}/acme/issue/{{project}}-{{number}}",
)
_TYPES = {"": "unstarted", "Done": "completed", "Canceled": "canceled", "Duplicate": "duplicate"}
_TEAM_IDS = {f"team-{key.lower()}": key for key in TEAMS}
#: The field by which a query is known, and its name in the ledger of faults.
_OPERATIONS = ("issueCreate", "issues", "issue", "teams")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query: the board, the address that it came to, and its variables."""

    board: Board
    origin: str
    variables: Json


class _Invalid(Exception):
    """The request is refused; the arguments are the message and the code."""


def environment(address: str) -> dict[str, str]:
    """Return the environment variables of a bot that uses the Linear served at `address`."""
    return {
        "LINEAR_API_URL": f"{address}{PREFIX}",
        "LINEAR_API_KEY": API_KEY,
        "LINEAR_TEAMS": ",".join(TEAMS),
    }


def a_board(ledger: Ledger, faults: Faults, clock: Callable[[], datetime] = utc_now) -> Board:
    """Return Linear with two teams and no issue."""
    return Board("linear", NAMING, TEAMS, OUTCOMES, ledger, faults, clock)


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
        answer = _ANSWERS[name](_Asked(board, str(request.url.origin()), asked.get("variables", {})))
    except _Invalid as invalid:
        message, code = invalid.args
        return _error(message, code, status=200 if name == "issue" else 400)
    return web.json_response({"data": {name: answer}})


def _error(message: str, code: str, *, status: int, headers: dict[str, str] | None = None) -> web.Response:
    extensions = {"code": code, "userPresentableMessage": message}
    body = {"errors": [{"message": message, "extensions": extensions}], "data": None}
    return web.json_response(body, status=status, headers=headers)


def _create(asked: _Asked) -> Json:
    board, given = asked.board, asked.variables["input"]
    team, id_ = _TEAM_IDS.get(given.get("teamId")), str(given.get("id") or uuid.uuid4())
    if team is None or not given.get("title") or len(given["title"]) > MAX_TITLE:
        raise _Invalid("Argument Validation Error", "INVALID_INPUT")
    if uuid.UUID(id_).version != 4 or any(one.id == id_ for one in board.issues.values()):  # noqa: PLR2004 - of the UUID
        raise _Invalid("Entity with that id exists", "INVALID_INPUT")
    made = board.create(team, given["title"], given["description"], id_=id_)
    return {"success": True, "issue": _as_json(asked, made)}


def _list(asked: _Asked) -> Json:
    wanted = asked.variables["filter"]
    since = wanted.get("updatedAt", {}).get("gte")
    found = [
        one
        for one in asked.board.newest()
        if one.id in wanted["id"]["in"] and (since is None or one.updated_at >= datetime.fromisoformat(since))
    ]
    return {"nodes": [_as_json(asked, one) for one in found[: asked.variables["first"]]]}


def _look_up(asked: _Asked) -> Json:
    board = asked.board
    found = [one for one in board.newest() if asked.variables["id"] in {one.id, board.key(one)}]
    if not found:
        raise _Invalid("Entity not found: Issue", "INPUT_ERROR")
    return _as_json(asked, found[0])


def _teams(asked: _Asked) -> Json:
    wanted = asked.variables["keys"]
    return {"nodes": [{"id": one, "key": key} for one, key in _TEAM_IDS.items() if key in wanted]}


_ANSWERS = {"issueCreate": _create, "issues": _list, "issue": _look_up, "teams": _teams}


def _as_json(asked: _Asked, one: IssueOnBoard) -> Json:
    return {
        "id": one.id,
        "identifier": asked.board.key(one),
        "title": one.title,
        "url": f"{asked.origin}{asked.board.path(one)}",
        "state": {"name": one.outcome or "Todo", "type": _TYPES[one.outcome]},
        "team": {"key": one.project},
    }
