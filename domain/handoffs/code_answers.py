"""Define our answer to a verification code: what it confirms, and how its sender takes it back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction, Message
from domain.handoffs.handoff import Handoff, Proof
from domain.replies.outgoing_message import new_private_reply
from domain.venues import Venue

#: So long after a code its sender can say that it was not them.
DENIABLE_FOR = timedelta(hours=24)
_KEY = "code:"  # how the `client_key` of such an answer begins
_ENGLISH = "en"
#: The first word of a message, and what ends it as a sentence: a mark, the line's end, or nothing more.
_FIRST_WORD = re.compile(r"[\s\"'“”„«»「」.!¡]*(\w+)(?=[ \t]*([.,;:!?…\"'”»」、。,!\n]|$|\s[-–—]\s)|)")


@dataclass(frozen=True, slots=True)
class CodeWords:
    """The texts by language: `chat` and `email` by what was confirmed, and `no`, the word that denies it."""

    by_language: Mapping[str, Mapping[str, str]]

    def answer(self, language: str, handoff: Handoff) -> str:
        """Return what we answer; empty without words for it, or an address that it would confirm."""
        if handoff.venue is Venue.EMAIL and not handoff.address:
            return ""
        texts = self.by_language.get(language) or self.by_language.get(_ENGLISH, {})
        at = f"{(handoff.arrived_at or handoff.offered_at).astimezone(UTC):%Y-%m-%d %H:%M}"
        text = texts.get(handoff.venue.value, "")
        return text.replace("{time}", at).replace("{address}", _hidden(handoff.address or ""))

    def is_denial(self, text: str) -> bool:
        """Return whether a message says the word that denies, in any language, as a sentence of its own.

        That is at its beginning and ended by a mark ("No, that is not me"), or in capitals as we ask for it
        ("NO it is not"). "No problem" denies nothing.
        """
        found = _FIRST_WORD.match(text)
        if found is None:
            return False
        word, is_ended = found[1], found[2] is not None
        words = {texts.get("no", "") for texts in self.by_language.values()} - {""}
        is_in_capitals = word.isupper() and len(word) > 1
        return (is_ended or is_in_capitals) and word.casefold() in {one.casefold() for one in words}


def new_code_answer(case: Case, handoff: Handoff, text: str, now: datetime) -> Message:
    """Create our answer, by direct message to the case's author. Nobody of the desk wrote it."""
    draft = new_private_reply(case, Venue.DM, text, by="", client_key=f"{_KEY}{handoff.id}", now=now)
    return replace(draft, sent_by=None, handoff_id=handoff.id)


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
