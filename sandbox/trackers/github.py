"""GitHub's issues: the part of its REST API that is used."""

import hmac
import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers.board import Board, Handler, IssueOnBoard, Json, Naming, utc_now

TOKEN = "github_pat_sandbox"  # noqa: S105 - the sandbox has no secrets
REPOSITORIES = ("acme/app", "acme/website")
OUTCOMES = ("completed", "not_planned", "duplicate")
MAX_TITLE, MAX_BODY = 256, 65_536
PREFIX = "/github"
_REPOSITORY = "{owner}/{name}"

NAMING = Naming(
    label="GitHub",
    key="{project}#{number}",
    list_path=f"{PREFIX}/{{project}}/issues",
    issue_path=f"{PREFIX}/{{project}}/issues/{{number}}",
)


def environment(address: str) -> dict[str, str]:
    """Return the environment variables of a bot that uses the GitHub served at `address`."""
    return {
        "GITHUB_API_URL": f"{address}{PREFIX}/api/v3",
        "GITHUB_ISSUES_TOKEN": TOKEN,
        "GITHUB_ISSUES_REPOSITORIES": ",".join(REPOSITORIES),
    }


def a_board(ledger: Ledger, faults: Faults, clock: Callable[[], datetime] = utc_now) -> Board:
    """Return GitHub with two repositories and no issue."""
    return Board("github", NAMING, REPOSITORIES, OUTCOMES, ledger, faults, clock)


def add_routes(app: web.Application, board: Board) -> None:
    """Mount the API at /github/api/v3/…, as an Enterprise Server has it."""
    issues, one = f"/repos/{_REPOSITORY}/issues", f"/repos/{_REPOSITORY}/issues/{{number}}"
    for method, path, act in (
        ("GET", f"/repos/{_REPOSITORY}", _repository),
        ("GET", issues, _list),
        ("POST", issues, _create),
        ("GET", one, _read),
    ):
        handler = _guarded(board, f"{method} {path.replace(_REPOSITORY, '{repo}')}", act)
        app.router.add_route(method, f"{PREFIX}/api/v3{path}", handler)


Act = Callable[[Board, web.Request, Json], Json | list[Json]]


class _Invalid(Exception):
    """The request is refused with 422."""


def _guarded(board: Board, call: str, act: Act) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await board.faults.guard(f"github:{call}", request, lambda: _answer(board, request, act))

    return handle


async def _answer(board: Board, request: web.Request, act: Act) -> web.Response:
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {TOKEN}".encode()):
        return web.json_response({"message": "Bad credentials"}, status=401)
    if not board.admits_call():
        headers = {
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(board.clock().timestamp()) + 60),
        }
        return web.json_response({"message": "API rate limit exceeded"}, status=403, headers=headers)
    try:
        body = json.loads(await request.read() or b"{}")
        answer = act(board, request, body)
    except KeyError:
        return web.json_response({"message": "Not Found"}, status=404)
    except (_Invalid, ValueError) as invalid:
        return web.json_response({"message": "Validation Failed", "errors": [str(invalid)]}, status=422)
    return web.json_response(answer, status=201 if request.method == "POST" else 200)


def _name(board: Board, request: web.Request) -> str:
    name = f"{request.match_info['owner']}/{request.match_info['name']}"
    if name not in board.projects:
        raise KeyError(name)
    return name


def _found(board: Board, request: web.Request) -> IssueOnBoard:
    return board.issues[_name(board, request), int(request.match_info["number"])]


def _repository(board: Board, request: web.Request, _body: Json) -> Json:
    return {"full_name": _name(board, request), "has_issues": True}


def _list(board: Board, request: web.Request, _body: Json) -> list[Json]:
    """List issues; by default the open ones, the newest first."""
    name, query = _name(board, request), request.query
    state, key = query.get("state", "open"), f"{query.get('sort', 'created')}_at"
    found = [one for one in board.issues.values() if one.project == name]
    if state != "all":
        found = [one for one in found if bool(one.outcome) is (state == "closed")]
    if since := query.get("since"):
        moment = datetime.fromisoformat(since)
        found = [one for one in found if one.updated_at.replace(microsecond=0) >= moment]
    is_descending = query.get("direction", "desc") == "desc"
    found.sort(key=lambda one: (getattr(one, key), one.number), reverse=is_descending)
    size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
    return [_as_json(board, request, one) for one in found[(page - 1) * size : page * size]]


def _create(board: Board, request: web.Request, body: Json) -> Json:
    title, text = str(body.get("title") or ""), str(body.get("body") or "")
    if not title or len(title) > MAX_TITLE or len(text) > MAX_BODY:
        raise _Invalid("title or body is missing, or too long")
    return _as_json(board, request, board.create(_name(board, request), title, text))


def _read(board: Board, request: web.Request, _body: Json) -> Json:
    return _as_json(board, request, _found(board, request))


def _as_json(board: Board, request: web.Request, one: IssueOnBoard) -> Json:
    origin = str(request.url.origin())
    return {
        "id": int(one.id),
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "state": "closed" if one.outcome else "open",
        "state_reason": one.outcome or None,
        "html_url": f"{origin}{board.path(one)}",
        "repository_url": f"{origin}{PREFIX}/api/v3/repos/{one.project}",
        "created_at": one.created_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
    }
