"""Match posts to an outage: by words, components, situation, time, and vectors where there are any."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import mul

from domain.cases.search import folded
from domain.outages.links import Evidence, LinkReason
from domain.triage.encoder import Vector
from domain.triage.situations import Situation

#: Certainty from which a link is proposed.
PROPOSED_FROM = 0.5

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_WORDS = re.compile(r"https?://\S+|(?<!\w)@\w+")
_SHORTEST = 4  # characters of a word that tells anything
_STEM = 6  # characters by which two forms of a word are taken for one
_COMPONENT = 0.45
_SHARED_WORD = 0.2
_MOST_SHARED = 0.5
_ENOUGH_WORDS = 3  # shared with the notices, where no component has words of posts
_SITUATION = 0.3
#: How much a situation speaks for an outage before any link was confirmed.
_USUAL = {
    Situation.OUTAGE_REPORT: 1.0,
    Situation.CANNOT_PAY: 0.8,
    Situation.ACCOUNT_ACCESS: 0.8,
    Situation.RANT: 0.3,
    Situation.QUESTION: 0.2,
    Situation.OTHER: 0.1,
}
_LEARNT_FROM = 5  # confirmed links after which their situations count instead of the usual ones
_NEVER = frozenset({Situation.SPAM, Situation.PRAISE, Situation.PRESS})
_COSINE_FROM, _COSINE_FULL = 0.35, 0.8
_SIMILAR = 0.6
_EARLY = 0.5  # what the oldest posts before it began count


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageTraits:
    """What posts about an outage have in common.

    `component_words` are what posts call its components, `component_names` what we call them, and
    `notice_words` what was written of it, in which `stop_words` (folded) say nothing; `situations` and
    `vectors` are those of the posts whose links were confirmed, and of its notices. Posts older than `window`
    before `begins_at` do not belong to it.
    """

    component_words: Collection[str]
    component_names: Collection[str] = ()
    notice_words: Sequence[str]
    stop_words: Collection[str] = ()
    begins_at: datetime
    window: timedelta
    situations: Mapping[Situation, int] = field(default_factory=dict)
    vectors: Sequence[Vector] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A customer's post, as it is compared; `vector` is `None` where there is none."""

    case_id: int
    message_id: int
    text: str
    situation: Situation
    written_at: datetime
    vector: "Vector | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How surely a post belongs to the outage, between 0 and 1, and why."""

    certainty: float
    evidence: tuple[Evidence, ...]


class OutageMatcher:
    """Compares posts with one outage."""

    def __init__(self, traits: OutageTraits) -> None:
        self._traits = traits
        named = (*traits.component_names, *traits.component_words)
        self._components = [(word, _pattern(word)) for word in named if word.strip()]
        words = {word for text in traits.notice_words for word in words_of(text)}
        self._stems = {_stem(word) for word in words.difference(traits.stop_words)}

    def match(self, report: Report) -> Match | None:
        """Return how surely the post belongs to the outage; `None` below `PROPOSED_FROM`."""
        if report.situation in _NEVER or report.written_at < self._traits.begins_at - self._traits.window:
            return None
        found = [one for one in self._evidence(report) if one[0] > 0]
        # The chance that all of them mislead at once, as if they were independent.
        doubt = math.prod(1 - strength for strength, _ in found)
        certainty = (1 - doubt) * self._timeliness(report.written_at)
        if certainty < PROPOSED_FROM or not self._is_about_it([one for _, one in found]):
            return None
        return Match(certainty=round(certainty, 3), evidence=tuple(one for _, one in found))

    def _is_about_it(self, evidence: Sequence[Evidence]) -> bool:
        """Return whether a component is named, or a confirmed post says the same.

        Words that a post shares with the notices are too often those of any sentence. Where it is not known
        what posts call its components, several of them have to do: customers seldom use our names.
        """
        words = {one.reason: one.words for one in evidence}
        if words.keys() & {LinkReason.COMPONENT, LinkReason.SIMILAR}:
            return True
        shared = {_stem(word) for word in words.get(LinkReason.WORDS, ())}
        return not self._traits.component_words and len(shared) >= _ENOUGH_WORDS

    def _evidence(self, report: Report) -> Iterable[tuple[float, Evidence]]:
        text = folded(report.text)
        named = tuple(word for word, pattern in self._components if pattern.search(text))
        yield (_COMPONENT if named else 0.0), Evidence(reason=LinkReason.COMPONENT, words=named)
        shared = tuple(
            word
            for word in dict.fromkeys(words_of(report.text))
            if self._is_in_notices(word) and not any(pattern.match(word) for _, pattern in self._components)
        )
        yield (
            min(_SHARED_WORD * len({_stem(word) for word in shared}), _MOST_SHARED),
            Evidence(reason=LinkReason.WORDS, words=shared),
        )
        yield (
            _SITUATION * self._share_of(report.situation),
            Evidence(reason=LinkReason.SITUATION),
        )
        yield self._similarity(report.vector), Evidence(reason=LinkReason.SIMILAR)

    def _is_in_notices(self, word: str) -> bool:
        """Return whether the notices have the word, or another form of it: "fail" and "failing"."""
        stem = _stem(word)
        return any(stem.startswith(other) or other.startswith(stem) for other in self._stems)

    def _share_of(self, situation: Situation) -> float:
        confirmed = sum(self._traits.situations.values())
        if confirmed < _LEARNT_FROM:
            return _USUAL.get(situation, 0.0)
        return self._traits.situations.get(situation, 0) / max(self._traits.situations.values())

    def _similarity(self, vector: "Vector | None") -> float:
        if vector is None or not self._traits.vectors:
            return 0.0
        nearest: float = max(sum(map(mul, vector, other)) for other in self._traits.vectors)
        return _SIMILAR * min(max((nearest - _COSINE_FROM) / (_COSINE_FULL - _COSINE_FROM), 0.0), 1.0)

    def _timeliness(self, written_at: datetime) -> float:
        """Return 1 for posts since it began, down to `_EARLY` for the oldest before."""
        if written_at >= self._traits.begins_at:
            return 1.0
        early = (self._traits.begins_at - written_at) / self._traits.window
        return 1 - (1 - _EARLY) * min(early, 1.0)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text that are long enough to tell anything, without links and handles.

    Every mention has our handle, and every link an "https".
    """
    return [word for word in _WORD.findall(folded(_NO_WORDS.sub(" ", text))) if len(word) >= _SHORTEST]


def count_situations(situations: Iterable[Situation]) -> Mapping[Situation, int]:
    """Count the situations of confirmed links, as `OutageTraits` takes them."""
    return Counter(situations)


def _stem(word: str) -> str:
    return word[:_STEM]


def _pattern(word: str) -> re.Pattern[str]:
    """Match a component's word at the beginning of a word: "pay" finds "payment"."""
    return re.compile(rf"(?<!\w){re.escape(folded(word.strip()))}")
