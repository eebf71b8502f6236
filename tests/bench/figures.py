"""Results of benchmarks, and their table."""

from collections.abc import Sequence
from dataclasses import dataclass

_HEADS = ("what", "floor", "measured", "ratio", "goal", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One result: `measured` and its baseline `floor`, both in `unit`.

    `met` is `None` where there is no target.
    """

    what: str
    unit: str
    measured: float
    floor: float | None = None
    goal: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the baseline was measured."""
        return self.measured / self.floor if self.floor else None


def at_most(what: str, unit: str, measured: float, most: float, floor: float | None = None) -> Figure:
    """Create a figure whose target is at most `most`."""
    return Figure(
        what=what,
        unit=unit,
        measured=measured,
        floor=floor,
        goal=f"≤ {most:g} {unit}",
        met=measured <= most,
    )


def at_least(what: str, unit: str, measured: float, least: float, floor: float | None = None) -> Figure:
    """Create a figure whose target is at least `least`."""
    return Figure(
        what=what,
        unit=unit,
        measured=measured,
        floor=floor,
        goal=f"≥ {least:,g} {unit}",
        met=measured >= least,
    )


def times_floor(what: str, unit: str, measured: float, floor: float, most: float) -> Figure:
    """Create a figure whose target is at most `most` times its baseline."""
    return Figure(
        what=what,
        unit=unit,
        measured=measured,
        floor=floor,
        goal=f"≤ {most:g}×",
        met=measured <= most * floor,
    )


def share_of_floor(what: str, unit: str, measured: float, floor: float, least: float) -> Figure:
    """Create a figure whose target is at least `least` times its baseline."""
    return Figure(
        what=what,
        unit=unit,
        measured=measured,
        floor=floor,
        goal=f"≥ {least:g}×",
        met=measured >= least * floor,
    )


def table(figures: Sequence[Figure]) -> str:
    """Format the figures as a table, one line each; a missed target is marked."""
    rows = [_HEADS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    return "\n".join(_line(row, widths) for row in rows)


def _cells(figure: Figure) -> tuple[str, ...]:
    marks = {True: "met", False: "MISSED", None: ""}
    ratio = f"{figure.ratio:.2f}×" if figure.ratio is not None else ""
    return (
        figure.what,
        _shown(figure.floor, figure.unit),
        _shown(figure.measured, figure.unit),
        ratio,
        figure.goal or "-",
        marks[figure.met],
    )


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if column in {0, 4, 5} else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join((first, *rest)).rstrip()
