"""Ask the customer, by e-mail, to prove that they are the public author."""

from dataclasses import dataclass

from adapters.email.words import Phrases
from domain.cases.messages import Delivery, Direction
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

_CODE_GROUP = 3  # digits between two spaces


@dataclass(frozen=True, slots=True)
class VerificationPrompt:
    """The instruction in their language, and a link that opens a message to us; empty where there is none."""

    instruction: str
    url: str


def verification_prompt(outgoing: OutgoingMessage, phrases: Phrases) -> VerificationPrompt | None:
    """Return the request to send us the code; `None` where it does not apply.

    That is: the hand-off is verified or has no code, no code can be sent to us, the case itself began by
    e-mail, or an earlier mail of ours has asked already.
    """
    handoff, recipient, case = outgoing.handoff, outgoing.code_recipient, outgoing.case
    if recipient is None or handoff.is_verified or not handoff.code or case.began_by_email:
        return None
    if any(
        message.direction is Direction.OUT
        and message.handoff_id == handoff.id
        and message.venue is Venue.EMAIL
        and message.delivery is not Delivery.FAILED
        for message in outgoing.earlier
    ):
        return None
    code = " ".join(handoff.code[at : at + _CODE_GROUP] for at in range(0, len(handoff.code), _CODE_GROUP))
    customer_handle = f"@{' '.join(case.author.handle.split())}"
    return VerificationPrompt(
        phrases.proof.format(code=code, us=recipient.handle, them=customer_handle), recipient.url
    )
