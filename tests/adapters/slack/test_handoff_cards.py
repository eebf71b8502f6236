"""Render hand-offs on the card: the venue, and whether the person there is verified."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId
from adapters.slack.cards import render_card
from adapters.slack.ephemerals import render_notification
from adapters.slack.message_content import Content
from adapters.slack.modals.private_reply import render_private_reply
from domain.cases.case import CaseState
from domain.cases.files import File
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.handoffs.handoff import HandoffState, Proof
from domain.intake.posts import Author, ReplyBlock
from domain.records.audit import SYSTEM, Action
from domain.venues import Venue
from tests.adapters.slack.inspection import action_ids, check_message, labels, said
from tests.adapters.slack.samples import (
    NOW,
    OURS,
    TEAM_URL,
    case,
    handoff,
    moved,
    post,
    private_reply_form,
    reply,
    view,
    written,
)

PEOPLE = frozenset({"U0SAM", "U0MIA"})
MAILER = Author(id="ana@example.org", handle="ana@example.org", name="Ana Ruiz")


def draw(shown: CaseView) -> Content:
    card = render_card(shown, ours=OURS)
    check_message(card, people=PEOPLE)
    return card


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (HandoffState.OFFERED, "*Offered DM <!date^1795269960^{date_short_pretty} at {time}|"),
        (HandoffState.EXPIRED, "*The offer of a DM expired <!date^1795356360^{date_short_pretty} at {time}|"),
        (HandoffState.RETURNED, "*Back to public <!date^1795356360^{date_short_pretty} at {time}|"),
    ],
)
def test_the_card_shows_the_state_of_the_handoff(state: HandoffState, words: str) -> None:
    card = draw(view(handoff=handoff(state)))
    assert words in said(card)
    assert ActionId.CASE_VERIFY not in action_ids(card)
    assert labels(card)[:3] == ["Claim", "Answer…", "Move to…"]


def test_an_offer_says_by_whom_and_until_when() -> None:
    shown = said(draw(view(handoff=handoff(HandoffState.OFFERED))))
    assert (
        "by <@U0SAM> · not taken up yet · expires <!date^1795356360^{date_short_pretty} at {time}|" in shown
    )


def test_an_offer_names_nobody_and_no_time_below_the_message_that_made_it() -> None:
    offer, sent = handoff(HandoffState.OFFERED), reply(Delivery.SENT)
    assert offer.message_id == sent.id
    below = said(draw(view(handoff=offer, latest_reply=sent)))
    assert "→ *Offered DM* · not taken up yet · expires" in below
    assert below.count("<@U0SAM>") == 1
    later = said(draw(view(handoff=replace(offer, message_id=999), latest_reply=sent)))
    assert "*Offered DM <!date^" in later


@pytest.mark.parametrize(
    ("venue", "address", "line"),
    [
        (Venue.EMAIL, "ana@example.org", "→ E-mail: *nothing gets through* to ana@example.org since <!date^"),
        (Venue.DM, "501", "→ DM: *nothing gets through* to them since <!date^"),
    ],
)
def test_where_nothing_gets_through_the_card_says_so_and_not_that_they_arrived(
    venue: Venue, address: str, line: str
) -> None:
    unreachable = handoff(venue=venue, address=address, unreachable_at=NOW)
    failed = reply(Delivery.FAILED, venue=venue, handoff_id=unreachable.id, error="the mail came back")
    card = draw(moved(handoff=unreachable, latest_reply=failed))
    assert line in said(card)
    assert "arrived" not in said(card)
    assert "erified" not in said(card).split("→")[1]
    assert ActionId.CASE_VERIFY not in action_ids(card)
    assert "Offer another way…" in labels(card)


@pytest.mark.parametrize("state", [HandoffState.OFFERED, HandoffState.EXPIRED])
def test_as_long_as_no_direct_message_comes_the_card_says_what_is_not_read(state: HandoffState) -> None:
    assert "X Chat is not read here: look on X" in said(draw(view(handoff=handoff(state))))
    assert "X Chat" not in said(draw(view(handoff=handoff(state, venue=Venue.EMAIL))))


def test_whoever_came_by_direct_message_needs_no_such_word() -> None:
    assert "X Chat" not in said(draw(view(handoff=handoff())))
    offered = handoff(HandoffState.OFFERED, id=9)
    assert "X Chat" in said(draw(view(handoff=handoff(venue=Venue.CHAT), offered=offered)))


def test_where_we_wrote_first_the_card_waits_for_an_answer() -> None:
    there = handoff(venue=Venue.EMAIL, address="ana@example.org", message_id=34, proof=None)
    first = reply(Delivery.SENT, id=34, venue=Venue.EMAIL, url=None, handoff_id=there.id)
    shown = said(draw(view(handoff=there, messages=[post(), first], latest_reply=first)))
    assert "*E-mail: written to ana@example.org" in shown
    assert "nobody has answered from there yet" in shown
    answer = written(Venue.EMAIL, id=35, handoff_id=there.id)
    shown = said(draw(view(handoff=there, messages=[post(), first, answer], latest_reply=first)))
    assert "*E-mail: arrived" in shown
    assert "ana@example.org" in shown


def test_an_unverified_message_is_not_shown_as_the_customers() -> None:
    chat = handoff(venue=Venue.CHAT, proof=None)
    shown = said(draw(view(handoff=chat, messages=[post(), written(Venue.CHAT)])))
    assert "Somebody who is not verified wrote in live chat:" in shown
    known = replace(chat, proof=Proof.CODE)
    assert "not verified" not in said(draw(view(handoff=known, messages=[post(), written(Venue.CHAT)])))


def test_an_opted_out_customer_cannot_be_answered_by_direct_message() -> None:
    shown = draw(view(handoff=handoff(), opted_out=True))
    assert "🔕 They asked for no direct messages from us" in said(shown)
    assert "Answer…" not in labels(shown)
    assert "Answer…" in labels(draw(view(opted_out=True)))


def test_a_replaced_offer_is_not_shown() -> None:
    assert "DM" not in said(draw(view(handoff=handoff(HandoffState.REPLACED))))


def test_an_unverified_arrival_warns_and_offers_to_verify() -> None:
    card = draw(moved())
    assert (
        "*DM: arrived <!date^1795270200^{date_short_pretty} at {time}|2026-11-21 14:10 UTC>* · ⚠️ *Unverified:* say nothing"
        in said(card)
    )
    assert "Verify…" in labels(card)


def test_the_first_who_opened_a_link_is_not_taken_for_the_customer() -> None:
    there = handoff(venue=Venue.CHAT, proof=None)
    assert "*Unverified:* it is whoever opened the link first" in said(draw(moved(handoff=there)))
    theirs = replace(there, proof=Proof.SAME_ACCOUNT)
    assert "they came by a link that was sent to the account that posted" in said(draw(moved(handoff=theirs)))


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (Proof.SAME_ACCOUNT, "✓ *Verified:* they write from the account that posted"),
        (Proof.CODE, "✓ *Verified:* they sent our code from the account that posted"),
        (Proof.AGENT, "✓ *Verified:* <@U0MIA> says so: “knew the order”"),
    ],
)
def test_a_verified_arrival_says_how_and_by_whom(proof: Proof, words: str) -> None:
    known = handoff(proof=proof, verified_by="U0MIA", verified_reason="knew the order")
    card = draw(moved(handoff=known))
    assert words in said(card)
    assert "Verify…" not in labels(card)


def test_the_newest_message_is_shown_with_its_venue() -> None:
    shown = said(draw(moved()))
    assert "Order 4711" in shown
    assert " by DM, reply due {ago}\n" in shown
    assert "View on X" not in shown


def test_a_private_conversation_can_be_answered_though_its_post_cannot() -> None:
    blocked = moved(case=case(claimed_by="U0SAM", reply_block=ReplyBlock.RESTRICTED))
    card = draw(blocked)
    assert "No reply can be sent" not in said(card)
    assert "Answer…" in labels(card)
    assert "Open on X" not in labels(card)


# --- cases that began by mail -----------------------------------------------------------------


def mail_case(**changes: Any) -> CaseView:  # noqa: ANN401 - any field of a view
    opened = case(network="email", author=MAILER, reply_block=ReplyBlock.NO_POST, claimed_by="U0SAM")
    there = handoff(venue=Venue.EMAIL, offered_by=SYSTEM, address=MAILER.id)
    made = view(case=opened, messages=[written(Venue.EMAIL)], contacts=1, handoff=there)
    return replace(made, **changes)


def test_the_card_of_a_mail_shows_no_handle_followers_or_post() -> None:
    card = draw(mail_case())
    shown = said(card)
    assert " · Ana Ruiz ana@example.org · " in shown
    assert " by e-mail, reply due {ago}\n" in shown
    for foreign in ("@ana@", "follower", "View on", "No reply can be sent"):
        assert foreign not in shown
    assert "Answer…" in labels(card)


def test_a_mail_case_without_a_current_handoff_says_how_to_go_on() -> None:
    shown = said(draw(mail_case(handoff=handoff(HandoffState.EXPIRED, venue=Venue.CHAT))))
    assert "Press Move to… to say where to write to them." in shown
    assert "by hand" not in shown


def test_a_closed_case_names_the_venue() -> None:
    closed = mail_case(case=case(network="email", author=MAILER, state=CaseState.RESOLVED, closed_by="U0SAM"))
    card = draw(closed)
    assert " · Ana Ruiz · E-mail" in said(card)
    assert "Order 4711" in card["text"]


# --- private replies --------------------------------------------------------------------------


def row(card: Content) -> list[str]:
    """Return the labels of the card's last block, its row of buttons."""
    return labels({"blocks": card["blocks"][-1:]})


def privately(delivery: Delivery, venue: Venue = Venue.DM) -> CaseView:
    ours = reply(delivery, id=34, venue=venue, url=None)
    return moved(messages=[post(), written(), ours], latest_reply=ours)


def test_a_failed_private_answer_can_be_retried_and_links_no_post() -> None:
    card = draw(privately(Delivery.FAILED))
    assert "Our reply by DM" in said(card)
    assert "⚠️ *Not sent:* X says no" in said(card)
    assert row(card)[:2] == ["Try again", "Edit"]
    assert not any("url" in str(block) for block in card["blocks"] if block["type"] == "actions")


def test_an_unreachable_customer_is_offered_another_venue_first() -> None:
    view = privately(Delivery.FAILED)
    assert view.latest_reply is not None
    assert view.handoff is not None
    shut = replace(view.handoff, unreachable_at=NOW)
    card = draw(replace(view, handoff=shut, latest_reply=replace(view.latest_reply, handoff_id=shut.id)))
    assert row(card)[:3] == ["Offer another way…", "Try again", "Edit"]
    assert "Move to…" not in row(card)  # it is the same action, which a row may have once
    elsewhere = draw(
        replace(view, handoff=shut, latest_reply=replace(view.latest_reply, handoff_id=shut.id + 1))
    )
    assert row(elsewhere)[:2] == ["Try again", "Edit"]
    assert "Move to…" in row(elsewhere)


@pytest.mark.parametrize(
    ("venue", "where"), [(Venue.DM, "look in our direct messages"), (Venue.EMAIL, "sent mail")]
)
def test_an_unsure_private_answer_says_where_to_look(venue: Venue, where: str) -> None:
    card = draw(privately(Delivery.UNSURE, venue))
    assert where in said(card)
    assert "look on X" not in said(card)
    assert {ActionId.REPLY_WAS_SENT, ActionId.REPLY_WAS_NOT_SENT} <= action_ids(card)


@pytest.mark.parametrize(
    "action",
    [
        Action.CUSTOMER_WROTE,
        Action.ARRIVED,
        Action.VERIFIED,
        Action.OFFER_REMINDED,
        Action.OFFER_EXPIRED,
        Action.REPLY_FAILED,
    ],
)
def test_a_notification_links_the_thread_of_the_case(action: Action) -> None:
    told = render_notification(case(), action=action.value, actor=SYSTEM, to="U0SAM", team_url=TEAM_URL)
    check_message(told)
    assert action is not Action.CUSTOMER_WROTE or "private" not in told["text"], "it may be a post"
    link = "p1795269960000100?thread_ts=1795269960.000100&amp;cid=C0SUPPORT|Cannot pay, Ana Ruiz>"
    assert link in told["text"]
    assert "Switchboard has" not in told["text"]


def test_a_file_without_words_is_named_on_the_card_and_in_the_form() -> None:
    kept = File(
        id=1,
        case_id=12,
        message_id=33,
        name="<bill>.pdf",
        media_type="application/pdf",
        size=120_400,
        created_at=NOW,
    )
    sent = moved(messages=[post(), written(text="")], files={33: [kept]})
    form = render_private_reply(private_reply_form(view=sent))
    for shown in (said(draw(sent)), said(form)):
        assert "📎 <bill>.pdf · 120 KB" in shown
        assert "(no text)" not in shown


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://help.acme.com/chat#InRsdW1Zd051bVJRS2IwOHN6.jICUjddpaQP5", "https://help.acme.com/chat#…"),
        (
            "https://help.acme.com/address/9f86d081884c7d659a2feaa0.R2D2_-abc",
            "https://help.acme.com/address/…",
        ),
        ("https://acme.com/a#refunds", "https://acme.com/a#refunds"),
    ],
)
def test_the_token_of_a_link_is_the_customers_alone(link: str, shown: str) -> None:
    ours = reply(Delivery.SENT, text=f"Here: {link} Sam")
    answered = view(messages=[post(), ours], latest_reply=ours)
    card = said(draw(answered))
    form = said(render_private_reply(private_reply_form(view=answered)))
    assert f"Here: {shown} Sam" in card
    assert f"Here: {shown} Sam" in form
