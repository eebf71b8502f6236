"""Uploaded files, the app's and people's.

The app's uploads take the three steps of files_upload_v2: announced, sent, then shared into a channel.
"""

import secrets
from dataclasses import dataclass, field
from mimetypes import guess_type
from urllib.parse import quote

from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json


@dataclass(slots=True)
class File:
    """One upload.

    `content` is None until its bytes have arrived, `length` is the announced size in bytes, `user` the person
    who uploaded it.
    """

    id: str
    name: str
    length: int
    upload_key: str
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    user: str = ""
    channels: list[str] = field(default_factory=list)

    def as_json(self, address: str) -> Json:
        """Build the file object of messages; `address` is this server's, as the app sees it."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "alt_txt": self.alt_text,
            "size": self.length,
            "filetype": self.name.rpartition(".")[2],
            "mode": "hosted",
            "is_external": False,
            "mimetype": guess_type(self.name)[0] or "application/octet-stream",
            "url_private": f"{address}/slack/files/{self.id}/{quote(self.name, safe='')}",
            "channels": list(self.channels),
        }


class FileStore:
    """The files, by id and by the secret key of their upload address."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}

    def announce(self, name: str, length: int, alt_text: str) -> File:
        """Register a file whose bytes will follow."""
        made = File(f"F{secrets.token_hex(5).upper()}", name, length, secrets.token_urlsafe(16), alt_text)
        self.files[made.id] = made
        return made

    def upload(self, user: str, name: str, content: bytes) -> File:
        """Store a file of a person."""
        made = self.announce(name, len(content), "")
        made.user, made.content = user, content
        return made

    def receive(self, upload_key: str, content: bytes | None) -> File:
        """Store the bytes of an announced file; `None` means above the size limit.

        Raises file_not_found, or file_upload_size_restricted when the size is not the announced one.
        """
        found = next((f for f in self.files.values() if f.upload_key == upload_key), None)
        if found is None:
            raise SlackError("file_not_found", status=404)
        if content is None or len(content) != found.length:
            raise SlackError("file_upload_size_restricted", status=400)
        found.content = content
        return found

    def get(self, file_id: str) -> File:
        """Return a file whose bytes have arrived; raises file_not_found."""
        found = self.files.get(file_id)
        if found is None or found.content is None:
            raise SlackError("file_not_found")
        return found
