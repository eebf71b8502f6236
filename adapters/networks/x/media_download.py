"""Fetching a customer's picture: X gives it to those who sign as the brand."""

import logging
from pathlib import PurePosixPath

import puremagic

from adapters.networks.x.call_failures import CallFailed, Refusal, TooLarge
from adapters.networks.x.client import Client
from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, rejection_reason
from domain.intake.private_messages import Attachment, IncomingFile

log = logging.getLogger(__name__)

_UNKNOWN = "application/octet-stream"
_NOT_GIVEN = "X does not hand it over to an app; look at it in the conversation on X"
_TRIES = 2
_SERVER_FAULT = 500


async def fetch(client: Client, attachment: Attachment) -> IncomingFile:
    """The file, typed by its content; refused, with the reason, where it cannot be had or may not pass."""
    if not attachment.address:
        return _refused(attachment, _NOT_GIVEN)
    try:
        content = await _download(client, attachment.address)
    except TooLarge:
        return _refused(attachment, str(rejection_reason(_UNKNOWN, MAX_FILE_SIZE + 1)))
    except CallFailed as failure:
        log.warning("a picture could not be fetched: %s", failure)
        return _refused(
            attachment, f"it could not be fetched ({failure}); look at it in the conversation on X"
        )
    media_type = type_of(content)
    name = PurePosixPath(attachment.name).stem + ALLOWED_TYPES.get(media_type, "")
    why_not = rejection_reason(media_type, len(content))
    return IncomingFile(
        name=name, media_type=media_type, content=b"" if why_not else content, refused=why_not
    )


def type_of(content: bytes) -> str:
    """The media type that the content shows; a general one where it shows none."""
    try:
        return puremagic.from_string(content, mime=True) or _UNKNOWN
    except (puremagic.PureError, ValueError):
        return _UNKNOWN


async def _download(client: Client, address: str) -> bytes:
    for left in reversed(range(_TRIES)):
        try:
            return await client.download(address, MAX_FILE_SIZE)
        except CallFailed as failure:
            if not left or isinstance(failure, TooLarge) or _is_final(failure):
                raise
    raise AssertionError("unreachable")


def _is_final(failure: CallFailed) -> bool:
    return isinstance(failure, Refusal) and failure.status < _SERVER_FAULT


def _refused(attachment: Attachment, why: str) -> IncomingFile:
    return IncomingFile(name=attachment.name, media_type=_UNKNOWN, content=b"", refused=why)
