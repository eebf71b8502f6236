"""Read a period as people type it, and lay out its days in their time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from domain.errors import Refused
from domain.reports.period_words import (
    COUNTED,
    NAMED_DAYS,
    RANGE_MARK,
    WEEK_OR_MONTH,
    YESTERDAY,
    has_number,
    is_future,
    is_period,
    plain_period,
    proposed,
)

MAX_DAYS = 366
_FIRST_YEAR = 2000  # no network is older; far earlier days cannot be computed with
_DAYS_OF = {"d": 1, "w": 7}
_MAX_DIGITS = 6  # more than any number of hours that is not too long
_DAY = timedelta(days=1)
_HOURS_A_DAY = 24


class PeriodKind(StrEnum):
    """How a period was asked for. `LAST_HOURS` and `LAST_DAYS` end now, and need not begin at midnight."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_HOURS = "last_hours"
    LAST_DAYS = "last_days"
    DATES = "dates"


class PeriodFault(StrEnum):
    """What is wrong with a period."""

    UNKNOWN = "unknown"
    OTHER_FORM = "other_form"
    NO_FIRST_DAY = "no_first_day"
    NO_SUCH_DAY = "no_such_day"
    REVERSED = "reversed"
    IN_FUTURE = "in_future"
    TOO_LONG = "too_long"
    TOO_EARLY = "too_early"


class UnreadablePeriod(Refused):
    """The words name no period that can be reported; `instead` is how what was meant may be written."""

    def __init__(self, words: str, fault: PeriodFault, instead: tuple[str, ...] = ()) -> None:
        super().__init__(words, fault, instead)
        self.words = words
        self.fault = fault
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a time zone, or the part of it that is in a period: from `since` on and before `until`."""

    date: date
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time from `since` on and before `until` (UTC), asked for in a time zone.

    `count` is the number of hours of `LAST_HOURS`, and of days of every other kind.
    """

    kind: PeriodKind
    count: int
    since: datetime
    until: datetime
    zone: tzinfo

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.until - self.since).total_seconds()

    @property
    def days(self) -> tuple[Day, ...]:
        """Its days, without a gap: the first and the last may be parts. A day has 23 to 25 hours."""
        found: list[Day] = []
        since = self.since
        while since < self.until:
            today = since.astimezone(self.zone).date()
            until = min(midnight(today + _DAY, self.zone), self.until)
            found.append(Day(today, since, until))
            since = until
        return tuple(found)

    @property
    def is_cut(self) -> bool:
        """Whether these are dates of which the last day is not over: the period before is cut likewise."""
        begun = midnight(self.until.astimezone(self.zone).date(), self.zone)
        return self.kind is PeriodKind.DATES and self.until > begun

    @property
    def whole_days(self) -> tuple[Day, ...]:
        """Its days that begin in it: each day is whole in one of two periods that follow each other."""
        return tuple(day for day in self.days if day.since == midnight(day.date, self.zone))

    @property
    def before(self) -> "Period":
        """The period before, of the same kind: as many hours, or days of the same times on the clock."""
        if self.kind is PeriodKind.LAST_HOURS:
            shift = timedelta(hours=self.count)
            since, until = self.since - shift, self.until - shift
        else:
            since, until = (_days_earlier(at, self.count, self.zone) for at in (self.since, self.until))
        return Period(kind=self.kind, count=self.count, since=since, until=until, zone=self.zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins in a time zone, in UTC.

    Where the clock skips midnight (as in parts of the Americas), the day begins when it goes on.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _days_earlier(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the same time on the clock some days before."""
    local = moment.astimezone(zone)
    return (local - days * _DAY).replace(fold=0).astimezone(UTC)


def parse_period(words: str, *, now: datetime, zone: tzinfo) -> Period:
    """Read `today`, `24h`, `7d`, `2 weeks`, `last week`, a date, or `from..to` (both days included).

    A week begins on Monday; the last one and the last month are those that are over. A number of hours, days
    or weeks may be any up to `MAX_DAYS`. A range ends now where its last day is not over: days that have not
    begun are not in it.
    Raises `UnreadablePeriod`.
    """
    asked, now = plain_period(words), now.astimezone(UTC)
    today = now.astimezone(zone).date()
    if not is_period(asked):
        raise _unreadable(words, now, zone)
    if named := WEEK_OR_MONTH.fullmatch(asked):
        begins, ends = _week_or_month(today, is_week=named[2] == "week", is_over=named[1] == "last")
        return _dates(words, begins, ends, now=now, zone=zone)
    if asked == PeriodKind.TODAY:
        return _period(PeriodKind.TODAY, 1, midnight(today, zone), now, zone)
    if asked == PeriodKind.YESTERDAY:
        since = midnight(today - _DAY, zone)
        return _period(PeriodKind.YESTERDAY, 1, since, midnight(today, zone), zone)
    if counted := COUNTED.fullmatch(asked):
        count = int(counted[1].lstrip("0")[:_MAX_DIGITS] or 0) * _DAYS_OF.get(counted[2][0], 1)
        return _last(words, count, is_days=counted[2][0] in _DAYS_OF, now=now, zone=zone)
    first, dots, end = asked.partition(RANGE_MARK)
    begins = _date(words, first, today)
    ends = _date(words, end, today) if end else (today if dots else begins)
    return _dates(words, begins, ends, now=now, zone=zone)


def _unreadable(words: str, now: datetime, zone: tzinfo) -> UnreadablePeriod:
    """Return what is wrong with words that have no form of a period."""
    if is_future(words):
        return UnreadablePeriod(words, PeriodFault.IN_FUTURE)
    if plain_period(words).startswith(RANGE_MARK):
        return UnreadablePeriod(words, PeriodFault.NO_FIRST_DAY)
    meant = proposed(words, now.astimezone(zone).date())
    faults = {one: _fault(one, now, zone) for one in meant}
    instead = tuple(one for one in meant if faults[one] is None)
    if meant and not instead:
        return UnreadablePeriod(words, faults[meant[0]] or PeriodFault.UNKNOWN)
    if not has_number(words):
        return UnreadablePeriod(words, PeriodFault.UNKNOWN, instead)
    return UnreadablePeriod(words, PeriodFault.OTHER_FORM if instead else PeriodFault.NO_SUCH_DAY, instead)


def _fault(words: str, now: datetime, zone: tzinfo) -> PeriodFault | None:
    """Return why a period cannot be reported; `None` where it can."""
    try:
        parse_period(words, now=now, zone=zone)
    except UnreadablePeriod as refused:
        return refused.fault
    return None


def _week_or_month(today: date, *, is_week: bool, is_over: bool) -> tuple[date, date]:
    """Return the first and the last day of this week or month, or of the one that `is_over`."""
    begins = today - today.weekday() * _DAY if is_week else today.replace(day=1)
    if not is_over:
        return begins, today
    ends = begins - _DAY
    return (begins - 7 * _DAY if is_week else ends.replace(day=1)), ends


def _last(words: str, count: int, *, is_days: bool, now: datetime, zone: tzinfo) -> Period:
    if not count:
        raise UnreadablePeriod(words, PeriodFault.NO_SUCH_DAY)
    if count > (MAX_DAYS if is_days else MAX_DAYS * _HOURS_A_DAY):
        raise UnreadablePeriod(words, PeriodFault.TOO_LONG)
    if is_days:
        return _period(PeriodKind.LAST_DAYS, count, _days_earlier(now, count, zone), now, zone)
    return _period(PeriodKind.LAST_HOURS, count, now - timedelta(hours=count), now, zone)


def _dates(words: str, begins: date, ends: date, *, now: datetime, zone: tzinfo) -> Period:
    count = (ends - begins).days + 1
    if count < 1:
        raise UnreadablePeriod(words, PeriodFault.REVERSED)
    if count > MAX_DAYS:
        raise UnreadablePeriod(words, PeriodFault.TOO_LONG)
    since = midnight(begins, zone)
    if since >= now:
        raise UnreadablePeriod(words, PeriodFault.IN_FUTURE)
    if (until := midnight(ends + _DAY, zone)) > now:
        until, count = now, (now.astimezone(zone).date() - begins).days + 1
    return _period(PeriodKind.DATES, count, since, until, zone)


def _date(words: str, text: str, today: date) -> date:
    """Return the day that the text names: a date with or without leading noughts, today or yesterday."""
    if text in NAMED_DAYS:
        return today - _DAY if text == YESTERDAY else today
    try:
        year, month, number = map(int, text.split("-"))
        day = date(year, month, number)
    except ValueError:
        raise UnreadablePeriod(words, PeriodFault.NO_SUCH_DAY) from None
    if day.year < _FIRST_YEAR:
        raise UnreadablePeriod(words, PeriodFault.TOO_EARLY)
    return day


def _period(kind: PeriodKind, count: int, since: datetime, until: datetime, zone: tzinfo) -> Period:
    return Period(kind=kind, count=count, since=since, until=until, zone=zone)
