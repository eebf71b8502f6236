"""Define our answer to a verification code: what it confirms, and how its sender takes it back."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction, Message
from domain.handoffs.handoff import Handoff, Proof
from domain.replies.outgoing_message import new_private_reply
from domain.venues import Venue

#: So long after a code its sender can say that it was not them.
DENIABLE_FOR = timedelta(hours=24)
#: A longer message with such a phrase is about something else.
MAX_DENIAL_LENGTH = 80
#: The most words before a phrase that denies: "No, I think that's not me". With more they tell of something.
MAX_BEFORE_DENIAL = 4
_KEY = "code:"  # how the `client_key` of such an answer begins
_QUESTION = ":question"  # how that of a question about a denial ends
_ENGLISH = "en"
_WORD = re.compile(r"\w+")
#: The first word of a message, and what ends it as a sentence: a mark, the line's end, or nothing more.
_FIRST_WORD = re.compile(r"[\s\"'“”„«»「」.!¡]*(\w+)(?=[ \t]*([.,;:!?…\"'”»」、。,!\n]|$|\s[-–—]\s)|)")


@dataclass(frozen=True, slots=True)
class CodeWords:
    """The texts by language: what is confirmed by chat or e-mail, the word and the phrases that deny it.

    Another asks whoever says more than that.
    """

    by_language: Mapping[str, Mapping[str, str]]

    def answer(self, language: str, handoff: Handoff) -> str:
        """Return what we answer; empty without words for it, or an address that it would confirm."""
        if handoff.venue is Venue.EMAIL and not handoff.address:
            return ""
        texts = self.by_language.get(language) or self.by_language.get(_ENGLISH, {})
        at = f"{(handoff.arrived_at or handoff.offered_at).astimezone(UTC):%Y-%m-%d %H:%M}"
        text = texts.get(handoff.venue.value, "")
        return text.replace("{time}", at).replace("{address}", _hidden(handoff.address or ""))

    def question(self, language: str) -> str:
        """Return what we ask of whoever may have denied; empty without words for it."""
        texts = self.by_language.get(language) or self.by_language.get(_ENGLISH, {})
        return texts.get("again", "")

    def is_denial(self, text: str) -> bool:
        """Return whether a message denies, in any language, and says nothing else.

        That is the word that we ask for, alone, or a message of few words that ends with a phrase such as
        "that is not me". "No, it still fails" does not: see `may_be_denial`.
        """
        said = _words_of(text)
        if len(set(said)) == 1 and said[0] in self._phrases("no"):
            return True
        return any(_ends_with(said, _words_of(phrase)) for phrase in self._phrases("not_me"))

    def may_be_denial(self, text: str) -> bool:
        """Return whether a message may deny: it has such a phrase, or begins with the word that denies.

        The word is a sentence of its own, or in capitals, and more follows, which may be about something
        else: "No, it still fails". "No problem" denies nothing.
        """
        found = _FIRST_WORD.match(text)
        if found is None or self.is_denial(text):
            return False
        word, is_ended = found[1], found[2] is not None
        is_in_capitals = word.isupper() and len(word) > 1
        if (is_ended or is_in_capitals) and word.casefold() in self._phrases("no"):
            return True
        said = " ".join(_words_of(text))
        return len(said) <= MAX_DENIAL_LENGTH and any(
            " ".join(_words_of(phrase)) in said for phrase in self._phrases("not_me")
        )

    def _phrases(self, name: str) -> set[str]:
        """Return the words or phrases of this name in all languages; a text holds several, with | between."""
        texts = (texts.get(name, "") for texts in self.by_language.values())
        return {one.strip().casefold() for text in texts for one in text.split("|")} - {""}


def _words_of(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _ends_with(said: Sequence[str], phrase: Sequence[str]) -> bool:
    """Return whether few words stand before the phrase, or few letters where a script has no spaces."""
    if len(phrase) > 1:
        return list(said[-len(phrase) :]) == list(phrase) and len(said) <= len(phrase) + MAX_BEFORE_DENIAL
    whole, last = "".join(said), "".join(phrase)
    return whole.endswith(last) and len(whole) <= len(last) + MAX_BEFORE_DENIAL


def new_code_answer(case: Case, handoff: Handoff, text: str, now: datetime) -> Message:
    """Create our answer, by direct message to the case's author. Nobody of the desk wrote it."""
    draft = new_private_reply(case, Venue.DM, text, by="", client_key=f"{_KEY}{handoff.id}", now=now)
    return replace(draft, sent_by=None, handoff_id=handoff.id)


def new_denial_question(case: Case, handoff: Handoff, text: str, now: datetime) -> Message:
    """Create our question to an author who may have denied a code. Nobody of the desk wrote it."""
    return replace(new_code_answer(case, handoff, text, now), client_key=f"{_KEY}{handoff.id}{_QUESTION}")


def is_code_answer(message: Message) -> bool:
    """Return whether the message is our answer to a code."""
    return (message.client_key or "").startswith(_KEY)


def denied_handoff(handoffs: list[Handoff], messages: list[Message], now: datetime) -> Handoff | None:
    """Return the hand-off that the author denies by "no", of one case; `None` where they deny nothing.

    That is the one whose code they sent within `DENIABLE_FOR`, if our answer to it is what we wrote to them
    last: else they say no to something else. `messages` are of the case, in the order of their ids.
    """
    by_dm = [m for m in messages if m.venue is Venue.DM and m.direction is Direction.OUT]
    if not by_dm or not is_code_answer(by_dm[-1]) or by_dm[-1].delivery is Delivery.FAILED:
        return None
    verified = (one for one in handoffs if one.id == by_dm[-1].handoff_id and one.proof is Proof.CODE)
    found = next(verified, None)
    if found is None or found.verified_at is None or not found.state.is_current:
        return None
    return found if now - found.verified_at < DENIABLE_FOR else None


def _hidden(address: str) -> str:
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"
