"""Read the data files: one entry a line."""

from pathlib import Path


def read_lines(name: str) -> list[str]:
    """Return the entries of a data file, in the order of the file."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
