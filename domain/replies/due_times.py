"""Compute until when a time that an answer names is to be kept, by the office's days, hours and time zone."""

import calendar
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from domain.office_hours import OfficeHours
from domain.replies.time_phrases import Term
from domain.replies.time_words.vocabulary import Named, Part, Unit

MAX_DAYS = 366  # nobody promises for longer; such a number is something else
_SPANS = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
}
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_PARTS = {Part.MORNING: time(12), Part.NOON: time(13), Part.AFTERNOON: time(18)}
_WEEKS_LATER: Mapping[Named | None, int] = {Named.THIS_WEEK: 0, Named.NEXT_WEEK: 1}
_DAYS_LATER: Mapping[Named | None, int] = {Named.TOMORROW: 1, Named.DAY_AFTER: 2}
_FRIDAY, _WEEK = 4, 7


def due_at(term: Term, said_at: datetime, hours: OfficeHours) -> datetime | None:
    """Return until when what was said then is to be kept, in UTC; `None` where it is no time to come.

    A day ends with the office's hours, or at 23:59 where the office is closed then.
    """
    if term.amount is not None and term.unit is not None:
        return _after(term.amount, term.unit, said_at, hours)
    zone: tzinfo = hours.zone if term.utc_offset is None else timezone(term.utc_offset)
    today = said_at.astimezone(zone).date()
    day = _day(term, today, hours)
    if day is None:
        return None
    due = _moment(day, term, zone, hours)
    if due <= said_at:
        due = (
            _last_minute(day, zone)
            if term.clock is None
            else _moment(day + timedelta(days=1), term, zone, hours)
        )
    return due if due > said_at else None


def _after(amount: int, unit: Unit, said_at: datetime, hours: OfficeHours) -> datetime | None:
    today = said_at.astimezone(hours.zone).date()
    if not amount:
        return None
    if unit is Unit.WORKING_HOUR:
        return hours.after(said_at, timedelta(hours=amount)) if amount <= MAX_DAYS else None
    if unit in _SPANS:
        due = said_at + amount * _SPANS[unit]
        return due if due - said_at <= timedelta(days=MAX_DAYS) else None
    if unit is Unit.WORKING_DAY:
        return _end_of(_working_day(today, amount, hours), hours) if amount <= MAX_DAYS else None
    day = _months_later(today, amount) if unit is Unit.MONTH else today + timedelta(days=amount * _DAYS[unit])
    return _end_of(day, hours) if (day - today).days <= MAX_DAYS else None


def _working_day(day: date, amount: int, hours: OfficeHours) -> date:
    """Return the last of so many working days after a day; holidays that go on for years are not believed."""
    for _ in range(_WEEK * MAX_DAYS):
        if amount == 0:
            break
        day += timedelta(days=1)
        amount -= hours.is_working_day(day)
    return day


def _months_later(day: date, amount: int) -> date:
    year, month = divmod(day.month - 1 + amount, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def _day(term: Term, today: date, hours: OfficeHours) -> date | None:
    """Return the day that is named, in this year or the next; a weekday is the next one after today."""
    if term.weekday is not None:
        return today + timedelta(days=(term.weekday - today.weekday() - 1) % _WEEK + 1)
    if term.day is not None and term.month is not None:
        return _date(term.day, term.month, today)
    if term.named in _WEEKS_LATER:
        return _end_of_week(today + timedelta(weeks=_WEEKS_LATER[term.named]), today, hours)
    if term.named is Named.THIS_MONTH:
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return today + timedelta(days=_DAYS_LATER.get(term.named, 0))


def _date(day: int, month: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    return None


def _end_of_week(day: date, today: date, hours: OfficeHours) -> date:
    """Return the last day of a week on which somebody works: Friday where that is not known."""
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=number) for number in range(_WEEK)]
    open_days = [one for one in week if hours.is_working_day(one) and one >= today]
    return open_days[-1] if open_days else max(week[_FRIDAY], today)


def _moment(day: date, term: Term, zone: tzinfo, hours: OfficeHours) -> datetime:
    if term.clock is not None:
        return datetime.combine(day, term.clock, zone).astimezone(UTC)
    if term.part is Part.EVENING:
        return _last_minute(day, zone)
    if term.part is not None:
        return datetime.combine(day, _PARTS[term.part], zone).astimezone(UTC)
    return _end_of(day, hours)


def _end_of(day: date, hours: OfficeHours) -> datetime:
    last = _last_minute(day, hours.zone)
    return min(hours.closes_on(day) or last, last)


def _last_minute(day: date, zone: tzinfo) -> datetime:
    """Return the end of a day: midnight would read as the next one."""
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)
