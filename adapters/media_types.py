"""Detect the media type of a file from its content, whatever its sender claims."""

import puremagic

from domain.cases.files import ALLOWED_TYPES

UNKNOWN_TYPE = "application/octet-stream"


def media_type_of(content: bytes) -> str:
    """Return the likeliest media type; `UNKNOWN_TYPE` where the content shows none."""
    try:
        return puremagic.from_string(content, mime=True) or UNKNOWN_TYPE
    except (puremagic.PureError, ValueError):
        return UNKNOWN_TYPE


def allowed_media_type_of(content: bytes) -> str:
    """Return the allowed media type among the likeliest ones; empty where there is none."""
    matches = _matches(content)
    best = {match.mime_type for match in matches if match.confidence == matches[0].confidence}
    return next((media_type for media_type in ALLOWED_TYPES if media_type in best), "")


def possible_media_types(content: bytes) -> set[str]:
    """Return every media type that the content's signature allows."""
    return {match.mime_type for match in _matches(content)}


def _matches(content: bytes) -> list[puremagic.PureMagicWithConfidence]:
    """Return what the content's signature matches, the likeliest first."""
    try:
        return puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return []
