"""Define what is checked: a reply, with what is known about its case and its desk."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.triage.language import Detector
from domain.triage.situations import Situation
from domain.venues import Venue

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|[。！？؟;\n]+|\s[–—]\s")


class PromiseKind(StrEnum):
    """What a promise is about."""

    TIME = "time"
    MONEY = "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply to be checked.

    `length` and `limit` are as the network counts. `is_duplicate`: the same text was sent recently.
    `links` are what the network takes for links. `language` is the customer's, empty where it is unknown.
    `saved_texts` are the wordings of the saved reply that the text started from, filled for this customer;
    none where it started from none. `is_picked`: the agent picked that reply. `is_signed`: the form's text
    was signed with the agent's initials. `is_offer`: it moves the conversation to a private venue.
    `may_be_public`: the case may be answered in public whatever its situation. `awaits_code`: the customer is
    asked to send a code by direct message, which shows that it is them.
    `article_urls` are the addresses of the help articles and, once the rules have added it, of the help.

    The rules in force add the rest: known hosts and telephone numbers (digits), what may never be promised in
    this situation, whether it is one that is answered in private alone, and a detector of languages.
    """

    text: str
    length: int
    limit: int
    venue: Venue = Venue.PUBLIC
    is_duplicate: bool = False
    links: Sequence[str] = ()
    language: str = ""
    situation: Situation | None = None
    saved_texts: Sequence[str] = ()
    is_picked: bool = False
    is_signed: bool = False
    is_offer: bool = False
    may_be_public: bool = False
    awaits_code: bool = False
    article_urls: frozenset[str] = frozenset()
    known_hosts: frozenset[str] = frozenset()
    known_phone_numbers: frozenset[str] = frozenset()
    never_promise: frozenset[PromiseKind] = frozenset()
    belongs_in_private: bool = False
    detector: Detector | None = None


def normalize(text: str) -> str:
    """Apply Unicode NFKC ("ñ" may be one character or two, and "１" becomes "1"); straighten apostrophes."""
    return unicodedata.normalize("NFKC", text).replace("’", "'")


def sentences(text: str) -> Iterator[str]:
    """Split a normalized text into its sentences."""
    return (part for part in _SENTENCE_END.split(text) if part.strip())
