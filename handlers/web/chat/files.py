"""Files of a conversation, for the browser that may see them: shown as pictures, never as pages."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from handlers.chat.session import load_file
from handlers.web.chat.context import Chat
from handlers.web.chat.request_checks import NEWEST, require_cookie


class Files:
    """Answers a browser that shows a file."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def answer(self, request: Request) -> Response:
        """The file's content; 404 where this browser may not see it."""
        file_id = min(request.path_params["file_id"], NEWEST)
        secret = require_cookie(request)
        try:
            file = await self._chat.desk.run(
                load_file, secret_hash=secret, file_id=file_id, now=self._chat.clock.now()
            )
        except LookupError:
            return Response(status_code=404)
        if file.content is None:
            return Response(status_code=404)
        shown = "inline" if file.media_type.startswith("image/") else "attachment"
        return Response(
            file.content,
            media_type=file.media_type,
            headers={
                "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
                "Cache-Control": "private, max-age=3600",
            },
        )
