"""The page and its files: read once, and the same for everybody but for the language."""

from pathlib import Path

from jinja2 import Environment, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from domain.cases.files import MAX_FILE_SIZE
from domain.chat.session import MAX_COMMENT_LENGTH, MAX_MESSAGE_LENGTH
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH as LONGEST_ADDRESS
from handlers.web.chat.colours import stylesheet
from handlers.web.chat.context import Chat
from handlers.web.chat.language import choose_language

_FOLDER = Path(__file__).with_name("page")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Pages:
    """Answers a browser that loads the page."""

    def __init__(self, chat: Chat) -> None:
        self._look = chat.look
        self._mails = chat.mails
        self._sentences = chat.sentences
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        self._page = environment.from_string((_FOLDER / "chat.html").read_text(encoding="utf-8"))
        self._files = {
            path.name: (path.read_bytes(), _TYPES[path.suffix])
            for path in sorted(_FOLDER.rglob("*"))
            if path.suffix in _TYPES
        }
        self._files["brand.css"] = (stylesheet(chat.look.colour).encode(), _TYPES[".css"])

    async def page(self, request: Request) -> Response:
        """The page, in the customer's language where we have it."""
        look = self._look
        language = choose_language(request.headers.get("accept-language", ""), self._sentences, look.language)
        words = self._sentences[language]
        title = words["title"].replace("{brand}", look.brand)
        told = {
            "words": words,
            "language": language,
            "greeting": look.greeting or words["greeting"],
            "waiting": look.waiting or words["waiting"],
            "brand": look.brand,
            "longest": MAX_MESSAGE_LENGTH,
            "longest_comment": MAX_COMMENT_LENGTH,
            "largest": MAX_FILE_SIZE,
            "longest_address": LONGEST_ADDRESS,
            "mails": self._mails,
        }
        html = self._page.render(
            language=language,
            title=title,
            brand=look.brand,
            initial=look.brand[:1].upper(),
            words=words,
            page=told,
        )
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})

    async def file(self, request: Request) -> Response:
        """One of the page's files; 404 for any other name."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        content, media_type = found
        return Response(content, media_type=media_type)
