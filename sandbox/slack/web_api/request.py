"""Parse Web API requests as Slack does: query, form, multipart or JSON, token in header or body."""

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json

DRAINED_AT_MOST = 64_000_000


async def read_body(request: web.Request, maximum: int) -> bytes | None:
    """Read the body; returns None above `maximum` bytes, after draining it so that the sender can finish.

    Read before anything else: a call that has arrived takes effect even when its sender does not wait.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.content.iter_chunked(1 << 16):
        size += len(part)
        if size <= maximum:
            parts.append(part)
        if size > DRAINED_AT_MOST:
            break
    return b"".join(parts) if size <= maximum else None


def read_arguments(request: web.Request, body: bytes | None) -> Json:
    """Parse the arguments of a call; those of the body override the query's.

    Raises request_too_large (413), invalid_json, json_not_object, invalid_form_data and the like.
    """
    arguments: Json = dict(request.query)
    kind = request.content_type
    if body is None:
        raise _too_large()
    if not body:
        return arguments
    if "Content-Type" not in request.headers:
        raise SlackError("missing_post_type")
    if kind == "application/json":
        return {**arguments, **parse_object(body)}
    if kind == "application/x-www-form-urlencoded":
        return {**arguments, **_form(body)}
    if kind == "multipart/form-data":
        return {**arguments, **_multipart(body, request)}
    raise SlackError("invalid_post_type")


def parse_object(body: bytes | None) -> Json:
    """Parse a JSON object; raises request_too_large, invalid_json or json_not_object."""
    if body is None:
        raise _too_large()
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError) as failure:
        raise SlackError("invalid_json") from failure
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed


def _form(body: bytes) -> Json:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as failure:
        raise SlackError("invalid_form_data") from failure
    return dict(pairs)


def _multipart(body: bytes, request: web.Request) -> Json:
    """Parse a multipart form, text fields only; files are uploaded by files.getUploadURLExternal."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parsed = message_from_bytes(head + body, policy=HTTP)
    if not parsed.is_multipart():
        raise SlackError("invalid_form_data")
    fields: dict[str, Any] = {}
    for part in parsed.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode(errors="replace").removesuffix("\r\n")
    return fields


def _too_large() -> SlackError:
    return SlackError("request_too_large", status=413)
