"""Format what `check` found for the terminal."""

from collections.abc import Sequence

from domain.diagnostics import CheckLine

_MARKS = {True: "ok  ", False: "FAIL", None: "--  "}


def format_checks(lines: Sequence[CheckLine]) -> list[str]:
    """Return a line to print for each check, and one that counts those that failed."""
    failed = sum(line.ok is False for line in lines)
    verdict = f"{failed} of {len(lines)} checks failed." if failed else f"All {len(lines)} checks passed."
    return [*map(_format, lines), verdict]


def _format(line: CheckLine) -> str:
    remedy = f" -> {line.remedy}" if line.remedy else ""
    return f"{_MARKS[line.ok]} {line.name}: {line.detail}{remedy}"
