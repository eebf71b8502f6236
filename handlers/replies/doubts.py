"""Settle messages of which nobody knows whether they arrived, and remind of those that hold others up."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.delivery.effects import LinkReply
from domain.errors import Refused
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.outgoing_message import send_effect
from handlers.cases.transitions import notify, save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.replies.results import load_for_button, mark_failed, mark_sent
from storage.unit_of_work import UnitOfWork

#: How long after the doubt, and after each reminder, people are reminded.
FIRST_REMINDER, NEXT_REMINDER = timedelta(minutes=15), timedelta(hours=4)
_DOUBTS = frozenset({Action.REPLY_UNSURE, Action.REPLY_DOUBT_REMINDED})
_RECENT = 200  # entries of a case's trail
_NEWEST = 2**62
_LEFT = "nobody knows whether it arrived, and the conversation went on without it"
_SETTLED = Refused("Nothing was changed: it is known by now what became of this answer. The card shows it.")


def settle_by_person(uow: UnitOfWork, *, message_id: int, sent: bool, user_id: str, now: datetime) -> Case:
    """Settle an unsure reply by what a person saw on the network: `sent` or not.

    Where a public reply was sent, its link is looked up. `sent` is accepted even while the bot, which did not
    find the reply, is sending it again. Raises `Refused` where the outcome is known by now.
    """
    case, message = load_for_button(uow, message_id)
    is_resending = message.delivery is Delivery.QUEUED and message.error is not None
    if message.delivery is not Delivery.UNSURE and not is_resending:
        raise _SETTLED
    settled = uow.outbox.settle_by_person(send_effect(message, case).key, now=now, happened=sent)
    if not settled and not sent:
        raise Refused(
            "Nothing was changed: the network was read, the answer is not there, and it is being sent again right now. "
            "The card will show what becomes of it."
        )
    action = Action.REPLY_SETTLED_BY_PERSON
    if sent:
        if not message.venue.is_private:
            link = LinkReply(message.id, case.id, case.network)
            uow.outbox.add([link], now=now, priority=case.sort_key)
        return mark_sent(uow, case, message, {}, actor=user_id, action=action, now=now)
    return mark_failed(
        uow,
        case,
        message,
        "a person looked on the network and it is not there",
        actor=user_id,
        action=action,
        now=now,
    )


def send_again(uow: UnitOfWork, *, message_id: int, user_id: str, now: datetime) -> Case:
    """Send an unsure message again, before what waits behind it. Raises `Refused` where it is settled."""
    case, message = _in_doubt(uow, message_id)
    if not uow.outbox.repeat(send_effect(message, case).key, now=now):
        raise _SETTLED
    uow.messages.save(replace(message, delivery=Delivery.QUEUED, error=None))
    return save_change(uow, case, actor=user_id, action=Action.REPLY_REPEATED, now=now, message_id=message.id)


def go_on_without(uow: UnitOfWork, *, message_id: int, user_id: str, now: datetime) -> Case:
    """Give an unsure message up, so that what waits behind it goes out.

    Raises `Refused` where it is settled.
    """
    case, message = _in_doubt(uow, message_id)
    if not uow.outbox.settle_by_person(send_effect(message, case).key, now=now, happened=False):
        raise _SETTLED
    return mark_failed(uow, case, message, _LEFT, actor=user_id, action=Action.REPLY_LEFT, now=now)


def remind_of_doubts(uow: UnitOfWork, *, policy: Policy, now: datetime) -> int:
    """Remind of messages that wait for a person's word: in the thread, and whoever has the case.

    Where nobody has it, on-call. Returns how many.
    """
    reminded = 0
    for message_id in uow.outbox.messages_in_doubt():
        message = uow.messages.get(message_id)
        case = uow.cases.get(message.case_id)
        last = _last_word(uow, case, message_id)
        if message.delivery is not Delivery.UNSURE or last is None:
            continue
        wait = FIRST_REMINDER if last.action is Action.REPLY_UNSURE else NEXT_REMINDER
        if timedelta(0) <= now - last.at < wait:  # else the clock was set back
            continue
        action, detail = Action.REPLY_DOUBT_REMINDED, {"waiting": _waiting_behind(uow, message)}
        saved = save_change(
            uow, case, actor=SYSTEM, action=action, now=now, message_id=message_id, detail=detail
        )
        notify(uow, saved, saved.claimed_by or policy.alert_channel, action, actor=SYSTEM, now=now)
        reminded += 1
    return reminded


def _in_doubt(uow: UnitOfWork, message_id: int) -> tuple[Case, Message]:
    case, message = load_for_button(uow, message_id)
    if message.delivery is not Delivery.UNSURE:
        raise _SETTLED
    return case, message


def _last_word(uow: UnitOfWork, case: Case, message_id: int) -> Entry | None:
    """Return the newest entry about the doubt; `None` where none is found."""
    entries = uow.audit.page(case_id=case.id, before=_NEWEST, limit=_RECENT)
    doubts = (one for one in entries if one.message_id == message_id and one.action in _DOUBTS)
    return max(doubts, key=lambda one: one.id, default=None)


def _waiting_behind(uow: UnitOfWork, message: Message) -> int:
    messages = uow.messages.of_case(message.case_id, limit=MAX_CASE_MESSAGES)
    return sum(
        one.delivery is Delivery.QUEUED and one.venue is message.venue and one.id > message.id
        for one in messages
    )
