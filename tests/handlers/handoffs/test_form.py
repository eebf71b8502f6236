"""Open the form of a move, and return it with what prevents the offer."""

import re
from dataclasses import replace
from typing import Any

import pytest

from domain.cases.case import Case
from domain.cases.messages import Delivery
from domain.cases.preconditions import PublicReplyBlocked, ReplyUnsettled
from domain.errors import AlreadyClosed
from domain.handoffs.forms import HandoffForm, NoVenueAvailable, VenueUnavailable
from domain.handoffs.handoff import HandoffState
from domain.handoffs.offer_message import OfferFault, OfferViolation
from domain.handoffs.venue_choice import CannotBeOffered, NotSetUp, Obstacle
from domain.intake.posts import ReplyBlock
from domain.networks import Connected, Networks
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement, RuleViolation, Where
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.cases.resolution import resolve
from handlers.handoffs.arrival import record_arrival as handle_arrival
from handlers.handoffs.arrival import return_to_public
from handlers.handoffs.form import HandoffAccepted
from handlers.replies.results import record_unsure
from storage.engine import Store
from tests.domain.made import RULES
from tests.handlers.handoffs.made import (
    LATER,
    a_submission,
    choices,
    form,
    handoff_of,
    handoff_venues,
    handoffs,
    in_private,
    incoming_message,
    ingest_message,
    link_of,
    offered,
    submit,
)
from tests.handlers.made import (
    ACME,
    ANA,
    MIA,
    NOW,
    PROFILE,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    cases,
    do,
    messages,
    networks,
    queued,
    trail,
)


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
    assert (link_of(shown) in shown.text, shown.assigned_to) == (True, None)
    assert form(store, case, chosen=Venue.CHAT, nonce="mine").text.endswith("#mine")


def test_an_unconfigured_venue_says_so_and_without_any_the_form_is_refused(store: Store) -> None:
    case = a_stored_case(store)
    only = handoff_venues(links={}, unavailable_reasons={Venue.CHAT: "It needs PUBLIC_URL."})
    assert choices(store, case, venues=only) == {
        "dm": None,
        "email": NotSetUp("It is not set up."),
        "chat": NotSetUp("It needs PUBLIC_URL."),
    }
    assert form(store, case, venues=only, chosen=Venue.CHAT).chosen is Venue.DM
    with pytest.raises(NoVenueAvailable) as refused:
        form(store, case, venues=replace(only, networks=networks(direct=None)))
    missing = {one.venue: one.unavailable_reason for one in refused.value.choices}
    assert missing[Venue.CHAT] == NotSetUp("It needs PUBLIC_URL.")


def test_an_unverified_chat_can_be_offered_again(store: Store) -> None:
    case, there = in_private(store, venue=Venue.CHAT)
    shown = form(store, case, chosen=Venue.CHAT)
    assert (shown.chosen, shown.via, link_of(shown) in shown.text) == (Venue.CHAT, Venue.PUBLIC, True)
    again = offered(store, case, Venue.CHAT)
    assert (handoff_of(store, there.id).state, again.state) == (HandoffState.ARRIVED, HandoffState.OFFERED)
    do(store, handle_arrival, again.id, now=LATER)
    assert handoff_of(store, there.id).state is HandoffState.REPLACED


def test_an_opted_out_customer_is_offered_no_direct_message_and_no_offer_there(store: Store) -> None:
    case, _ = in_private(store, venue=Venue.DM)
    opt_out(store)
    assert choices(store, case)["dm"] == Obstacle.ALREADY_THERE
    assert form(store, case, chosen=Venue.CHAT).via is Venue.PUBLIC
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    assert choices(store, case)["dm"] == Obstacle.OPTED_OUT
    with pytest.raises(VenueUnavailable) as refused:
        submit(store, replace(a_submission(store, case, Venue.CHAT), venue=Venue.DM))
    assert (refused.value.venue, refused.value.reason) == (
        Venue.DM,
        Obstacle.OPTED_OUT,
    )


def test_a_post_that_cannot_be_answered_leaves_mail_to_a_known_address(store: Store) -> None:
    arrive(store, a_post(reply_block=ReplyBlock.RESTRICTED))
    [case] = cases(store)
    why = CannotBeOffered(ReplyBlock.RESTRICTED)
    assert choices(store, case) == {"dm": why, "email": None, "chat": why}
    with pytest.raises(PublicReplyBlocked) as refused:
        submit(store, a_submission(store, case, Venue.EMAIL))
    assert refused.value.block is ReplyBlock.RESTRICTED
    assert offered(store, case, Venue.EMAIL, address="ana@example.com").state is HandoffState.ARRIVED


# --- refused offers ---------------------------------------------------------------------------


def test_an_invalid_address_is_refused(store: Store) -> None:
    back = stopped(store, a_stored_case(store), Venue.EMAIL, address="ana@example")
    assert back.violations == [OfferViolation(fault=OfferFault.NO_ADDRESS)]


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


@pytest.mark.parametrize("where", [Where.PUBLIC, Where.EVERYWHERE])
def test_an_offer_in_private_is_checked_by_the_rules_that_hold_there(store: Store, where: Where) -> None:
    case, _ = in_private(store, venue=Venue.EMAIL)
    rule = Rule(name="promises_money", reason="It promises money.", hard=False, where=where)
    rules = RulesOfEngagement(version="7", rules=[rule])
    text = f"We will refund you. {form(store, case, chosen=Venue.CHAT, nonce='n').text}"
    attempt = a_submission(store, case, Venue.CHAT, text=text, nonce="n")
    assert attempt.via is Venue.EMAIL
    result = submit(store, attempt, rules=rules)
    if where is Where.EVERYWHERE:
        assert isinstance(result, HandoffForm)
        assert [finding.rule for finding in result.violations] == ["promises_money"]
        result = submit(store, replace(attempt, confirmed=frozenset({"promises_money"})), rules=rules)
        assert trail(store, case.id)[-1].detail["confirmed"] == ["promises_money"]
    assert isinstance(result, HandoffAccepted)


def test_an_offer_may_ask_for_data_because_it_moves(store: Store) -> None:
    case = a_stored_case(store)
    text = f"Tell us your order number there: {link_of(form(store, case, chosen=Venue.EMAIL, nonce='n'))}"
    attempt = a_submission(store, case, Venue.EMAIL, text=text, nonce="n")
    assert isinstance(submit(store, attempt, rules=RULES), HandoffAccepted)


def test_the_form_comes_back_where_the_customer_wrote_again(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    ingest_message(store, incoming_message("never mind"))
    back = submit(store, submission)
    assert isinstance(back, HandoffForm)
    assert [message.text for message in back.new_messages] == ["never mind"]
    assert (back.nonce, back.text) == (submission.nonce, submission.text)


def test_an_offer_written_for_private_is_not_posted_without_confirmation(store: Store) -> None:
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


def test_a_line_that_another_replaces_is_not_complained_of(store: Store) -> None:
    case = a_stored_case(store)
    profile = replace(PROFILE, links=lambda text: re.findall(r"https://\S+", text))
    nobody: Any = None
    connected = Connected(profile=profile, client=nobody, account=ACME, query="acme", direct=None)
    more: dict[str, Any] = {
        "rules": RulesOfEngagement(
            version="7", rules=[Rule(name="unknown_link", reason="?", hard=False, where=Where.EVERYWHERE)]
        ),
        "networks": Networks({profile.name: connected}),
    }
    for address, left in (("ana@example.com", []), ("nobody", [OfferFault.NO_ADDRESS])):
        by_page = replace(a_submission(store, case, Venue.EMAIL), address=address)
        back = submit(store, by_page, **more)
        assert isinstance(back, HandoffForm)
        assert (back.via, back.via_changed) == (Venue.EMAIL, True)
        assert back.text != by_page.text
        assert [violation_of(one) for one in back.violations] == left
    edited = replace(by_page, address="ana@example.com", text=f"See https://evil.example {by_page.text}")
    back = submit(store, edited, **more)
    assert isinstance(back, HandoffForm)
    assert (back.text, [violation_of(one) for one in back.violations]) == (edited.text, ["unknown_link"])


def violation_of(violation: RuleViolation | OfferViolation) -> object:
    return violation.fault if isinstance(violation, OfferViolation) else violation.rule


def test_an_offer_is_refused_while_an_answer_is_queued_or_unsure(store: Store) -> None:
    case = a_stored_case(store)
    offered(store, case, Venue.CHAT, sent=False)
    with pytest.raises(ReplyUnsettled) as queued_before:
        submit(store, a_submission(store, case, Venue.DM))
    assert queued_before.value.delivery is Delivery.QUEUED
    do(store, record_unsure, message_id=messages(store, case.id)[-1].id, reason="?", now=LATER)
    with pytest.raises(ReplyUnsettled) as unsure_before:
        submit(store, a_submission(store, case, Venue.DM))
    assert unsure_before.value.delivery is Delivery.UNSURE


def test_an_offer_is_refused_in_a_closed_case_or_in_somebody_elses(store: Store) -> None:
    case = a_stored_case(store)
    submission = a_submission(store, case, Venue.CHAT)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    refused = submit(store, submission)
    assert isinstance(refused, HandoffForm)
    assert (refused.assigned_to, refused.text) == (MIA, submission.text)
    assert form(store, case).assigned_to == MIA
    do(store, resolve, case_id=case.id, version=None, user_id=MIA, now=NOW)
    with pytest.raises(AlreadyClosed):
        submit(store, submission)
    with pytest.raises(AlreadyClosed):
        form(store, case)


def test_public_cannot_be_offered(store: Store) -> None:
    case, _ = in_private(store)
    with pytest.raises(VenueUnavailable) as refused:
        submit(store, replace(a_submission(store, case, Venue.CHAT), venue=Venue.PUBLIC))
    assert (refused.value.venue, refused.value.reason) == (Venue.PUBLIC, None)
