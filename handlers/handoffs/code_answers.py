"""Answer a verification code with what it confirms, and end a conversation whose code is taken back.

A code can be relayed: who opened a public link first has the author send the code that the page shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.chat.topics import chat_topic
from domain.handoffs.code_answers import CodeWords, denied_handoff, new_code_answer, new_denial_question
from domain.handoffs.handoff import Handoff, HandoffEvent, transition
from domain.records.audit import SYSTEM, Action
from domain.replies.outgoing_message import send_effect
from handlers.cases.transitions import notify, save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.handoffs.current_handoff import audit_detail
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork


def answer_code(uow: UnitOfWork, handoff: Handoff, words: CodeWords, *, now: datetime) -> None:
    """Inform the author, by direct message, what the code confirms that they have sent. Once per hand-off."""
    case = uow.cases.get(handoff.case_id)
    text = words.answer(case.assessment.language, handoff)
    _answer(uow, case, handoff, new_code_answer(case, handoff, text, now), now)


def ask_whether_denied(uow: UnitOfWork, cases: Sequence[Case], words: CodeWords, *, now: datetime) -> None:
    """Ask an author whose message may deny a code, and may not, to answer with the word alone. Once."""
    for case in cases:
        handoff = _denied(uow, case, now)
        if handoff is not None:
            text = words.question(case.assessment.language)
            _answer(uow, case, handoff, new_denial_question(case, handoff, text, now), now)


def _answer(uow: UnitOfWork, case: Case, handoff: Handoff, draft: Message, now: datetime) -> None:
    """Send a message of ours by direct message, unless one with its `client_key` was sent."""
    is_sent = draft.client_key is not None and uow.messages.by_client_key(draft.client_key) is not None
    if not draft.text or is_sent or has_opted_out(uow, case):
        return
    [message] = uow.messages.add_many([draft], network=case.network, account_id=case.account_id)
    detail = audit_detail(handoff) | {"text": draft.text}
    saved = save_change(
        uow, case, actor=SYSTEM, action=Action.CODE_ANSWERED, now=now, message_id=message.id, detail=detail
    )
    uow.outbox.add([send_effect(message, saved)], now=now, priority=saved.sort_key)


def deny_verification(uow: UnitOfWork, cases: Sequence[Case], *, now: datetime) -> None:
    """End the conversations of an author's cases whose code they deny by the message that they sent now."""
    for case in cases:
        denied = _denied(uow, case, now)
        if denied is None:
            continue
        ended = transition(denied, HandoffEvent.RETURN, now)
        uow.handoffs.save(
            replace(ended, proof=None, verified_at=None, verified_by=None, verified_reason=None)
        )
        saved = save_change(
            uow, case, actor=SYSTEM, action=Action.VERIFICATION_DENIED, now=now, detail=audit_detail(denied)
        )
        notify(uow, saved, saved.claimed_by, Action.VERIFICATION_DENIED, actor=SYSTEM, now=now)
        uow.signals.send(chat_topic(denied.id))


def _denied(uow: UnitOfWork, case: Case, now: datetime) -> Handoff | None:
    messages = sorted(uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES), key=lambda one: one.id)
    return denied_handoff(uow.handoffs.of_case(case.id), messages, now)


def record_code_answer_sent(
    uow: UnitOfWork, message: Message, result: Mapping[str, Any], *, now: datetime
) -> None:
    """Record that our answer to a code was sent. It answers nothing that the customer waits for."""
    sent = replace(
        message,
        delivery=Delivery.SENT,
        external_id=result.get("id") or message.external_id,
        sent_at=now,
        delivered_at=now,
    )
    uow.messages.save(sent)


def record_code_answer_failed(uow: UnitOfWork, message: Message, reason: str, *, now: datetime) -> None:
    """Record that our answer to a code was not sent: the assignee has to ask whether it was them."""
    uow.messages.save(replace(message, delivery=Delivery.FAILED, error=reason))
    case = uow.cases.get(message.case_id)
    save_change(
        uow,
        case,
        actor=SYSTEM,
        action=Action.REPLY_FAILED,
        now=now,
        message_id=message.id,
        detail={"reason": reason},
    )
