"""Parse what the demo page sends to the sandbox."""

import json
from typing import Any


def body_of(raw: bytes) -> dict[str, Any]:
    """Parse the JSON object that the page sent. Raises ValueError."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        return body
    raise ValueError("Send a JSON object.")
