"""Define the series in which posts are counted, and which of them a post belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.cases.search import folded, matches
from domain.outages.policy import Component
from domain.triage.situations import Situation

#: Situations of which no surge is an outage.
UNWATCHED = frozenset({Situation.PRAISE, Situation.SPAM})
#: Situations that say what is wrong: many posts in one of them are about the same.
TELLING = frozenset(
    {
        Situation.CANNOT_PAY,
        Situation.ACCOUNT_ACCESS,
        Situation.REFUND,
        Situation.DELIVERY,
        Situation.OUTAGE_REPORT,
    }
)
#: Those of them that say what fails. `REFUND` and `OUTAGE_REPORT` are told in any outage.
SPECIFIC = frozenset({Situation.CANNOT_PAY, Situation.ACCOUNT_ACCESS, Situation.DELIVERY})

_SHORT = 3  # letters of a word whose last letter is no ending
#: Counts by hour number (`baseline.hour_number`).
Counts = Mapping[int, int]


class SeriesKind(StrEnum):
    """What is counted. The values are stored.

    `CONVERSATION`: authors who answer or quote the same post; the history is that of the busiest conversation
    of each hour. `NETWORK`: all posts of a network, watched for silence.
    """

    SITUATION = "situation"
    COMPONENT = "component"
    CONVERSATION = "conversation"
    NETWORK = "network"


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """One series; `subject` is a situation, a component's name, the id of a post, or a network."""

    kind: SeriesKind
    subject: str

    @property
    def key(self) -> str:
        """The series as it is stored."""
        return f"{self.kind}:{self.subject}"

    @property
    def history_key(self) -> str:
        """The key of the series whose history tells what is usual for this one."""
        return BUSIEST.key if self.kind is SeriesKind.CONVERSATION else self.key

    @property
    def is_telling(self) -> bool:
        """Whether its posts are about the same: a component, or a situation that says what is wrong."""
        if self.kind is SeriesKind.SITUATION:
            return self.subject in TELLING
        return self.kind is SeriesKind.COMPONENT

    @property
    def is_specific(self) -> bool:
        """Whether it names what fails: a component, or a situation that does.

        Whoever wants a refund, or reports that something is out, does so in any outage.
        """
        return self.kind is SeriesKind.COMPONENT or (
            self.kind is SeriesKind.SITUATION and self.subject in SPECIFIC
        )

    @classmethod
    def of(cls, key: str) -> "Series":
        """Restore a series from its key."""
        kind, _, subject = key.partition(":")
        return cls(SeriesKind(kind), subject)


#: The history of the busiest conversation of each hour.
BUSIEST = Series(SeriesKind.CONVERSATION, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A post as it is counted.

    `conversations` are the ids of posts that it answers or quotes; `words` are folded.
    """

    id: int
    case_id: int
    at: datetime
    network: str
    author: str
    situation: str
    language: str
    words: str
    conversations: tuple[str, ...] = ()


class SeriesFinder:
    """Finds the series of a post, with the configured components."""

    __slots__ = ("_components", "_situations")

    def __init__(self, components: Sequence[Component]) -> None:
        # The search finds inflections that are longer, so a plural is looked for by its singular.
        self._components = {
            one.name: [
                [_singular(word) for word in folded(phrase).split()] for phrase in one.words or (one.name,)
            ]
            for one in components
        }
        self._situations = frozenset(one.value for one in Situation if one not in UNWATCHED)

    def counted(self) -> list[Series]:
        """Return the series that are tested for spikes; that of conversations counts as one."""
        return [
            *(Series(SeriesKind.SITUATION, name) for name in sorted(self._situations)),
            *(Series(SeriesKind.COMPONENT, name) for name in self._components),
            BUSIEST,
        ]

    def find(self, arrival: Arrival) -> list[Series]:
        """Return the series of a post."""
        found = [Series(SeriesKind.NETWORK, arrival.network)]
        if arrival.situation in self._situations:
            found.append(Series(SeriesKind.SITUATION, arrival.situation))
        found += (Series(SeriesKind.COMPONENT, name) for name in self.components_in(arrival.words))
        found += (Series(SeriesKind.CONVERSATION, post) for post in dict.fromkeys(arrival.conversations))
        return found

    def components_in(self, words: str) -> list[str]:
        """Return the components that the folded text names: by all words of one of their phrases."""
        return [
            name
            for name, phrases in self._components.items()
            if any(phrase and all(matches(word, words) for word in phrase) for phrase in phrases)
        ]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT and word.endswith("s") and not word.endswith("ss") else word


def hourly_counts(
    arrivals: Iterable[Arrival], finder: SeriesFinder, networks: Iterable[str]
) -> dict[str, int]:
    """Count the authors of one hour in each series, by key; series and networks without a post are 0."""
    authors: dict[Series, set[str]] = {series: set() for series in finder.counted()}
    authors |= {Series(SeriesKind.NETWORK, network): set() for network in networks}
    for arrival in arrivals:
        for series in finder.find(arrival):
            authors.setdefault(series, set()).add(arrival.author)
    counts = {s.key: len(found) for s, found in authors.items() if s.kind is not SeriesKind.CONVERSATION}
    counts[BUSIEST.key] = max(
        (len(found) for s, found in authors.items() if s.kind is SeriesKind.CONVERSATION), default=0
    )
    return counts
