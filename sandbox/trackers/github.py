"""GitHub's issues: the part of its REST API that is used, and a page of each repository."""

import hmac
import html
import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.trackers.board import Board, Handler, IssueOnBoard, Json, utc_now

TOKEN = "github_pat_sandbox"  # noqa: S105 - the sandbox has no secrets
REPOSITORIES = ("acme/app", "acme/website")
OUTCOMES = ("completed", "not_planned", "duplicate")
MAX_TITLE, MAX_BODY = 256, 65_536
PREFIX = "/github"
_REPOSITORY = "{owner}/{name}"

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1f2328;"
    "background:#fff}a{color:#0550ae}li{margin:.6rem 0}button{font:inherit;padding:.3rem .8rem;margin:0 .5rem .5rem 0}"
    "pre{white-space:pre-wrap;background:#f6f8fa;padding:1rem;border-radius:6px}"
)


def a_board(ledger: Ledger, faults: Faults, clock: Callable[[], datetime] = utc_now) -> Board:
    """Return GitHub with two repositories and no issue."""
    return Board("github", REPOSITORIES, OUTCOMES, ledger, faults, clock)


def add_routes(app: web.Application, board: Board) -> None:
    """Mount the API at /github/api/v3/…, as an Enterprise Server has it, and the pages of issues."""
    issues, one = f"/repos/{_REPOSITORY}/issues", f"/repos/{_REPOSITORY}/issues/{{number}}"
    for method, path, act in (
        ("GET", f"/repos/{_REPOSITORY}", _repository),
        ("GET", issues, _list),
        ("POST", issues, _create),
        ("GET", one, _read),
    ):
        handler = _guarded(board, f"{method} {path.replace(_REPOSITORY, '{repo}')}", act)
        app.router.add_route(method, f"{PREFIX}/api/v3{path}", handler)
    app.router.add_get(f"{PREFIX}/{_REPOSITORY}/issues", _page(board, _list_page))
    app.router.add_get(f"{PREFIX}/{_REPOSITORY}/issues/{{number}}", _page(board, _issue_page))
    app.router.add_post(f"{PREFIX}/{_REPOSITORY}/issues/{{number}}", _closing(board))


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
        told = act(board, request, body)
    except KeyError:
        return web.json_response({"message": "Not Found"}, status=404)
    except (_Invalid, ValueError) as invalid:
        return web.json_response({"message": "Validation Failed", "errors": [str(invalid)]}, status=422)
    return web.json_response(told, status=201 if request.method == "POST" else 200)


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
    return [_told(request, one) for one in found[(page - 1) * size : page * size]]


def _create(board: Board, request: web.Request, body: Json) -> Json:
    title, text = str(body.get("title") or ""), str(body.get("body") or "")
    if not title or len(title) > MAX_TITLE or len(text) > MAX_BODY:
        raise _Invalid("title or body is missing, or too long")
    return _told(request, board.create(_name(board, request), title, text))


def _read(board: Board, request: web.Request, _body: Json) -> Json:
    return _told(request, _found(board, request))


def _told(request: web.Request, one: IssueOnBoard) -> Json:
    origin = str(request.url.origin())
    return {
        "id": int(one.id),
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "state": "closed" if one.outcome else "open",
        "state_reason": one.outcome or None,
        "html_url": f"{origin}{PREFIX}/{one.project}/issues/{one.number}",
        "repository_url": f"{origin}{PREFIX}/api/v3/repos/{one.project}",
        "created_at": one.created_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
    }


def _page(board: Board, draw: Callable[[Board, web.Request], str]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = draw(board, request)
        except (KeyError, ValueError):
            raise web.HTTPNotFound from None
        page = f"<!doctype html><html lang=en><meta charset=utf-8><title>Issues</title><style>{_STYLE}</style>{body}"
        return web.Response(text=page, content_type="text/html")

    return handle


def _list_page(board: Board, request: web.Request) -> str:
    name = _name(board, request)
    issues = [one for one in board.newest() if one.project == name]
    rows = "".join(
        f"<li><a href='{PREFIX}/{name}/issues/{one.number}'>#{one.number} {html.escape(one.title)}</a>"
        f" · {state_of(one)}</li>"
        for one in issues
    )
    return f"<h1>Issues of {name}</h1><ul>{rows or '<li>There is none yet.</li>'}</ul>"


def _issue_page(board: Board, request: web.Request) -> str:
    one = _found(board, request)
    choices = (
        [("", "Reopen")] if one.outcome else [(name, f"Close as {_words(name)}") for name in board.outcomes]
    )
    buttons = "".join(f"<button name=outcome value='{name}'>{label}</button>" for name, label in choices)
    return (
        f"<p><a href='{PREFIX}/{one.project}/issues'>{one.project}</a></p>"
        f"<h1>{html.escape(one.title)} #{one.number}</h1><p>{state_of(one)}</p>"
        f"<form method=post>{buttons}</form><pre>{html.escape(str(one.body))}</pre>"
    )


def _closing(board: Board) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        outcome = str(form.get("outcome", ""))
        if outcome and outcome not in board.outcomes:
            raise web.HTTPBadRequest
        try:
            board.close(_found(board, request), outcome)
        except (KeyError, ValueError):
            raise web.HTTPNotFound from None
        raise web.HTTPSeeOther(request.path)

    return handle


def state_of(one: IssueOnBoard) -> str:
    """Return "open", or how it was closed."""
    return f"closed as {_words(one.outcome)}" if one.outcome else "open"


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")
