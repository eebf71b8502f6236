"""Recognise a period among typed words, and propose how to write one that cannot be read."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches

#: What people write in several words: "last week", "this month", "7 days", "last 24 hours".
WEEK_OR_MONTH = re.compile(r"(last|this) (week|month)")
COUNTED = re.compile(r"(?:(?:last|past) )?([0-9]+) ?(h|hours?|d|days?|w|weeks?)")
TODAY, YESTERDAY = "today", "yesterday"
NAMED_DAYS = frozenset({TODAY, YESTERDAY})
#: Ends one day and begins another one, where a day is at each side.
RANGE_MARK = ".."

_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_DAY = rf"(?:{_DATE}|{TODAY}|{YESTERDAY})"
_RANGE = re.compile(rf"({_DAY}(?:\.\.{_DAY}?)?)")
_FUTURE = re.compile(r"tomorrow|next .+|(?:in|the next) [0-9]+ .+")
#: Nothing is lost where these words stand before a period.
_LEADING = re.compile(r"(?:(?:for|of|in(?! [0-9])|on|during|the) )+")
_OPEN = re.compile(rf"(?:since|from) ({_DAY})")
_SINCE = re.compile(r"(?:since|from) (.+)")
#: A number of any form that may be a day: 1.11.2026, 31.02., 11/1/26, 2026/11/01.
_ANY_DATE = r"(?:[0-9]{1,4}[./][0-9]{1,2}(?:[./](?:[0-9]{2,4})?)?)"
_ENDS = rf"({_DAY}|{_ANY_DATE})"
_BETWEEN = re.compile(
    rf"(?:from |between )?{_ENDS}\s*(?:\.{{2,}}|…|[-–—]| (?:to|until|till|through) )\s*{_ENDS}"
    rf"|between {_ENDS} and {_ENDS}|({YESTERDAY}) and ({TODAY})"
)
_DAY_MONTH = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\.? ?(|[0-9]{4}|[0-9]{2})")
_EITHER_WAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:|/([0-9]{4}|[0-9]{2}))")
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:[./](?=.+[./])|(?=[0-9]{4}$))([0-9]{1,2})[./]?([0-9]{1,2})")
_NAMED_MONTH = re.compile(
    r"(?:([0-9]{1,2})(?:\.|st|nd|rd|th)? (?:of )?)?([a-z]{3,9})\.?(?: ([0-9]{1,2})(?:st|nd|rd|th)?)?(?:|,? ([0-9]{4}))"
)
_YEAR_MONTH = re.compile(r"([0-9]{4})(?:[-./]|(?=[0-9]{2}$))([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-./]([0-9]{4})")
_MANY = re.compile(r"(?:[a-zéíü]+ )?([0-9]{1,3}) ?([a-zéíü]+)")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_ABBREVIATED = 3  # letters of a month's name
_CENTURY = 2000
_DAYS_A_MONTH = 30
_ONE_DAY = timedelta(days=1)
#: What people write for a period that has another name here, in the languages of most desks.
_OTHER_NAMES = {
    "today": "heute|hoy|aujourd'hui|aujourd’hui|hoje|oggi|vandaag|now",
    "yesterday": "gestern|ayer|hier|ontem|ieri|gisteren",
    "last week": "letzte woche|vorige woche|la semana pasada|semana pasada|la semaine dernière|semaine dernière"
    "|semana passada|settimana scorsa|la settimana scorsa|vorige week|past week|previous week|prev week",
    "this week": "diese woche|esta semana|cette semaine|questa settimana|deze week",
    "last month": "letzten monat|letzter monat|el mes pasado|mes pasado|le mois dernier|mois dernier|mês passado"
    "|mese scorso|il mese scorso|vorige maand|past month|previous month|prev month",
    "this month": "diesen monat|dieser monat|este mes|ce mois|este mês|questo mese|deze maand",
    "24h": "day|a day|last day|past day|tag|día|jour|dia|giorno|dag",
    "7d": "week|a week|weekly|woche|semana|semaine|settimana",
    "30d": "month|a month|monthly|monat|mes|mois|mês|mese|maand",
}
_NAMES = {name: plain for plain, names in _OTHER_NAMES.items() for name in (plain, *names.split("|"))}
_MONTH_UNITS = frozenset({"m", "month", "months"})
_UNITS = {
    "h": frozenset(
        ["hr", "hrs", "std", "stunde", "stunden", "hora", "horas", "heure", "heures", "ore", "uur"]
    ),
    "d": frozenset(
        ["tag", "tage", "tagen", "día", "días", "dia", "dias", "jour", "jours", "giorni", "dagen"]
    ),
    "w": frozenset(
        ["wk", "wks", "woche", "wochen", "semana", "semanas", "semaine", "semaines", "settimane", "weken"]
    ),
}
_LIKENESS = 0.75  # of a word to the one that was meant
_MAX_LENGTH = 40  # of what may be misspelt: comparing takes longer the longer it is


def plain_period(words: str) -> str:
    """Return a period's words as `parse_period` reads them: in small letters, a range with `RANGE_MARK`."""
    asked = " ".join(words.lower().strip(" \"'“”„«»‘’,;").split())
    asked = _LEADING.sub("", asked, count=1) if _LEADING.match(asked) else asked
    if opened := _OPEN.fullmatch(asked):
        return f"{opened[1]}{RANGE_MARK}"
    if between := _BETWEEN.fullmatch(asked):
        first, last = (end.rstrip(".") for end in between.groups() if end)
        return f"{first}{RANGE_MARK}{last}"
    return asked


def is_period(words: str) -> bool:
    """Return whether words have the form of a period; its days may not exist, or may not have begun."""
    asked = plain_period(words)
    return any(form.fullmatch(asked) for form in (WEEK_OR_MONTH, COUNTED, _RANGE))


def is_future(words: str) -> bool:
    """Return whether words name a time that is still to come: "tomorrow", "next week"."""
    return _FUTURE.fullmatch(plain_period(words)) is not None


def has_number(words: str) -> bool:
    """Return whether words look like a date of another form: with a number in a place of one."""
    asked = plain_period(words)
    return any(
        form.fullmatch(asked) for form in (_DAY_MONTH, _EITHER_WAY, _YEAR_FIRST, _YEAR_MONTH, _MONTH_YEAR)
    )


def proposed(words: str, today: date) -> tuple[str, ...]:
    """Return how the period that was meant may be written: nothing where nobody can tell, else the choices.

    A day without a year is the last one that has begun.
    """
    asked = plain_period(words)
    first, mark, last = asked.partition(RANGE_MARK)
    if mark:
        begins, ends = (
            _as_dates(one, today) or ((one,) if _RANGE.fullmatch(one) else ()) for one in (first, last)
        )
        return (f"{begins[0]}{mark}{ends[0]}",) if len(begins) == 1 == len(ends) else ()
    if since := _SINCE.fullmatch(asked):
        return tuple(
            f"{day}{RANGE_MARK}" for day in _as_dates(since[1], today) or _as_weekday(since[1], today)
        )
    for propose in (_as_dates, _as_month, _as_weekday, _as_year):
        if found := propose(asked, today):
            return found
    if counted := _as_count(asked):
        return (counted,)
    if named := _NAMES.get(asked):
        return (named,)
    return tuple(
        _NAMES[name] for name in get_close_matches(asked[:_MAX_LENGTH], _NAMES, n=1, cutoff=_LIKENESS)
    )


def _as_dates(asked: str, today: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(day) for day in _days(asked, today)))


def _days(asked: str, today: date) -> Iterator[date]:
    """Yield the days that a date of another form may be."""
    if found := _YEAR_FIRST.fullmatch(asked):
        yield from _day(int(found[1]), int(found[2]), int(found[3]))
    elif found := _DAY_MONTH.fullmatch(asked):
        yield from _recent(today, found[3], int(found[2]), int(found[1]))
    elif found := _EITHER_WAY.fullmatch(asked):
        yield from _recent(today, found[3], int(found[2]), int(found[1]))
        yield from _recent(today, found[3], int(found[1]), int(found[2]))
    elif found := _NAMED_MONTH.fullmatch(asked):
        month, day = _month(found[2]), found[1] or found[3]
        if month and day:
            yield from _recent(today, found[4], month, int(day))


def _recent(today: date, year: str | None, month: int, day: int) -> Iterator[date]:
    """Yield the day of that year; without a year, of this year or, where it has not begun, of the last."""
    if year:
        yield from _day(int(year) + (_CENTURY if len(year) == len("26") else 0), month, day)
        return
    found = [one for chosen in (today.year, today.year - 1) for one in _day(chosen, month, day)]
    yield from [one for one in found if one <= today][:1]


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _month(name: str) -> int | None:
    found = [number for number, full in enumerate(_MONTHS, 1) if full.startswith(name)]
    return found[0] if len(found) == 1 and len(name) >= _ABBREVIATED else None


def _as_month(asked: str, today: date) -> tuple[str, ...]:
    if found := _YEAR_MONTH.fullmatch(asked):
        firsts = list(_day(int(found[1]), int(found[2]), 1))
    elif found := _MONTH_YEAR.fullmatch(asked):
        firsts = list(_day(int(found[2]), int(found[1]), 1))
    elif (found := _NAMED_MONTH.fullmatch(asked)) and not found[1] and not found[3] and _month(found[2]):
        firsts = list(_recent(today, found[4], _month(found[2]) or 1, 1))
    else:
        return ()
    return tuple(f"{first}{RANGE_MARK}{_end_of_month(first)}" for first in firsts)


def _end_of_month(first: date) -> date:
    return (first.replace(day=28) + 4 * _ONE_DAY).replace(day=1) - _ONE_DAY


def _as_weekday(asked: str, today: date) -> tuple[str, ...]:
    name = asked.removeprefix("last ")
    if name not in _WEEKDAYS:
        return ()
    return (str(today - ((today.weekday() - _WEEKDAYS.index(name) - 1) % 7 + 1) * _ONE_DAY),)


def _as_year(asked: str, today: date) -> tuple[str, ...]:
    years = {"last year": today.year - 1, "this year": today.year}
    if asked not in years:
        return ()
    return (f"{years[asked]}-01-01{RANGE_MARK}{years[asked]}-12-31",)


def _as_count(asked: str) -> str:
    """Return so many months or, in another language, days; empty for other words."""
    found = _MANY.fullmatch(asked)
    if found is None:
        return ""
    if found[2] in _MONTH_UNITS:
        return f"{int(found[1]) * _DAYS_A_MONTH}d"
    units = [unit for unit, names in _UNITS.items() if found[2] in names]
    return f"{found[1]}{units[0]}" if units else ""
