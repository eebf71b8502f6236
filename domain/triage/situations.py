"""Define the situations, and the phrases that indicate them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.triage.phrase_pairs import Pair, find_pairs
from domain.triage.phrases import Hit, Phrases, tokens

ENGLISH = "en"


class Situation(StrEnum):
    """What a message is about. In a tie the earlier one wins: the more serious or more specific one."""

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


class Reason(StrEnum):
    """Why a case is urgent. The values are identifiers, which are stored with cases and name cues in files.

    `LONG_WAIT` is a claim by the customer, not a measurement. `DISTRESS` decides the situation, too.
    """

    SAFETY = "safety"
    DISTRESS = "speaks of suicide"
    LEGAL_THREAT = "legal threat"
    MONEY = "money at stake"
    BLOCKED = "cannot use the service"
    TIME_IS_SHORT = "time is short"
    VULNERABLE = "someone is vulnerable"
    LONG_WAIT = "has waited long"


class Subject(StrEnum):
    """What narrows a situation down. The values name cues in files, and what a saved reply is for."""

    VOUCHER_REFUSED = "voucher refused"
    DATA_SHOWN = "data shown to others"


class Sign(StrEnum):
    """The effect of a word on the phrases near it."""

    NOT = "not"
    TROUBLE = "trouble"
    GLAD = "glad"
    SETTLED = "settled"
    UNSETTLED = "unsettled"
    HARMLESS = "harmless"


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept that indicates something only in a pair with another concept."""

    name: str


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase indicates: a situation (decisively, or only as a hint), a reason, and so on.

    `is_pair` where a pair of concepts indicates it, which is slightly less reliable than a phrase.
    """

    meaning: Situation | Reason | Subject | Sign | Concept
    decides: bool = True
    is_pair: bool = False


class Cues:
    """The phrases that indicate situations and reasons, by language, and the pairs of concepts that do."""

    def __init__(
        self, phrases: Mapping[str, Iterable[tuple[str, Cue]]], pairs: Iterable[tuple[str, Cue]] = ()
    ) -> None:
        """Index the phrases. Raises `ValueError` for a phrase without a word, or an unknown concept."""
        self.languages = {language: Phrases(written) for language, written in phrases.items()}
        self._pairs = [Pair.of(written, replace(cue, is_pair=True)) for written, cue in pairs]
        labels = {label for own in self.languages.values() for label in own.labels()}
        known = {label.meaning.name for label in labels if isinstance(label.meaning, Concept)}
        for pair in self._pairs:
            if unknown := {pair.one, pair.other} - known:
                raise ValueError(f"no such concept as {min(unknown)!r} in {pair.phrase!r}")
        self._merged: dict[tuple[str, ...], Phrases[Cue]] = {}

    def find(self, text: str, language: str) -> list[Hit[Cue]]:
        """Return the cues in the text.

        English is always searched too, because people mix languages. When only signs are found, all languages
        are searched, because language detection is unreliable on short posts.
        """
        words = tokens(text)
        if language in self.languages:
            likely = (
                (language,) if language == ENGLISH or ENGLISH not in self.languages else (language, ENGLISH)
            )
            found = self._search(likely, words)
            if any(type(hit.label.meaning) is not Sign for hit in found):
                return found
        return self._search(tuple(self.languages), words)

    def _search(self, languages: tuple[str, ...], words: Sequence[str]) -> list[Hit[Cue]]:
        phrases = self._merged.get(languages)
        if phrases is None:
            phrases = Phrases((), including=[self.languages[language] for language in languages])
            self._merged[languages] = phrases
        found: list[Hit[Cue]] = []
        concepts: list[tuple[str, int]] = []
        harmless: set[int] = set()
        for hit in phrases.find(words):
            meaning = hit.label.meaning
            if type(meaning) is Concept:
                concepts.append((meaning.name, hit.at))
                continue
            if meaning is Sign.HARMLESS:
                harmless.update(range(hit.at, hit.at + hit.words))
            found.append(hit)
        positions: dict[str, list[int]] = {}
        for name, at in concepts:
            # What makes it grave may stand in either half of a pair: "has anyone managed to pay by card".
            if at not in harmless:
                positions.setdefault(name, []).append(at)
        return found + find_pairs(self._pairs, positions, words)
