"""How whoever reads a mail can show that they are the public author."""

from dataclasses import dataclass

from adapters.email.words import Phrases
from domain.cases.messages import Delivery, Direction
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

_GROUP = 3  # signs of a code that are read at once


@dataclass(frozen=True, slots=True)
class Proving:
    """What they are to do, in their language, and the link that opens a message to us, empty where there is none."""

    told: str
    url: str


def proving(parcel: OutgoingMessage, phrases: Phrases) -> Proving | None:
    """What our first mail to them says of their code; `None` where they have none to send, or were told already."""
    handoff, proof, case = parcel.handoff, parcel.proof, parcel.case
    if proof is None or handoff.is_verified or not handoff.code or case.network == Venue.EMAIL:
        return None
    if any(
        one.direction is Direction.OUT
        and one.handoff_id == handoff.id
        and one.venue is Venue.EMAIL
        and one.delivery is not Delivery.FAILED
        for one in parcel.earlier
    ):
        return None
    code = " ".join(handoff.code[at : at + _GROUP] for at in range(0, len(handoff.code), _GROUP))
    them = f"@{' '.join(case.author.handle.split())}"
    return Proving(phrases.proof.format(code=code, us=proof.handle, them=them), proof.url)
