"""Check the preconditions of an act on a case; each check raises a `Refused`."""

from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.errors import AlreadyClosed, AssignedToAnother, Refused
from domain.intake.posts import ReplyBlock


def require_active(case: Case) -> None:
    """Raise `AlreadyClosed` for a resolved or dismissed case."""
    if not case.state.is_active:
        raise AlreadyClosed(case.state.value, case.closed_by, case.closed_at)


def require_not_assigned_to_another(case: Case, user_id: str) -> None:
    """Raise `AssignedToAnother` where somebody else has claimed the case."""
    if case.claimed_by not in (None, user_id):
        raise AssignedToAnother(str(case.claimed_by), case.claimed_at)


def require_public_reply_possible(case: Case) -> None:
    """Raise `Refused` where no public reply can be sent to the case's post."""
    if case.reply_block is None:
        return
    is_visible = case.reply_block not in {ReplyBlock.GONE, ReplyBlock.NO_POST}
    hint = "Open the post from its card and answer it on the network itself." if is_visible else ""
    raise Refused(f"No answer can be sent from here: {case.reply_block.explanation}. {hint}".rstrip())


def require_settled(reply: Message | None) -> None:
    """Raise `Refused` while the delivery result of the latest reply is unknown."""
    if reply is None or reply.delivery is None or reply.delivery.is_settled:
        return
    if reply.delivery is Delivery.UNSURE:
        raise Refused(
            "Nothing was sent: it is not sure what became of the answer before. "
            "Look at our own posts on the network, then press “It was sent” or “It was not” on the card."
        )
    raise Refused(
        "Nothing was sent: an answer to this customer is on its way. Wait until the card says it was sent."
    )
