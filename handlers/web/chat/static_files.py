"""Serve the page's scripts, styles and pictures: read once, at start, compressed, and kept by browsers."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from handlers.web.chat.colours import stylesheet

FOLDER = Path(__file__).with_name("page")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_VERSION_LENGTH = 16  # of hexadecimal digits
_KEPT = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes
    media_type: str


class StaticFiles:
    """The files by name. `version` stands in their addresses, and changes with any of them."""

    def __init__(self, colour: str) -> None:
        found = {path.name: path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.suffix in _TYPES}
        found["brand.css"] = stylesheet(colour).encode()
        self.version = sha256(repr(sorted(found.items())).encode()).hexdigest()[:_VERSION_LENGTH]
        #: The scripts, which a browser may load at once: else it learns of each from the one that imports it.
        self.scripts = sorted(name for name in found if name.endswith(".js"))
        self._files = {
            name: _File(content, gzip.compress(content), _TYPES[Path(name).suffix])
            for name, content in found.items()
        }

    async def file(self, request: Request) -> Response:
        """Return a file; 404 for any other name.

        Browsers keep it only under this version: another copy of the bot may be of another one.
        """
        file = self._files.get(request.path_params["name"])
        if file is None:
            return Response(status_code=404)
        headers = {"Vary": "Accept-Encoding"}
        if request.path_params.get("version") == self.version:
            headers["Cache-Control"] = _KEPT
        content = file.content
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            content = file.compressed
        return Response(content, media_type=file.media_type, headers=headers)
