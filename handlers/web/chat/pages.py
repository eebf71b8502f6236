"""Serve the chat page."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.prompts.templates import load_template
from domain.cases.files import MAX_FILE_SIZE
from domain.chat.session import MAX_COMMENT_LENGTH, MAX_MESSAGE_LENGTH
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH
from domain.outages.published import FEED_PATH
from handlers.web.chat.context import Chat
from handlers.web.chat.static_files import FOLDER, StaticFiles


class PageRoutes:
    """The route that loads the page."""

    def __init__(self, chat: Chat, files: StaticFiles) -> None:
        self._chat = chat
        self._brand = chat.ctx.policy.brand
        self._appearance = chat.appearance
        self._can_mail = chat.ctx.email is not None
        self._sentences = chat.sentences
        self._page = load_template(FOLDER / "chat.html")
        self._files = files

    async def page(self, request: Request) -> Response:
        """Render the page in the best available language of the browser."""
        appearance = self._appearance
        language = self._chat.language(request)
        words = self._sentences[language]
        title = words["title"].replace("{brand}", self._brand)
        page_data = {
            "words": words,
            "language": language,
            "greeting": appearance.greetings.get(language) or appearance.greeting or words["greeting"],
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
            static=f"chat/static/{self._files.version}",
            scripts=self._files.scripts,
            feed=FEED_PATH.removeprefix("/"),
        )
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})
