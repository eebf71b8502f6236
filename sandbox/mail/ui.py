"""The demo page's mail API: list a mailbox, show a mail as plain text, write or answer one.

POST answers `{"message_id": …}`, or `{"error": …}` with 400 or 404.
"""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any

from aiohttp import web

from sandbox.mail.mailbox import Mail
from sandbox.mail.post_office import BRAND, PostOffice, plain_address, text_of
from sandbox.page.json_bodies import body_of

TEXT_LENGTH = 100_000
NAME_LENGTH = 80
SHOWN = 100
ADDRESS = re.compile(r"[\w.+-]{1,60}@[\w.-]{1,60}\.[a-z]{2,20}", re.ASCII)


def add_routes(app: web.Application, office: PostOffice) -> None:
    """Mount /ui/mail/…."""

    async def mailbox(request: web.Request) -> web.Response:
        address = plain_address(request.query.get("address", ""))
        newest = reversed(office.mailbox(address).inbox.mails[-SHOWN:]) if ADDRESS.fullmatch(address) else ()
        seen = [page_json(mail) for mail in newest]
        body = {"brand": BRAND, "addresses": office.addresses, "mails": seen, "last": office.last_event}
        return web.json_response(body)

    async def write(request: web.Request) -> web.Response:
        try:
            return web.json_response({"message_id": _write(office, body_of(await request.read()))})
        except LookupError as gone:
            return web.json_response({"error": str(gone.args[0])}, status=404)
        except ValueError as wrong:
            return web.json_response({"error": str(wrong)}, status=400)

    app.router.add_get("/ui/mail/mailbox", mailbox)
    app.router.add_post("/ui/mail/write", write)


def page_json(mail: Mail) -> dict[str, Any]:
    """Format a mail for the page."""
    message = message_from_bytes(mail.content)
    name, address = parseaddr(_header(message, "From"))
    return {
        "uid": mail.uid,
        "at": mail.at,
        "from": {"name": name or address, "address": address},
        "reply_to": parseaddr(_header(message, "Reply-To"))[1],
        "subject": _header(message, "Subject"),
        "text": text_of(message),
        "files": [part.get_filename() for part in message.walk() if part.get_filename()],
    }


def _header(message: Message, name: str) -> str:
    return " ".join(str(make_header(decode_header(str(message.get(name, ""))))).split())


def _write(office: PostOffice, body: dict[str, Any]) -> str:
    address, text = str(body.get("address", "")).strip(), body.get("text")
    name, subject = (" ".join(str(body.get(key) or "").split())[:NAME_LENGTH] for key in ("name", "subject"))
    if not ADDRESS.fullmatch(address) or plain_address(address) == BRAND:
        raise ValueError("Write from an address such as ana@example.com, and not from the brand's.")
    if not isinstance(text, str) or not text.strip() or len(text) > TEXT_LENGTH:
        raise ValueError("A mail needs a text of at most 100,000 characters.")
    if any("\ud800" <= c <= "\udfff" for c in text + name + subject) or '"' in name:
        raise ValueError("The name or the text holds what no mail can.")
    return office.write(
        address, text, name=name, subject=subject, answers=_answered(office, address, body.get("answers"))
    )


def _answered(office: PostOffice, address: str, uid: object) -> Message | None:
    if uid is None:
        return None
    found = next((mail for mail in office.mailbox(address).inbox.mails if mail.uid == uid), None)
    if found is None:
        raise LookupError("This mail is not in the mailbox any more.")
    return message_from_bytes(found.content)
