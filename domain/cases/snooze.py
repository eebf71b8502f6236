"""Compute when a snooze ends."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from domain.errors import Refused

TOMORROW_AT = time(9)


class InvalidTime(Refused):
    """The picked time is out of range."""


class SnoozeChoice(StrEnum):
    """Snooze presets.

    `TOMORROW` is 9:00 in the person's time zone; `CUSTOM` is a time that they pick.
    """

    HALF_HOUR = "30m"
    TWO_HOURS = "2h"
    TOMORROW = "tomorrow"
    CUSTOM = "custom"


_DURATIONS: dict[object, timedelta] = {
    SnoozeChoice.HALF_HOUR: timedelta(minutes=30),
    SnoozeChoice.TWO_HOURS: timedelta(hours=2),
}


def picked_time(picked_at: object) -> datetime:
    """Return the time that a form held, in seconds since the epoch; raises `InvalidTime`."""
    if not isinstance(picked_at, int | float):
        raise InvalidTime
    try:
        return datetime.fromtimestamp(picked_at, UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidTime from None


def snooze_until(choice: object, picked_at: object, *, now: datetime, zone: tzinfo) -> datetime | None:
    """Compute when the snooze ends, from what a form held; `None` if no time was picked.

    A picked time, in seconds since the epoch, wins over the preset choice. `zone` is the person's time zone.
    Raises `InvalidTime` if the picked time is out of range.
    """
    if isinstance(picked_at, int | float):
        return picked_time(picked_at)
    if not isinstance(choice, str):
        return None
    if choice == SnoozeChoice.TOMORROW:
        local = now.astimezone(zone)
        return datetime.combine(local.date() + timedelta(days=1), TOMORROW_AT, local.tzinfo)
    duration = _DURATIONS.get(choice)
    return None if duration is None else now + duration
