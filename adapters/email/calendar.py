"""Describe a calendar invitation in one line: what, when, and what is asked."""

import logging
from datetime import date, datetime

MAX_LENGTH = 100_000  # bytes of a calendar file that are read
_MAX_SUMMARY_LENGTH = 200
_MAX_COMMENT_LENGTH = 1_000
_ANSWERS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Tentative"}
_METHODS = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Another time proposed",
}

log = logging.getLogger(__name__)


def invitation_line(content: bytes) -> str:
    """Return the line of the first event in a calendar file (RFC 5545); empty where it holds none."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(content[:MAX_LENGTH])
        event = next(iter(calendar.walk("VEVENT")), None)
        if event is None:
            return ""
        method = _METHODS.get(str(calendar.get("METHOD", "")).upper(), "Calendar entry")
        summary = " ".join(str(event.get("SUMMARY", "")).split())[:_MAX_SUMMARY_LENGTH]
        when = _when(event.decoded("DTSTART", None), event.decoded("DTEND", None))
        where, comment = (" ".join(str(event.get(name, "")).split()) for name in ("LOCATION", "COMMENT"))
        answer = _answer(event.get("ATTENDEE")) if method == _METHODS["REPLY"] else ""
    except Exception as error:  # noqa: BLE001 - the library raises what damaged content makes it meet
        log.info("a calendar file could not be read: %s", type(error).__name__)
        return ""
    said = (answer, summary, when, where[:_MAX_SUMMARY_LENGTH], comment[:_MAX_COMMENT_LENGTH])
    return f"📅 {method}: " + " · ".join(filter(None, said))


def _answer(attendee: object) -> str:
    """Return what the only attendee of an answer says to the invitation."""
    parameters = getattr(attendee, "params", None) or {}
    return _ANSWERS.get(str(parameters.get("PARTSTAT", "")).upper(), "")


def _when(start: object, end: object) -> str:
    if not isinstance(start, date):
        return ""
    if not isinstance(start, datetime):
        return f"{start:%d %b %Y}"
    until = f"–{end:%H:%M}" if isinstance(end, datetime) and end.date() == start.date() else ""
    zone = str(start.tzinfo or "")
    return f"{start:%d %b %Y, %H:%M}{until}" + (f" ({zone})" if zone else "")
