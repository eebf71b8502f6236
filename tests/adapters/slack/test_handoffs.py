"""Render hand-offs: the card, the thread and the forms show the venue and whether the person is verified."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import modals
from adapters.slack.action_ids import ActionId, BadValue, BlockId, handoff_block, private_reply_block
from adapters.slack.cards import render_card
from adapters.slack.ephemerals import render_notification
from adapters.slack.message_content import Content, View
from adapters.slack.thread import render_thread
from domain.cases.case import CaseState
from domain.cases.files import File
from domain.cases.messages import Delivery, Message
from domain.cases.views import CaseView, ThreadView
from domain.handoffs.forms import HandoffForm, VenueChoice
from domain.handoffs.handoff import HandoffState, Proof
from domain.intake.posts import Author, ReplyBlock
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.forms import PrivateReplyForm
from domain.venues import Venue
from tests.adapters.slack.inspection import action_ids, check_message, check_view, labels, said
from tests.adapters.slack.samples import (
    NOW,
    OURS,
    TEAM_URL,
    case,
    handoff,
    handoff_form,
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
    card = render_card(shown, now=NOW, ours=OURS)
    check_message(card, people=PEOPLE)
    return card


# --- the card ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (HandoffState.OFFERED, "*Offered DM <!date^1795269960^{time}|"),
        (HandoffState.EXPIRED, "*The offer of a DM expired <!date^1795356360^{time}|"),
        (HandoffState.RETURNED, "*Back to public <!date^1795356360^{time}|"),
    ],
)
def test_the_card_says_where_the_move_stands(state: HandoffState, words: str) -> None:
    card = draw(view(handoff=handoff(state)))
    assert words in said(card)
    assert ActionId.CASE_VERIFY not in action_ids(card)
    assert labels(card)[:3] == ["Claim", "Answer…", "Move to…"]


def test_an_offer_says_by_whom_and_until_when() -> None:
    shown = said(draw(view(handoff=handoff(HandoffState.OFFERED))))
    assert (
        "by <@U0SAM> · not taken up yet · expires <!date^1795356360^{date_short_pretty} at {time}|" in shown
    )


def test_where_we_wrote_first_nobody_has_arrived_until_they_answer() -> None:
    there = handoff(venue=Venue.EMAIL, address="ana@example.org", message_id=34, proof=None)
    first = reply(Delivery.SENT, id=34, venue=Venue.EMAIL, url=None, handoff_id=there.id)
    shown = said(draw(view(handoff=there, messages=[post(), first], latest_reply=first)))
    assert "*E-mail: written to ana@example.org" in shown
    assert "nobody has answered from there yet" in shown
    answer = written(Venue.EMAIL, id=35, handoff_id=there.id)
    shown = said(draw(view(handoff=there, messages=[post(), first, answer], latest_reply=first)))
    assert "*E-mail: arrived" in shown
    assert "ana@example.org" in shown


def test_a_strangers_words_are_not_shown_as_the_customers() -> None:
    chat = handoff(venue=Venue.CHAT, proof=None)
    shown = said(draw(view(handoff=chat, messages=[post(), written(Venue.CHAT)])))
    assert "Somebody who is not verified wrote in live chat:" in shown
    known = replace(chat, proof=Proof.CODE)
    assert "not verified" not in said(draw(view(handoff=known, messages=[post(), written(Venue.CHAT)])))


def test_whoever_wants_no_messages_is_offered_none() -> None:
    shown = draw(view(handoff=handoff(), opted_out=True))
    assert "🔕 They asked for no direct messages from us" in said(shown)
    assert "Answer…" not in labels(shown)
    assert "Answer…" in labels(draw(view(opted_out=True)))


def test_a_replaced_offer_is_not_spoken_of() -> None:
    assert "DM" not in said(draw(view(handoff=handoff(HandoffState.REPLACED))))


def test_an_unverified_arrival_warns_and_offers_to_verify() -> None:
    card = draw(moved())
    assert (
        "*DM: arrived <!date^1795270200^{time}|2026-11-21 14:10 UTC>* · ⚠️ *Unverified:* say nothing"
        in said(card)
    )
    assert "Verify…" in labels(card)


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


def test_the_newest_words_are_shown_with_their_venue() -> None:
    shown = said(draw(moved()))
    assert "Order 4711" in shown
    assert "Direct message · <!date^1795270200^{time}|" in shown
    assert "because it mentions" not in shown


def test_a_private_conversation_can_be_answered_though_its_post_cannot() -> None:
    blocked = moved(case=case(claimed_by="U0SAM", reply_block=ReplyBlock.RESTRICTED))
    card = draw(blocked)
    assert "No reply can be sent" not in said(card)
    assert "Answer…" in labels(card)
    assert "Open on X" not in labels(card)


def mail_case(**changes: Any) -> CaseView:  # noqa: ANN401 - any field of a view
    opened = case(network="email", author=MAILER, reply_block=ReplyBlock.NO_POST, claimed_by="U0SAM")
    there = handoff(venue=Venue.EMAIL, offered_by=SYSTEM, address=MAILER.id)
    made = view(case=opened, messages=[written(Venue.EMAIL)], contacts=1, handoff=there)
    return replace(made, **changes)


def test_the_card_of_a_mail_speaks_of_no_handle_no_followers_and_no_post() -> None:
    card = draw(mail_case())
    shown = said(card)
    assert "Ana Ruiz  ana@example.org · writes in Spanish" in shown
    assert "E-mail · <!date^" in shown
    for foreign in ("@ana@", "follower", "View on", "No reply can be sent", "because it"):
        assert foreign not in shown
    assert "Answer…" in labels(card)


def test_where_nobody_is_in_private_any_more_a_mail_case_says_how_to_go_on() -> None:
    shown = said(draw(mail_case(handoff=handoff(HandoffState.EXPIRED, venue=Venue.CHAT))))
    assert "Press Move to… to say where to write to them." in shown
    assert "by hand" not in shown


def test_a_closed_case_names_the_venue() -> None:
    closed = mail_case(case=case(network="email", author=MAILER, state=CaseState.RESOLVED, closed_by="U0SAM"))
    assert "“Order 4711” · E-mail" in said(draw(closed))


def privately(delivery: Delivery, venue: Venue = Venue.DM) -> CaseView:
    ours = reply(delivery, id=34, venue=venue, url=None)
    return moved(messages=[post(), written(), ours], latest_reply=ours)


def test_a_private_answer_that_failed_can_go_again_and_leads_to_no_post() -> None:
    card = draw(privately(Delivery.FAILED))
    assert "Our reply by DM" in said(card)
    assert "⚠️ *Not sent:* X says no" in said(card)
    assert labels(card)[:2] == ["Try again", "Edit"]
    assert not any("url" in str(block) for block in card["blocks"] if block["type"] == "actions")


def test_where_they_cannot_be_written_to_another_way_is_offered_first() -> None:
    view = privately(Delivery.FAILED)
    assert view.latest_reply is not None
    assert view.handoff is not None
    shut = replace(view.handoff, unreachable_at=NOW)
    card = draw(replace(view, handoff=shut, latest_reply=replace(view.latest_reply, handoff_id=shut.id)))
    assert labels(card)[:3] == ["Offer another way…", "Try again", "Edit"]
    elsewhere = draw(
        replace(view, handoff=shut, latest_reply=replace(view.latest_reply, handoff_id=shut.id + 1))
    )
    assert labels(elsewhere)[:2] == ["Try again", "Edit"]


@pytest.mark.parametrize(
    ("venue", "where"), [(Venue.DM, "look in our direct messages"), (Venue.EMAIL, "sent mail")]
)
def test_a_private_answer_in_doubt_says_where_to_look(venue: Venue, where: str) -> None:
    card = draw(privately(Delivery.UNSURE, venue))
    assert where in said(card)
    assert "look on X" not in said(card)
    assert {ActionId.REPLY_WAS_SENT, ActionId.REPLY_WAS_NOT_SENT} <= action_ids(card)


# --- the thread -------------------------------------------------------------------------------


def thread(entry: Entry, *messages: Message, **changes: Any) -> str:  # noqa: ANN401 - any field of a view
    shown = ThreadView(case=case(), entries=[entry], messages={one.id: one for one in messages})
    part = render_thread(replace(shown, **changes), ours=OURS)
    if part.content is None:
        return ""
    check_message(part.content, people=PEOPLE)
    return said(part.content) + " ".join(labels(part.content))


def entry(action: Action, message_id: int | None = None, actor: str = SYSTEM, **detail: object) -> Entry:
    return Entry(
        at=NOW, actor=actor, action=action, case_id=12, version=7, message_id=message_id, detail=detail, id=1
    )


def test_the_thread_says_where_it_was_written_and_by_whom() -> None:
    mail = written(
        Venue.EMAIL, author_name="A. Ruiz", subject="My order", handoff_id=5, sender_authenticated=True
    )
    told = thread(entry(Action.CUSTOMER_WROTE, 33), mail, handoff=handoff(venue=Venue.EMAIL))
    assert "A. Ruiz  ana@example.org · E-mail · unverified · {time}\nMy order\n" in told


def test_the_public_authors_own_account_is_verified_whatever_became_of_the_move() -> None:
    told = thread(entry(Action.CUSTOMER_WROTE, 33), written(author_id="501", sender_authenticated=True))
    assert "Ana Ruiz  @anaruiz · Direct message · verified · {time}" in told


@pytest.mark.parametrize(
    ("written_by", "known"),
    [
        ({"sender_authenticated": True}, "verified"),
        ({}, "not proven to come from this address"),
        ({"author_id": "eve@evil.example"}, "another address: do not trust"),
        ({"handoff_id": 4, "author_id": "eve@evil.example"}, "not proven to come from this address"),
        ({"handoff_id": 4, "sender_authenticated": True}, ""),
    ],
)
def test_a_mail_is_verified_by_what_came_with_it_not_by_its_hand_off(
    written_by: dict[str, Any], known: str
) -> None:
    there = handoff(venue=Venue.EMAIL, address="ana@example.org", proof=Proof.CODE)
    mail = written(Venue.EMAIL, **{"author_name": "Ana", "handoff_id": 5} | written_by)
    told = thread(entry(Action.CUSTOMER_WROTE, 33), mail, handoff=there)
    assert f"Ana  {mail.author_id} · E-mail{known and f' · {known}'} · {{time}}\n" in told


def test_a_mail_to_a_case_that_began_by_mail_is_not_verified_by_its_sender() -> None:
    began = case(author=Author(id="ana@example.org", handle="ana@example.org", name="Ana"))
    told = thread(entry(Action.CUSTOMER_WROTE, 33), written(Venue.EMAIL), case=began)
    assert "E-mail · not proven to come from this address ·" in told


def test_a_chats_visitor_is_verified_with_the_chat() -> None:
    there = handoff(venue=Venue.CHAT, proof=Proof.CODE)
    line = written(Venue.CHAT, handoff_id=5, sender_authenticated=True)
    assert "Live chat · verified" in thread(entry(Action.CUSTOMER_WROTE, 33), line, handoff=there)
    assert "Live chat · unverified" in thread(
        entry(Action.CUSTOMER_WROTE, 33), line, handoff=replace(there, proof=None)
    )


def test_files_are_named_and_refused_ones_with_the_reason() -> None:
    kept = File(
        id=1,
        case_id=12,
        message_id=33,
        name="bill.pdf",
        media_type="application/pdf",
        size=120_400,
        created_at=NOW,
    )
    wrote = entry(Action.CUSTOMER_WROTE, 33, refused=[{"name": "setup.exe", "why": "it is a program"}])
    told = thread(wrote, written(), files={33: [kept]})
    assert "📎 bill.pdf · 120 KB" in told
    assert "🚫 setup.exe was not taken: it is a program" in told


def test_a_mail_of_which_a_part_is_shown_offers_the_rest() -> None:
    assert "Show original" in thread(
        entry(Action.CUSTOMER_WROTE, 33), written(Venue.EMAIL, original="Order 4711\n\n> earlier")
    )
    assert "Show original" not in thread(
        entry(Action.CUSTOMER_WROTE, 33), written(Venue.EMAIL, original="Order 4711\n")
    )


def test_what_an_agent_wrote_in_this_thread_is_not_told_again() -> None:
    ours = reply(Delivery.SENT, venue=Venue.DM, url=None)
    sent = entry(Action.REPLY_SENT, 32)
    assert "✓ <@U0SAM> answered by DM · {time}" in thread(sent, ours)
    assert thread(sent, replace(ours, thread_ts="1795269961.000200")) == ""
    # The event's thread was deleted with the former card; this thread must show it.
    assert "answered by DM" in thread(sent, replace(ours, thread_ts="1795269959.000200"))
    there = replace(ours, thread_ts="1795269961.000200", thread_channel="C0SUPPORT")
    assert thread(sent, there) == ""
    # Shown in the thread of a card that has moved here since.
    assert "answered by DM" in thread(sent, replace(there, thread_channel="C0OLD"))


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (entry(Action.OFFERED, actor="U0SAM", venue="chat"), "<@U0SAM> offered live chat"),
        (entry(Action.OFFER_REMINDED, venue="dm"), "The offer of a DM is not taken up yet"),
        (entry(Action.OFFER_EXPIRED, venue="email"), "The offer of e-mail expired: nobody came"),
        (entry(Action.ARRIVED, venue="chat", proof=None), "The customer came to the live chat · unverified"),
        (entry(Action.ARRIVED, venue="dm", proof="same_account"), "to a direct message · verified"),
        (entry(Action.ARRIVED, venue="email", proof=None), "The customer came to e-mail · unverified"),
        (entry(Action.VERIFIED, proof="code"), "they sent our code from the account that posted"),
        (
            entry(Action.VERIFIED, actor="U0MIA", proof="agent", reason="<b>"),
            "Verified by <@U0MIA>: “&lt;b&gt;”",
        ),
        (entry(Action.RETURNED, actor="U0SAM"), "Back to public by <@U0SAM>"),
        (entry(Action.OPTED_OUT, said="stop"), "They asked not to be written to in private: “stop”"),
        (entry(Action.RATED, solved=True, comment="quick!"), "They say that it was solved: “quick!”"),
        (entry(Action.RATED, solved=False), "They say that it was not solved"),
    ],
)
def test_what_happens_to_a_move_is_a_quiet_line(one: Entry, words: str) -> None:
    assert words in thread(one)


# --- the forms --------------------------------------------------------------------------------


def form(shown: HandoffForm) -> View:
    drawn = modals.render_handoff(shown, ours=OURS)
    check_view(drawn, people=PEOPLE)
    return drawn


def blocks(drawn: View) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in drawn["blocks"] if "block_id" in block}


def test_the_form_offers_what_is_possible_and_says_of_the_rest_why_not() -> None:
    drawn = form(handoff_form())
    radio = blocks(drawn)[BlockId.HANDOFF_VENUE]["element"]
    assert [option["value"] for option in radio["options"]] == ["dm", "email"]
    assert radio["initial_option"]["value"] == "dm"
    assert "*Live chat* is not possible: PUBLIC_URL is not set" in said(drawn)


def test_the_public_line_is_counted_and_priced_and_what_follows_is_said() -> None:
    drawn = form(handoff_form())
    assert blocks(drawn)[handoff_block(0)]["dispatch_action"] is True
    assert "*47 / 280* · public on X, as @acme, in reply to @anaruiz · X charges $0.20 for it" in said(drawn)
    assert "The text is posted. The card says that it was offered" in said(drawn)
    assert "The link opens a private message to @acme on X." in said(drawn)
    assert drawn["submit"]["text"] == "Post"


def test_a_line_that_goes_out_in_private_is_no_public_one() -> None:
    drawn = form(handoff_form(via=Venue.DM, chosen=Venue.CHAT, cost=None))
    assert "What we say by DM" in str(drawn)
    assert "· private, by DM" in said(drawn)
    assert "charges" not in said(drawn)
    assert drawn["submit"]["text"] == "Send"


def test_mail_asks_for_an_address_that_may_be_left_out() -> None:
    asked = blocks(form(handoff_form(chosen=Venue.EMAIL)))[BlockId.HANDOFF_ADDRESS]
    assert asked["optional"] is True
    typed = form(handoff_form(chosen=Venue.EMAIL, via=Venue.EMAIL, address="ana@example.org"))
    assert blocks(typed)[BlockId.HANDOFF_ADDRESS]["element"]["initial_value"] == "ana@example.org"
    assert "The text goes to them by e-mail, and nothing is posted." in said(typed)


def test_the_way_back_asks_for_no_text() -> None:
    back = handoff_form(view=moved(), chosen=Venue.PUBLIC, text="", choices=[VenueChoice(venue=Venue.PUBLIC)])
    drawn = form(back)
    assert handoff_block(0) not in blocks(drawn)
    assert drawn["submit"]["text"] == "Back to public"
    assert "Back to public" in labels(drawn)
    assert "⚠️ *Unverified:*" in said(drawn)


def test_an_offer_that_nobody_took_up_can_be_withdrawn() -> None:
    waiting = handoff_form(
        view=view(handoff=handoff(HandoffState.OFFERED)),
        choices=[VenueChoice(venue=Venue.PUBLIC)],
        chosen=Venue.PUBLIC,
    )
    assert "Stay in public: withdraw the offer" in labels(form(waiting))


def test_where_nothing_is_possible_the_form_can_only_be_closed() -> None:
    assert "submit" not in form(handoff_form(choices=[VenueChoice(venue=Venue.DM, unavailable_reason="No.")]))


def test_the_form_remembers_what_it_was_drawn_for() -> None:
    remembered = modals.parse_metadata(
        modals.form_metadata(handoff_form(chosen=Venue.CHAT, via=Venue.DM, revision=3))
    )
    assert (remembered.venue, remembered.via, remembered.nonce) == (Venue.CHAT, Venue.DM, "abc")
    assert (remembered.case_id, remembered.version, remembered.revision) == (12, 7, 3)
    assert modals.parse_metadata(modals.form_metadata(private_reply_form())).handoff == 5


@pytest.mark.parametrize(
    "forged", ['"venue":"moon"', '"via":7', '"nonce":["x"]', '"handoff":-1', '"handoff":"5"', '"venue":null']
)
def test_forged_memories_are_refused(forged: str) -> None:
    known = '"case":1,"version":1,"seen":1,"revision":0,"confirmed":[],'
    with pytest.raises(BadValue):
        modals.parse_metadata("{" + known + forged + "}")


def private(shown: PrivateReplyForm) -> View:
    drawn = modals.render_private_reply(shown)
    check_view(drawn, people=PEOPLE)
    return drawn


def test_the_private_form_says_to_whom_where_and_whether_they_are_known() -> None:
    drawn = private(private_reply_form())
    assert drawn["title"]["text"] == "Answer by DM"
    beside = "*To Ana Ruiz* · DM\n⚠️ *Unverified:* say nothing that only the customer may knowYour answer"
    assert beside in said(drawn).replace("public\n", "public")
    assert "Order 4711" in said(drawn)
    assert "Private, by DM · at most 3,000 characters" in said(drawn)
    assert blocks(drawn)[private_reply_block(0)]["element"]["max_length"] == 3000
    known = handoff(proof=Proof.SAME_ACCOUNT)
    assert "✓ *Verified:*" in said(private(private_reply_form(handoff=known)))


def test_the_private_form_shows_new_messages_and_asks_again() -> None:
    drawn = private(private_reply_form(new_messages=[written(id=40, text="Still there?")]))
    assert "Ana Ruiz wrote again while you were writing" in said(drawn)
    assert drawn["submit"]["text"] == "Send anyway"


def test_a_mail_as_it_came_is_shown_in_parts_that_slack_takes() -> None:
    mail = written(Venue.EMAIL, original="a" * 7000, subject="Re: order")
    drawn = modals.render_original(case(), mail)
    check_view(drawn)
    assert said(drawn).count("a") >= 7000
    assert "Re: order" in said(drawn)
    assert "submit" not in drawn


# --- notifications ----------------------------------------------------------------------------


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
def test_whoever_holds_the_case_is_told_with_a_link_to_its_thread(action: Action) -> None:
    told = render_notification(case(), action=action.value, actor=SYSTEM, to="U0SAM", team_url=TEAM_URL)
    check_message(told)
    link = "p1795269960000100?thread_ts=1795269960.000100&amp;cid=C0SUPPORT|Cannot pay, Ana Ruiz>"
    assert link in told["text"]
    assert "Switchboard has" not in told["text"]


def test_who_came_by_mail_is_not_verified_by_having_come() -> None:
    assert "verified" not in thread(entry(Action.ARRIVED, venue="email", proof="code"))
