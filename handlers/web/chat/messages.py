"""What a browser sends: messages, files, what it has shown, whether it was solved, and where the conversation shall be mailed to."""

import re

import puremagic
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, rejection_reason
from domain.chat.session import MAX_COMMENT_LENGTH, MAX_MESSAGE_LENGTH
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH as LONGEST_ADDRESS
from domain.handoffs.email_addresses import email_address
from domain.intake.private_messages import IncomingFile
from handlers.chat.session import PostedMessage, authorize, post_message, rate, record_seen
from handlers.chat.transcript import request_transcript
from handlers.web.chat.context import Chat
from handlers.web.chat.errors import ADDRESS, FILE_KIND, FILE_LARGE, UNREADABLE, Refusal
from handlers.web.chat.request_checks import (
    KEY,
    body_of,
    chat_named,
    json_of,
    number_in,
    require_cookie,
    text_in,
)

FILE_TYPE = "application/octet-stream"  # no form of another site can send it
_LONGEST_NAME = 120
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*\u202a-\u202e\u2066-\u2069]")


class Writing:
    """Answers a browser that has something to say."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def message(self, request: Request) -> Response:
        """Take a message. One key is one message, however often it is posted."""
        secret = await self._counted(request, self._chat.rates.messages, "messages")
        asked = await json_of(request)
        text = text_in(asked, "text", MAX_MESSAGE_LENGTH)
        if not text:
            raise Refusal(400, UNREADABLE)
        return await self._write(secret, PostedMessage(key=_key(asked.get("key")), text=text))

    async def file(self, request: Request) -> Response:
        """Take a file: its name and key in the address, its content alone in the body."""
        secret = await self._counted(request, self._chat.rates.files, "files")
        if request.headers.get("content-type") != FILE_TYPE:
            raise Refusal(415, UNREADABLE)
        key = _key(request.query_params.get("key"))
        content = await body_of(request, MAX_FILE_SIZE, FILE_LARGE)
        media_type = type_of(content)
        if rejection_reason(media_type, len(content)) is not None:
            raise Refusal(415, FILE_KIND)
        name = name_of(request.query_params.get("name", ""), media_type)
        file = IncomingFile(name=name, media_type=media_type, content=content)
        return await self._write(secret, PostedMessage(key=key, text="", files=[file]))

    async def seen(self, request: Request) -> Response:
        """Note how far our messages were shown."""
        secret = await self._counted(request, self._chat.rates.notes, "notes")
        shown = number_in(await json_of(request), "id")
        await self._chat.desk.run(
            record_seen, secret_hash=secret, message_id=shown, now=self._chat.clock.now()
        )
        return JSONResponse({"ok": True})

    async def solved(self, request: Request) -> Response:
        """Take the answer to "was this solved?"."""
        secret = await self._counted(request, self._chat.rates.ratings, "ratings")
        asked = await json_of(request)
        if not isinstance(asked.get("solved"), bool):
            raise Refusal(400, UNREADABLE)
        await self._chat.desk.run(
            rate,
            secret_hash=secret,
            solved=asked["solved"],
            comment=text_in(asked, "comment", MAX_COMMENT_LENGTH),
            now=self._chat.clock.now(),
        )
        return JSONResponse({"ok": True})

    async def transcript(self, request: Request) -> Response:
        """Mail the conversation to the address that the customer gives, where we can mail."""
        if not self._chat.mails:
            return Response(status_code=404)
        secret = await self._counted(request, self._chat.rates.transcripts, "transcripts")
        address = email_address(text_in(await json_of(request), "address", LONGEST_ADDRESS))
        if address is None:
            raise Refusal(422, ADDRESS)
        asked = await self._chat.desk.run(
            request_transcript, secret_hash=secret, address=address, now=self._chat.clock.now()
        )
        return JSONResponse({"address": asked.address, "state": asked.state.value})

    async def _counted(self, request: Request, rate_: str, kind: str) -> str:
        """The cookie's hash, once this is counted; a conversation has one cookie. Whose it is, is known before a large body is read."""
        secret = require_cookie(request)
        await self._chat.limiter.count(rate_, kind, secret)
        await self._chat.desk.run_at_once(
            authorize, secret_hash=secret, now=self._chat.clock.now(), chat=chat_named(request)
        )
        return secret

    async def _write(self, secret: str, written: PostedMessage) -> Response:
        chat = self._chat
        message = await chat.desk.run_at_once(
            post_message,
            written,
            secret_hash=secret,
            classifier=chat.classifier,
            now=chat.clock.now(),
        )
        return JSONResponse({"id": message.id, "at": message.created_at.isoformat()})


def type_of(content: bytes) -> str:
    """The media type that the content shows itself to be; empty where it shows none that we take."""
    try:
        matches = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return ""
    surest = {match.mime_type for match in matches if match.confidence == matches[0].confidence}
    return next((media_type for media_type in ALLOWED_TYPES if media_type in surest), "")


def name_of(given: str, media_type: str) -> str:
    """A file name that is safe to show and to save, and ends as its content demands."""
    bare = _NOT_IN_NAMES.sub("", given.encode("utf-8", "ignore").decode()).strip(". ") or "file"
    ending = ALLOWED_TYPES[media_type]
    stem, _, last = bare.rpartition(".")
    fits = f".{last.lower()}" == ending or (ending == ".jpg" and last.lower() == "jpeg")
    kept = stem if stem and fits else bare
    return f"{kept[: _LONGEST_NAME - len(ending)]}{ending}"


def _key(given: object) -> str:
    if not isinstance(given, str) or not KEY.fullmatch(given):
        raise Refusal(400, UNREADABLE)
    return given
