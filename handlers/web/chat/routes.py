"""List the chat's routes."""

from starlette.routing import BaseRoute, Route

from adapters.chat.links import CHAT_PATH
from handlers.web.chat.context import Chat
from handlers.web.chat.files import FileRoutes
from handlers.web.chat.messages import MessageRoutes
from handlers.web.chat.pages import PageRoutes
from handlers.web.chat.request_checks import Handler, RequestGuard
from handlers.web.chat.sessions import SessionRoutes
from handlers.web.chat.static_files import StaticFiles
from handlers.web.chat.stream import EventStream


def chat_routes(chat: Chat) -> list[BaseRoute]:
    """Return the routes under `/chat`."""
    files = StaticFiles(chat.appearance.colour)
    guard, pages, sessions, messages = (
        RequestGuard(chat),
        PageRoutes(chat, files),
        SessionRoutes(chat),
        MessageRoutes(chat),
    )
    get_routes: dict[str, Handler] = {
        "": pages.page,
        "/static/{name}": files.file,
        "/static/{version}/{name}": files.file,
        "/history": sessions.history,
        "/events": EventStream(chat).answer,
        "/uploads/{file_id}": FileRoutes(chat).answer,
    }
    post_routes: dict[str, Handler] = {
        "/link": sessions.open_link,
        "/messages": messages.message,
        "/uploads": messages.file,
        "/seen": messages.seen,
        "/rating": messages.rating,
        "/transcript": messages.transcript,
    }
    return [
        *(
            Route(CHAT_PATH + path, guard.wrap(handler), methods=["GET"])
            for path, handler in get_routes.items()
        ),
        *(
            Route(CHAT_PATH + path, guard.wrap(handler), methods=["POST"])
            for path, handler in post_routes.items()
        ),
    ]
