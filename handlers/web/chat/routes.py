"""The chat's addresses."""

from starlette.routing import BaseRoute, Route

from adapters.chat.links import CHAT_PATH
from handlers.web.chat.context import Chat
from handlers.web.chat.files import Files
from handlers.web.chat.messages import Writing
from handlers.web.chat.pages import Pages
from handlers.web.chat.request_checks import Asking, Handler
from handlers.web.chat.sessions import Entering
from handlers.web.chat.stream import Stream


def chat_routes(chat: Chat) -> list[BaseRoute]:
    """Everything under `/chat`."""
    asking, pages, entering, writing = Asking(chat), Pages(chat), Entering(chat), Writing(chat)
    reads: dict[str, Handler] = {
        "": pages.page,
        "/files/{name}": pages.file,
        "/history": entering.history,
        "/events": Stream(chat).answer,
        "/sent/{file_id:int}": Files(chat).answer,
    }
    writes: dict[str, Handler] = {
        "/link": entering.open_link,
        "/messages": writing.message,
        "/sent": writing.file,
        "/seen": writing.seen,
        "/solved": writing.solved,
        "/transcript": writing.transcript,
    }
    return [
        *(Route(CHAT_PATH + path, asking.wrap(handler), methods=["GET"]) for path, handler in reads.items()),
        *(
            Route(CHAT_PATH + path, asking.wrap(handler), methods=["POST"])
            for path, handler in writes.items()
        ),
    ]
