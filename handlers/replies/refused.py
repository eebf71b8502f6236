"""Send again what a network had refused together with all that we ask of it, once it answers again."""

from datetime import datetime, timedelta

from domain.cases.messages import Delivery, Direction
from domain.delivery.outcomes import REFUSED_CODES
from domain.errors import DeskError
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.replies.retries import retry_reply
from storage.unit_of_work import UnitOfWork

#: What failed longer ago is left to its author.
WITHIN = timedelta(days=1)


def retry_refused(uow: UnitOfWork, *, network: str, now: datetime) -> int:
    """Retry the answers on a network that failed for its keys or our credit; return how many.

    Each counts as tried again by whoever sent it. Where the customer wrote since, or a newer answer took its
    place, it is left to the agents.
    """
    retried = 0
    for message_id in uow.outbox.refused_messages(REFUSED_CODES, since=now - WITHIN):
        message = uow.messages.get(message_id)
        case = uow.cases.get(message.case_id)
        if case.network != network or message.delivery is not Delivery.FAILED or message.sent_by is None:
            continue
        later = [one for one in uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES) if one.id > message.id]
        if any(one.direction is Direction.IN for one in later):
            continue
        try:
            retry_reply(uow, message_id=message_id, version=None, user_id=message.sent_by, now=now)
        except DeskError:
            continue
        retried += 1
    return retried
