"""What a mention is about, and the words that tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.phrases import Hit, Phrases, tokens

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
    """Why something cannot wait, in the words the card shows."""

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


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase speaks for: a situation (decisively, or only as a hint), a reason, or a sign."""

    means: Situation | Reason | Sign
    decides: bool = True


@dataclass(frozen=True)
class Cues:
    """The phrases that tell situations and reasons, for each language."""

    languages: Mapping[str, Phrases[Cue]]

    @classmethod
    def of(cls, phrases: Mapping[str, Iterable[tuple[str, Cue]]]) -> "Cues":
        """Index the phrases of each language; ValueError for a phrase without a word."""
        return cls({language: Phrases(own) for language, own in phrases.items()})

    def find(self, text: str, language: str) -> list[Hit[Cue]]:
        """Return the cues in the text.

        English is always searched too, because people mix; when nothing telling is found, every language is, because
        short posts get their language wrong.
        """
        cut = tokens(text)
        likely = [name for name in dict.fromkeys((language, ENGLISH)) if name in self.languages]
        found = self._search(likely, cut) if language in self.languages else []
        if any(not isinstance(hit.label.means, Sign) for hit in found):
            return found
        return self._search(self.languages, cut)

    def _search(self, languages: Iterable[str], cut: Sequence[str]) -> list[Hit[Cue]]:
        return [hit for language in languages for hit in self.languages[language].find(cut)]
