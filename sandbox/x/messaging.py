"""X's direct message calls: list, send, upload media, download media."""

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from sandbox.x import api_facts, fields, paging, problems, render, wording
from sandbox.x.direct import TEXT_LENGTH, DirectMessage, Media
from sandbox.x.meter import DOLLARS
from sandbox.x.network import XNetwork
from sandbox.x.oauth import authenticate
from sandbox.x.posts import Account, timestamp
from sandbox.x.writing import BODY_BYTES, json_object

SEND = "POST /2/dm_conversations/with/:participant_id/messages"
DOWNLOAD_ROUTE = "/x/2/dm_conversations/media/{message}/{media}/{name}"
MEDIA_ROUTE = "/x/1.1/ton/data/dm/{message}/{media}/{name}"
PICTURE_BYTES = 5 * 1024 * 1024  # X's limit for pictures
UPLOAD_BYTES = 2 * PICTURE_BYTES
MESSAGES_RIGHT = "directmessages"

Body = dict[str, Any]


async def events(network: XNetwork, request: web.Request) -> Body:
    """GET /2/dm_events: all conversations, newest first, 30 days back."""
    return _listing(network, request, network.direct.newest())


async def events_with(network: XNetwork, request: web.Request) -> Body:
    """GET /2/dm_conversations/with/:participant_id/dm_events: the conversation with one person."""
    return _listing(network, request, network.direct.newest(_participant(network, request)))


async def send(network: XNetwork, request: web.Request) -> Body:
    """POST /2/dm_conversations/with/:participant_id/messages.

    Raises Problem: 400 for an invalid body, 403 where X forbids it.
    """
    _require_right(network)
    participant = _participant(network, request)
    text, media = _body(network, await request.read())
    if not participant.receives_dm:
        raise problems.forbidden(problems.MAY_NOT_DM)
    message = network.direct.send(participant, text, *media, call=SEND, dollars=DOLLARS["dm send"])
    network.meter.charge("dm send", [message.id])
    return {"data": {"dm_conversation_id": message.conversation_id, "dm_event_id": message.id}}


async def upload(network: XNetwork, request: web.Request) -> Body:
    """POST /2/media/upload with JSON: upload a picture in base64, to be sent with a message."""
    body = json_object(await request.read(), UPLOAD_BYTES)
    spoken = [version for name, version in api_facts.versions().items() if name in network.api_versions]
    faults = [version.body_fault("POST /2/media/upload", body) for version in spoken]
    if None not in faults:
        raise problems.invalid_body(str(faults[0]))
    try:
        content = base64.b64decode(str(body.get("media", "")), validate=True)
    except (binascii.Error, ValueError):
        raise problems.invalid_body("$.media: is not base64") from None
    if not 0 < len(content) <= PICTURE_BYTES:
        raise problems.invalid_body("$.media: has a size that is not supported")
    media = network.direct.add_media("upload", "application/octet-stream", content)
    return {"data": {"id": media.id, "media_key": media.key, "size": len(content)}}


async def download(network: XNetwork, request: web.Request) -> web.Response:
    """GET /2/dm_conversations/media/…, which the documents have for OAuth 2.0 alone."""
    if not network.media_by_any_user:
        return problems.app_not_permitted().response()
    return await media_of_message(network, request)


async def media_of_message(network: XNetwork, request: web.Request) -> web.Response:
    """Return a file of a message to a caller who signs as a participant; refuse all others."""
    try:
        signed = authenticate(request, network.keys)
    except problems.Problem as problem:
        return problem.response()
    message = network.direct.by_id.get(request.match_info["message"])
    found = [m for m in message.media if m.id == request.match_info["media"]] if message and signed else []
    if not found:
        return problems.plain(404, "Not Found", "Not Found").response()
    network.ledger.record("x", "fetch dm media", id=found[0].id, path=request.path)
    return web.Response(body=found[0].content, content_type=found[0].media_type)


def _listing(network: XNetwork, request: web.Request, newest: Iterable[DirectMessage]) -> Body:
    _require_right(network)
    requested = fields.parse_dm_fields(fields.query_of(request))
    size = fields.parse_page_size(fields.query_of(request), 100, 1)
    listed = newest if "MessageCreate" in fields.event_types(fields.query_of(request)) else ()
    shown, meta = paging.page(listed, (0, 1 << 63), size, fields.query_of(request))
    network.meter.charge("dm read", [message.id for message in shown])
    included = _included(network, request, shown, requested)
    body: Body = {"data": [_event(message, requested) for message in shown]} if shown else {}
    body |= {"includes": included} if included else {}
    return body | {"meta": {name: meta[name] for name in ("result_count", "next_token") if name in meta}}


def _event(message: DirectMessage, requested: fields.RequestedFields) -> Body:
    shown = wording.full(" ".join([message.text, *(_link(message) for _ in message.media)]).strip())
    body: Body = {
        "id": message.id,
        "event_type": "MessageCreate",
        "text": shown.text,
        "sender_id": message.sender.id,
        "dm_conversation_id": message.conversation_id,
        "created_at": timestamp(message.created_at),
        "entities": {"urls": shown.entities["urls"]} if shown.entities["urls"] else {},
        "attachments": {"media_keys": [media.key for media in message.media]} if message.media else {},
    }
    return {name: value for name, value in body.items() if name in requested.dm and value != {}}


def _link(message: DirectMessage) -> str:
    """The link to a file, which X appends to the text."""
    return f"https://x.com/messages/media/{message.id}"


def _included(
    network: XNetwork, request: web.Request, shown: list[DirectMessage], requested: fields.RequestedFields
) -> Body:
    included: Body = {}
    if "sender_id" in requested.expansions and shown:
        people = {message.sender.id: message.sender for message in shown}
        network.meter.charge("user read", people)
        included["users"] = [render.user(one, requested) for one in people.values()]
    media = [(message, one) for message in shown for one in message.media]
    if "attachments.media_keys" in requested.expansions and media:
        included["media"] = [_media(request, message, one, requested) for message, one in media]
    return included


def _media(
    request: web.Request, message: DirectMessage, media: Media, requested: fields.RequestedFields
) -> Body:
    path = MEDIA_ROUTE.format(message=message.id, media=media.id, name=media.name)
    body: Body = {"media_key": media.key, "type": media.kind, "width": 640, "height": 480}
    if media.kind == "photo":
        body["url"] = str(request.url.origin()) + path
    return {name: value for name, value in body.items() if name in requested.media}


def _participant(network: XNetwork, request: web.Request) -> Account:
    given = fields.checked_id("participant_id", request.match_info["participant_id"])
    found = network.accounts.by_id.get(given)
    if found is None or found is network.brand:
        raise problems.invalid("participant_id", [given], f"Could not find user with id: [{given}].")
    return found


def _require_right(network: XNetwork) -> None:
    if MESSAGES_RIGHT not in network.access_level:
        raise problems.app_not_permitted()


def _body(network: XNetwork, raw: bytes) -> tuple[str, list[Media]]:
    body = json_object(raw, BODY_BYTES)
    if body.keys() - {"text", "attachments"}:
        raise problems.invalid_body("$: expected an object with text, attachments or both")
    text, media = body.get("text", ""), _attached(network, body.get("attachments") or [])
    if (
        not isinstance(text, str)
        or not (text.strip() or media)
        or any("\ud800" <= c <= "\udfff" for c in text)
    ):
        raise problems.invalid_body("$.text: must be a string that is not empty")
    if len(text) > TEXT_LENGTH:
        raise problems.invalid_body(f"$.text: must be at most {TEXT_LENGTH} characters long")
    return text.strip(), media


def _attached(network: XNetwork, given: object) -> list[Media]:
    """Parse the attachments; X allows one file per message."""
    if not isinstance(given, list) or len(given) > 1 or not all(isinstance(one, dict) for one in given):
        raise problems.invalid_body("$.attachments: expected an array of at most 1 object")
    found = [network.direct.media.get(str(one.get("media_id"))) for one in given]
    if None in found:
        raise problems.invalid_body("$.attachments[0].media_id: is not a media id of yours")
    return [one for one in found if one is not None]
