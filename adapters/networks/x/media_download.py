"""Download a customer's picture, which X serves only to requests signed as the brand."""

import logging
import re
from http import HTTPStatus
from pathlib import PurePosixPath

from adapters.http_calls import CallFailed
from adapters.media_types import UNKNOWN_TYPE, media_type_of
from adapters.networks.x.call_failures import Refusal, TooLarge
from adapters.networks.x.client import Client
from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, FileFault, file_fault
from domain.intake.private_messages import IncomingAttachment, IncomingFile

log = logging.getLogger(__name__)

_NO_ADDRESS = "X does not hand it over to an app; look at it in the conversation on X"
ENDPOINT = "/2/dm_conversations/media/"  # docs.x.com, "Download DM Media"
_NOT_OURS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
#: The ids of message and picture and the file's name, at the end of the address that X gives.
_ADDRESS = re.compile(r"/dm/([0-9]{1,19}/[0-9]{1,19}/[\w.-]{1,50})$", re.ASCII)
_MAX_TRIES = 2
_SERVER_FAULT = 500


async def fetch(client: Client, attachment: IncomingAttachment) -> IncomingFile:
    """Download the file and type it by its content; `refused` holds the reason where it is not accepted."""
    if not attachment.address:
        return _refused(attachment, _NO_ADDRESS)
    try:
        content = await _content(client, attachment.address)
    except TooLarge:
        return _refused(attachment, FileFault.TOO_LARGE)
    except CallFailed as failure:
        log.warning("a picture could not be fetched: %s", failure)
        return _refused(
            attachment, f"it could not be fetched ({failure}); look at it in the conversation on X"
        )
    media_type = media_type_of(content)
    name = PurePosixPath(attachment.name).stem + ALLOWED_TYPES.get(media_type, "")
    refusal = file_fault(media_type, len(content))
    return IncomingFile(
        name=name, media_type=media_type, content=b"" if refusal else content, refused=refusal
    )


async def _content(client: Client, address: str) -> bytes:
    """Download by X's endpoint for it, else from the address that X gave.

    The endpoint is documented for OAuth 2.0 alone, so X may refuse our keys there.
    """
    parts = _ADDRESS.search(address)
    if parts is not None and client.may_use_media_endpoint:
        try:
            return await _download(client, f"{client.base_url}{ENDPOINT}{parts[1]}")
        except Refusal as refusal:
            if refusal.status not in _NOT_OURS:
                raise
            client.may_use_media_endpoint = False
            log.info(
                "X does not take our keys for pictures of messages; they come from where X says they are"
            )
    return await _download(client, address)


async def _download(client: Client, address: str) -> bytes:
    for tries_left in reversed(range(_MAX_TRIES)):
        try:
            return await client.download(address, MAX_FILE_SIZE)
        except CallFailed as failure:
            if not tries_left or isinstance(failure, TooLarge) or _is_final(failure):
                raise
    raise AssertionError("unreachable")


def _is_final(failure: CallFailed) -> bool:
    return isinstance(failure, Refusal) and failure.status < _SERVER_FAULT


def _refused(attachment: IncomingAttachment, reason: str) -> IncomingFile:
    return IncomingFile(name=attachment.name, media_type=UNKNOWN_TYPE, content=b"", refused=reason)
