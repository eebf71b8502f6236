"""Answer a path at which there is no page: a page for people, a line for programs."""

import base64
import hashlib

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from handlers.web.chat.language import choose_language
from handlers.web.form_pages.responses import HEADERS, stylesheet_of
from handlers.web.form_pages.words import PageWords


class NotFoundPage:
    """The page of one brand. Its style sheet is in it: a link to one would depend on the path."""

    def __init__(self, *, words: PageWords, brand: str, default_language: str, colour: str) -> None:
        self._words = words
        self._brand = brand
        self._default_language = default_language
        self._style = stylesheet_of(colour)
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
        self._headers = {**HEADERS, "Content-Security-Policy": policy, "Vary": "Accept, Accept-Language"}

    async def answer(self, request: Request, _error: Exception) -> Response:
        """Answer with 404."""
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("Not Found", status_code=404)
        accepted = request.headers.get("accept-language", "")
        language = choose_language(accepted, self._words.phrases, self._default_language)
        page = self._words.render(language, self._brand, style=self._style)
        return HTMLResponse(page, status_code=404, headers=self._headers)
