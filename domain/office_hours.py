"""Count time within office hours: whether the desk is staffed, when it opens, when a target is reached."""

import itertools
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = "24:00"
_LINE = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)")
_SATURDAY = 5
_SECOND = timedelta(seconds=1)
_HOLIDAYS_WITHIN = 370  # days from the moment that is asked about


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """Opening spans by weekday (Monday is 0), in local time of `zone`, but not on `holidays`.

    An end of `time.min` is midnight at the end of the day. Without any span, the desk is always open, also on
    holidays. Spans are local times: on the day of a change of the clock they are longer or shorter by it, and
    a time that does not exist is the moment of the change.
    """

    zone: ZoneInfo
    spans: Mapping[int, Sequence[tuple[time, time]]] = field(default_factory=dict)
    holidays: Container[date] = frozenset()

    def opens_at(self, now: datetime) -> datetime | None:
        """Return when the desk opens next; `None` while it is open."""
        if not self.spans:
            return None
        begins, _ = next(self._from(now))
        return None if begins <= now else begins

    def closes_on(self, day: date) -> datetime | None:
        """Return when the desk closes on a day; `None` where it is not open then, or always."""
        spans = [] if day in self.holidays else list(self._local(day))
        return max((ends for begins, ends in spans if begins < ends), default=None)

    def is_working_day(self, day: date) -> bool:
        """Return whether the desk is open on a day; from Monday to Friday where it is always open."""
        if day in self.holidays:
            return False
        return bool(self.spans.get(day.weekday())) if self.spans else day.weekday() < _SATURDAY

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """Return the seconds within office hours from `start` to `end`; 0 where `end` is not later."""
        if not self.spans:
            return max((end - start).total_seconds(), 0.0)
        total = 0.0
        for begins, ends in self._from(start):
            if begins >= end:
                break
            total += (min(ends, end) - max(begins, start)).total_seconds()
        return total

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return when `span` of office hours will have passed since `start`."""
        if not self.spans:
            return start + span
        for begins, ends in self._from(start):
            since = max(begins, start)
            if since + span <= ends:
                return since + span
            span -= ends - since
        raise AssertionError("unreachable: the spans go on forever")

    def before(self, end: datetime, span: timedelta) -> datetime:
        """Return the last moment from which `span` of office hours pass until `end`."""
        if not self.spans:
            return end - span
        for begins, ends in self._until(end):
            until = min(ends, end)
            if until - span >= begins:
                return until - span
            span -= until - begins
        raise AssertionError("unreachable: the spans go on forever")

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans that end after `start`, in order, in UTC."""
        day = start.astimezone(self.zone).date()
        for offset in itertools.count(-1):
            yield from (span for span in self._of_day(day, offset) if span[1] > start)

    def _until(self, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans that begin before `end`, the latest first, in UTC."""
        day = end.astimezone(self.zone).date()
        for offset in itertools.count(-1):
            yield from (span for span in self._of_day(day, -offset)[::-1] if span[0] < end)

    def _of_day(self, day: date, offset: int) -> list[tuple[datetime, datetime]]:
        """Return the spans of the day that is `offset` days from `day`, without overlaps.

        Holidays so far off that nobody lists them are days like any other, so that the spans never end.
        """
        local = day + timedelta(days=offset)
        if local in self.holidays and abs(offset) <= _HOLIDAYS_WITHIN:
            return []
        found: list[tuple[datetime, datetime]] = []
        for begins, ends in sorted(self._local(local)):
            if found and begins <= found[-1][1]:
                found[-1] = found[-1][0], max(ends, found[-1][1])
            elif begins < ends:
                found.append((begins, ends))
        return found

    def _local(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for begins, ends in self.spans.get(day.weekday(), ()):
            last = day + timedelta(days=1) if ends == time.min else day
            yield self._moment(day, begins), self._moment(last, ends)

    def _moment(self, day: date, at: time) -> datetime:
        # In UTC: Python compares and subtracts times of one zone without regard to changes of the clock.
        moment = datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)
        return moment if moment.astimezone(self.zone).time() == at else self._end_of_gap(day, at)

    def _end_of_gap(self, day: date, at: time) -> datetime:
        """Return when the clock was put forward over a local time that does not exist on the day."""
        moment = datetime.combine(day, at, tzinfo=self.zone)
        # Python reads such a time by the offset before the change, and with `fold` by the one after it.
        earliest, latest = moment.replace(fold=1).astimezone(UTC), moment.astimezone(UTC)
        offset = latest.astimezone(self.zone).utcoffset()
        while latest - earliest > _SECOND:
            middle = earliest + (latest - earliest) // 2
            if middle.astimezone(self.zone).utcoffset() == offset:
                latest = middle
            else:
                earliest = middle
        return latest.replace(microsecond=0)


def office_hours(lines: Sequence[str], zone: str, holidays: Container[date] = frozenset()) -> OfficeHours:
    """Parse lines such as "mon-fri 09:00-18:00" and an IANA time zone name.

    Raises `ValueError` that says which line or zone is invalid.
    """
    spans: dict[int, list[tuple[time, time]]] = {}
    for line in lines:
        days, span = _parse_line(line)
        for day in days:
            spans.setdefault(day, []).append(span)
    try:
        return OfficeHours(zone=ZoneInfo(zone), spans=spans, holidays=holidays)
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
