"""What a mention is about, and the words that tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.triage.phrase_pairs import Pair, together
from domain.triage.phrases import Hit, Phrases, tokens

ENGLISH = "en"


class Situation(StrEnum):
    """What the customer is going through. In a tie the earlier one wins: the graver, or the more particular."""

    SAFETY_OR_LEGAL = "safety_or_legal"
    CANNOT_PAY = "cannot_pay"
    ACCOUNT_ACCESS = "account_access"
    REFUND = "refund"
    DELIVERY = "delivery"
    OUTAGE_REPORT = "outage_report"
    PRESS = "press"
    QUESTION = "question"
    RANT = "rant"
    PRAISE = "praise"
    SPAM = "spam"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words on the card."""
        return _LABELS[self]


_LABELS = {
    Situation.SAFETY_OR_LEGAL: "Safety or legal",
    Situation.CANNOT_PAY: "Cannot pay",
    Situation.ACCOUNT_ACCESS: "Cannot log in",
    Situation.OUTAGE_REPORT: "Outage report",
    Situation.REFUND: "Refund or cancel",
    Situation.DELIVERY: "Delivery",
    Situation.PRESS: "Press",
    Situation.QUESTION: "Question",
    Situation.RANT: "Rant",
    Situation.PRAISE: "Praise",
    Situation.SPAM: "Spam",
    Situation.OTHER: "Other",
}


class Reason(StrEnum):
    """Why something cannot wait, in the words the card shows.

    Of `LONG_WAIT`, which only the customer says, the card shows that they say so.
    """

    SAFETY = "safety"
    LEGAL_THREAT = "legal threat"
    MONEY = "money at stake"
    BLOCKED = "cannot use the service"
    TIME_IS_SHORT = "time is short"
    VULNERABLE = "someone is vulnerable"
    LONG_WAIT = "has waited long"


class Sign(StrEnum):
    """What a small word does to the others."""

    NOT = "not"
    TROUBLE = "trouble"
    HARMLESS = "harmless"


@dataclass(frozen=True, slots=True)
class Notion:
    """Something that people speak of; it tells nothing alone, and much beside another."""

    name: str


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase speaks for: a situation (decisively, or only as a hint), a reason, a sign, or a notion.

    `together` where it is two notions that say so, which is a little less sure than a phrase.
    """

    means: Situation | Reason | Sign | Notion
    decides: bool = True
    together: bool = False


class Cues:
    """The phrases that tell situations and reasons, for each language, and the notions that do so in pairs."""

    def __init__(
        self, phrases: Mapping[str, Iterable[tuple[str, Cue]]], pairs: Iterable[tuple[str, Cue]] = ()
    ) -> None:
        """Index the phrases of each language; ValueError for a phrase without a word and for a pair of unknown notions."""
        self.languages = {language: Phrases(written) for language, written in phrases.items()}
        self._pairs = [Pair.of(written, replace(cue, together=True)) for written, cue in pairs]
        labels = {label for own in self.languages.values() for label in own.labels()}
        known = {label.means.name for label in labels if isinstance(label.means, Notion)}
        for pair in self._pairs:
            if unknown := {pair.one, pair.other} - known:
                raise ValueError(f"no such notion as {min(unknown)!r} in {pair.phrase!r}")
        self._searched: dict[tuple[str, ...], Phrases[Cue]] = {}

    def find(self, text: str, language: str) -> list[Hit[Cue]]:
        """Return the cues in the text.

        English is always searched too, because people mix; when nothing telling is found, every language is, because
        short posts get their language wrong.
        """
        cut = tokens(text)
        if language in self.languages:
            likely = (
                (language,) if language == ENGLISH or ENGLISH not in self.languages else (language, ENGLISH)
            )
            found = self._search(likely, cut)
            if any(type(hit.label.means) is not Sign for hit in found):
                return found
        return self._search(tuple(self.languages), cut)

    def _search(self, languages: tuple[str, ...], cut: Sequence[str]) -> list[Hit[Cue]]:
        phrases = self._searched.get(languages)
        if phrases is None:
            phrases = Phrases((), including=[self.languages[language] for language in languages])
            self._searched[languages] = phrases
        found: list[Hit[Cue]] = []
        places: dict[str, list[int]] = {}
        for hit in phrases.find(cut):
            means = hit.label.means
            if type(means) is Notion:
                places.setdefault(means.name, []).append(hit.at)
            else:
                found.append(hit)
        return found + together(self._pairs, places, cut)
