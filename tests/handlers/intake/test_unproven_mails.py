"""Keep mails apart that may not be the customer's, until a person says whose they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from domain.cases.case import Case, CaseState
from domain.delivery.thread_effects import RedrawThread
from domain.handoffs.handoff import Handoff
from domain.intake.private_messages import IncomingFile, IncomingMessage, SenderCheck
from domain.intake.unproven_mails import Doubt, MailDecided, MailGone, UnprovenMail, Verdict
from domain.records.audit import SYSTEM, Action, ThreadPost
from domain.venues import Venue
from handlers.cases.queue import search_cases
from handlers.cases.resolution import resolve
from handlers.cases.transitions import notify
from handlers.cases.views import view_case, view_thread
from handlers.intake.private_messages import ingest_private_message
from handlers.intake.sender_decisions import say_it_is_not, say_it_is_them
from handlers.intake.unproven_mails import FIRST_REMINDER, NEXT_REMINDER, remind_of_unproven
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    MAILBOX,
    in_private,
    incoming_mail,
    ingest_message,
    private_reply,
    proven_mail,
    unproven_mails,
)
from tests.handlers.made import (
    HOUR,
    MIA,
    POLICY,
    SAM,
    a_classifier,
    audit_actions,
    case_of,
    cases,
    do,
    in_parallel,
    messages,
    notified_people,
    queued,
)

EVE = "eve@evil.example"
FIRE = "My power bank is on fire, there is smoke everywhere"
PNG = IncomingFile(name="shot.png", media_type="image/png", content=b"\x89PNG")


def a_conversation(store: Store) -> tuple[Case, Handoff]:
    """Store a conversation with ana@example.com by mail, which Sam has."""
    return in_private(store, venue=Venue.EMAIL)


def apart(store: Store, mail: IncomingMessage) -> UnprovenMail:
    """Ingest a mail that must stand apart; return it as stored."""
    assert ingest_message(store, mail) is None
    return unproven_mails(store)[-1]


def decide(store: Store, mail: UnprovenMail, use_case: Callable[..., None], user_id: str = SAM) -> None:
    do(store, use_case, mail_id=mail.id, user_id=user_id, classifier=a_classifier(), now=LATER + HOUR)


def facts(case: Case) -> tuple[object, ...]:
    """Return what the queue goes by."""
    return case.state, case.assessment, case.waiting_since, case.reply_due, case.sort_key, case.version


@pytest.mark.parametrize(
    ("mail", "doubt"),
    [
        (incoming_mail(FIRE, external_id="<e1>"), Doubt.FROM_ALONE),
        (incoming_mail(FIRE, external_id="<e1>", answers=["<m1>", "forged@acme.example"]), Doubt.FROM_ALONE),
        (
            replace(incoming_mail(FIRE, external_id="<e1>"), sender_check=SenderCheck.FAILED),
            Doubt.CHECK_FAILED,
        ),
    ],
)
def test_from_alone_brings_nobody_into_an_open_case(
    store: Store, mail: IncomingMessage, doubt: Doubt
) -> None:
    case, there = a_conversation(store)
    private_reply(store, case)
    before, said = facts(case_of(store, case.id)), len(messages(store, case.id))
    found = apart(store, mail)
    assert (found.case_id, found.handoff_id, found.doubt, found.text) == (case.id, there.id, doubt, FIRE)
    assert facts(case_of(store, case.id)) == before, "no clock, no urgency, no version"
    assert len(messages(store, case.id)) == said
    assert len(cases(store)) == 1
    assert audit_actions(store, case.id)[-1][:2] == (SYSTEM, Action.UNPROVEN_MAIL_RECEIVED)
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert view.unproven == 1
    assert FIRE not in str(view), "neither suggestion nor summary have it"
    assert [one.text for one in do(store, view_thread, case_id=case.id).unproven.values()] == [FIRE]


@pytest.mark.parametrize("check", [SenderCheck.NONE, SenderCheck.PASSED])
def test_a_stolen_token_brings_no_other_address_into_the_case(store: Store, check: SenderCheck) -> None:
    _, there = a_conversation(store)
    stolen = replace(incoming_mail("Hi", EVE, handoff_id=there.id, external_id="<e1>"), sender_check=check)
    assert apart(store, stolen).doubt is Doubt.OTHER_ADDRESS


def test_the_assignee_is_told_of_the_first_that_waits(store: Store) -> None:
    a_conversation(store)
    before = len(notified_people(store))
    for number in range(3):
        apart(store, incoming_mail(external_id=f"<e{number}>"))
    assert len(notified_people(store)) == before + 1


def told_of_mails(store: Store) -> list[str]:
    """Return who was told, each time, that a mail waits for a person's word."""
    received = Action.UNPROVEN_MAIL_RECEIVED.value
    return [person for person, action in notified_people(store) if action == received]


def test_they_are_told_though_they_were_told_of_the_customers_own_words_just_before(store: Store) -> None:
    case, _ = a_conversation(store)
    do(store, notify, case, SAM, Action.CUSTOMER_WROTE, actor=SYSTEM, now=LATER)
    apart(store, incoming_mail(external_id="<e1>"))
    assert told_of_mails(store) == [SAM]


@pytest.mark.parametrize("is_answered", [True, False])
def test_where_nobody_has_the_case_on_call_is_told_unless_it_waits_anyway(
    store: Store, is_answered: bool
) -> None:
    case, _ = a_conversation(store)
    with store.unit_of_work() as uow:
        since = None if is_answered else LATER
        uow.cases.save(replace(case, claimed_by=None, claimed_at=None, waiting_since=since))
    apart(store, incoming_mail(external_id="<e1>"))
    assert told_of_mails(store) == ([POLICY.alert_channel] if is_answered else [])


def test_people_are_reminded_until_somebody_says_whose_the_mail_is(store: Store) -> None:
    case, _ = a_conversation(store)
    mails = [apart(store, incoming_mail(FIRE, external_id=f"<e{number}>")) for number in range(2)]

    def remind(*after: timedelta) -> list[str]:
        before = len(told_of_mails(store))
        for waited in after:
            do(store, remind_of_unproven, policy=POLICY, now=mails[0].at + waited)
        return told_of_mails(store)[before:]

    assert remind(FIRST_REMINDER - timedelta(seconds=1)) == []
    assert remind(FIRST_REMINDER, FIRST_REMINDER + HOUR) == [SAM]
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    assert len(remind(FIRST_REMINDER + NEXT_REMINDER)) == 1, "closing the case says nothing of the mail"
    for mail in mails:
        decide(store, mail, say_it_is_not)
    assert remind(FIRST_REMINDER + 2 * NEXT_REMINDER) == []


def test_whoever_was_said_to_be_them_may_go_on_from_their_other_address(store: Store) -> None:
    case, there = a_conversation(store)
    other = incoming_mail("From my phone", "bo@example.com", handoff_id=there.id, external_id="<e1>")
    decide(store, apart(store, other), say_it_is_them)
    said = ingest_message(store, replace(other, text="And now?", external_id="<e2>"))
    assert said is not None
    assert (said.case_id, said.sender_authenticated) == (case.id, False)
    alone = replace(other, handoff_id=None, external_id="<e3>")
    assert ingest_message(store, alone) is not None, "without the token it is a case of that address"
    assert len(cases(store)) == 2
    eve = incoming_mail("Hi", EVE, handoff_id=there.id, external_id="<e4>")
    assert apart(store, eve).doubt is Doubt.OTHER_ADDRESS


def test_many_answers_to_a_closed_case_from_another_address_are_one_case(store: Store) -> None:
    case, there = a_conversation(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    other = incoming_mail("Still broken", "bo@example.com", handoff_id=there.id, external_id="<e1>")
    other = replace(other, sender_check=SenderCheck.PASSED)
    first = ingest_message(store, other)
    second = ingest_message(store, replace(other, text="Hello?", external_id="<e2>"))
    assert first is not None
    assert second is not None
    assert first.case_id == second.case_id != case.id


def test_a_confirmed_copy_of_a_mail_that_stands_apart_is_taken_in(store: Store) -> None:
    case, _ = a_conversation(store)
    mail = apart(store, incoming_mail(FIRE, external_id="<e1>"))
    said = ingest_message(store, proven_mail(FIRE, external_id="<e1>"))
    assert said is not None
    assert (said.case_id, said.sender_authenticated) == (case.id, True)
    decide(store, mail, say_it_is_them)
    assert [one.text for one in messages(store, case.id)].count(FIRE) == 1


def test_a_mail_that_stands_apart_is_stored_once(store: Store) -> None:
    case, _ = a_conversation(store)
    apart(store, incoming_mail(external_id="<e1>"))
    assert ingest_message(store, incoming_mail(external_id="<e1>")) is None
    with store.unit_of_work() as uow:
        assert uow.unproven_mails.count_waiting(case.id) == 1


def test_from_alone_reopens_no_closed_case_and_is_not_lost(store: Store) -> None:
    case, _ = a_conversation(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    assert ingest_message(store, incoming_mail(FIRE, external_id="<e1>")) is not None
    old, new = cases(store)
    assert (old.id, old.state) == (case.id, CaseState.RESOLVED)
    assert [one.text for one in messages(store, new.id)] == [FIRE]
    assert ingest_message(store, proven_mail("It is me", external_id="<m2>")) is not None
    assert {case.id for case in cases(store) if case.state.is_active} == {new.id}


def test_it_is_them_takes_the_mail_into_the_case_as_of_when_it_came(store: Store) -> None:
    case, there = a_conversation(store)
    mail = apart(store, incoming_mail(FIRE, external_id="<e1>", files=[PNG], subject="Help", original="all"))
    with store.unit_of_work() as uow:
        shown = max(entry.id for entry in uow.audit.of_case(case.id))
        uow.thread_posts.add(
            ThreadPost(case_id=case.id, channel="C1", ts="7.1", first_audit_id=shown, last_audit_id=shown)
        )
    decide(store, mail, say_it_is_them)
    said = messages(store, case.id)[-1]
    assert (said.text, said.subject, said.original, said.handoff_id) == (FIRE, "Help", "all", there.id)
    assert (said.created_at, said.sender_authenticated) == (LATER, True)
    after = case_of(store, case.id)
    assert after.assessment.urgency > case.assessment.urgency
    assert after.waiting_since == case.waiting_since
    assert (SAM, Action.UNPROVEN_MAIL_ACCEPTED) in [one[:2] for one in audit_actions(store, case.id)]
    kinds = [row["kind"] for row in queued(store)]
    assert RedrawThread.kind in kinds
    assert "share_file" in kinds
    assert do(store, view_case, case_id=case.id, now=LATER).unproven == 0


def test_it_is_not_leaves_the_case_as_it_was(store: Store) -> None:
    case, _ = a_conversation(store)
    mail = apart(store, incoming_mail(FIRE, external_id="<e1>"))
    said = len(messages(store, case.id))
    decide(store, mail, say_it_is_not)
    after = case_of(store, case.id)
    assert (after.assessment, after.waiting_since, after.state) == (
        case.assessment,
        case.waiting_since,
        case.state,
    )
    assert len(messages(store, case.id)) == said
    assert (SAM, Action.UNPROVEN_MAIL_REFUSED) in [one[:2] for one in audit_actions(store, case.id)]
    assert len(cases(store)) == 1, "who forges an address gets no card by it"
    with store.unit_of_work() as uow:
        kept = uow.unproven_mails.get(mail.id)
    assert kept is not None
    assert (kept.text, kept.verdict, kept.decided_by) == (FIRE, Verdict.SOMEBODY_ELSE, SAM)


def test_it_is_not_gives_somebody_with_an_address_of_their_own_a_case(store: Store) -> None:
    case, there = a_conversation(store)
    mail = apart(store, incoming_mail(FIRE, "bo@example.com", handoff_id=there.id, external_id="<e1>"))
    decide(store, mail, say_it_is_not)
    [new] = [one for one in cases(store) if one.id != case.id]
    [said] = messages(store, new.id)
    assert (new.author.id, said.text, said.sender_authenticated) == ("bo@example.com", FIRE, False)


@pytest.mark.parametrize(
    ("first", "second"), [(say_it_is_them, say_it_is_not), (say_it_is_not, say_it_is_them)]
)
def test_pressed_twice_it_is_done_once_and_the_other_button_is_refused(
    store: Store,
    first: Callable[..., None],
    second: Callable[..., None],
) -> None:
    case, _ = a_conversation(store)
    mail = apart(store, incoming_mail(FIRE, external_id="<e1>"))
    decide(store, mail, first)
    entries, said = audit_actions(store, case.id), messages(store, case.id)
    decide(store, mail, first, MIA)
    assert (audit_actions(store, case.id), messages(store, case.id)) == (entries, said)
    with pytest.raises(MailDecided) as refusal:
        decide(store, mail, second, MIA)
    assert refusal.value.by == SAM
    assert audit_actions(store, case.id) == entries


def test_two_people_at_once_decide_once(store: Store) -> None:
    case, _ = a_conversation(store)
    mail = apart(store, incoming_mail(FIRE, external_id="<e1>"))

    acts = [
        partial(decide, store, mail, say_it_is_them, SAM),
        partial(decide, store, mail, say_it_is_not, MIA),
    ]
    done = in_parallel(acts)
    assert [type(one) for one in done if one is not None] == [MailDecided]
    decided = {Action.UNPROVEN_MAIL_ACCEPTED, Action.UNPROVEN_MAIL_REFUSED}
    assert len([one for one in audit_actions(store, case.id) if one[1] in decided]) == 1


def test_an_erased_mail_is_told_to_be_gone(store: Store) -> None:
    a_conversation(store)
    mail = apart(store, incoming_mail(external_id="<e1>", files=[PNG]))
    with store.unit_of_work() as uow:
        uow.unproven_mails.delete([mail.id])
    with pytest.raises(MailGone):
        decide(store, mail, say_it_is_them)


def test_a_second_mail_of_a_stranger_stands_apart_as_long_as_nothing_proves_it(store: Store) -> None:
    """Their first one is a case of the address; who wrote the second nobody knows."""
    assert ingest_message(store, incoming_mail()) is not None
    assert apart(store, incoming_mail("And now?", external_id="<e1>")).doubt is Doubt.FROM_ALONE
    with store.unit_of_work() as uow:
        ingested = ingest_private_message(
            uow,
            proven_mail("It is me", external_id="<m2>"),
            classifier=a_classifier(),
            account=MAILBOX,
            now=LATER,
        )
    assert ingested is not None
    assert ingested.sender_authenticated


def test_a_search_finds_a_mail_that_stands_apart_and_says_so(store: Store) -> None:
    case, _ = a_conversation(store)
    mail = apart(store, incoming_mail(f"{FIRE}, STRASSE 5", external_id="<e1>"))
    with store.unit_of_work() as uow:
        uow.tags.add(case.id, ["hot"], by=SAM, now=LATER)
    for words in ("smoke fire", "straße", "ana@example.com", "fire tag:hot"):
        [found] = do(store, search_cases, words=words)
        assert (found.case.id, found.is_unproven) == (case.id, True), words
        assert found.excerpt is not None
    for words in ("smoke water", "sm", "fire tag:cold", "tag:hot"):
        assert not any(found.is_unproven for found in do(store, search_cases, words=words)), words
    decide(store, mail, say_it_is_not)
    assert do(store, search_cases, words="smoke fire") == []


def test_what_the_customer_said_is_found_before_what_stands_apart(store: Store) -> None:
    case, _ = a_conversation(store)
    ingest_message(store, proven_mail("My bank is on fire", external_id="<e0>"))
    apart(store, incoming_mail(FIRE, external_id="<e1>"))
    [found] = do(store, search_cases, words="fire")
    assert (found.case.id, found.is_unproven) == (case.id, False)
