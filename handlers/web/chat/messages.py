"""Handle the customer's writes: messages, files, read receipts, ratings, transcript requests."""

import asyncio
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.heif import as_jpeg
from adapters.media_types import allowed_media_type_of
from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, file_fault
from domain.chat.session import MAX_COMMENT_LENGTH, MAX_MESSAGE_LENGTH
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH, typed_address
from domain.intake.private_messages import IncomingFile
from handlers.chat.session import PostedMessage, authorize, post_message, rate, record_seen
from handlers.chat.transcript import request_transcript
from handlers.web.chat.context import Chat
from handlers.web.chat.errors import (
    EMPTY_FILE,
    FILE_TOO_LARGE,
    INVALID_ADDRESS,
    UNREADABLE,
    WRONG_FILE_TYPE,
    Refusal,
)
from handlers.web.chat.request_checks import (
    KEY,
    number_field,
    read_body,
    read_json,
    requested_chat_id,
    require_cookie,
    text_field,
)

UPLOAD_MEDIA_TYPE = "application/octet-stream"  # no form of another site can send it (CSRF)
_MAX_FILE_NAME = 120
_MAX_TAG_LENGTH = 64  # of a language, or a time zone's name
_ALSO_JPEG = {"jpeg", "heic", "heif"}  # the latter two were converted
_FORBIDDEN_IN_FILE_NAMES = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*\u202a-\u202e\u2066-\u2069]")


class MessageRoutes:
    """Routes that write to the conversation."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._converting = asyncio.Lock()  # a large picture takes 150 MB meanwhile

    async def message(self, request: Request) -> Response:
        """Store a message. Repeated posts with one key are one message."""
        secret = await self._authorize_and_count(request, self._chat.rates.messages, "messages")
        body = await read_json(request)
        text = text_field(body, "text", MAX_MESSAGE_LENGTH)
        if not text:
            raise Refusal(400, UNREADABLE)
        return await self._post(secret, PostedMessage(key=_parse_key(body.get("key")), text=text))

    async def file(self, request: Request) -> Response:
        """Store an uploaded file: name and key are query parameters, the body is the content alone."""
        secret = await self._authorize_and_count(request, self._chat.rates.files, "files")
        if request.headers.get("content-type") != UPLOAD_MEDIA_TYPE:
            raise Refusal(415, UNREADABLE)
        key = _parse_key(request.query_params.get("key"))
        sent = await read_body(request, MAX_FILE_SIZE, FILE_TOO_LARGE)
        if not sent:
            raise Refusal(422, EMPTY_FILE)
        content = await self._shown_everywhere(sent)
        media_type = allowed_media_type_of(content)
        if file_fault(media_type, len(content)) is not None:
            raise Refusal(415, WRONG_FILE_TYPE)
        name = safe_file_name(request.query_params.get("name", ""), media_type)
        file = IncomingFile(name=name, media_type=media_type, content=content)
        return await self._post(secret, PostedMessage(key=key, text="", files=[file]))

    async def seen(self, request: Request) -> Response:
        """Store the id of our newest message that the page has shown."""
        secret = await self._authorize_and_count(request, self._chat.rates.receipts, "receipts")
        message_id = number_field(await read_json(request), "id")
        await self._chat.ctx.desk.run(
            record_seen, secret_hash=secret, message_id=message_id, now=self._chat.ctx.clock.now()
        )
        return JSONResponse({"ok": True})

    async def rating(self, request: Request) -> Response:
        """Store the answer to "was this solved?"."""
        secret = await self._authorize_and_count(request, self._chat.rates.ratings, "ratings")
        body = await read_json(request)
        if not isinstance(body.get("solved"), bool):
            raise Refusal(400, UNREADABLE)
        await self._chat.ctx.desk.run(
            rate,
            secret_hash=secret,
            solved=body["solved"],
            comment=text_field(body, "comment", MAX_COMMENT_LENGTH),
            now=self._chat.ctx.clock.now(),
        )
        return JSONResponse({"ok": True})

    async def transcript(self, request: Request) -> Response:
        """Request the transcript by e-mail at the given address; 404 if we cannot send mail."""
        if self._chat.ctx.email is None:
            return Response(status_code=404)
        secret = await self._authorize_and_count(request, self._chat.rates.transcripts, "transcripts")
        body = await read_json(request)
        address = typed_address(text_field(body, "address", MAX_ADDRESS_LENGTH))
        if address is None:
            raise Refusal(422, INVALID_ADDRESS)
        transcript = await self._chat.ctx.desk.run(
            request_transcript,
            secret_hash=secret,
            address=address,
            now=self._chat.ctx.clock.now(),
            page_language=text_field(body, "language", _MAX_TAG_LENGTH),
            time_zone=text_field(body, "time_zone", _MAX_TAG_LENGTH),
        )
        return JSONResponse({"address": transcript.address, "state": transcript.state.value})

    async def _shown_everywhere(self, content: bytes) -> bytes:
        """Convert a picture of a phone (HEIC) to JPEG; return anything else as it is."""
        async with self._converting:
            return await asyncio.to_thread(as_jpeg, content) or content

    async def _authorize_and_count(self, request: Request, rate_limit: str, kind: str) -> str:
        """Rate limit by the conversation's cookie and check its session, before a large body is read.

        Returns the cookie's hash.
        """
        secret = require_cookie(request)
        await self._chat.limiter.count(rate_limit, kind, secret)
        await self._chat.ctx.desk.run_at_once(
            authorize, secret_hash=secret, now=self._chat.ctx.clock.now(), chat_id=requested_chat_id(request)
        )
        return secret

    async def _post(self, secret: str, posted: PostedMessage) -> Response:
        chat = self._chat
        classifier = await chat.ctx.live_classifier.refresh()
        await asyncio.to_thread(classifier.prepare, [posted.text])
        message = await chat.ctx.desk.run_at_once(
            post_message,
            posted,
            secret_hash=secret,
            classifier=classifier,
            now=chat.ctx.clock.now(),
        )
        return JSONResponse({"id": message.id, "sent_at": message.created_at.isoformat()})


def safe_file_name(value: str, media_type: str) -> str:
    """Return a file name that is safe to show and to save, with the media type's extension."""
    cleaned = _FORBIDDEN_IN_FILE_NAMES.sub("", value.encode("utf-8", "ignore").decode()).strip(". ") or "file"
    extension = ALLOWED_TYPES[media_type]
    stem, _, suffix = cleaned.rpartition(".")
    fits = f".{suffix.lower()}" == extension or (extension == ".jpg" and suffix.lower() in _ALSO_JPEG)
    kept = stem if stem and fits else cleaned
    return f"{kept[: _MAX_FILE_NAME - len(extension)]}{extension}"


def _parse_key(value: object) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise Refusal(400, UNREADABLE)
    return value
