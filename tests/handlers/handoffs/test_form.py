"""Open and submit the form of a hand-off: one offer, by one agent; the conversation stays until arrival."""

from dataclasses import replace
from typing import Any

import pytest

from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery
from domain.errors import AlreadyClosed, AssignedToAnother, Refused
from domain.handoffs.forms import HandoffForm
from domain.handoffs.handoff import HandoffState, Proof
from domain.intake.posts import ReplyBlock
from domain.records.audit import Action
from domain.replies.rules_of_engagement import CHECKS, Rule, RulesOfEngagement
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.cases.resolution import resolve, snooze
from handlers.cases.views import view_case
from handlers.handoffs.arrival import record_arrival as handle_arrival
from handlers.handoffs.arrival import return_to_public
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.handoffs.form import HandoffAccepted
from handlers.replies.results import record_failed, record_sent, record_unsure, retry_reply
from storage.engine import Store
from tests.handlers.handoffs.made import (
    LATER,
    a_submission,
    form,
    handoff_of,
    handoff_venues,
    handoffs,
    in_private,
    incoming_mail,
    incoming_message,
    ingest_message,
    offered,
    private_reply,
    submit,
)
from tests.handlers.made import (
    ACME,
    ANA,
    HOUR,
    MIA,
    MINUTE,
    NOW,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    case_of,
    cases,
    do,
    in_parallel,
    messages,
    networks,
    queued,
    trail,
)

RULES = RulesOfEngagement(
    version="7",
    rules=tuple(
        Rule(name=name, reason=f"It is {name}.", hard=name in {"empty", "too_long", "placeholder"})
        for name in CHECKS
    ),
)


def choices(store: Store, case: Case, **more: Any) -> dict[str, str | None]:  # noqa: ANN401 - any argument of the form
    return {choice.venue.value: choice.unavailable_reason for choice in form(store, case, **more).choices}


def stopped(store: Store, case: Case, venue: Venue, **more: Any) -> HandoffForm:  # noqa: ANN401 - any of the form's fields
    """Submit a move that must be refused; return the form that comes back."""
    rules = more.pop("rules", RULES)
    result = submit(store, a_submission(store, case, venue, **more), rules=rules)
    assert isinstance(result, HandoffForm)
    assert [state for _, state, _ in handoffs(store, case)] == []
    return result


def opt_out(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.opt_outs.add("x", ACME.id, ANA.id, text="STOP", now=LATER)


# --- the form ---------------------------------------------------------------------------------


def test_the_form_shows_the_line_its_link_its_count_and_its_price(store: Store) -> None:
    case = a_stored_case(store)
    shown = form(store, case, chosen=Venue.CHAT)
    assert shown.text == f"Live chat (en): https://acme.example/chat#{shown.nonce}"
    assert (shown.via, shown.length, shown.limit, shown.cost) == (
        Venue.PUBLIC,
        len(shown.text),
        280,
        0.2,
    )
    assert (shown.link in shown.text, shown.assigned_to) == (True, None)
    assert form(store, case, chosen=Venue.CHAT, nonce="mine").link.endswith("#mine")


def test_what_is_not_set_up_says_so_and_nothing_at_all_is_refused(store: Store) -> None:
    case = a_stored_case(store)
    only = handoff_venues(links={}, unavailable_reasons={Venue.CHAT: "It needs PUBLIC_URL."})
    assert choices(store, case, venues=only) == {
        "dm": None,
        "email": "It is not set up.",
        "chat": "It needs PUBLIC_URL.",
    }
    assert form(store, case, venues=only, chosen=Venue.CHAT).chosen is Venue.DM
    with pytest.raises(Refused, match="Live chat: It needs PUBLIC_URL"):
        form(store, case, venues=replace(only, networks=networks(direct=None)))


def test_where_somebody_else_may_be_the_customer_is_given_a_new_way_in(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    shown = form(store, case, chosen=Venue.CHAT)
    assert (shown.chosen, shown.via, shown.link in shown.text) == (Venue.CHAT, Venue.PUBLIC, True)
    again = offered(store, case, Venue.CHAT)
    assert (handoff_of(store, there.id).state, again.state) == (HandoffState.ARRIVED, HandoffState.OFFERED)
    do(store, handle_arrival, again.id, now=LATER)
    assert handoff_of(store, there.id).state is HandoffState.REPLACED


def test_who_opted_out_is_offered_no_direct_message_and_told_of_nothing_there(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    opt_out(store)
    assert choices(store, case)["dm"] == "The conversation is there already."
    assert form(store, case, chosen=Venue.CHAT).via is Venue.PUBLIC
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert choices(store, case)["dm"] == "The customer has asked not to be written to."
    with pytest.raises(Refused, match="not to be written to"):
        submit(store, replace(a_submission(store, case, Venue.CHAT), venue=Venue.DM))


def test_a_post_that_lets_us_not_answer_leaves_the_mail_whose_address_is_known(store: Store) -> None:
    arrive(store, a_post(reply_block=ReplyBlock.RESTRICTED))
    [case] = cases(store)
    why = "The customer cannot be told: its author has restricted who may reply."
    assert choices(store, case) == {"dm": why, "email": None, "chat": why}
    with pytest.raises(Refused, match="restricted who may reply"):
        submit(store, a_submission(store, case, Venue.EMAIL))
    assert offered(store, case, Venue.EMAIL, address="ana@example.com").state is HandoffState.ARRIVED


# --- accepted offers --------------------------------------------------------------------------


def test_an_offer_is_a_public_line_a_hand_off_and_a_word_in_the_trail(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    result = submit(store, replace(submission, text=f" {submission.text}\n"), rules=RULES)
    assert isinstance(result, HandoffAccepted)
    message = messages(store, case.id)[-1]
    assert (message.text, message.venue, message.reply_to_id, message.rules_version, message.delivery) == (
        submission.text,
        Venue.PUBLIC,
        case.reply_to_id,
        "7",
        Delivery.QUEUED,
    )
    offer = handoff_of(store, result.handoff.id)
    assert (offer.state, offer.message_id, offer.offered_by, offer.nonce) == (
        HandoffState.OFFERED,
        message.id,
        SAM,
        submission.nonce,
    )
    assert (offer.remind_at, offer.expires_at) == (LATER + 30 * MINUTE, LATER + 24 * HOUR)
    after = case_of(store, case.id)
    assert (after.state, after.claimed_by) == (CaseState.WAITING, SAM)
    entry = trail(store, case.id)[-1]
    assert (entry.actor, entry.action, entry.version) == (SAM, Action.OFFERED, after.version)
    assert entry.detail == {
        "handoff": offer.id,
        "venue": "chat",
        "via": "public",
        "text": submission.text,
        "rules": "7",
        "seen": submission.seen,
        "confirmed": [],
    }
    assert [row["payload"]["message_id"] for row in queued(store, "send_reply")] == [message.id]


def test_a_double_click_is_one_offer(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    results = in_parallel([lambda: submit(store, submission)] * 3)
    assert [isinstance(result, HandoffAccepted) for result in results] == [True] * 3
    assert len(handoffs(store, case)) == 1
    assert len(queued(store, "send_reply")) == 1


def test_of_two_agents_at_once_one_offers(store: Store) -> None:
    case = a_stored_case(store)
    moves = [a_submission(store, case, Venue.CHAT, user_id=who, nonce=who) for who in (SAM, MIA)]
    results = in_parallel([lambda: submit(store, moves[0]), lambda: submit(store, moves[1])])
    assert [isinstance(result, HandoffAccepted) for result in results].count(True) == 1
    assert [isinstance(result, AssignedToAnother) for result in results].count(True) == 1
    assert len(handoffs(store, case)) == 1


def test_a_new_offer_replaces_the_one_before(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.CHAT)
    offered(store, case, Venue.DM)
    assert handoffs(store, case) == [("chat", "replaced", None), ("dm", "offered", None)]


def test_an_offer_from_private_is_written_there_and_leaves_the_conversation_there(store: Store) -> None:
    case, there = in_private(store, venue=Venue.DM)
    offer = offered(store, case, Venue.CHAT)
    message = messages(store, case.id)[-1]
    assert (message.venue, message.handoff_id, offer.message_id) == (Venue.DM, there.id, message.id)
    assert [row["payload"]["message_id"] for row in queued(store, "send_private")] == [message.id]
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert (view.handoff, view.offered) == (there, offer)
    do(store, remind_and_expire_offers, now=LATER + 24 * HOUR)
    assert [state for _, state, _ in handoffs(store, case)] == ["arrived", "expired"]
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert (view.handoff, view.offered) == (there, None)


# --- arrival on sending -----------------------------------------------------------------------


def test_who_has_written_by_direct_message_is_written_to_there(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    shown = form(store, case, chosen=Venue.DM)
    assert (shown.via, shown.link, shown.cost, shown.limit) == (Venue.DM, "", None, 10_000)
    offer = offered(store, case, Venue.DM, sent=False)
    assert (offer.state, offer.address, offer.proof) == (HandoffState.OFFERED, ANA.id, Proof.SAME_ACCOUNT)
    message = messages(store, case.id)[-1]
    assert message.handoff_id == offer.id
    do(store, record_sent, message_id=message.id, result={"id": "5"}, now=LATER)
    assert handoff_of(store, offer.id).state is HandoffState.ARRIVED
    assert private_reply(store, case).handoff_id == offer.id


def test_a_closed_inbox_leaves_the_conversation_where_it_was_and_the_link_for_the_next_try(
    store: Store,
) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    offer = offered(store, case, Venue.DM, sent=False)
    message = messages(store, case.id)[-1]
    do(
        store,
        record_failed,
        message_id=message.id,
        reason="they let nobody write to them",
        is_unreachable=True,
        now=LATER,
    )
    assert handoff_of(store, offer.id).state is HandoffState.EXPIRED
    shown = form(store, case, chosen=Venue.DM)
    assert (shown.via, shown.link) == (Venue.PUBLIC, "https://x.example/compose")
    do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    do(store, record_sent, message_id=message.id, result={"id": "5"}, now=LATER)
    assert handoff_of(store, offer.id).state is HandoffState.ARRIVED


@pytest.mark.parametrize("venue", [Venue.DM, Venue.EMAIL])
def test_who_cannot_be_reached_where_they_were_is_told_in_public_until_they_write_again(
    store: Store, venue: Venue
) -> None:
    case, there = in_private(store, venue=venue)
    message = private_reply(store, case)
    do(store, record_failed, message_id=message.id, reason="closed", is_unreachable=True, now=LATER)
    assert handoff_of(store, there.id).unreachable_at == LATER
    assert (choices(store, case)[venue.value], choices(store, case)["chat"]) == (None, None)
    for chosen in (venue, Venue.CHAT):
        shown = form(store, case, chosen=chosen)
        assert (shown.via, shown.link in shown.text, shown.link != "") == (Venue.PUBLIC, True, True)
    again = offered(store, case, venue)
    came = (
        incoming_message(external_id="d2")
        if venue is Venue.DM
        else incoming_mail(external_id="<m2>", handoff_id=there.id)
    )
    ingest_message(store, came)
    if venue is Venue.DM:
        assert choices(store, case)["dm"] == "The conversation is there already."
    assert form(store, case, chosen=Venue.CHAT).via is venue
    private_reply(store, case, "Welcome back")
    assert messages(store, case.id)[-1].handoff_id in {again.id, there.id}


def test_a_failure_that_is_nobodys_closed_door_leaves_the_next_offer_in_private(store: Store) -> None:
    case, there = in_private(store)
    message = private_reply(store, case)
    do(store, record_failed, message_id=message.id, reason="busy", now=LATER)
    assert form(store, case, chosen=Venue.CHAT).via is Venue.DM
    do(store, record_failed, message_id=message.id, reason="closed", is_unreachable=True, now=LATER)
    do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    do(store, record_sent, message_id=message.id, result={"id": "7"}, now=LATER)
    assert handoff_of(store, there.id).unreachable_at is None


def test_a_mail_goes_to_the_address_that_was_typed_and_to_nobody_known(store: Store) -> None:
    case, chat = in_private(store, venue=Venue.CHAT)
    mail = offered(store, case, Venue.EMAIL, address=" Ana@Example.com ")
    assert (mail.state, mail.address, mail.is_verified) == (
        HandoffState.ARRIVED,
        "ana@example.com",
        False,
    )
    assert handoff_of(store, chat.id).state is HandoffState.REPLACED
    ingest_message(store, incoming_mail(external_id="<m5>"))
    assert messages(store, case.id)[-1].handoff_id == mail.id


def test_what_is_no_address_is_said_to_be_none(store: Store) -> None:
    back = stopped(store, a_stored_case(store), Venue.EMAIL, address="ana@example")
    assert [(violation.rule, violation.hard) for violation in back.violations] == [("address", True)]


# --- refused offers ---------------------------------------------------------------------------


def test_a_line_without_its_link_is_stopped(store: Store) -> None:
    case = a_stored_case(store)
    back = stopped(store, case, Venue.CHAT, text="Come to our chat, Ana")
    assert [finding.rule for finding in back.violations] == ["no_link"]
    assert (back.text, back.revision, back.length) == ("Come to our chat, Ana", 1, 21)


def test_a_broken_rule_is_stopped_and_a_soft_one_only_once(store: Store) -> None:
    case = a_stored_case(store)
    text = f"{form(store, case, chosen=Venue.CHAT, nonce='n').text} or https://acme.example/help "
    long = text + "x" * 280
    assert "too_long" in [f.rule for f in stopped(store, case, Venue.CHAT, text=long, nonce="n").violations]
    soft = stopped(store, case, Venue.CHAT, text=text, nonce="n").violations
    assert [(finding.rule, finding.hard) for finding in soft] == [("has_link", False)]
    submission = a_submission(
        store, case, Venue.CHAT, text=text, nonce="n", confirmed=frozenset({"has_link"})
    )
    assert isinstance(submit(store, submission, rules=RULES), HandoffAccepted)
    assert trail(store, case.id)[-1].detail["confirmed"] == ["has_link"]


def test_the_form_comes_back_where_the_customer_wrote_again(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    ingest_message(store, incoming_message("never mind"))
    back = submit(store, submission)
    assert isinstance(back, HandoffForm)
    assert [message.text for message in back.new_messages] == ["never mind"]
    assert (back.nonce, back.text) == (submission.nonce, submission.text)


def test_what_was_to_be_read_in_private_is_not_made_public_without_a_second_look(store: Store) -> None:
    case, there = in_private(store, venue=Venue.EMAIL)
    submission = a_submission(
        store, case, Venue.CHAT, text="Ana, about card 4242: https://acme.example/chat#n", nonce="n"
    )
    assert submission.via is Venue.EMAIL
    with store.unit_of_work() as uow:
        uow.handoffs.save(replace(there, unreachable_at=LATER))
        uow.cases.save(uow.cases.get(case.id))
    back = submit(store, submission)
    assert isinstance(back, HandoffForm)
    assert (back.via_changed, back.via, back.text) == (True, Venue.PUBLIC, submission.text)
    sent = len(queued(store, "send_reply"))
    assert isinstance(submit(store, replace(submission, via=back.via)), HandoffAccepted)
    assert len(queued(store, "send_reply")) == sent + 1


def test_nothing_is_offered_while_an_answer_is_in_doubt_or_on_its_way(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.CHAT, sent=False)
    with pytest.raises(Refused, match="on its way"):
        submit(store, a_submission(store, case, Venue.DM))
    do(store, record_unsure, message_id=messages(store, case.id)[-1].id, reason="?", now=LATER)
    with pytest.raises(Refused, match="not sure what became"):
        submit(store, a_submission(store, case, Venue.DM))


def test_nothing_is_offered_in_a_closed_case_or_in_somebody_elses(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    with pytest.raises(AssignedToAnother):
        submit(store, submission)
    assert form(store, case).assigned_to == MIA
    do(store, resolve, case_id=case.id, version=None, user_id=MIA, now=NOW)
    with pytest.raises(AlreadyClosed):
        submit(store, submission)
    with pytest.raises(AlreadyClosed):
        form(store, case)


def test_public_is_no_offer(store: Store) -> None:
    case, _ = in_private(store)
    with pytest.raises(Refused, match="Back to public"):
        submit(store, replace(a_submission(store, case, Venue.CHAT), venue=Venue.PUBLIC))


# --- sending the public offer ------------------------------------------------------------------


def test_a_line_that_failed_goes_again_as_long_as_its_offer_stands(store: Store) -> None:
    case = a_stored_case(store)
    offer = offered(store, case, Venue.CHAT, sent=False)
    message = messages(store, case.id)[-1]
    do(store, record_failed, message_id=message.id, reason="no credit", now=LATER)
    assert handoff_of(store, offer.id).state is HandoffState.OFFERED
    do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    do(store, record_failed, message_id=message.id, reason="no credit", now=LATER)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    with pytest.raises(Refused, match="that offer has ended"):
        do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)


def test_a_snoozed_case_wakes_with_the_offer(store: Store) -> None:
    case = a_stored_case(store)
    do(store, snooze, case_id=case.id, version=None, until=LATER + HOUR, user_id=SAM, now=NOW)
    offered(store, case, Venue.CHAT, sent=False)
    after = case_of(store, case.id)
    assert (after.state, after.snoozed_until) == (CaseState.WAITING, None)
