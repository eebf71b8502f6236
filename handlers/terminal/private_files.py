"""Open the files of exports, which only their owner may read."""

import os
from pathlib import Path
from typing import BinaryIO


def open_private(file: Path) -> BinaryIO:
    """Open a file to be written anew, and take the right to read it from everybody else. Raises `OSError`."""
    number = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    os.fchmod(number, 0o600)  # where it was there before
    return os.fdopen(number, "wb")
