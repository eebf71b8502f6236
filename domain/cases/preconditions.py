"""Check the preconditions of an act on a case; each check raises a `Refused`."""

from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.errors import AlreadyClosed, AssignedToAnother, Refused
from domain.intake.posts import ReplyBlock


class PublicReplyBlocked(Refused):
    """The case's post cannot be replied to, because of `block`."""

    def __init__(self, block: ReplyBlock) -> None:
        super().__init__(block)
        self.block = block


class ReplyUnsettled(Refused):
    """The delivery result of the latest reply is not known; `delivery` is its state."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery)
        self.delivery = delivery


def require_active(case: Case) -> None:
    """Raise `AlreadyClosed` for a resolved or dismissed case."""
    if not case.state.is_active:
        raise AlreadyClosed(case.state.value, case.closed_by, case.closed_at)


def require_not_assigned_to_another(case: Case, user_id: str) -> None:
    """Raise `AssignedToAnother` where somebody else has claimed the case."""
    if case.claimed_by not in (None, user_id):
        raise AssignedToAnother(str(case.claimed_by), case.claimed_at)


def require_public_reply_possible(case: Case) -> None:
    """Raise `PublicReplyBlocked` where no public reply can be sent to the case's post."""
    if case.reply_block is not None:
        raise PublicReplyBlocked(case.reply_block)


def require_settled(reply: Message | None) -> None:
    """Raise `ReplyUnsettled` while the delivery result of the latest reply is unknown."""
    if reply is not None and reply.delivery is not None and not reply.delivery.is_settled:
        raise ReplyUnsettled(reply.delivery)
