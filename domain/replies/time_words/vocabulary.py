"""Define what is known of a language: its words of times and of commitments. All are patterns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Unit(StrEnum):
    """What an amount of time counts."""

    MINUTE = "minute"
    WORKING_HOUR = "working_hour"
    HOUR = "hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Part(StrEnum):
    """A part of a day."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Named(StrEnum):
    """A day or an end of a period that has a name of its own."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    DAY_AFTER = "day_after"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    THIS_MONTH = "this_month"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeWords:
    """The words of a language.

    `commits` makes a sentence ours and of the future; where `unless` is in the same clause, that is a
    condition, a wish, a denial, or asked of the customer. `joins` goes on with what was said before. `within`
    stands before an amount, `afterwards` after it where the language says it there. `by` makes a day a
    deadline, `on` does not; before a weekday one of them is needed unless it is said without
    (`bare_weekdays`). `until` before a day says how long something lasts. `names` say what they stand for.
    `date` and `clock` have groups for day, month, hour, minute and half of the day. `spaced`: words stand
    apart.
    """

    commits: str
    unless: str
    joins: str
    within: str
    numbers: Mapping[str, int]
    units: Mapping[Unit, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...] = ()
    date: str = r"(?P<day>\d{1,2}) (?P<month>{month})"
    by: str = "(?!)"
    on: str = "(?!)"
    bare_weekdays: bool = False
    afterwards: str = ""
    until: str = "(?!)"
    names: Mapping[Named, str] = field(default_factory=dict)
    parts: Mapping[Part, str] = field(default_factory=dict)
    clock: str = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?P<half>)"
    spaced: bool = True
