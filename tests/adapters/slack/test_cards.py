"""Render the card: its texts, and the actions possible now."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.slack.action_ids import ActionId, CardValue, OverflowChoice, parse_overflow, parse_value
from adapters.slack.cards import render_card
from adapters.slack.message_content import Content, digest
from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.intake.posts import Author, MatchReason, ReplyBlock
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.drawn_cards import draw, lines, primary
from tests.adapters.slack.inspection import action_ids, labels, said
from tests.adapters.slack.samples import (
    ANA,
    NOW,
    OURS,
    answered,
    case,
    in_doubt,
    post,
    reply,
    thanked,
    view,
)

MENU = ["Details…", "Not a request", "Snooze…", "Assign to…", "Resolve"]


def test_no_line_break_parts_the_words_of_the_link_to_a_post() -> None:
    done = case(state=CaseState.RESOLVED, closed_by="U0SAM", closed_at=NOW, waiting_since=None)
    for shown in (view(), view(case=done), answered(Delivery.SENT, state=CaseState.WAITING)):
        text = json.dumps(draw(shown)["blocks"], ensure_ascii=False)
        assert "View\N{NO-BREAK SPACE}on\N{NO-BREAK SPACE}X" in text
        assert "View on X" not in text


def test_a_new_card_tells_how_bad_about_what_who_how_long_and_until_when() -> None:
    assert lines(view()) == [
        "🔴 Cannot pay · Ana Ruiz @anaruiz · {ago}, reply due {ago} · View on X",
        "Third time the app eats my payment and shows an error. @acme are you even awake??",
        "💬 Hola Ana, sentimos el problema con el pago … · Payment errors · 44/280",
        "ClaimAnswer…Move to…" + "".join(MENU),
    ]
    assert dates(view()) == [
        (NOW - timedelta(minutes=4)).timestamp(),
        (NOW + timedelta(minutes=11)).timestamp(),
    ]
    assert labels(draw(view())) == ["Claim", "Answer…", "Move to…", *MENU]


def test_a_reply_that_was_due_is_overdue() -> None:
    late = case(reply_due=NOW - timedelta(hours=13))
    assert " · {ago}, reply overdue (due {ago}) · " in lines(view(case=late, is_overdue=True))[0]
    answered_late = replace(late, state=CaseState.WAITING, waiting_since=None)
    assert "overdue" not in lines(view(case=answered_late, is_overdue=True))[0]


def test_a_usual_card_has_at_most_four_blocks() -> None:
    ours = reply(Delivery.SENT, external_id="2001")
    back = [post(), ours, post(id=40, text="Still broken", reply_to_id="2001")]
    usual = [
        view(),
        view(suggestion=None),
        view(case=case(claimed_by="U0SAM")),
        view(messages=back, latest_reply=ours),
        *(answered(delivery) for delivery in Delivery),
    ]
    assert max(len(draw(shown)["blocks"]) for shown in usual) == 4
    assert len(draw(view())["blocks"]) == 3


def test_the_notification_is_short_and_escaped() -> None:
    hostile = post(text="<!channel> *pay* up & <https://evil|smile>" + " again" * 100)
    text = draw(view(messages=[hostile]))["text"]
    assert text.startswith(
        "🔴 Cannot pay · Ana Ruiz @anaruiz: &lt;!channel&gt; ∗pay∗ up &amp; &lt;https://evil|smile&gt;"
    )
    assert len(text) < 300


def test_the_first_line_tells_since_when_and_whether_they_wrote_again() -> None:
    first, again = NOW - timedelta(hours=2), NOW - timedelta(minutes=1)
    messages = [post(created_at=first), post(id=33, text="Hello??", created_at=again)]
    waiting = view(case=case(waiting_since=first, last_message_at=again), messages=messages)
    assert " · {ago} and again {ago}, reply due {ago} · " in lines(waiting)[0]
    assert dates(waiting)[:2] == [first.timestamp(), again.timestamp()]


def test_a_case_that_is_unanswered_without_a_new_post_says_only_that() -> None:
    """Unanswered without a new message: our reply bounced, for example."""
    since = NOW - timedelta(minutes=1)
    waiting = view(case=case(waiting_since=since), messages=[post(created_at=NOW - timedelta(hours=2))])
    assert "unanswered since {date_short_pretty} at {time}, " in lines(waiting)[0]
    assert dates(waiting)[0] == since.timestamp()
    assert " · {ago}" not in said(draw(waiting))


def test_who_says_that_it_is_not_solved_is_shown_to_say_so() -> None:
    """They press a button of the chat and write nothing: the card's words and our answer are older."""
    since = NOW - timedelta(minutes=1)
    waiting = view(
        case=case(waiting_since=since),
        messages=[post(created_at=NOW - timedelta(hours=2))],
        unsolved_at=since,
    )
    assert " · 👎 says that it is not solved {ago}, " in lines(waiting)[0]
    assert dates(waiting)[0] == since.timestamp()
    assert "unanswered since" not in said(draw(waiting))


@pytest.mark.parametrize("state", [CaseState.WAITING, CaseState.OPEN])
def test_an_answered_case_is_not_shown_as_waiting(state: CaseState) -> None:
    long_ago = NOW - timedelta(hours=2)
    done = case(state=state, waiting_since=None, first_replied_at=NOW, opened_at=long_ago)
    card = said(draw(replace(answered(Delivery.SENT), case=done)))
    assert " · {ago}" not in card
    assert "since" not in card
    assert ("answered, waiting for the customer" in card) is (state is CaseState.WAITING)


def test_a_closed_card_does_not_show_waiting() -> None:
    done = case(state=CaseState.RESOLVED, closed_at=NOW, waiting_since=NOW - timedelta(hours=2))
    assert "waiting" not in said(draw(view(case=done)))


def test_the_case_of_an_erased_customer_says_so_and_has_no_button() -> None:
    erased = case(state=CaseState.DISMISSED, closed_at=NOW, closed_by="root")
    erased = replace(erased, author=Author(id="erased:1f", handle="", name="", followers=1))
    shown = replace(answered(Delivery.FAILED), case=erased)
    assert shown.latest_reply is not None
    card = draw(replace(shown, latest_reply=replace(shown.latest_reply, text="", deleted_at=NOW)))
    assert said(card).strip().startswith("🗑️ *Erased customer* · ")
    assert "Not a request" not in said(card)
    assert labels(card) == []


def test_a_reopened_case_says_that_the_customer_came_back() -> None:
    back = view(case=case(reopened_at=NOW - timedelta(minutes=4)))
    assert " · came back {ago}, " in lines(back)[0]
    assert "came back" not in said(draw(view()))


def test_a_search_hit_says_so_and_is_answered_in_the_browser() -> None:
    hit = post(match_reason=MatchReason.SEARCH, reply_block=ReplyBlock.NOT_ADDRESSED)
    card = draw(view(case=case(reply_block=ReplyBlock.NOT_ADDRESSED), messages=[hit]))
    assert "🔒 *No reply can be sent from here:* the post does not mention us" in said(card)
    assert labels(card)[:2] == ["Claim", "Open on X"]
    assert _urls(card) == ["https://x.com/intent/tweet?in_reply_to=1001"]


def test_a_post_that_is_gone_shows_no_text_and_offers_no_link_to_it() -> None:
    gone = post(deleted_at=NOW)
    card = draw(view(case=case(reply_block=ReplyBlock.GONE), messages=[gone]))
    assert "This post was deleted by its author, so its text is no longer shown here." in said(card)
    assert "eats my payment" not in str(card)
    assert "sentimos" not in str(card)
    assert "https://x.com/" not in str(card)
    assert said(card).count("*There is no post left to reply to.* Press Resolve, or Move to…") == 1
    nowhere = render_card(
        view(case=case(reply_block=ReplyBlock.GONE), messages=[gone]),
        ours=replace(OURS, private_venues=frozenset()),
    )
    assert "left to reply to.* Press Resolve." in said(nowhere)
    done = case(state=CaseState.RESOLVED, closed_by="U0SAM", closed_at=NOW, waiting_since=None)
    assert "x.com" in str(draw(view(case=done)))
    assert "x.com" not in str(draw(view(case=done, messages=[gone])))


def test_a_post_that_was_deleted_under_our_answer_says_so_once() -> None:
    gone, reason = post(deleted_at=NOW), "The post is gone, or its author has hidden it from us."
    unsent = reply(delivery=Delivery.FAILED, error=reason, reply_to_id=gone.revision_id or gone.external_id)
    left = case(reply_block=ReplyBlock.GONE, claimed_by="U0SAM", waiting_since=None, reply_due=None)
    card = draw(view(case=left, messages=[gone], latest_reply=unsent))
    assert said(card).count("no post left to reply to") == 1
    assert "*Not sent:* there is no post left to reply to. Press Resolve" in said(card)
    assert "is gone" not in said(card)
    assert labels(card) == ["Resolve", "Take over…", "Move to…", *MENU]
    assert "https://x.com/" not in str(card)


def test_an_answer_to_one_of_two_posts_that_was_deleted_says_why() -> None:
    gone, other = post(deleted_at=NOW), post(id=33, external_id="1002", revision_id="1002", text="Hello??")
    unsent = reply(delivery=Delivery.FAILED, error="The post is gone.", reply_to_id="1001")
    card = draw(view(messages=[gone, other], latest_reply=unsent))
    assert "*Not sent:* The post is gone." in said(card)
    assert "left to reply to" not in said(card)


def test_where_all_that_asked_is_gone_nothing_is_due_and_resolve_is_offered() -> None:
    gone = post(deleted_at=NOW)
    left = case(reply_block=ReplyBlock.GONE, waiting_since=None, reply_due=None)
    shown = view(case=left, messages=[gone])
    assert lines(shown)[0] == "🔴 Cannot pay · Ana Ruiz @anaruiz"
    assert labels(draw(shown))[:3] == ["Resolve", "Claim", "Move to…"]
    assert primary(draw(shown)) == ["Resolve"]


def test_an_edited_post_is_marked() -> None:
    edited = view(messages=[post(edited_at=NOW)])
    assert " · {ago}, edited {ago}, reply due {ago} · " in lines(edited)[0]
    assert dates(edited)[1] == NOW.timestamp()


def test_the_latest_words_are_quoted_and_the_rest_is_in_the_thread() -> None:
    later = [post(), post(id=33, text="Hello??"), post(id=34, text="Anybody?")]
    shown = said(draw(view(messages=later)))
    assert "Anybody?" in shown
    assert "Hello??" not in shown


def test_a_claimed_card_says_first_who_has_it_and_nowhere_that_somebody_waits() -> None:
    shown = view(case=case(claimed_by="U0SAM", claimed_at=NOW, waiting_since=NOW - timedelta(hours=1)))
    claimed = draw(shown)
    assert lines(shown)[0].startswith("🔴 Cannot pay · <@U0SAM> has it · Ana Ruiz @anaruiz · ")
    assert labels(claimed) == ["Take over…", "Answer…", "Move to…", *MENU]
    assert "waiting" not in str(claimed).lower()
    assert "has it" not in said(draw(view()))


@pytest.mark.parametrize(
    ("claimed_by", "writers", "told"),
    [
        (None, ["U0SAM"], "<@U0SAM> is writing… · Ana Ruiz"),
        ("U0SAM", ["U0SAM"], "<@U0SAM> is writing… · Ana Ruiz"),
        ("U0SAM", ["U0MIA"], "<@U0SAM> has it · <@U0MIA> is writing… · Ana Ruiz"),
        ("U0SAM", ["U0MIA", "U0SAM"], "<@U0MIA> and <@U0SAM> are writing… · Ana Ruiz"),
        ("U0SAM", [], "<@U0SAM> has it · Ana Ruiz"),
    ],
)
def test_who_has_a_form_open_is_told_first(claimed_by: str | None, writers: list[str], told: str) -> None:
    shown = view(case=case(claimed_by=claimed_by), writers=writers)
    draw(shown)
    assert lines(shown)[0].startswith(f"🔴 Cannot pay · {told}")


def test_what_the_newest_post_answers_is_shown_below_it() -> None:
    ours = reply(Delivery.SENT, external_id="2001")
    shown = view(
        messages=[post(), ours, post(id=40, text="Still broken", reply_to_id="2001")], latest_reply=ours
    )
    assert "↳ answers us: “Hola Ana, sentimos el problema con el pago.”" in lines(shown)
    own = view(messages=[post(revision_id="1002"), post(id=40, text="And now?", reply_to_id="1002")])
    assert lines(own)[2].startswith("↳ after their own: “Third time the app eats my payment")
    unknown = view(messages=[post(), post(id=40, text="And now?", reply_to_id="7777")])
    assert "↳" not in said(draw(unknown))
    gone = view(messages=[post(deleted_at=NOW), post(id=40, text="And now?", reply_to_id="1001")])
    assert "↳" not in said(draw(gone))


def test_links_in_a_post_show_where_they_lead() -> None:
    shown = draw(view(messages=[post(text="See https://shop.example/x?a=1&b=2, or http://b.example.")]))
    assert "See shop.example/x?a=1&b=2, or b.example." in said(shown)
    assert "https://shop.example/x?a=1&b=2" in _node_urls(shown)
    assert "http://b.example" in _node_urls(shown)


@pytest.mark.parametrize(
    "url", ["https://acme.com@evil.example/pay", "https://[::1/x", "javascript:alert(1)"]
)
def test_a_link_that_hides_where_it_leads_is_only_text(url: str) -> None:
    shown = draw(view(messages=[post(text=f"look {url} now")]))
    assert f"look {url} now" in said(shown)
    assert _node_urls(shown) == ["https://x.com/anaruiz/status/1001"]


def test_every_button_carries_the_case_and_its_version() -> None:
    drawn = [element for _block, element in elements(draw(answered(Delivery.FAILED))["blocks"])]
    assert {"overflow", "button"} <= {element["type"] for element in drawn}
    assert any(str(element["action_id"]).startswith("reply.") for element in drawn if "value" in element)
    for element in drawn:
        if element["type"] == "overflow":
            assert [parse_overflow(option["value"]) for option in element["options"]] == [
                (what, CardValue(12, 7)) for what in OverflowChoice if what is not OverflowChoice.HISTORY
            ]
        elif "value" in element:
            message = 32 if element["action_id"].startswith("reply.") else None
            assert parse_value(element["value"]) == CardValue(12, 7, message)


def test_a_reply_on_its_way_shows_sending_and_offers_no_second_one() -> None:
    card = draw(answered(Delivery.QUEUED))
    assert "*Sending…* by <@U0SAM>" in said(card)
    assert "Our reply: Hola Ana, sentimos el problema con el pago." in said(card)
    assert ActionId.CASE_REPLY not in action_ids(card)


def test_a_sent_reply_says_when_by_whom_and_where() -> None:
    card = draw(answered(Delivery.SENT, state=CaseState.WAITING, waiting_since=None, first_replied_at=NOW))
    shown = said(card)
    assert (
        "🔴 Cannot pay · <@U0SAM> has it · Ana Ruiz @anaruiz · answered, waiting for the customer · " in shown
    )
    sent = "*Sent <!date^1795269960^{date_short_pretty} at {time}|2026-11-21 14:06 UTC>* by <@U0SAM>"
    assert f"{sent} · <https://x.com/acme/status/2001|View on X>" in shown
    assert "Our reply: Hola Ana, sentimos el problema con el pago." in shown
    assert "💬" not in shown
    assert ActionId.CASE_REPLY in action_ids(card)


def test_a_customer_who_writes_after_our_reply_is_offered_a_new_suggestion() -> None:
    shown = answered(Delivery.SENT)
    card = draw(replace(shown, messages=[*shown.messages, post(id=40, text="Still broken")]))
    assert "Still broken" in said(card)
    assert "💬 Hola Ana" in said(card)
    assert "*Sent" not in said(card)


def test_a_failed_reply_says_why_and_offers_ways_on() -> None:
    card = draw(answered(Delivery.FAILED))
    assert "⚠️ *Not sent:* X says no" in said(card)
    assert labels(card)[:3] == ["Try again", "Edit", "Open on X"]
    [page] = _urls(card)
    assert parse_qs(urlsplit(page).query) == {
        "in_reply_to": ["1001"],
        "text": ["Hola Ana, sentimos el problema con el pago."],
    }


def test_a_failed_reply_that_can_never_be_sent_is_not_tried_again() -> None:
    card = draw(answered(Delivery.FAILED, reply_block=ReplyBlock.RESTRICTED))
    assert "⚠️ *Not sent:* X says no" in said(card)
    assert ActionId.REPLY_TRY_AGAIN not in action_ids(card)
    assert labels(card)[:2] == ["Take over…", "Open on X"]


def test_an_unsure_reply_that_holds_others_up_says_so_first_and_offers_to_go_on() -> None:
    held_up = in_doubt()
    card = draw(held_up)
    assert "❓ not sure ours arrived, 2 answers wait" in lines(held_up)[0]
    assert labels(card)[:3] == ["It arrived", "Send again", "Go on without it"]


def test_an_unsure_reply_asks_a_person_to_look() -> None:
    card = draw(answered(Delivery.UNSURE))
    assert "❓ *Not sure it was sent:* <https://x.com/acme/with_replies|look on X>." in said(card)
    assert labels(card)[:2] == ["It was sent", "It was not"]


def test_a_resolved_card_folds_to_one_line_with_reopen() -> None:
    done = case(state=CaseState.RESOLVED, closed_by="U0SAM", closed_at=NOW, waiting_since=None)
    card = draw(view(case=done))
    assert lines(view(case=done)) == [
        "✅ *Resolved* by <@U0SAM> <!date^1795269960^{ago}|2026-11-21 14:06 UTC> · Cannot pay · "
        "Ana Ruiz · <https://x.com/anaruiz/status/1001|View on X>Reopen",
    ]
    assert [block["type"] for block in card["blocks"]] == ["section"]
    assert action_ids(card) == {ActionId.CASE_REOPEN}
    assert "@anaruiz: Third time the app eats my payment" in card["text"]  # what Slack's search finds


def test_a_dismissed_card_says_who_said_so() -> None:
    done = case(state=CaseState.DISMISSED, closed_by="U0MIA", closed_at=NOW)
    [line] = lines(view(case=done))
    assert line.startswith("➖ *Not a request*, said <@U0MIA> <!date^1795269960^{ago}|")
    assert "> · Cannot pay · Ana Ruiz · " in line


@pytest.mark.parametrize("delivery", [Delivery.QUEUED, Delivery.FAILED, Delivery.UNSURE])
def test_a_reply_that_is_not_known_to_be_there_is_never_folded_away(delivery: Delivery) -> None:
    card = draw(answered(delivery, state=CaseState.RESOLVED))
    assert "Our reply" in said(card)
    assert ActionId.CASE_REOPEN in action_ids(card)


def test_a_snoozed_card_says_until_when() -> None:
    snoozed = case(state=CaseState.SNOOZED, snoozed_until=NOW + timedelta(hours=2))
    assert "snoozed until {date_short_pretty} at {time}" in said(draw(view(case=snoozed)))


@pytest.mark.parametrize("text", ["é" * 25_000, "w" * 2000, "a line\n" * 40])
def test_a_long_post_is_folded(text: str) -> None:
    [_, quoted, *_rest] = draw(view(messages=[post(text=text)]))["blocks"][0]["elements"]
    shown = "".join(node["text"] for node in quoted["elements"])
    assert shown.endswith("…")
    assert len(shown) <= 500
    assert shown.count("\n") < 6


def test_a_post_of_usual_length_is_shown_whole() -> None:
    assert "w" * 280 + "\n" in said(draw(view(messages=[post(text="w" * 280)])))


def test_the_digest_changes_with_the_rendered_card() -> None:
    assert digest(draw(view())) == digest(draw(view()))
    assert digest(draw(view())) != digest(draw(view(case=case(claimed_by="U0SAM"))))


def test_a_nameless_author_is_called_by_the_handle() -> None:
    nameless = view(case=case(author=replace(ANA, name="\u202e ")))
    assert " · @anaruiz · " in lines(nameless)[0]


def dates(shown: CaseView) -> list[float]:
    """Return the dates in the card's first block, in order."""
    [top] = draw(shown)["blocks"][0]["elements"][:1]
    return [element["timestamp"] for element in top["elements"] if element["type"] == "date"]


def _urls(card: Content) -> list[str]:
    return [element["url"] for _block, element in elements(card["blocks"]) if "url" in element]


def _node_urls(card: Content) -> list[str]:
    parts = card["blocks"][0]["elements"]
    return [node["url"] for part in parts for node in part["elements"] if node["type"] == "link"]


def test_an_older_post_is_shown_where_the_newest_is_gone() -> None:
    gone = post(id=33, text="", deleted_at=NOW)
    card = draw(view(messages=[post(), gone]))
    assert "eats my payment" in said(card)
    assert "Answer…" in str(card)
    card = draw(view(case=case(reply_block=ReplyBlock.GONE), messages=[post(), gone]))
    assert "eats my payment" not in said(card)
    assert "Answer…" not in str(card)


def test_an_answer_that_failed_for_a_deleted_post_cannot_be_retried() -> None:
    ours = reply(Delivery.FAILED, reply_to_id="1003")
    gone = post(id=33, text="", external_id="1003", deleted_at=NOW)
    shown = view(messages=[post(), gone, ours], latest_reply=ours)
    card = str(draw(shown))
    assert "Try again" not in card
    assert "'Edit'" in card


@pytest.mark.parametrize(
    ("case_changes", "row"),
    [
        ({}, ["Resolve", "Claim", "Answer…", "Move to…"]),
        ({"claimed_by": "U0SAM"}, ["Resolve", "Take over…", "Answer…", "Move to…"]),
    ],
)
def test_thanks_after_our_answer_offer_to_resolve_and_nothing_else_in_colour(
    case_changes: dict[str, Any], row: list[str]
) -> None:
    card = draw(thanked(**case_changes))
    assert labels(card)[:4] == row
    coloured = [e["text"]["text"] for _, e in elements(list(card["blocks"])) if e.get("style") == "primary"]
    assert coloured == ["Resolve"]
    assert "No saved reply fits" not in said(card)
