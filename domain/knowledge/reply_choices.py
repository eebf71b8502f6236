"""Record what an agent made of the saved replies: used as they were, edited, or thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.replies.checks.reply import normalize
from domain.replies.signature import without_initials
from domain.triage.encoder import Vector
from domain.triage.phrases import tokens

#: The share of a saved reply's words that an answer must have kept to count as that reply, edited.
_MIN_KEPT = 0.5


class ReplyUse(StrEnum):
    """What became of a saved reply in one answer."""

    AS_IT_WAS = "as_it_was"
    EDITED = "edited"
    THROWN_AWAY = "thrown_away"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyChoice:
    """The saved reply that was suggested for a message, and the one that its answer came from.

    `message_id` is the customer's message and `answer_id` ours. `suggested` and `chosen` are names of saved
    replies, empty where there was none: an answer without `chosen` was written freely. `vector` is that of
    the customer's message by `encoder`. `asked` and `answered` are both texts, and are only loaded.
    """

    case_id: int
    message_id: int
    answer_id: int
    suggested: str
    chosen: str
    is_edited: bool
    created_at: datetime
    encoder: str = ""
    vector: "Vector | None" = None
    sent_at: datetime | None = None
    asked: str = ""
    answered: str = ""
    id: int = 0

    @property
    def thrown_away(self) -> str:
        """The name of the saved reply that was suggested and not used, empty where there is none."""
        return self.suggested if self.suggested != self.chosen else ""


def use_of(text: str, saved_texts: Sequence[str]) -> ReplyUse:
    """Return what an answer made of the saved reply that it started from, whose wordings are `saved_texts`.

    It is thrown away where less than half of the words of every wording is left.
    """
    unsigned = without_initials(text)
    if not {text.strip(), unsigned.strip()}.isdisjoint(saved.strip() for saved in saved_texts):
        return ReplyUse.AS_IT_WAS
    words = _words(unsigned)
    kept = (len(known & words) / len(known) for saved in saved_texts if (known := _words(saved)))
    return ReplyUse.EDITED if max(kept, default=0.0) >= _MIN_KEPT else ReplyUse.THROWN_AWAY


def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(normalize(text)))
