"""The bundled sets of mentions and how they are read; see README.md beside this file."""

import hashlib
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    """Return a set's mentions in the order of their time; FileNotFoundError when there is no such set."""
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def held_out(mention_id: str) -> bool:
    """Whether the mention is one of the third that the rules are only measured by, never tuned on."""
    return hashlib.sha256(mention_id.encode()).digest()[0] % 3 == 0
