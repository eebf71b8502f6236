"""Define the types of message content, and hash content to skip updates that change nothing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypedDict

Block = dict[str, Any]
View = dict[str, Any]


class Content(TypedDict):
    """A message: `text` for notifications and screen readers, `blocks` for display."""

    text: str
    blocks: list[Block]


class PictureContent(Content):
    """A message with a picture; `plain` is what to send instead where Slack refuses the picture."""

    plain: Content


def digest(content: Mapping[str, Any]) -> str:
    """Return a hash of a message or view that is equal in every process for equal content."""
    as_json = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(as_json.encode()).hexdigest()[:32]
