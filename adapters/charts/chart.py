"""Define what a chart shows, in plain values that can be given to another process."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One row of bars; `None` is a bar that is unknown.

    `texts` stand above the bars. `high` are the numbers of the bars that are the finding, `partial` of those
    that cover only a part of their time. `line` has a value for each bar that it is compared with, called
    `line_name`. `marks` are positions counted in bars from the left edge, called `mark_name`.
    """

    title: str
    bars: Sequence[float | None]
    texts: Sequence[str]
    high: Sequence[int] = ()
    partial: Sequence[int] = ()
    line: Sequence[float | None] = ()
    line_name: str = ""
    marks: Sequence[float] = ()
    mark_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Panels above each other, over one axis of time.

    `ticks` are positions as those of marks, with labels.
    """

    panels: Sequence[Panel]
    ticks: Sequence[tuple[float, str]]


def encode(chart: Chart) -> bytes:
    """Encode a chart for the process that draws it."""
    return json.dumps(asdict(chart)).encode()


def decode(encoded: bytes) -> Chart:
    """Decode what `encode` returns."""
    fields = json.loads(encoded)
    return Chart(
        panels=[Panel(**panel) for panel in fields["panels"]],
        ticks=[(at, label) for at, label in fields["ticks"]],
    )
