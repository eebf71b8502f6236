"""Define the headers of the pages with a form, their style sheet, and the fields that a browser posts."""

from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.web.chat.colours import stylesheet

MAX_FORM_BYTES = 4_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
#: Headers of a form that is given back. What answers a POST has to be kept for the way back to it: a browser
#: that may not keep it asks its user to send the form again.
REJECTED_HEADERS = {**HEADERS, "Cache-Control": "private, no-cache"}
_STYLE = Path(__file__).with_name("page.css")
_STYLE_HEADERS = {"x-content-type-options": "nosniff", "Cache-Control": "max-age=3600"}


def style_route(path: str, colour: str) -> Route:
    """Return the route of the pages' style sheet, in the brand's colour."""
    style = stylesheet_of(colour)

    async def serve_style(_request: Request) -> Response:
        return Response(style, media_type="text/css", headers=_STYLE_HEADERS)

    return Route(path, serve_style, methods=["GET"])


def stylesheet_of(colour: str) -> str:
    """Return the pages' style sheet, in the brand's colour."""
    return stylesheet(colour) + _STYLE.read_text(encoding="utf-8")


def parse_form(body: bytes, *, max_fields: int = 10) -> dict[str, list[str]]:
    """Parse a form as browsers post it; empty where it has more fields, or cannot be read."""
    try:
        return parse_qs(body.decode(), max_num_fields=max_fields, keep_blank_values=True)
    except ValueError:
        return {}
