"""The shapes of what we hand to Slack, and a hash that tells whether a message would look the same."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypedDict

Block = dict[str, Any]
View = dict[str, Any]


class Content(TypedDict):
    """A message: `text` is what notifications and screen readers get, `blocks` what is seen."""

    text: str
    blocks: list[Block]


def digest(content: Mapping[str, Any]) -> str:
    """A stable hash of a message or view: equal for what looks equal, whatever the process."""
    as_json = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(as_json.encode()).hexdigest()[:32]
