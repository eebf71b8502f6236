"""Render the card: its texts, and the actions possible now."""

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
from domain.intake.posts import MatchReason, ReplyBlock
from domain.triage.drafts import Source
from domain.triage.situations import Reason
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import action_ids, check_message, labels, said
from tests.adapters.slack.samples import (
    ANA,
    NOW,
    OURS,
    READING,
    answered,
    case,
    post,
    reply,
    suggestion,
    view,
)

MENU = ["Not a request", "Snooze…", "Resolve", "Assign to…", "Customer history"]


def draw(shown: CaseView) -> Content:
    card = render_card(shown, now=NOW, ours=OURS)
    check_message(card, people=frozenset({"U0SAM", "U0MIA"}))
    return card


def lines(shown: CaseView) -> list[str]:
    return [line for line in said(draw(shown)).split("\n") if line]


def test_a_new_card_shows_urgency_situation_waiting_and_due_time() -> None:
    assert lines(view())[:4] == [
        "🔴 Urgent · Cannot pay · waiting, wrote {ago} · first reply due {ago}",
        "Ana Ruiz  @anaruiz · 1,240 followers · 3rd time in touch this month · writes in Spanish",
        "Third time the app eats my payment and shows an error. @acme are you even awake??",
        "<https://x.com/anaruiz/status/1001|View on X> · "
        "<!date^1795269720^{time}|2026-11-21 14:02 UTC> · because it mentions @acme · ranked for: money at stake",
    ]


def test_a_new_card_offers_the_suggestion_with_its_source_and_length() -> None:
    card = draw(view())
    text = "Hola Ana, sentimos el problema con el pago …"
    assert f"Suggested reply (saved reply “Payment errors”, v3) · {len(text)} / 280\n{text}" in said(card)
    assert labels(card) == ["Claim", "Answer…", "Move to…", *MENU]


def test_a_models_draft_names_the_model_the_prompt_and_the_day() -> None:
    drafted = suggestion(source=Source.MODEL, model="gpt-6", version="2", missing=("order number",))
    shown = said(draw(view(suggestion=drafted)))
    assert "(drafted by gpt-6, prompt v2, {date_short_pretty} at {time})" in shown
    assert "Still to ask: order number" in shown


def test_the_notification_is_short_and_escaped() -> None:
    hostile = post(text="<!channel> pay up & <https://evil|smile>" + " again" * 100)
    text = draw(view(messages=[hostile]))["text"]
    assert text.startswith(
        "🔴 Cannot pay · Ana Ruiz @anaruiz: &lt;!channel&gt; pay up &amp; &lt;https://evil|smile&gt;"
    )
    assert len(text) < 300


def test_waiting_is_a_reason_after_ten_minutes() -> None:
    waiting = view(case=case(waiting_since=NOW - timedelta(minutes=11)))
    assert "ranked for: money at stake, waiting" in said(draw(waiting))


def test_the_headline_and_the_reason_speak_of_the_same_waiting() -> None:
    first, again = NOW - timedelta(hours=2), NOW - timedelta(minutes=1)
    messages = [post(created_at=first), post(id=33, text="Hello??", created_at=again)]
    waiting = view(case=case(waiting_since=first, last_message_at=again), messages=messages)
    assert "waiting, wrote {ago} and again {ago} · " in lines(waiting)[0]
    assert dates(waiting)[:2] == [first.timestamp(), again.timestamp()]
    since = f"<!date^{int(first.timestamp())}^{{date_short_pretty}} at {{time}}|2026-11-21 12:06 UTC>"
    assert f"ranked for: money at stake, waiting since {since}" in said(draw(waiting))


def test_a_case_that_waits_without_a_new_post_says_only_that() -> None:
    """Waiting without a new message: our reply bounced, for example."""
    since = NOW - timedelta(minutes=1)
    waiting = view(case=case(waiting_since=since), messages=[post(created_at=NOW - timedelta(hours=2))])
    assert "waiting since {date_short_pretty} at {time} · " in lines(waiting)[0]
    assert dates(waiting)[0] == since.timestamp()
    assert "wrote {ago}" not in said(draw(waiting))


def test_a_customer_who_says_that_they_wait_is_not_said_to_wait() -> None:
    impatient = replace(READING, reasons=("money at stake", Reason.LONG_WAIT.value))
    shown = said(draw(view(case=case(assessment=impatient))))
    assert "ranked for: money at stake, says they have waited long" in shown
    assert "has waited long" not in shown


@pytest.mark.parametrize("state", [CaseState.WAITING, CaseState.OPEN])
def test_an_answered_case_is_not_shown_as_waiting(state: CaseState) -> None:
    long_ago = NOW - timedelta(hours=2)
    done = case(state=state, waiting_since=None, first_replied_at=NOW, opened_at=long_ago)
    card = said(draw(replace(answered(Delivery.SENT), case=done)))
    assert "waiting, wrote" not in card
    assert "waiting since" not in card


def test_a_closed_card_does_not_show_waiting() -> None:
    done = case(state=CaseState.RESOLVED, closed_at=NOW, waiting_since=NOW - timedelta(hours=2))
    assert "waiting" not in said(draw(view(case=done)))


def test_a_reopened_case_says_that_the_customer_came_back() -> None:
    back = view(case=case(reopened_at=NOW - timedelta(minutes=4)))
    assert "ranked for: money at stake, came back" in said(draw(back))
    assert "came back" not in said(draw(view()))


def test_a_search_hit_says_so_and_is_answered_in_the_browser() -> None:
    hit = post(match_reason=MatchReason.SEARCH, reply_block=ReplyBlock.NOT_ADDRESSED)
    card = draw(view(case=case(reply_block=ReplyBlock.NOT_ADDRESSED), messages=[hit]))
    assert "because it matched a search" in said(card)
    assert "🔒 *No reply can be sent from here:* the post does not mention us" in said(card)
    assert labels(card)[:2] == ["Claim", "Open on X"]
    assert _urls(card) == ["https://x.com/intent/tweet?in_reply_to=1001"]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ({"match_reason": MatchReason.MENTION}, "because it mentions @acme"),
        ({"match_reason": MatchReason.QUOTE}, "because it quotes @acme"),
        ({"match_reason": MatchReason.SEARCH}, "because it matched a search"),
        # From before the reason was stored.
        ({"match_reason": None}, "because it mentions or quotes @acme"),
        ({"match_reason": None, "reply_block": ReplyBlock.RESTRICTED}, "because it mentions or quotes @acme"),
        ({"match_reason": None, "reply_block": ReplyBlock.NOT_ADDRESSED}, "because it matched a search"),
    ],
)
@pytest.mark.parametrize("block", [None, ReplyBlock.GONE, ReplyBlock.NOT_ADDRESSED, ReplyBlock.RESTRICTED])
def test_why_a_post_came_is_said_whatever_became_of_its_case(
    stored: dict[str, Any], shown: str, block: ReplyBlock | None
) -> None:
    card = draw(view(case=case(reply_block=block), messages=[post(**stored)]))
    assert f"{shown} · ranked for" in said(card)


def test_a_post_that_is_gone_shows_no_text_and_leads_to_where_it_was() -> None:
    gone = post(deleted_at=NOW)
    card = draw(view(case=case(reply_block=ReplyBlock.GONE), messages=[gone]))
    assert "This post was deleted by its author, so its text is no longer shown here." in said(card)
    assert "eats my payment" not in str(card)
    assert "sentimos" not in str(card)
    assert _urls(card) == ["https://x.com/anaruiz/status/1001"]


def test_an_edited_post_is_marked() -> None:
    assert "edited <!date^" in said(draw(view(messages=[post(edited_at=NOW)])))


def test_the_latest_words_are_quoted_and_the_rest_is_in_the_thread() -> None:
    later = [post(), post(id=33, text="Hello??"), post(id=34, text="Anybody?")]
    shown = said(draw(view(messages=later)))
    assert "Anybody?" in shown
    assert "Hello??" not in shown
    assert "2 more messages in the thread" in shown


def test_a_claimed_card_names_the_holder_and_can_be_released_or_taken_over() -> None:
    claimed = draw(view(case=case(claimed_by="U0SAM", claimed_at=NOW)))
    assert "Claimed by <@U0SAM> <!date^1795269960^{ago}|2026-11-21 14:06 UTC>" in said(claimed)
    assert labels(claimed) == ["Release", "Answer…", "Move to…", "Take over…", *MENU]


def test_every_button_carries_the_case_and_its_version() -> None:
    card = draw(answered(Delivery.FAILED))
    for _block, element in elements(card["blocks"]):
        if element["type"] == "overflow":
            assert [parse_overflow(option["value"]) for option in element["options"]] == [
                (what, CardValue(12, 7)) for what in OverflowChoice
            ]
        elif "value" in element:
            message = 32 if element["action_id"].startswith("reply.") else None
            assert parse_value(element["value"]) == CardValue(12, 7, message)


def test_a_reply_on_its_way_shows_sending_and_offers_no_second_one() -> None:
    card = draw(answered(Delivery.QUEUED))
    assert "*Sending…* by <@U0SAM>" in said(card)
    assert "Hola Ana, sentimos el problema con el pago.\n" in said(card)
    assert ActionId.CASE_REPLY not in action_ids(card)


def test_a_sent_reply_says_when_by_whom_and_where() -> None:
    card = draw(answered(Delivery.SENT, state=CaseState.WAITING, waiting_since=None, first_replied_at=NOW))
    shown = said(card)
    assert "🔴 Urgent · Cannot pay · answered, waiting for the customer\n" in shown
    sent = "*Sent <!date^1795269960^{time}|2026-11-21 14:06 UTC>* by <@U0SAM>"
    assert f"{sent} · <https://x.com/acme/status/2001|View on X>" in shown
    assert "Suggested reply" not in shown
    assert ActionId.CASE_REPLY in action_ids(card)


def test_a_customer_who_writes_after_our_reply_is_offered_a_new_suggestion() -> None:
    shown = answered(Delivery.SENT)
    card = draw(replace(shown, messages=[*shown.messages, post(id=40, text="Still broken")]))
    assert "Still broken" in said(card)
    assert "Suggested reply" in said(card)
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
    assert labels(card)[:2] == ["Release", "Open on X"]


def test_an_unsure_reply_asks_a_person_to_look() -> None:
    card = draw(answered(Delivery.UNSURE))
    assert "❓ *Not sure it was sent:* <https://x.com/acme/with_replies|look on X>." in said(card)
    assert labels(card)[:2] == ["It was sent", "It was not"]


def test_a_resolved_card_folds_to_two_lines_and_reopen() -> None:
    done = case(state=CaseState.RESOLVED, closed_by="U0SAM", closed_at=NOW, waiting_since=None)
    card = draw(view(case=done))
    assert lines(view(case=done)) == [
        "✅ Resolved by <@U0SAM> {ago} · Cannot pay · Ana Ruiz  @anaruiz",
        "“Third time the app eats my payment and shows an error. @acme are you even awake??” · View on X",
        "Reopen",
    ]
    assert action_ids(card) == {ActionId.CASE_REOPEN}


def test_a_dismissed_card_says_who_said_so() -> None:
    done = case(state=CaseState.DISMISSED, closed_by="U0MIA", closed_at=NOW)
    assert (
        lines(view(case=done))[0] == "➖ Not a request, said <@U0MIA> {ago} · Cannot pay · Ana Ruiz  @anaruiz"
    )


@pytest.mark.parametrize("delivery", [Delivery.QUEUED, Delivery.FAILED, Delivery.UNSURE])
def test_a_reply_that_is_not_known_to_be_there_is_never_folded_away(delivery: Delivery) -> None:
    card = draw(answered(delivery, state=CaseState.RESOLVED))
    assert "Our reply" in said(card)
    assert ActionId.CASE_REOPEN in action_ids(card)


def test_a_snoozed_card_says_until_when() -> None:
    snoozed = case(state=CaseState.SNOOZED, snoozed_until=NOW + timedelta(hours=2))
    assert "snoozed until {date_short_pretty} at {time}" in said(draw(view(case=snoozed)))


def test_a_very_long_post_is_cut_where_slack_would_refuse_it() -> None:
    card = draw(view(messages=[post(text="é" * 25_000)]))
    assert "é" * 2999 + "…" in said(card)


def test_a_two_thousand_character_post_is_shown_whole() -> None:
    assert "w" * 2000 in said(draw(view(messages=[post(text="w" * 2000)])))


def test_the_digest_changes_with_the_rendered_card() -> None:
    assert digest(draw(view())) == digest(draw(view()))
    assert digest(draw(view())) != digest(draw(view(case=case(claimed_by="U0SAM"))))


@pytest.mark.parametrize(
    ("contacts", "words"),
    [(2, "2nd time"), (3, "3rd time"), (4, "4th time"), (11, "11th time"), (21, "21st time")],
)
def test_how_often_somebody_was_in_touch(contacts: int, words: str) -> None:
    assert f"{words} in touch this month" in said(draw(view(contacts=contacts)))


def test_the_first_contact_is_not_counted_aloud() -> None:
    assert "in touch" not in said(draw(view(contacts=1)))


def test_a_nameless_author_is_called_by_the_handle() -> None:
    nameless = view(
        case=case(author=replace(ANA, name="\u202e ", followers=1)), latest_reply=reply(Delivery.SENT)
    )
    assert "@anaruiz  @anaruiz · 1 follower ·" in said(draw(nameless))


def dates(shown: CaseView) -> list[float]:
    """Return the dates in the card's first block, in order."""
    [top] = draw(shown)["blocks"][0]["elements"][:1]
    return [element["timestamp"] for element in top["elements"] if element["type"] == "date"]


def _urls(card: Content) -> list[str]:
    return [element["url"] for _block, element in elements(card["blocks"]) if "url" in element]


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
