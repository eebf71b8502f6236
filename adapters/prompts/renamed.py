"""Report files under their old name: nothing reads them any more, so somebody's changes would be ignored."""

from collections.abc import Iterator
from pathlib import Path

_RENAMED = {
    "address/page.html": "email_capture/page.html",
    "address/words.toml": "email_capture/words.toml",
    "notions.toml": "concepts.toml",
}


def renamed_files(folder: Path) -> Iterator[str]:
    """Yield "old name: what to do" for every file that is still in the folder under its old name."""
    for old, new in _RENAMED.items():
        if (folder / old).exists():
            yield f"{old}: its name is {new} now; move your changes there and delete this file"
