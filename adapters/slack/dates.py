"""Render times that Slack's clients show in the reader's time zone, with the exact time on hover.

Relative times stay current.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class DateStyle(StrEnum):
    """Templates of Slack's date formatting (docs.slack.dev, date element)."""

    AGO = "{ago}"
    CLOCK = "{time}"
    DAY = "{date_short_pretty}"
    DAY_AND_CLOCK = "{date_short_pretty} at {time}"


def utc_text(moment: datetime) -> str:
    """Format a time in UTC, the fallback for clients that cannot show dates."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _unix_time(moment: datetime) -> int:
    return max(0, int(moment.timestamp()))


def date_mrkdwn(moment: datetime, style: DateStyle = DateStyle.AGO) -> str:
    """Render a time in mrkdwn."""
    return f"<!date^{_unix_time(moment)}^{style}|{utc_text(moment)}>"


def date_node(moment: datetime, style: DateStyle = DateStyle.AGO) -> dict[str, Any]:
    """Build a date element for a rich_text block."""
    return {
        "type": "date",
        "timestamp": _unix_time(moment),
        "format": str(style),
        "fallback": utc_text(moment),
    }


def parse_moment(value: object) -> datetime | None:
    """Return the moment that an audit entry's detail names in ISO 8601; `None` for anything else."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
