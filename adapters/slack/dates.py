"""Times as Slack's clients show them: in the reader's own zone, relative ones kept fresh, the exact one on hover."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class DateStyle(StrEnum):
    """Templates of Slack's date formatting (docs.slack.dev, date element)."""

    AGO = "{ago}"
    CLOCK = "{time}"
    DAY = "{date_short_pretty}"
    DAY_AND_CLOCK = "{date_short_pretty} at {time}"


def exactly(moment: datetime) -> str:
    """The time in words, for clients that cannot show dates."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _stamp(moment: datetime) -> int:
    return max(0, int(moment.timestamp()))


def when(moment: datetime, style: DateStyle = DateStyle.AGO) -> str:
    """A time in mrkdwn."""
    return f"<!date^{_stamp(moment)}^{style}|{exactly(moment)}>"


def date_node(moment: datetime, style: DateStyle = DateStyle.AGO, *, bold: bool = False) -> dict[str, Any]:
    """A time in a rich_text block."""
    node = {"type": "date", "timestamp": _stamp(moment), "format": str(style), "fallback": exactly(moment)}
    return {**node, "style": {"bold": True}} if bold else node
