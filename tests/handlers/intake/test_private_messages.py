"""Ingest private messages: store once, reopen and re-rank the case, notify the assignee."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from domain.cases.case import CaseState
from domain.cases.files import MAX_FILE_SIZE, MAX_FILES
from domain.cases.messages import Direction
from domain.chat.topics import chat_topic
from domain.handoffs.handoff import HandoffState, Proof
from domain.intake.posts import ReplyBlock
from domain.intake.private_messages import IncomingFile
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.cases.resolution import resolve, snooze
from handlers.intake.private_messages import NOTIFY_DEBOUNCE, ingest_private_message, private_stream
from handlers.intake.sender_decisions import say_it_is_them
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    MAILBOX,
    handoff_of,
    handoffs,
    in_private,
    incoming_mail,
    incoming_message,
    ingest_message,
    offered,
    private_reply,
    unproven_mails,
)
from tests.handlers.made import (
    ANA,
    HOUR,
    MINUTE,
    NOW,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    arrive,
    audit_actions,
    card_view,
    case_of,
    cases,
    do,
    in_parallel,
    messages,
    notified_people,
    queued,
    trail,
)

PNG = IncomingFile(name="shot.png", media_type="image/png", content=b"\x89PNG")


# --- new cases --------------------------------------------------------------------------------


def test_a_mail_from_nobody_we_know_opens_a_case_with_a_card(store: Store) -> None:
    message = ingest_message(
        store, incoming_mail("My parcel is late, where is it?", subject="Parcel", original="all of it")
    )
    assert message is not None
    [case] = cases(store)
    assert (case.network, case.account_id, case.author.id) == ("email", MAILBOX.id, "ana@example.com")
    assert (case.state, case.version, case.reply_block) == (CaseState.OPEN, 1, ReplyBlock.NO_POST)
    assert (message.direction, message.venue, message.subject, message.original) == (
        Direction.IN,
        Venue.EMAIL,
        "Parcel",
        "all of it",
    )
    assert messages(store, case.id) == [message]
    assert handoffs(store, case) == [("email", "arrived", None)]
    assert audit_actions(store, case.id) == [(SYSTEM, Action.CASE_OPENED, 1)]
    assert [row["kind"] for row in queued(store)] == ["post_card"]
    with store.unit_of_work() as uow:
        there = uow.handoffs.current(case.id)
    assert card_view(store, case).suggestion is None, "the reply about late parcels asks for a direct message"
    assert there is not None
    assert (message.handoff_id, there.address) == (there.id, "ana@example.com")


@pytest.mark.parametrize(
    ("text", "name"),
    [("Do you deliver on Sundays?", "a_question"), ("My parcel is late, where is it?", None)],
)
def test_in_private_no_reply_is_suggested_that_asks_to_write_in_private(
    store: Store, text: str, name: str | None
) -> None:
    ingest_message(store, incoming_mail(text))
    [case] = cases(store)
    suggestion = card_view(store, case).suggestion
    assert (suggestion.name if suggestion else None) == name


def test_whoever_opens_a_case_by_direct_message_is_its_author(store: Store) -> None:
    ingest_message(store, incoming_message())
    [case] = cases(store)
    assert case.author == ANA
    assert handoffs(store, case) == [("dm", "arrived", Proof.SAME_ACCOUNT)]


def test_a_later_post_of_theirs_joins_it_and_can_be_answered(store: Store) -> None:
    ingest_message(store, incoming_message())
    arrive(store, a_post(created_at=LATER), now=LATER)
    [case] = cases(store)
    assert (case.reply_to_id, case.reply_block) == ("900", None)


# --- deduplication ----------------------------------------------------------------------------


def test_a_duplicate_is_stored_once(store: Store) -> None:
    case, _ = in_private(store)
    before = case_of(store, case.id), queued(store)
    assert ingest_message(store, incoming_message()) is None
    assert (case_of(store, case.id), queued(store)) == before


def test_a_duplicate_at_two_copies_at_once_is_stored_once(store: Store) -> None:
    results = in_parallel([lambda: ingest_message(store, incoming_message())] * 3)
    assert not [result for result in results if isinstance(result, Exception)]
    assert len([result for result in results if result is not None]) == 1
    [case] = cases(store)
    assert len(messages(store, case.id)) == 1


def test_two_first_messages_of_one_author_at_once_are_one_case(store: Store) -> None:
    in_parallel([partial(ingest_message, store, incoming_message(external_id=f"d{n}")) for n in range(3)])
    [case] = cases(store)
    assert len(messages(store, case.id)) == 3


def test_concurrent_chat_messages_join_one_case(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    lines = [incoming_message(str(n), Venue.CHAT, handoff_id=there.id, external_id=f"c{n}") for n in range(3)]
    results = in_parallel([partial(ingest_message, store, line) for line in lines])
    assert not [result for result in results if isinstance(result, Exception)]
    assert len(messages(store, case.id)) == 3 + len(lines)


def test_equal_ids_of_two_venues_are_two_messages(store: Store) -> None:
    arrive(store, a_post("900"))
    [case] = cases(store)
    assert ingest_message(store, incoming_message(external_id="900")) is not None
    assert private_stream(incoming_message()) == "x:dm"
    assert len(messages(store, case.id)) == 2


# --- existing cases ---------------------------------------------------------------------------


def test_the_arrival_is_audited_before_the_message(store: Store) -> None:
    case, there = in_private(store)
    [message] = [one for one in messages(store, case.id) if one.venue is not Venue.PUBLIC]
    assert trail(store, case.id)[-1].message_id == message.id
    assert [action for _, action, _ in audit_actions(store, case.id)][-2:] == [
        Action.ARRIVED,
        Action.CUSTOMER_WROTE,
    ]
    assert (there.state, there.proof, there.address) == (
        HandoffState.ARRIVED,
        Proof.SAME_ACCOUNT,
        ANA.id,
    )
    assert notified_people(store) == [(SAM, "arrived")]
    assert case.state is CaseState.OPEN
    assert {"update_card", "post_thread"} <= {row["kind"] for row in queued(store)}


def test_the_case_keeps_the_public_name_of_its_author(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.EMAIL)
    ingest_message(store, incoming_mail(handoff_id=offer.id))
    assert case_of(store, case.id).author == case.author
    assert messages(store, case.id)[-1].author_id == "ana@example.com"


def test_notifications_of_messages_in_a_row_are_debounced_until_answered(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)

    def write(number: int, after: timedelta) -> int:
        now = LATER + after
        ingest_message(
            store,
            incoming_message(str(number), Venue.CHAT, handoff_id=there.id, external_id=f"c{number}", at=now),
            now=now,
        )
        return len(notified_people(store))

    assert len(notified_people(store)) == 1
    assert write(1, MINUTE) == 1
    private_reply(store, case, now=LATER + 2 * MINUTE)
    assert write(2, 3 * MINUTE) == 2
    assert write(3, 4 * MINUTE) == 2
    assert write(4, 4 * MINUTE + NOTIFY_DEBOUNCE) == 3
    assert notified_people(store)[-1] == (SAM, "customer_wrote")
    assert write(5, -HOUR) == 4, "the clock was set back: what it says of the last message is no moment ago"


def test_a_closed_case_is_reopened_unclaimed_and_its_assignee_is_notified(store: Store) -> None:
    case, _ = in_private(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    ingest_message(
        store, incoming_message("It is broken again", external_id="d2", at=LATER + HOUR), now=LATER + HOUR
    )
    after = case_of(store, case.id)
    assert (after.state, after.claimed_by, after.closed_at) == (CaseState.OPEN, None, None)
    assert notified_people(store)[-1] == (SAM, "customer_wrote")
    assert after.waiting_since == LATER + HOUR
    assert handoffs(store, case) == [("dm", "arrived", Proof.SAME_ACCOUNT)]


def test_a_snoozed_case_wakes(store: Store) -> None:
    case, _ = in_private(store)
    do(store, snooze, case_id=case.id, version=None, until=LATER + HOUR, user_id=SAM, now=LATER)
    ingest_message(store, incoming_message(external_id="d2"))
    assert case_of(store, case.id).state is CaseState.OPEN


def test_a_message_from_the_future_is_dated_now(store: Store) -> None:
    message = ingest_message(store, incoming_message(at=LATER + 400 * HOUR))
    assert message is not None
    assert message.created_at == LATER


def test_a_message_signals_the_chat_page(store: Store) -> None:
    _, there = in_private(store, venue=Venue.CHAT)
    with store.unit_of_work() as uow:
        said = incoming_message("more", Venue.CHAT, handoff_id=there.id, external_id="c2")
        ingest_private_message(uow, said, classifier=a_classifier(), account=MAILBOX, now=LATER)
        assert uow.signals.sent == {chat_topic(there.id)}


# --- venues -----------------------------------------------------------------------------------


def test_a_message_at_the_old_venue_leaves_a_new_offer_open(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    offered(store, case, Venue.CHAT)
    ingest_message(store, incoming_message("I cannot open that", external_id="d2"))
    assert [state for _, state, _ in handoffs(store, case)] == ["arrived", "offered"]


def test_the_conversation_is_at_the_venue_of_the_last_message(store: Store) -> None:
    case, dm = in_private(store, venue=Venue.DM)
    mail = offered(store, case, Venue.EMAIL)
    ingest_message(store, incoming_mail(handoff_id=mail.id))
    assert [state for _, state, _ in handoffs(store, case)] == ["replaced", "arrived"]
    ingest_message(store, incoming_message("here again", external_id="d2"))
    ingest_message(store, incoming_message("and again", external_id="d3"))
    assert [state for _, state, _ in handoffs(store, case)] == ["arrived", "replaced"]
    assert handoff_of(store, dm.id).proof is Proof.SAME_ACCOUNT
    actions = [action for _, action, _ in audit_actions(store, case.id)]
    assert actions.count(Action.ARRIVED) == 3


def test_a_known_address_stays_whichever_they_write_from(store: Store) -> None:
    case, there = in_private(store, venue=Venue.EMAIL)
    ingest_message(store, incoming_mail(address="ana@work.example", handoff_id=there.id, external_id="<m2>"))
    [apart] = unproven_mails(store)
    do(store, say_it_is_them, mail_id=apart.id, user_id=SAM, classifier=a_classifier(), now=LATER)
    assert handoff_of(store, there.id).address == "ana@example.com"
    assert messages(store, case.id)[-1].author_id == "ana@work.example"


def test_another_account_is_not_verified_by_writing(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.DM)
    other = replace(ANA, id="999")
    ingest_message(store, incoming_message(author=other, address=other.id, handoff_id=offer.id))
    assert handoffs(store, case) == [("dm", "arrived", None)]


# --- files ------------------------------------------------------------------------------------


def test_accepted_files_are_stored_and_shared_and_refused_ones_named(store: Store) -> None:
    page = IncomingFile(name="page.html", media_type="text/html", content=b"<p>")
    virus = replace(PNG, name="virus.png", refused="it holds a virus")
    big = replace(PNG, name="big.png", content=bytes(MAX_FILE_SIZE + 1))
    message = ingest_message(store, incoming_message(files=[virus, PNG, page, big]))
    assert message is not None
    with store.unit_of_work() as uow:
        [kept] = uow.files.of_messages([message.id])[message.id]
        assert uow.files.get(kept.id).content == PNG.content
    assert (kept.name, kept.size, kept.case_id, kept.content) == ("shot.png", 4, message.case_id, None)
    assert [row["payload"]["file_id"] for row in queued(store, "share_file")] == [kept.id]
    assert trail(store, message.case_id)[-1].detail["refused"] == [
        {"name": "virus.png", "why": "it holds a virus"},
        {"name": "page.html", "why": "wrong_type"},
        {"name": "big.png", "why": "too_large"},
    ]


def test_files_beyond_the_maximum_are_refused(store: Store) -> None:
    message = ingest_message(store, incoming_message(files=[PNG] * (MAX_FILES + 3)))
    assert message is not None
    assert len(queued(store, "share_file")) == MAX_FILES
    assert len(trail(store, message.case_id)[-1].detail["refused"]) == 3


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("a\0b", "ab"),
        ("\ud800", "\ufffd"),
        ("😀" * 500, "😀" * 500),
        ("<!channel>", "<!channel>"),
        ("x" * 60_000, "x" * 60_000),
    ],
)
def test_any_text_is_stored(store: Store, text: str, kept: str) -> None:
    message = ingest_message(store, incoming_mail(text, subject=text[:500], original=text))
    assert message is not None
    with store.unit_of_work() as uow:
        stored = uow.messages.get(message.id)
    assert (stored.text, stored.original, stored.subject) == (kept, kept, kept[:500])


def test_nobody_is_notified_of_an_unclaimed_case(store: Store) -> None:
    case = a_stored_case(store)
    ingest_message(store, incoming_message())
    ingest_message(store, incoming_message(external_id="d2", at=LATER + HOUR), now=LATER + HOUR)
    assert len(messages(store, case.id)) == 3
    assert notified_people(store) == []
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW + 2 * HOUR)
    ingest_message(store, incoming_message(external_id="d3", at=LATER + 3 * HOUR), now=LATER + 3 * HOUR)
    assert notified_people(store) == [(SAM, "customer_wrote")]
