"""Serve a conversation's files: images inline, everything else as a download."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from handlers.chat.session import load_file
from handlers.web.chat.context import Chat
from handlers.web.chat.request_checks import parse_id, require_cookie


class FileRoutes:
    """Routes that read files."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def answer(self, request: Request) -> Response:
        """Return the file's content; 404 if it is absent or not of this browser's conversation."""
        file_id = parse_id(request.path_params["file_id"])
        if file_id is None:
            return Response(status_code=404)
        secret = require_cookie(request)
        try:
            file = await self._chat.ctx.desk.run(
                load_file, secret_hash=secret, file_id=file_id, now=self._chat.ctx.clock.now()
            )
        except LookupError:
            return Response(status_code=404)
        if file.content is None:
            return Response(status_code=404)
        disposition = "inline" if file.media_type.startswith("image/") else "attachment"
        return Response(
            file.content,
            media_type=file.media_type,
            headers={
                "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}",
                "Cache-Control": "private, max-age=3600",
            },
        )
