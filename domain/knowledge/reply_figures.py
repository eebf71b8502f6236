"""Count how saved replies are used, and propose new ones and amendments from the answers that were sent."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from domain.knowledge.reply_choices import ReplyChoice, ReplyUse
from domain.triage.phrases import tokens
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import ENGLISH
from domain.triage.tfidf import TfidfIndex

#: Answers from which a new saved reply is proposed.
MIN_ANSWERS = 3
#: Cosines (TF-IDF) from which two texts say the same, and from which they are about the same.
_SAME_ANSWER = 0.45
_REPEATS = 0.7
_ABOUT_THE_SAME = 0.4
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATIONS = frozenset({"not", "no", "never", "cannot", "cant", "wont", "dont", "without"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFigure:
    """How often one saved reply was used as it was, edited, and thrown away."""

    name: str
    title: str
    as_it_was: int = 0
    edited: int = 0
    thrown_away: int = 0
    last_used_at: datetime | None = None

    @property
    def used(self) -> int:
        """How often it was sent."""
        return self.as_it_was + self.edited

    @property
    def share_used(self) -> float | None:
        """The share of its suggestions and picks that were sent; `None` where there was none."""
        total = self.used + self.thrown_away
        return self.used / total if total else None


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Similar messages that no saved reply answered, the newest first."""

    choices: tuple[ReplyChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyProposal:
    """A saved reply that people write again and again: the text nearest to all others, and what it answers.

    `key` stays the same while further answers of this kind come in. `case_id` is the case of the text.
    """

    key: str
    case_id: int
    text: str
    examples: tuple[str, ...]
    count: int


class PairKind(StrEnum):
    """What is amiss between two saved replies."""

    REPEATS = "repeats"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPair:
    """Two saved replies that say the same, or that answer the same and differ in a number or a "not"."""

    key: str
    kind: PairKind
    one: SavedReply
    other: SavedReply
    differs_in: tuple[str, ...] = ()


def count_uses(replies: Iterable[SavedReply], choices: Iterable[ReplyChoice]) -> list[ReplyFigure]:
    """Count the uses of each saved reply, the most used first; also of those that are there no more."""
    titles = {reply.name: reply.title for reply in replies}
    uses: dict[str, dict[ReplyUse, int]] = defaultdict(lambda: dict.fromkeys(ReplyUse, 0))
    last: dict[str, datetime] = {}
    for choice in choices:
        if choice.chosen:
            uses[choice.chosen][ReplyUse.EDITED if choice.is_edited else ReplyUse.AS_IT_WAS] += 1
            last[choice.chosen] = max(filter(None, (last.get(choice.chosen), choice.sent_at)))
        if choice.thrown_away:
            uses[choice.thrown_away][ReplyUse.THROWN_AWAY] += 1
    figures = [
        ReplyFigure(
            name=name,
            title=titles.get(name, name),
            as_it_was=uses[name][ReplyUse.AS_IT_WAS],
            edited=uses[name][ReplyUse.EDITED],
            thrown_away=uses[name][ReplyUse.THROWN_AWAY],
            last_used_at=last.get(name),
        )
        for name in {**titles, **uses}
    ]
    return sorted(figures, key=lambda figure: (-figure.used, -figure.thrown_away, figure.title.casefold()))


def group_similar(similarity: Sequence[Sequence[float]], *, least: float) -> list[list[int]]:
    """Group items by their pairwise similarity: around the item with the most neighbours first.

    Every item is in exactly one group; the largest groups come first, and items keep their order.
    """
    left = set(range(len(similarity)))
    groups = []
    while left:
        neighbours = {
            item: [other for other in sorted(left) if other == item or similarity[item][other] >= least]
            for item in left
        }
        group = max(neighbours.values(), key=lambda found: (len(found), -min(found)))
        groups.append(group)
        left.difference_update(group)
    return sorted(groups, key=lambda group: (-len(group), group[0]))


def propose_replies(
    groups: Iterable[QuestionGroup], replies: Iterable[SavedReply] = ()
) -> list[ReplyProposal]:
    """Propose a saved reply for each group of similar messages that were answered in similar words.

    None where one of the `replies` says the same.
    """
    saved = TfidfIndex([text for reply in replies for texts in reply.wordings.values() for text in texts])
    return [
        proposal
        for group in groups
        if len(group.choices) >= MIN_ANSWERS
        for proposal in _proposals_of(group.choices)
        if max(saved.cosines(proposal.text), default=0.0) < _SAME_ANSWER
    ]


def _proposals_of(choices: Sequence[ReplyChoice]) -> Iterable[ReplyProposal]:
    similarity = text_similarity([choice.answered for choice in choices])
    for group in group_similar(similarity, least=_SAME_ANSWER):
        if len(group) < MIN_ANSWERS:
            continue
        central = max(group, key=lambda item: (sum(similarity[item][other] for other in group), -item))
        yield ReplyProposal(
            key=f"new:{min(choices[item].id for item in group)}",
            case_id=choices[central].case_id,
            text=choices[central].answered,
            examples=tuple(dict.fromkeys(choices[item].asked for item in group)),
            count=len(group),
        )


def compare_replies(replies: Sequence[SavedReply]) -> list[ReplyPair]:
    """Return the pairs of saved replies that repeat or contradict each other, by their English texts."""
    texts = [" ".join(reply.wordings.get(ENGLISH, ())) for reply in replies]
    similarity = text_similarity(texts)
    pairs = []
    for one, other in combinations(range(len(replies)), 2):
        found = _pair(replies[one], replies[other], texts[one], texts[other], similarity[one][other])
        if found is not None:
            pairs.append(found)
    return pairs


def _pair(
    one: SavedReply, other: SavedReply, text: str, other_text: str, similarity: float
) -> ReplyPair | None:
    if similarity < _ABOUT_THE_SAME or one.situations.isdisjoint(other.situations):
        return None
    differs_in = _differences(text, other_text)
    if not differs_in and similarity < _REPEATS:
        return None
    return ReplyPair(
        key=_pair_key(one, other, text, other_text),
        kind=PairKind.CONTRADICTS if differs_in else PairKind.REPEATS,
        one=one,
        other=other,
        differs_in=differs_in,
    )


def _pair_key(one: SavedReply, other: SavedReply, *texts: str) -> str:
    """A pair that was dismissed is shown again once one of the texts has changed."""
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    return f"pair:{one.name}:{other.name}:{digest}"


def _differences(text: str, other: str) -> tuple[str, ...]:
    """Return the numbers that only one text has, where both have some, and the negation of only one."""
    numbers, others = set(_NUMBER.findall(text)), set(_NUMBER.findall(other))
    differing = sorted(numbers ^ others) if numbers and others else []
    negated = [bool(_NEGATIONS.intersection(tokens(said))) for said in (text, other)]
    return (*differing, *(["not"] if negated[0] != negated[1] else []))


def text_similarity(texts: Sequence[str]) -> list[list[float]]:
    """Return the cosine (TF-IDF) of each text with each."""
    index = TfidfIndex(texts)
    return [index.cosines(text) for text in texts]
