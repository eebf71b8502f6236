"""Cancel an answer that waits to be sent."""

from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import CANCELLED, Delivery
from domain.errors import Refused
from domain.records.audit import Action
from domain.replies.outgoing_message import send_effect
from handlers.replies.results import load_for_button, mark_failed
from storage.unit_of_work import UnitOfWork


def cancel_reply(uow: UnitOfWork, *, message_id: int, user_id: str, now: datetime) -> Case:
    """Take an answer out of the outbox that is not being sent yet, and put the case back into the queue.

    Its words stay, to be edited or sent after all. A second press changes nothing. Raises `Refused` where it
    is being sent, or was, and where an earlier try of it may have arrived.
    """
    case, message = load_for_button(uow, message_id)
    if message.delivery is Delivery.FAILED:
        return case
    is_certain = message.delivery is Delivery.QUEUED and message.error is None
    if not is_certain or not uow.outbox.cancel(send_effect(message, case).key, now=now):
        raise Refused(
            "Nothing was cancelled: the answer is being sent right now, or has left. The card shows what becomes "
            "of it."
        )
    return mark_failed(uow, case, message, CANCELLED, actor=user_id, action=Action.REPLY_CANCELLED, now=now)
