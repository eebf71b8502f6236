"""Read the bundled sets of mentions; README.md beside this file describes them."""

import hashlib
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    """Return a set's mentions, ordered by time. Raises FileNotFoundError when there is no such set."""
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def picture(name: str) -> bytes:
    """Return a picture of the bundled mentions (PNG). Raises FileNotFoundError when there is no such one."""
    return (FOLDER / "pictures" / name).read_bytes()


def held_out(mention_id: str) -> bool:
    """Test whether the mention is in the held-out third: the rules are measured by it, never tuned on it."""
    return hashlib.sha256(mention_id.encode()).digest()[0] % 3 == 0
