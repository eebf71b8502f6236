"""Serve the chat page and its static files, which are read once, at start."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.prompts.templates import load_template
from domain.cases.files import MAX_FILE_SIZE
from domain.chat.session import MAX_COMMENT_LENGTH, MAX_MESSAGE_LENGTH
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH
from domain.outages.published import FEED_PATH
from handlers.web.chat.colours import stylesheet
from handlers.web.chat.context import Chat

_FOLDER = Path(__file__).with_name("page")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class PageRoutes:
    """Routes that load the page."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._brand = chat.ctx.policy.brand
        self._appearance = chat.appearance
        self._can_mail = chat.ctx.email is not None
        self._sentences = chat.sentences
        self._page = load_template(_FOLDER / "chat.html")
        self._files = {
            path.name: (path.read_bytes(), _TYPES[path.suffix])
            for path in sorted(_FOLDER.rglob("*"))
            if path.suffix in _TYPES
        }
        self._files["brand.css"] = (stylesheet(chat.appearance.colour).encode(), _TYPES[".css"])

    async def page(self, request: Request) -> Response:
        """Render the page in the best available language of the browser."""
        appearance = self._appearance
        language = self._chat.language(request)
        words = self._sentences[language]
        title = words["title"].replace("{brand}", self._brand)
        page_data = {
            "words": words,
            "language": language,
            "greeting": appearance.greeting or words["greeting"],
            "waiting": appearance.waiting or words["waiting"],
            "brand": self._brand,
            "max_message_length": MAX_MESSAGE_LENGTH,
            "max_comment_length": MAX_COMMENT_LENGTH,
            "max_file_size": MAX_FILE_SIZE,
            "max_address_length": MAX_ADDRESS_LENGTH,
            "can_mail_transcript": self._can_mail,
        }
        html = self._page.render(
            language=language,
            title=title,
            brand=self._brand,
            initial=self._brand[:1].upper(),
            words=words,
            page=page_data,
            banner=await self._chat.banner.in_language(language),
            feed=FEED_PATH.removeprefix("/"),
        )
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})

    async def file(self, request: Request) -> Response:
        """Return a static file; 404 for any other name."""
        entry = self._files.get(request.path_params["name"])
        if entry is None:
            return Response(status_code=404)
        content, media_type = entry
        return Response(content, media_type=media_type)
