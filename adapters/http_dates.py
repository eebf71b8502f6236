"""Parse the dates in headers of HTTP."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(value: str | None) -> datetime | None:
    """Return the moment in a header such as Date; `None` where it is missing, malformed or no moment at all.

    A date without a zone, or with "-0000", is UTC.
    """
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):  # the second: "Mon, 1 Jan 99999999999999999999 00:00:00 GMT"
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
