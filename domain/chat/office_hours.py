"""Decide whether the desk is staffed by its office hours, and when it opens next."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = "24:00"
_LINE = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)")
_LOOK_AHEAD = 8  # days: a full week, plus the same weekday again


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """Opening spans by weekday (Monday is 0), in local time of `zone`.

    An end of `time.min` is midnight at the end of the day. Without any span, the desk is always open.
    """

    zone: ZoneInfo
    spans: Mapping[int, Sequence[tuple[time, time]]] = field(default_factory=dict)

    def opens_at(self, now: datetime) -> datetime | None:
        """Return when the desk opens next; `None` while it is open."""
        if not self.spans:
            return None
        local = now.astimezone(self.zone)
        upcoming = [
            (begins, ends)
            for days in range(-1, _LOOK_AHEAD)
            for begins, ends in self._of_day(local.date() + timedelta(days=days))
            if ends > now
        ]
        begins, _ = min(upcoming)
        return None if begins <= now else begins

    def _of_day(self, day: date) -> list[tuple[datetime, datetime]]:
        found = []
        for begins, ends in self.spans.get(day.weekday(), ()):
            last = day + timedelta(days=1) if ends == time.min else day
            found.append(
                (
                    datetime.combine(day, begins, tzinfo=self.zone),
                    datetime.combine(last, ends, tzinfo=self.zone),
                )
            )
        return found


def office_hours(lines: Sequence[str], zone: str) -> OfficeHours:
    """Parse lines such as "mon-fri 09:00-18:00" and an IANA time zone name.

    Raises `ValueError` that says which line or zone is invalid.
    """
    spans: dict[int, list[tuple[time, time]]] = {}
    for line in lines:
        days, span = _parse_line(line)
        for day in days:
            spans.setdefault(day, []).append(span)
    try:
        return OfficeHours(zone=ZoneInfo(zone), spans=spans)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"“{zone}” is no time zone that is known here; write one such as Europe/Madrid"
        ) from None


def _parse_line(line: str) -> tuple[list[int], tuple[time, time]]:
    malformed = f"“{line}” cannot be read; write days and hours as in “mon-fri 09:00-18:00”"
    found = _LINE.fullmatch(line.strip().lower())
    if found is None or found[1] not in WEEKDAYS or (found[2] or found[1]) not in WEEKDAYS:
        raise ValueError(malformed)
    first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
    days = [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    try:
        begins = time.fromisoformat(found[3])
        ends = time.min if found[4] == _MIDNIGHT else time.fromisoformat(found[4])
    except ValueError:
        raise ValueError(malformed) from None
    if ends != time.min and ends <= begins:
        raise ValueError(
            f"“{line}” ends before it begins; write a span over midnight as two, to 24:00 and from 00:00"
        )
    return days, (begins, ends)
