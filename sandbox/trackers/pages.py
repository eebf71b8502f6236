"""The pages of a tracker's issues, where a visitor of the demo reads and closes one as a developer does."""

import html
from collections.abc import Callable

from aiohttp import web

from sandbox.trackers.board import Board, Handler, IssueOnBoard

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1f2328;"
    "background:#fff}a{color:#0550ae}li{margin:.6rem 0}button{font:inherit;padding:.3rem .8rem;margin:0 .5rem .5rem 0}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f8fa;padding:1rem;border-radius:6px}"
)


def add_pages(app: web.Application, board: Board) -> None:
    """Mount the list of issues of each project, and a page of each issue."""
    for project in board.projects:
        list_path = board.naming.list_path.format(project=project)
        issue_path = board.naming.issue_path.format(project=project, number="{number}")
        app.router.add_get(list_path, _page(_list_page(board, project)))
        app.router.add_get(issue_path, _page(_issue_page(board, project)))
        app.router.add_post(issue_path, _closing(board, project))


def state_of(one: IssueOnBoard) -> str:
    """Return "open", or how it was closed."""
    return f"closed as {_words(one.outcome)}" if one.outcome else "open"


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")


def _page(draw: Callable[[web.Request], str]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        page = (
            "<!doctype html><html lang=en><meta charset=utf-8>"
            "<meta name=viewport content='width=device-width,initial-scale=1'>"
            f"<title>Issues</title><style>{_STYLE}</style>{draw(request)}"
        )
        return web.Response(text=page, content_type="text/html")

    return handle


def _list_page(board: Board, project: str) -> Callable[[web.Request], str]:
    def draw(_request: web.Request) -> str:
        rows = "".join(
            f"<li><a href='{board.path(one)}'>{board.key(one)} {html.escape(one.title)}</a> · {state_of(one)}</li>"
            for one in board.newest()
            if one.project == project
        )
        return f"<h1>{board.naming.label}: issues of {project}</h1><ul>{rows or '<li>There is none yet.</li>'}</ul>"

    return draw


def _issue_page(board: Board, project: str) -> Callable[[web.Request], str]:
    def draw(request: web.Request) -> str:
        one = _found(board, project, request)
        choices = (
            [("", "Reopen")]
            if one.outcome
            else [(name, f"Close as {_words(name)}") for name in board.outcomes]
        )
        buttons = "".join(
            f'<button name=outcome value="{html.escape(name)}">{html.escape(label)}</button>'
            for name, label in choices
        )
        list_path = board.naming.list_path.format(project=project)
        return (
            f"<p><a href='{list_path}'>{board.naming.label} {project}</a></p>"
            f"<h1>{html.escape(one.title)} {board.key(one)}</h1><p>{html.escape(state_of(one))}</p>"
            f"<form method=post>{buttons}</form><pre>{html.escape(_text(one.body))}</pre>"
        )

    return draw


def _text(body: object) -> str:
    """Return a body to read: Markdown as it is written, the text of a document of Atlassian's."""
    if not isinstance(body, dict):
        return str(body)
    if body.get("type") == "text":
        return str(body.get("text", ""))
    parts = [_text(one) for one in body.get("content", ())]
    match body.get("type"):
        case "doc":
            return "\n\n".join(parts)
        case "blockquote":
            return "\n".join(f"> {line}" for part in parts for line in part.splitlines())
        case _:
            return "".join(parts)


def _closing(board: Board, project: str) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        outcome = str(form.get("outcome", ""))
        if outcome and outcome not in board.outcomes:
            raise web.HTTPBadRequest
        board.close(_found(board, project, request), outcome)
        raise web.HTTPSeeOther(request.path)

    return handle


def _found(board: Board, project: str, request: web.Request) -> IssueOnBoard:
    try:
        return board.issues[project, int(request.match_info["number"])]
    except (KeyError, ValueError):
        raise web.HTTPNotFound from None
