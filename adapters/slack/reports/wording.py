"""Word periods, durations, shares and comparisons."""

from datetime import date, datetime, timedelta, tzinfo

from adapters.slack.escaping import channel_mention, escape, mention
from adapters.slack.wording import count_of
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, PeriodKind
from domain.reports.statistics import change_of

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SECONDS_UNTIL, _MINUTES_UNTIL, _HOURS_UNTIL = 2 * _MINUTE, 2 * _HOUR, 2 * _DAY
_LEAST_CHANGE = 0.005
_ONE_PERCENT = 0.01
_TIMES_FROM = 2.0  # from here on, "three times as many" is plainer than per cent
_WEEK = 7
#: What says that a period before ends at the time of day at which this one ends.
UNTIL_NOW = " until this time"
#: Between a number and its unit, so that no line ends between them.
NBSP = "\N{NO-BREAK SPACE}"


def duration(seconds: float | None) -> str:
    """Format a duration: "45 s", "18 min", "3 h 10 min", "2 d 5 h"; a dash for none."""
    if seconds is None:
        return "–"
    if seconds < _SECONDS_UNTIL:
        return f"{seconds:.0f}{NBSP}s"
    if seconds < _MINUTES_UNTIL:
        return f"{seconds / _MINUTE:.0f}{NBSP}min"
    if seconds < _HOURS_UNTIL:
        return _two_units(seconds, _HOUR, "h", _MINUTE, "min")
    return _two_units(seconds, _DAY, "d", _HOUR, "h")


def duration_range(low: float, high: float) -> str:
    """Format an interval of durations: "6 to 12 min", "90 min to 3 h 10 min"."""
    one, other = duration(low), duration(high)
    number, _, unit = one.partition(NBSP)
    return f"{number} to {other}" if other.partition(NBSP)[2] == unit else f"{one} to {other}"


def _two_units(seconds: float, large: int, large_name: str, small: int, small_name: str) -> str:
    whole, rest = divmod(round(seconds / small), large // small)
    large_part = f"{whole:,}{NBSP}{large_name}"
    return f"{large_part}{NBSP}{rest}{NBSP}{small_name}" if rest else large_part


def percent(share: float | None) -> str:
    """Format a share: "84 %"; a dash for none. What is not all, or not nothing, is not rounded to it."""
    if share is None:
        return "–"
    if 0 < share < _ONE_PERCENT:
        return f"under{NBSP}1{NBSP}%"
    return f"{min(round(100 * share), 99) if share < 1 else 100}{NBSP}%"


def mood(sentiment: float) -> str:
    """Format a sentiment with its sign: "+0.12"; what is rounded to nothing is "+0.00"."""
    return f"{sentiment:+z.2f}"


def dollars(cost: float) -> str:
    """Format US dollars: "$12.30"."""
    return f"${cost:,.2f}"


def compared(now: float, before: float, period: Period) -> str:
    """Compare a count with that of the period before: "38 % more than the week before"."""
    then = before_name(period)
    change = change_of(now, before)
    if change is None:
        return f"none {then}" if now else f"as {then}"
    if abs(change) < _LEAST_CHANGE:
        return f"as many as {then}"
    if change + 1 > _TIMES_FROM:
        times = f"{change + 1:.1f}".removesuffix(".0")
        return f"{times} times as many as {then}"
    return f"{round(100 * abs(change)) or 1}{NBSP}% {'more' if change > 0 else 'fewer'} than {then}"


def before_name(period: Period) -> str:
    """Name the period before: "the week before"."""
    if period.kind is PeriodKind.TODAY:
        return f"yesterday{UNTIL_NOW}"
    if period.kind is PeriodKind.LAST_HOURS:
        return "the hour before" if period.count == 1 else f"the {period.count} hours before"
    until = UNTIL_NOW if period.is_cut else ""
    if period.count == 1:
        return f"the day before{until}"
    return f"the {'week' if period.count == _WEEK else f'{period.count} days'} before{until}"


def typed_period(period: Period) -> str:
    """Return the period as it can be typed: "7d", "2026-11-23..2026-11-29"."""
    match period.kind:
        case PeriodKind.TODAY | PeriodKind.YESTERDAY:
            return period.kind.value
        case PeriodKind.LAST_HOURS:
            return f"{period.count}h"
        case PeriodKind.LAST_DAYS:
            return f"{period.count}d"
        case PeriodKind.DATES:
            first, last = period.days[0].date, period.days[-1].date
            return first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"


def period_name(period: Period) -> str:
    """Name a period: "Last 7 days"."""
    match period.kind:
        case PeriodKind.TODAY:
            return "Today"
        case PeriodKind.YESTERDAY:
            return "Yesterday"
        case PeriodKind.LAST_HOURS:
            return "Last hour" if period.count == 1 else f"Last {period.count} hours"
        case PeriodKind.LAST_DAYS:
            return "Last day" if period.count == 1 else f"Last {period.count} days"
        case PeriodKind.DATES:
            return count_of(period.count, "day")


def span(period: Period) -> str:
    """Say from when to when a period is, in its time zone: "22 Nov 13:30 to 29 Nov 13:30".

    With the year of dates, which may be those of another, and with both where there are two.
    """
    since, until = period.since.astimezone(period.zone), period.until.astimezone(period.zone)
    is_whole = period.kind is PeriodKind.YESTERDAY or (period.kind is PeriodKind.DATES and not period.is_cut)
    last = (until - timedelta.resolution if is_whole else until).date()
    has_two = since.year != last.year
    ends = f" {last.year}" if has_two or period.kind is PeriodKind.DATES else ""
    begins = f" {since.year}" if has_two else ""
    if is_whole:
        end = f"{_date(last)}{ends}"
        return end if last == since.date() else f"{_date(since)}{begins} to {end}"
    if since.date() == last:
        return f"{_date(since)}{ends} {since:%H:%M} to {until:%H:%M}"
    return f"{_date(since)}{begins} {since:%H:%M} to {_date(last)}{ends} {until:%H:%M}"


def moment(at: datetime, zone: tzinfo) -> str:
    """Say when something was, in a time zone: "22 Nov 13:30"."""
    local = at.astimezone(zone)
    return f"{_date(local)} {local:%H:%M}"


def filters_mrkdwn(filters: Filters) -> str:
    """Render filters as they can be typed, with channels and people by name; escaped."""
    return " ".join(
        f"{key}:{_value_mrkdwn(key, value)}" for key, values in filters.values.items() for value in values
    )


def _value_mrkdwn(key: FilterKey, value: str) -> str:
    match key:
        case FilterKey.CHANNEL:
            return channel_mention(value)
        case FilterKey.AGENT:
            return mention(value)
        case _:
            return escape(value)


def period_line(period: Period) -> str:
    """Say of when a report is: "Last 7 days: 22 Nov 13:30 to 29 Nov 13:30 (Europe/Berlin)"."""
    return f"{period_name(period)}: {span(period)} ({period.zone})"


def _date(day: date) -> str:
    return f"{day.day} {day:%b}"
