"""Uploaded files: the app's, announced, sent, then shared into a channel (files_upload_v2's three steps); and people's."""

import secrets
from dataclasses import dataclass, field
from mimetypes import guess_type
from urllib.parse import quote

from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json


@dataclass(slots=True)
class File:
    """One upload; `content` is None until its bytes have arrived, `length` is what was announced, `user` the person who uploaded it."""

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
        """The file object, as shown in messages; `address` is this server's, as the app sees it."""
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
    """Files by id, and by the secret key of their upload address."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}

    def announce(self, name: str, length: int, alt_text: str) -> File:
        """Make room for a file whose bytes will follow."""
        made = File(f"F{secrets.token_hex(5).upper()}", name, length, secrets.token_urlsafe(16), alt_text)
        self.files[made.id] = made
        return made

    def upload(self, user: str, name: str, content: bytes) -> File:
        """Take a person's file."""
        made = self.announce(name, len(content), "")
        made.user, made.content = user, content
        return made

    def receive(self, upload_key: str, content: bytes | None) -> File:
        """Take the bytes; raises file_not_found, or file_upload_size_restricted when they are not as announced (None: beyond all measure)."""
        found = next((f for f in self.files.values() if f.upload_key == upload_key), None)
        if found is None:
            raise SlackError("file_not_found", status=404)
        if content is None or len(content) != found.length:
            raise SlackError("file_upload_size_restricted", status=400)
        found.content = content
        return found

    def get(self, file_id: str) -> File:
        """A file whose bytes have arrived; raises file_not_found."""
        found = self.files.get(file_id)
        if found is None or found.content is None:
            raise SlackError("file_not_found")
        return found
