"""Write moments in mails as people of a language do."""

from datetime import UTC, datetime

from adapters.email.words import DEFAULT_LANGUAGE

_DAY, _TIME = "yMMMd", "Hm"  # the names of formats in the CLDR


def in_words(at: datetime, language: str) -> str:
    """Return the day and time in UTC, which is said: nobody knows where the mail is read."""
    from babel import UnknownLocaleError

    try:
        return _in_words(at.astimezone(UTC), language)
    except (UnknownLocaleError, ValueError):
        return _in_words(at.astimezone(UTC), DEFAULT_LANGUAGE)


def _in_words(at: datetime, language: str) -> str:
    from babel.dates import format_skeleton

    day, time = (format_skeleton(name, at, locale=language) for name in (_DAY, _TIME))
    return f"{day}, {time} UTC"
