"""Write moments in mails as people of a language do."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.email.words import DEFAULT_LANGUAGE

_DAY, _TIME = "yMMMd", "Hm"  # the names of formats in the CLDR
_MINUTE = timedelta(minutes=1)


def in_words(at: datetime, language: str, time_zone: str = "") -> str:
    """Return the day and time in the reader's time zone, an IANA name, which is said.

    In UTC where nobody knows it, or there is no such zone.
    """
    from babel import UnknownLocaleError

    there = at.astimezone(_zone(time_zone))
    try:
        return _in_words(there, language)
    except (UnknownLocaleError, ValueError):
        return _in_words(there, DEFAULT_LANGUAGE)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _in_words(at: datetime, language: str) -> str:
    from babel.dates import format_skeleton

    day, time = (format_skeleton(name, at, locale=language) for name in (_DAY, _TIME))
    return f"{day}, {time} {_zone_in_words(at)}"


def _zone_in_words(at: datetime) -> str:
    """Return "UTC", "UTC+1" or "UTC-3:30": short names such as "CST" are of several zones."""
    minutes = round((at.utcoffset() or timedelta(0)) / _MINUTE)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"
