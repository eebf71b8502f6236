"""Find clock times in a text that are no beginning in the past, such as "by 14:30" but not "since 06:33"."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo

#: A clock time that was this long ago at most is past; without a day, all others are to come.
PASSED_WITHIN = timedelta(hours=12)
#: Between any letters, as Japanese has no spaces; not within a longer number.
_CLOCK = re.compile(
    r"(?<![\d.:])([01]?\d|2[0-3])[:.h]([0-5]\d)(?!\d|\.\d)(?:\s?([ap])\.?m\b|)", re.IGNORECASE
)
_AFTER = re.compile(r"\s*(?:UTC|GMT|[A-Z]{3,4}|頃|ごろ)?\s*(?:から|以来|以降)")
#: What says, right before a clock time, that something has been so since then; by language, `|` between.
_BEFORE = re.compile(
    "(?:"
    r"\b(?:since|began(?: at)?|started(?: at)?)(?: this morning| yesterday| last night| today)?"
    r"(?: at)?(?: about| around| approximately| roughly| shortly (?:before|after))?"
    r"|\b(?:seit|begann(?:en)? (?:um|gegen))(?: heute(?: früh| morgen)?| gestern(?: abend)?)?"
    r"(?: etwa| ungefähr| ca\.| circa| rund| kurz (?:nach|vor))?(?: um| gegen)?"
    r"|\b(?:depuis|a commencé|ont commencé)(?: ce matin| hier(?: soir)?| aujourd[’']hui)?"
    r"(?: environ| vers| à)?(?: environ| vers| à)?"
    r"|\b(?:desde|empezó|empezaron|comenzó|comenzaron)(?: hoy| ayer| esta mañana| anoche)?"
    r"(?: aproximadamente| cerca de| sobre)?(?: a)?(?: las?)?"
    r"|\b(?:dalle|dall[’']|da(?: stamattina| ieri(?: sera)?| oggi)|è iniziat[oa]|sono iniziat[ie])"
    r"(?: circa| intorno)?(?: alle| verso le| le)?(?: ore)?(?: circa)?"
    r"|\b(?:desde|começou|começaram)(?: hoje| ontem(?: à noite)?| esta manhã)?"
    r"(?: cerca d| por volta d)?(?: ?[aà]s)?"
    r")\s*$",
    re.IGNORECASE,
)
_NEAR = 60  # characters before a time in which its introduction is looked for


def other_times(text: str, *, now: datetime, zone: tzinfo) -> Iterator[str]:
    """Iterate over the clock times in a text, without those that are beginnings in the past."""
    for found in _CLOCK.finditer(text):
        near = text[max(0, found.start() - _NEAR) : found.start()]
        begins = _BEFORE.search(near) or _AFTER.match(text, found.end())
        if not (begins and _has_passed(found, now.astimezone(zone))):
            yield found[0]


def _has_passed(found: re.Match[str], now: datetime) -> bool:
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    at = datetime.combine(now.date(), time(hour, minute), now.tzinfo)
    if at > now:
        at -= timedelta(days=1)
    return now - at <= PASSED_WITHIN
