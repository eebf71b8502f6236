"""Define what was done for a case, and the groups of cases whose treatment is compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.reports.survival import Waited

#: From so many followers on, customers are compared with those who have fewer.
FOLLOWERS = (1_000, 10_000)
#: Of a first post, from this sentiment on down.
UNHAPPY = -0.4
#: Whoever still waits after this time is compared by whether they had written again in it.
WROTE_AGAIN_WITHIN = timedelta(minutes=30)
#: The languages that are compared: those of the most cases.
MAX_LANGUAGES = 6

_HOURS_OF_PART, _PARTS_OF_DAY, _SATURDAY = 6, 4, 5


class Trait(StrEnum):
    """By what customers differ who are compared."""

    FOLLOWERS = "followers"
    LANGUAGE = "language"
    TONE = "tone"
    WROTE_AGAIN = "wrote_again"


class Outcome(StrEnum):
    """What is compared: the wait for the first answer, and shares of cases."""

    WAIT = "wait"
    MOVED = "moved"
    RESOLVED = "resolved"
    ASKED_AGAIN = "asked_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedCase:
    """A case whose customer waited for a first answer, and what was done; `came_in` is of `part_of_week`.

    `wait` is by the clock, `office_wait` in office hours; `office_before` is what of it was within
    `WROTE_AGAIN_WITHIN`, in which they `wrote_again` or not. `moved` says whether a private venue was
    offered, `asked_again` whether the customer asked again within a day of the answer; `None`: no answer, or
    one that only offered that.
    """

    case_id: int
    situation: str
    urgency: int
    came_in: int
    language: str
    followers: int
    sentiment: float | None
    wrote_again: bool
    wait: Waited
    office_wait: Waited
    office_before: float
    moved: bool
    resolved: bool
    asked_again: bool | None

    @property
    def stratum(self) -> tuple[str, int, int]:
        """What legitimately decides how long somebody waits: only cases that share it are compared."""
        return self.situation, self.urgency, self.came_in


@dataclass(frozen=True, slots=True)
class Group:
    """Customers who are compared with the others; `key` is the followers or the language, else empty."""

    trait: Trait
    key: str = ""


def part_of_week(local: datetime) -> int:
    """Return in which quarter of a day somebody asked, of weekdays or of weekends, by a local time."""
    return local.hour // _HOURS_OF_PART + (0 if local.weekday() < _SATURDAY else _PARTS_OF_DAY)


def groups_of(cases: Sequence[TreatedCase]) -> list[Group]:
    """Return the groups that are compared; languages where there is more than one."""
    counts: dict[str, int] = {}
    for case in cases:
        counts[case.language] = counts.get(case.language, 0) + 1
    languages = sorted(counts, key=lambda language: (-counts[language], language))
    return [
        *(Group(Trait.FOLLOWERS, str(least)) for least in FOLLOWERS),
        Group(Trait.TONE),
        Group(Trait.WROTE_AGAIN),
        *(Group(Trait.LANGUAGE, language) for language in languages[:MAX_LANGUAGES] if len(languages) > 1),
    ]


def compared_cases(group: Group, cases: Sequence[TreatedCase]) -> list[tuple[TreatedCase, bool]]:
    """Return the cases that can be compared by a group, each with whether it is in it.

    Whoever waits long has more time to write again: so of that, only those count who waited longer than the
    time in which it is looked at.
    """
    match group.trait:
        case Trait.FOLLOWERS:
            return [(case, case.followers >= int(group.key)) for case in cases]
        case Trait.LANGUAGE:
            return [(case, case.language == group.key) for case in cases]
        case Trait.TONE:
            return [(case, case.sentiment <= UNHAPPY) for case in cases if case.sentiment is not None]
        case Trait.WROTE_AGAIN:
            waiting = (case for case in cases if case.wait.seconds > WROTE_AGAIN_WITHIN.total_seconds())
            return [(case, case.wrote_again) for case in waiting]
