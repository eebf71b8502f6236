"""Ingest direct messages: dedupe them, detect verification codes and opt-outs, move the cursor."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.code_answers import CodeWords
from domain.handoffs.handoff import Handoff
from domain.handoffs.opt_out import OptOutRequest, OptOutWords
from domain.handoffs.verification_codes import contains_code, contains_six_digits
from domain.intake.private_messages import IncomingMessage, IncomingPage
from domain.intake.streams import Stream
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action
from handlers.cases.transitions import notify, save_change
from handlers.handoffs.code_answers import answer_code, ask_whether_denied, deny_verification
from handlers.handoffs.verification import verify_by_code
from handlers.intake.case_matching import MAX_CANDIDATE_CASES
from handlers.intake.private_messages import ingest_private_message, private_stream
from handlers.intake.stream_health import record_success
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def drop_stored(uow: UnitOfWork, messages: Sequence[IncomingMessage]) -> list[IncomingMessage]:
    """Dedupe messages, all of one stream: return those that are not stored yet."""
    if not messages:
        return []
    ids = [message.external_id for message in messages]
    stored = uow.messages.known(private_stream(messages[0]), messages[0].account_id, ids)
    return [message for message in messages if message.external_id not in stored]


def ingest_direct_message(
    uow: UnitOfWork,
    incoming: IncomingMessage,
    *,
    classifier: Classifier,
    account: Account,
    opt_out_words: OptOutWords,
    code_words: CodeWords,
    now: datetime,
) -> Message | None:
    """Ingest a direct message; return `None` if it is a duplicate.

    A message with the code of a hand-off of the author's own cases verifies that hand-off, and is answered
    with what that confirms; a "no" takes it back, and whoever says more than that is asked. One with another
    six-digit code counts as a wrong code for the newest case's hand-off that awaits one. Neither moves the
    conversation to direct messages. A message without files that is nothing but an opt-out phrase is applied
    to the opt-out list.
    """
    if code_words.is_denial(incoming.text):
        deny_verification(uow, _cases_of_author(uow, incoming), now=now)
    unverified = _awaiting_code(uow, incoming)
    matched = next((handoff for handoff in unverified if contains_code(incoming.text, handoff.code)), None)
    verified: Handoff | None = None
    intended = matched or (unverified[0] if unverified and contains_six_digits(incoming.text) else None)
    if matched is not None:
        verified = verify_by_code(
            uow, handoff_id=matched.id, network=incoming.network, author_id=incoming.author.id, now=now
        )
    if intended is not None:
        incoming = replace(incoming, handoff_id=intended.id)
    message = ingest_private_message(uow, incoming, classifier=classifier, account=account, now=now)
    if message is not None and verified is not None:
        answer_code(uow, verified, code_words, now=now)
    if message is not None and code_words.may_be_denial(incoming.text):
        ask_whether_denied(uow, _cases_of_author(uow, incoming), code_words, now=now)
    if message is not None and intended is not None and matched is None:
        _record_wrong_code(uow, intended, message, now)
    if message is not None and not incoming.files:
        _apply_opt_out(uow, incoming, message, opt_out_words.request_in(incoming.text), now)
    return message


def record_direct_messages_read(
    uow: UnitOfWork, *, stream: Stream, page: IncomingPage, added: int, policy: Policy, now: datetime
) -> None:
    """Record a successful read and move the cursor past its page, whose messages are all stored by now.

    `added` is how many of them were new.
    """
    record_success(uow, stream=stream, page=page, policy=policy, now=now)
    cursor = uow.cursors.get(stream.account.network, stream.account.id, stream.name)
    uow.cursors.save(
        replace(
            cursor,
            since_id=page.newest_id or cursor.since_id,
            read_at=now,
            arrived_at=now if added else cursor.arrived_at,
        )
    )


def _awaiting_code(uow: UnitOfWork, incoming: IncomingMessage) -> list[Handoff]:
    """Return the hand-offs of the author's cases that await a code at another venue, newest case first."""
    cases = _cases_of_author(uow, incoming)
    handoffs = [handoff for case in cases for handoff in uow.handoffs.of_case(case.id)]
    return [
        handoff
        for handoff in handoffs
        if handoff.state.is_current
        and handoff.venue is not incoming.venue
        and handoff.code
        and not handoff.is_verified
    ]


def _cases_of_author(uow: UnitOfWork, incoming: IncomingMessage) -> list[Case]:
    network, account_id, author_id = incoming.network, incoming.account_id, incoming.author.id
    return uow.cases.of_author(network, account_id, author_id, limit=MAX_CANDIDATE_CASES)


def _record_wrong_code(uow: UnitOfWork, handoff: Handoff, message: Message, now: datetime) -> None:
    case = uow.cases.get(message.case_id)
    detail = {"handoff": handoff.id, "venue": handoff.venue.value}
    saved = save_change(
        uow, case, actor=SYSTEM, action=Action.CODE_WRONG, now=now, message_id=message.id, detail=detail
    )
    notify(uow, saved, saved.claimed_by, Action.CODE_WRONG, actor=SYSTEM, now=now)


def _apply_opt_out(
    uow: UnitOfWork,
    incoming: IncomingMessage,
    message: Message,
    request: OptOutRequest | None,
    now: datetime,
) -> None:
    author = incoming.network, incoming.account_id, incoming.author.id
    if request is None or uow.opt_outs.has(*author) is (request is OptOutRequest.STOP):
        return
    if request is OptOutRequest.STOP:
        uow.opt_outs.add(*author, text=incoming.text, now=now)
    else:
        uow.opt_outs.remove(*author)
    save_change(
        uow,
        uow.cases.get(message.case_id),
        actor=SYSTEM,
        action=Action.OPTED_OUT,
        now=now,
        message_id=message.id,
        detail={"said": incoming.text, "back": request is OptOutRequest.START},
    )
