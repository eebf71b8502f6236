"""Define the form of a bulk answer: the wordings in each language, who gets which text, and its results."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.cases.case import Case
from domain.cases.messages import Delivery
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose, BulkRow, SkipReason
from domain.outages.outage import Outage
from domain.replies.rules_of_engagement import RuleViolation

RESULTS_ON_A_PAGE = 25
#: Languages that a form has room for, those of most people first.
MAX_LANGUAGES = 50
#: Characters of the wordings in a language: the most that Slack's inputs take.
MAX_WORDINGS_LENGTH = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPlan:
    """Who would be sent what, who would be skipped and why, how long it takes, and its cost in US dollars."""

    texts: Sequence[tuple[Case, str]]
    skipped: Sequence[tuple[Case, SkipReason]]
    duration: timedelta
    cost: float

    @property
    def closed(self) -> int:
        """How many of those who would be sent something are customers of closed cases."""
        return sum(not case.state.is_active for case, _ in self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingFault:
    """A wording that cannot be sent: it breaks rules or, where there are none, cannot be filled."""

    line: str
    violations: tuple[RuleViolation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWordings:
    """The wordings in a language that linked customers write in; `people` counts those.

    `left_out` counts the approved wordings for which the form has no room.
    """

    language: str
    people: int
    lines: tuple[str, ...]
    is_chosen: bool
    fault: WordingFault | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkForm:
    """The form of a bulk answer as it stands; `by` is the Slack user id in whose name it is sent.

    `unlisted` counts the linked cases by language that are in none of the `languages`: there is no room.
    """

    outage: Outage
    purpose: BulkPurpose
    languages: Sequence[LanguageWordings]
    plan: BulkPlan
    by: str
    unlisted: Mapping[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Name what is typed and chosen, so that nothing is sent whose preview was not shown."""
        chosen = {one.language: one.lines for one in self.languages if one.is_chosen}
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedWordings:
    """What a form holds: the chosen languages, and the lines in each."""

    chosen: frozenset[str]
    lines: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """A customer's row with the delivery of their answer; `None` until it is queued."""

    row: BulkRow
    case: Case
    delivery: Delivery | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResults:
    """A page of what became of a bulk answer."""

    outage: Outage
    bulk: BulkAnswer
    results: Sequence[BulkResult]
    page: int
    total: int
