"""Record what programs answer to our mails: automatic answers, complaints, and bounces of some recipients."""

from datetime import datetime, timedelta

import pytest

from domain.accounts import Account
from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.handoffs.handoff import Handoff
from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import AutomaticEmail, Bounce, ReceivedEmail
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage
from domain.intake.stream_names import INBOX
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.cases.resolution import resolve
from handlers.cases.transitions import notify
from handlers.delivery.bounces import ingest_bounce
from handlers.intake.email import ingest_email
from handlers.replies.private import PrivateReply, send_private_reply
from handlers.replies.results import record_sent
from storage.engine import Store
from tests.handlers.context import RULES
from tests.handlers.made import (
    NOW,
    POLICY,
    SAM,
    a_classifier,
    case_of,
    cases,
    do,
    messages,
    networks,
    notified_people,
    trail,
)

US = Account(network="email", id="support@acme.example", handle="support@acme.example", name="Acme Support")
OURS = "m1.signed@acme.example"


def a_mail(external_id: str, text: str) -> IncomingMessage:
    return IncomingMessage(
        venue=Venue.EMAIL,
        network="email",
        account_id=US.id,
        external_id=external_id,
        author=Author(id="ana@example.com", handle="ana@example.com", name="Ana Ruiz"),
        text=text,
        at=NOW,
        address="ana@example.com",
    )


def receive(store: Store, content: IncomingMessage | AutomaticEmail, place: str) -> None:
    received = ReceivedEmail(position=place, content=content)
    do(store, ingest_email, received, account=US, classifier=a_classifier(), now=NOW)


def answered(store: Store) -> int:
    """Open a case by mail, answer it, and return the answer's id."""
    receive(store, a_mail("1@example.com", "My payment fails."), "1")
    [case] = cases(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    reply = PrivateReply(case_id=case.id, user_id=SAM, text="Which error?", client_key="k1")
    do(store, send_private_reply, reply, rules=RULES, networks=networks(), now=NOW)
    sent = messages(store, case.id)[-1]
    do(store, record_sent, message_id=sent.id, result={"id": OURS}, now=NOW)
    return sent.id


def handoff(store: Store, case_id: int) -> Handoff:
    with store.unit_of_work() as uow:
        [one] = uow.handoffs.of_case(case_id)
        return one


def report(store: Store, bounce: Bounce, *, now: datetime = NOW) -> None:
    do(store, ingest_bounce, bounce, account=US, position="9", wait_for_sent=False, policy=POLICY, now=now)
    with store.unit_of_work() as uow:
        assert uow.cursors.get(US.network, US.id, INBOX).since_id == "9"


def test_an_automatic_answer_is_a_line_of_a_closed_case_and_opens_nothing(store: Store) -> None:
    answered(store)
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    mail = AutomaticEmail(
        sender="ana@example.com",
        subject="Out of office",
        text="Back on Monday.",
        external_id="auto@example.com",
        handoff_id=None,
        answers=[OURS],
    )
    receive(store, mail, "2")
    receive(store, mail, "3")
    after = case_of(store, case.id)
    assert (after.state, after.reply_due, len(messages(store, case.id))) == (CaseState.RESOLVED, None, 2)
    assert [entry.action for entry in trail(store, case.id)].count(Action.AUTOMATIC_MAIL_RECEIVED) == 1


def test_after_a_complaint_the_address_is_not_written_to_any_more(store: Store) -> None:
    message_id = answered(store)
    [case] = cases(store)
    complaint = Bounce(is_proven=True, message_ids=[OURS], reason="spam", kind=BounceKind.COMPLAINT)
    report(store, complaint)
    report(store, complaint, now=NOW + timedelta(minutes=1))
    assert handoff(store, case.id).unreachable_at == NOW
    assert [entry.action for entry in trail(store, case.id)].count(Action.MAIL_COMPLAINED) == 1
    assert messages(store, case.id)[-1].delivery is Delivery.SENT, message_id


@pytest.mark.parametrize("kind", list(BounceKind))
def test_a_report_that_anybody_may_have_written_is_told_and_changes_nothing(
    store: Store, kind: BounceKind
) -> None:
    message_id = answered(store)
    [case] = cases(store)
    before = case_of(store, case.id), messages(store, case.id), handoff(store, case.id)
    # They have been told of this version of the case.
    do(store, notify, case, SAM, Action.CUSTOMER_WROTE, actor=SYSTEM, now=NOW)
    for minute in range(3):
        forged = Bounce(message_ids=[OURS], reason="550 nobody", kind=kind)
        report(store, forged, now=NOW + timedelta(minutes=minute))
    assert (case_of(store, case.id), messages(store, case.id), handoff(store, case.id)) == before
    [entry] = [one for one in trail(store, case.id) if one.action is Action.MAIL_REPORT_UNPROVEN]
    assert entry.detail == {"reason": "550 nobody", "complaint": kind is BounceKind.COMPLAINT}
    assert entry.message_id == message_id
    assert notified_people(store)[-1:] == [(SAM, Action.MAIL_REPORT_UNPROVEN.value)]


def test_a_mail_that_reached_some_mailboxes_stays_sent(store: Store) -> None:
    answered(store)
    [case] = cases(store)
    reason = "it came back: 550"
    for _ in range(2):  # a mailbox may hold the report twice
        report(store, Bounce(is_proven=True, message_ids=[OURS], reason=reason, reached=1, recipients=2))
    assert messages(store, case.id)[-1].delivery is Delivery.SENT
    assert handoff(store, case.id).unreachable_at is None
    [entry] = [one for one in trail(store, case.id) if one.action is Action.MAIL_PARTLY_BOUNCED]
    assert entry.detail == {"reason": reason, "reached": 1, "recipients": 2}
