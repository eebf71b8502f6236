"""Show on the card why an answer is not sent yet, until when, and what there is to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.cards import render_card
from domain.cases.messages import CANCELLED, Delivery
from domain.cases.views import CaseView
from domain.delivery.answer_wait import AnswerWait, WaitCause
from domain.delivery.pause import Pause
from domain.venues import Venue
from tests.adapters.slack.inspection import check_message, said
from tests.adapters.slack.samples import NOW, OURS, answered, moved, reply

SOON = NOW + timedelta(minutes=9)
AT_TIME = "<!date^1795270500^{date_short_pretty} at {time}|2026-11-21 14:15 UTC>"


def card(shown: CaseView) -> str:
    content = render_card(shown, ours=OURS)
    check_message(content, people=frozenset({"U0SAM", "U0RUTH"}))
    assert len(content["blocks"]) <= 4 + (shown.handoff is not None)
    return said(content)


def waiting(cause: WaitCause, *, venue: Venue = Venue.PUBLIC, **more: Any) -> CaseView:  # noqa: ANN401 - any field of the wait
    wait = replace(AnswerWait(cause=cause, until=SOON), **more)
    if venue is Venue.PUBLIC:
        return replace(answered(Delivery.QUEUED), answer_wait=wait)
    ours = reply(Delivery.QUEUED, id=40, venue=venue)
    return moved(latest_reply=ours, answer_wait=wait)


def test_a_rate_limit_says_whose_it_is_and_when_the_answer_goes_out() -> None:
    shown = card(waiting(WaitCause.RATE_LIMIT))
    assert "*Waits to be sent* by <@U0SAM>" in shown
    assert "⏳ *X takes no more from us for now:* its rate limit is reached." in shown
    assert f"Our reply goes out by itself {AT_TIME}: there is nothing to do." in shown
    assert "Sending…" not in shown


def test_another_attempt_says_why_when_and_which_it_is() -> None:
    shown = card(waiting(WaitCause.RETRY, reason="X <cannot> be reached (OSError).", attempts=2))
    assert (
        f"⏳ *Not sent yet:* X &lt;cannot&gt; be reached (OSError). It is tried again by itself {AT_TIME} "
        "(attempt 3 of 6): there is nothing to do."
    ) in shown
    assert "Sending…" not in shown


@pytest.mark.parametrize(
    ("venue", "receiver"),
    [
        (Venue.PUBLIC, "X"),
        (Venue.DM, "X"),
        (Venue.EMAIL, "The mail server"),
        (Venue.CHAT, "The chat page"),
    ],
)
def test_our_own_pace_names_who_takes_only_so_many(venue: Venue, receiver: str) -> None:
    shown = card(waiting(WaitCause.PACE, venue=venue))
    assert f"⏳ *Others go first:* {receiver} takes only so many a minute" in shown
    assert f"goes out by itself {AT_TIME} or a little later: there is nothing to do" in shown


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (1, "1 earlier answer of this conversation goes out before it."),
        (2, "2 earlier answers of this conversation go out before it."),
    ],
)
def test_what_goes_out_before_it_is_counted(ahead: int, told: str) -> None:
    assert told in card(waiting(WaitCause.RATE_LIMIT, venue=Venue.DM, ahead=ahead))
    assert "before it" not in card(waiting(WaitCause.RATE_LIMIT, venue=Venue.DM))


def test_what_a_pause_holds_is_not_called_on_its_way() -> None:
    pause = Pause(id=1, paused_by="U0RUTH", paused_at=NOW, holds_answers=True)
    shown = card(replace(answered(Delivery.QUEUED), pause=pause))
    assert "*Waits to be sent* by <@U0SAM>" in shown
    assert "Sending…" not in shown


@pytest.mark.parametrize("cause", list(WaitCause))
def test_what_waits_can_be_cancelled(cause: WaitCause) -> None:
    assert "Cancel sending" in buttons_of(waiting(cause))


def test_what_a_pause_holds_can_be_cancelled() -> None:
    pause = Pause(id=1, paused_by="U0RUTH", paused_at=NOW, holds_answers=True)
    assert "Cancel sending" in buttons_of(replace(answered(Delivery.QUEUED), pause=pause))


def test_what_is_on_its_way_or_may_have_arrived_cannot_be_cancelled() -> None:
    assert "Cancel sending" not in buttons_of(answered(Delivery.QUEUED))
    tried = waiting(WaitCause.RETRY, reason="the line broke")
    assert tried.latest_reply is not None
    doubtful = replace(tried, latest_reply=replace(tried.latest_reply, error="nobody said that it arrived"))
    assert "Cancel sending" not in buttons_of(doubtful)


def test_our_own_answer_to_a_code_is_not_an_agents_to_cancel() -> None:
    tried = waiting(WaitCause.RETRY, reason="the line broke", venue=Venue.DM)
    assert tried.latest_reply is not None
    code = replace(tried, latest_reply=replace(tried.latest_reply, client_key="code:1"))
    assert "Cancel sending" not in buttons_of(code)


def test_a_cancelled_answer_is_told_without_alarm_and_not_pressed_to_be_sent() -> None:
    failed = answered(Delivery.FAILED)
    assert failed.latest_reply is not None
    assert style_of(failed, "Try again") == "primary"
    cancelled = replace(failed, latest_reply=replace(failed.latest_reply, error=CANCELLED))
    assert style_of(cancelled, "Try again") is None
    assert "↩️ *Not sent:* it was cancelled before it left" in card(cancelled)


@pytest.mark.parametrize("venue", [Venue.PUBLIC, Venue.DM])
def test_who_cancelled_an_answer_most_likely_changes_it(venue: Venue) -> None:
    ours = replace(reply(Delivery.FAILED, id=40, venue=venue), error=CANCELLED)
    shown = answered(Delivery.FAILED) if venue is Venue.PUBLIC else moved()
    shown = replace(shown, latest_reply=ours, case=replace(shown.case, claimed_by="U0SAM"))
    assert buttons_of(shown) == ["Edit", "Try again", "Take over…", "Move to…"]
    assert style_of(shown, "Edit") == "primary"
    free = replace(shown, case=replace(shown.case, claimed_by=None))
    assert [one for one in buttons_of(free) if style_of(free, one) == "primary"] == ["Claim"]


def buttons_of(shown: CaseView) -> list[str]:
    return [one["text"]["text"] for one in button_elements(shown)]


def style_of(shown: CaseView, label: str) -> object:
    [found] = [one for one in button_elements(shown) if one["text"]["text"] == label]
    return found.get("style")


def button_elements(shown: CaseView) -> list[Any]:
    blocks = render_card(shown, ours=OURS)["blocks"]
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return [one for one in elements if one["type"] == "button"]
