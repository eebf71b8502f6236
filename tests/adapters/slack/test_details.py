"""Render Details: everything about a case that its card leaves out."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId, CardValue, parse_value
from adapters.slack.message_content import View
from adapters.slack.modals import render_details
from domain.access import Permission
from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.handoffs.handoff import Proof
from domain.intake.posts import Author, MatchReason, ReplyBlock
from domain.replies.rules_of_engagement import Guidance, Where
from domain.triage.assessment import Urgency
from domain.triage.drafts import Source
from domain.triage.situations import Reason, Situation
from domain.venues import PRIVATE_VENUES, Venue
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import check_view, labels, said
from tests.adapters.slack.samples import (
    ANA,
    NOW,
    OURS,
    READING,
    TEAM_URL,
    answered,
    case,
    handoff,
    moved,
    post,
    suggestion,
    view,
    written,
)

PEOPLE = frozenset({"U0SAM", "U0MIA"})


def draw(
    shown: CaseView, earlier: Sequence[Case] = (), *, reader: str = "U0SAM", now: datetime = NOW
) -> View:
    drawn = render_details(shown, earlier, now=now, ours=OURS, team_url=TEAM_URL, reader=reader)
    check_view(drawn, people=PEOPLE)
    return drawn


def test_the_profile_tells_followers_contacts_and_language() -> None:
    shown = said(draw(view()))
    assert "Ana Ruiz @anaruiz · 1,240 followers · 3rd time in touch this month · writes in Spanish" in shown


@pytest.mark.parametrize(
    ("contacts", "words"),
    [(2, "2nd time"), (3, "3rd time"), (4, "4th time"), (11, "11th time"), (21, "21st time")],
)
def test_how_often_somebody_was_in_touch(contacts: int, words: str) -> None:
    assert f"{words} in touch this month" in said(draw(view(contacts=contacts)))


def test_the_first_contact_is_not_counted_aloud() -> None:
    assert "in touch this month" not in said(draw(view(contacts=1)))


def test_a_nameless_author_is_called_by_the_handle() -> None:
    nameless = view(case=case(author=replace(ANA, name="\u202e ", followers=1)))
    assert "@anaruiz · 1 follower ·" in said(draw(nameless))


def test_a_customer_who_began_by_mail_has_no_handle_followers_or_post() -> None:
    mailer = Author(id="ana@example.org", handle="ana@example.org", name="Ana Ruiz")
    opened = case(network="email", author=mailer, reply_block=ReplyBlock.NO_POST)
    there = handoff(venue=Venue.EMAIL, address=mailer.id, proof=Proof.SAME_ACCOUNT)
    shown = said(draw(view(case=opened, messages=[written(Venue.EMAIL)], contacts=1, handoff=there)))
    assert "Ana Ruiz ana@example.org · writes in Spanish" in shown
    assert "E-mail · <!date^" in shown
    for foreign in ("@ana@", "follower", "View on", "Why it came"):
        assert foreign not in shown


def test_a_private_message_tells_its_venue_and_whether_its_sender_is_verified() -> None:
    shown = said(draw(moved()))
    assert "Order 4711" in shown
    assert "Somebody who is not verified wrote by DM:" in shown
    assert "Direct message · <!date^1795270200^" in shown
    assert "Why it came" not in shown


def test_the_whole_post_is_shown_with_its_link_and_time() -> None:
    shown = said(draw(view(messages=[post(text="w" * 2000)])))
    assert "w" * 2000 in shown
    clock = "{date_short_pretty} at {time}"
    assert (
        f"<https://x.com/anaruiz/status/1001|View on X> · <!date^1795269720^{clock}|2026-11-21 14:02 UTC>"
        in shown
    )


def test_a_very_long_post_is_cut_where_slack_would_refuse_it() -> None:
    long = draw(view(messages=[post(text="é" * 25_000)]))
    assert "é" * 2999 + "…" in said(long)
    assert "Show all of it" in labels(long)
    assert "Show all of it" not in labels(draw(view(messages=[post()])))


def test_a_code_alone_is_a_line_below_the_words_that_ask_something() -> None:
    other = replace(READING, situation=Situation.OTHER, urgency=Urgency.NORMAL, reasons=())
    shown = said(draw(view(messages=[post(), post(id=33, text="482913", assessment=other)])))
    assert "Third time the app eats my payment" in shown
    assert "↳ sent since: “482913”" in shown
    assert "more message" not in shown


def test_an_edited_post_is_marked_and_other_messages_are_counted() -> None:
    messages = [post(), post(id=33, text="Hello??"), post(id=34, text="Anybody?", edited_at=NOW)]
    shown = said(draw(view(messages=messages)))
    assert "edited <!date^" in shown
    assert "2 more messages in the thread" in shown


def test_a_deleted_post_shows_no_text_and_no_suggestion() -> None:
    shown = draw(view(case=case(reply_block=ReplyBlock.GONE), messages=[post(deleted_at=NOW)]))
    assert "This post was deleted by its author, so its text is no longer shown here." in said(shown)
    assert "eats my payment" not in str(shown)
    assert "sentimos" not in str(shown)


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ({"match_reason": MatchReason.MENTION}, "it mentions @acme"),
        ({"match_reason": MatchReason.QUOTE}, "it quotes @acme"),
        ({"match_reason": MatchReason.SEARCH}, "it matched a search"),
        # From before the reason was stored.
        ({"match_reason": None}, "it mentions or quotes @acme"),
        ({"match_reason": None, "reply_block": ReplyBlock.RESTRICTED}, "it mentions or quotes @acme"),
        ({"match_reason": None, "reply_block": ReplyBlock.NOT_ADDRESSED}, "it matched a search"),
    ],
)
@pytest.mark.parametrize("block", [None, ReplyBlock.GONE, ReplyBlock.NOT_ADDRESSED, ReplyBlock.RESTRICTED])
def test_why_a_post_came_is_said_whatever_became_of_its_case(
    stored: dict[str, Any], words: str, block: ReplyBlock | None
) -> None:
    shown = said(draw(view(case=case(reply_block=block), messages=[post(**stored)])))
    assert f"*Why it came:* {words}\n" in shown


RANK = "*Why it ranks where it does:* Urgent, money at stake"


def test_why_it_ranks_is_a_word_and_reasons() -> None:
    assert RANK in said(draw(view()))
    assert "waiting" not in said(draw(view()))


def test_waiting_is_a_reason_after_ten_minutes_and_tells_since_when() -> None:
    first, again = NOW - timedelta(hours=2), NOW - timedelta(minutes=1)
    messages = [post(created_at=first), post(id=33, text="Hello??", created_at=again)]
    waiting = view(case=case(waiting_since=first, last_message_at=again), messages=messages)
    since = f"<!date^{int(first.timestamp())}^{{date_short_pretty}} at {{time}}|2026-11-21 12:06 UTC>"
    assert f"{RANK}, waiting since {since}" in said(draw(waiting))
    assert f"{RANK}, waiting since" in said(draw(view(case=case(waiting_since=NOW - timedelta(minutes=11)))))


def test_a_customer_who_says_that_they_wait_is_not_said_to_wait() -> None:
    impatient = replace(READING, reasons=("money at stake", Reason.LONG_WAIT.value))
    shown = said(draw(view(case=case(assessment=impatient))))
    assert f"{RANK}, says they have waited long" in shown
    assert "has waited long" not in shown


def test_a_reopened_case_says_that_the_customer_came_back() -> None:
    assert f"{RANK}, came back" in said(draw(view(case=case(reopened_at=NOW - timedelta(minutes=4)))))
    assert "came back" not in said(draw(view()))


def test_an_answered_case_ranks_nowhere() -> None:
    shown = said(draw(view(case=case(waiting_since=None))))
    assert "*Why it ranks where it does:* Urgent, nothing is unanswered" in shown


def test_the_whole_suggestion_tells_its_source_and_length() -> None:
    text = "Hola Ana, sentimos el problema con el pago …"
    shown = said(draw(view()))
    assert f"Suggested reply (saved reply “Payment errors”, v3) · {len(text)} / 280\n{text}" in shown
    assert "x" * 1900 in said(draw(view(suggestion=suggestion(text="x" * 1900))))


def test_a_models_draft_names_the_model_the_prompt_the_day_and_what_to_ask() -> None:
    drafted = suggestion(source=Source.MODEL, model="gpt-6", version="2", missing=("order number",))
    shown = said(draw(view(suggestion=drafted)))
    assert "(drafted by gpt-6 from “Payment errors”, prompt v2, {date_short_pretty} at {time})" in shown
    assert "Still to ask: order number" in shown


def test_our_reply_takes_the_place_of_the_suggestion() -> None:
    shown = said(draw(answered(Delivery.UNSURE)))
    assert "Our reply\nHola Ana, sentimos el problema con el pago." in shown.replace("\n\n", "\n")
    assert "Suggested reply" not in shown


def test_it_leads_to_the_profile_to_answering_by_hand_and_to_our_replies() -> None:
    shown = said(draw(view()))
    assert "<https://x.com/anaruiz|Their profile on X>" in shown
    assert "<https://x.com/intent/tweet?in_reply_to=1001|Answer on X in the browser>" in shown
    assert "<https://x.com/acme/with_replies|Our replies on X>" in shown


def test_the_assignee_is_offered_to_release_and_others_to_take_over() -> None:
    claimed = view(case=case(claimed_by="U0SAM", claimed_at=NOW))
    assert "*Claimed by* <@U0SAM> <!date^1795269960^{ago}|2026-11-21 14:06 UTC>" in said(draw(claimed))
    assert labels(draw(claimed)) == [
        "It is about…",
        "Mark as spam",
        "Add note…",
        "Tags…",
        "Release",
        "Open an outage…",
    ]
    assert labels(draw(claimed, reader="U0MIA")) == [
        "It is about…",
        "Mark as spam",
        "Add note…",
        "Tags…",
        "Take over…",
        "Open an outage…",
    ]
    [_correct, _spam, _note, _tags, (_block, release), _open] = elements(draw(claimed)["blocks"])
    assert release["action_id"] == ActionId.CASE_RELEASE
    assert parse_value(release["value"]) == CardValue(12, 7)
    assert labels(draw(view())) == ["It is about…", "Mark as spam", "Add note…", "Tags…", "Open an outage…"]
    done = view(case=case(claimed_by="U0SAM", state=CaseState.RESOLVED))
    assert labels(draw(done)) == ["It is about…", "Add note…", "Tags…", "Open an outage…"]


def test_what_a_customer_asks_about_again_is_quoted() -> None:
    other = replace(READING, situation=Situation.OTHER, urgency=Urgency.NORMAL, reasons=())
    nudge = post(id=33, text="@acme still waiting for an answer here", assessment=other)
    shown = said(draw(view(messages=[post(text="@acme the app eats my payment"), nudge])))
    assert "@acme still waiting for an answer here" in shown
    assert "↳ asked before: “the app eats my payment”" in shown


def test_who_may_not_open_an_outage_is_not_offered_it() -> None:
    shown = render_details(
        view(),
        [],
        now=NOW,
        ours=OURS,
        team_url=TEAM_URL,
        reader="U0SAM",
        permissions=(Permission.WORK_ON_CASES,),
    )
    assert labels(shown) == ["It is about…", "Mark as spam", "Add note…", "Tags…"]


def test_what_was_deleted_cannot_be_corrected() -> None:
    assert labels(draw(view(messages=[post(deleted_at=NOW, text="")]))) == ["Add note…", "Tags…"]


def test_earlier_cases_are_listed_with_dates_outcomes_and_cards() -> None:
    old = case(
        id=3, state=CaseState.RESOLVED, closed_by="U0MIA", closed_at=NOW, opened_at=NOW - timedelta(days=9)
    )
    drawn = draw(view(), [old])
    assert "{date_short_pretty} · Cannot pay · resolved by <@U0MIA> {ago}" in said(drawn)
    assert "https://acme.slack.com/archives/C0SUPPORT/p1795269960000100" in json.dumps(drawn)
    assert "submit" not in drawn


def test_an_empty_history_says_so() -> None:
    assert "the first time they are in touch" in said(draw(view()))


def test_a_very_long_history_is_cut() -> None:
    assert "2 older cases not shown." in said(draw(view(), [case(id=100 + n) for n in range(52)]))


@pytest.mark.parametrize(
    ("venues", "says"),
    [
        (
            frozenset[Venue](),
            "customers on X have no private venue to reach you: no direct messages are read",
        ),
        (frozenset({Venue.EMAIL}), "no direct messages are read on X, which most saved replies ask for"),
        (PRIVATE_VENUES, ""),
    ],
)
def test_why_what_is_answered_in_private_has_no_suggestion(venues: frozenset[Venue], says: str) -> None:
    guidance = {Situation.CANNOT_PAY: Guidance(venues=frozenset({Where.PRIVATE}))}
    ours = replace(OURS, private_venues=venues)
    shown = view(suggestion=None)
    drawn = render_details(
        shown, [], now=NOW, ours=ours, team_url=TEAM_URL, reader="U0SAM", guidance=guidance
    )
    check_view(drawn, people=PEOPLE)
    assert says in said(drawn)
    assert ("No suggestion." in said(drawn)) is bool(says)
