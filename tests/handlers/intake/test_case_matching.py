"""Match a private message to its case: by token, by thread, by sender."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue
from handlers.cases.resolution import dismiss, resolve
from handlers.handoffs.arrival import return_to_public
from handlers.replies.results import record_sent
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    handoff_of,
    handoffs,
    in_private,
    incoming_mail,
    incoming_message,
    ingest_message,
    offered,
    private_reply,
    proven_mail,
)
from tests.handlers.made import ANA, BEN, HOUR, SAM, a_post, a_stored_case, arrive, case_of, cases, do

DAYS = 24 * HOUR


def close(store: Store, case: Case) -> None:
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)


def case_id_of(store: Store, said: IncomingMessage, *, now: datetime = LATER) -> int:
    message = ingest_message(store, said, now=now)
    assert message is not None
    return message.case_id


def mailed(store: Store) -> tuple[Case, Message]:
    """Store a case in e-mail with a mail of ours that is sent."""
    case, _ = in_private(store, venue=Venue.EMAIL)
    ours = private_reply(store, case)
    do(store, record_sent, message_id=ours.id, result={"id": "<ours@acme.example>"}, now=LATER)
    return case, ours


# --- by token and by thread -------------------------------------------------------------------


def test_the_handoff_id_of_a_mail_precedes_its_sender(store: Store) -> None:
    case, there = in_private(store, venue=Venue.EMAIL)
    other = a_stored_case(store, author=BEN)
    offer = offered(store, other, Venue.EMAIL)
    assert case_id_of(store, incoming_mail(handoff_id=offer.id, external_id="<m2>")) == other.id
    assert handoff_of(store, there.id).case_id == case.id


def test_an_unknown_handoff_id_is_ignored(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.EMAIL)
    unknown = proven_mail(handoff_id=999_999, external_id="<m2>")
    assert case_id_of(store, unknown) == case.id


def test_an_answer_to_our_mail_joins_its_case_from_the_address_that_we_know(store: Store) -> None:
    case, ours = mailed(store)
    answers = ["<who?>", "<ours@acme.example>"]
    assert case_id_of(store, incoming_mail(external_id="<m2>", answers=answers)) == case.id
    elsewhere = incoming_mail(address="ana@work.example", external_id="<m3>", answers=answers)
    assert ingest_message(store, elsewhere) is None
    with store.unit_of_work() as uow:
        assert uow.unproven_mails.count_waiting(case.id) == 1, "it stands beside the case"
    with store.unit_of_work() as uow:
        assert uow.messages.get(ours.id).handoff_id is not None
    assert handoffs(store, case) == [("email", "arrived", None)]


def test_the_id_of_a_public_post_matches_no_mail(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.EMAIL)
    with store.unit_of_work() as uow:
        [line] = [m.external_id for m in uow.messages.of_case(case.id) if m.external_id != "9000"]
    stranger = incoming_mail(address="zoe@example.com", answers=[str(line)])
    assert case_id_of(store, stranger) != case.id


def test_an_old_mail_that_is_answered_opens_a_new_case(store: Store) -> None:
    case, _ = mailed(store)
    late = LATER + 31 * DAYS
    answer = incoming_mail(external_id="<m2>", answers=["<ours@acme.example>"], at=late)
    assert case_id_of(store, answer, now=late) != case.id


# --- by sender --------------------------------------------------------------------------------


def test_an_address_matches_in_capitals_and_for_a_month(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.EMAIL)
    late = LATER + 29 * DAYS
    again = proven_mail(address="Ana@Example.com", external_id="<m2>", at=late)
    assert case_id_of(store, again, now=late) == case.id
    much_later = late + 29 * DAYS
    goes_on = proven_mail(external_id="<m3>", at=much_later)
    assert case_id_of(store, goes_on, now=much_later) == case.id
    too_late = much_later + 31 * DAYS
    assert case_id_of(store, proven_mail(external_id="<m4>", at=too_late), now=too_late) != case.id


def test_the_author_of_a_post_is_matched_by_id_alone(store: Store) -> None:
    case = a_stored_case(store)
    namesake = replace(ANA, id="999")
    assert case_id_of(store, incoming_message(author=namesake, address="999", external_id="d0")) != case.id
    renamed = replace(ANA, handle="someone_else", name="Someone Else")
    assert case_id_of(store, incoming_message(author=renamed)) == case.id


def test_only_the_customer_takes_up_an_offer(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.DM)
    case_id_of(store, incoming_message(author=BEN, address=BEN.id, external_id="d0"))
    assert [state for _, state, _ in handoffs(store, case)] == ["offered"]
    assert case_id_of(store, incoming_message()) == case.id
    assert [state for _, state, _ in handoffs(store, case)] == ["arrived"]


# --- one sender, two cases --------------------------------------------------------------------


def two_cases(store: Store) -> tuple[Case, Case]:
    """Store an older case of Ana's in direct messages and a newer one in public."""
    older, _ = in_private(store, venue=Venue.DM)
    close(store, older)
    arrive(store, a_post("950", "@acme and where is my parcel?", created_at=LATER), now=LATER)
    newer = cases(store)[-1]
    assert newer.id != older.id
    return older, newer


def test_an_open_case_precedes_a_closed_one_at_the_venue(store: Store) -> None:
    _, newer = two_cases(store)
    assert case_id_of(store, incoming_message(external_id="d2")) == newer.id
    assert case_id_of(store, incoming_message(external_id="d3")) == newer.id


def test_an_open_case_that_was_offered_the_venue_precedes(store: Store) -> None:
    older, newer = two_cases(store)
    offered(store, newer, Venue.DM)
    assert case_id_of(store, incoming_message(external_id="d2")) == newer.id
    assert handoffs(store, newer)[-1][:2] == ("dm", "arrived")
    assert handoffs(store, older)[-1][:2] == ("dm", "arrived")


def test_a_closed_case_is_reopened_where_none_is_open(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    close(store, case)
    assert case_id_of(store, incoming_message(external_id="d2")) == case.id
    assert case_of(store, case.id).state.is_active


def test_a_conversation_that_came_back_to_public_moves_again_when_they_write_there(store: Store) -> None:
    case, there = in_private(store, venue=Venue.DM)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert case_id_of(store, incoming_message(external_id="d2")) == case.id
    assert handoff_of(store, there.id).state.is_current


# --- dismissed cases --------------------------------------------------------------------------


@pytest.mark.parametrize("venue", [Venue.DM, Venue.EMAIL])
def test_a_dismissed_case_matches_no_message(store: Store, venue: Venue) -> None:
    case, there = in_private(store, venue=venue)
    ours = private_reply(store, case)
    do(store, record_sent, message_id=ours.id, result={"id": "<ours>"}, now=LATER)
    do(store, dismiss, case_id=case.id, version=None, user_id=SAM, now=LATER)
    more: dict[str, Any] = {"external_id": "again", "handoff_id": there.id, "answers": ["<ours>"]}
    again = incoming_message(**more) if venue is Venue.DM else incoming_mail(**more)
    assert case_id_of(store, again) != case.id
    assert not case_of(store, case.id).state.is_active


def test_a_dismissed_case_matches_a_message_of_its_open_chat(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    do(store, dismiss, case_id=case.id, version=None, user_id=SAM, now=LATER)
    assert (
        case_id_of(store, incoming_message("wait", Venue.CHAT, handoff_id=there.id, external_id="c2"))
        == case.id
    )
    assert case_of(store, case.id).state.is_active


def test_a_user_id_matches_no_mail_address(store: Store) -> None:
    """The same string as a user id and as an address means two people."""
    case, _ = in_private(store, venue=Venue.DM)
    assert case_id_of(store, incoming_mail(address=ANA.id)) != case.id
