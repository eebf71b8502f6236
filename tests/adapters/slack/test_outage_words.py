"""Word outages as they are: times, planned work, counts, and what was sent."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from adapters.slack.boards import render_outage_board
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.modals.outages.form import FormChoices, render_outage_form
from adapters.slack.modals.outages.review import render_review
from adapters.slack.modals.outages.standing import render_retract
from adapters.slack.outages import command_answers
from adapters.slack.outages.timeline import render_timeline
from domain.outages.current_notices import CurrentNotice
from domain.outages.destinations import DestinationProfile, Destinations, Preflight
from domain.outages.notices import NoticeState, NoticeText
from domain.outages.outage import OutageKind, OutageState, Phase
from tests.adapters.slack.inspection import said
from tests.adapters.slack.samples import NOW, TEAM_URL
from tests.adapters.slack.test_outages import RUTH, a_board, a_form, a_notice, a_review, an_outage


def test_the_list_says_since_when_an_outage_is_resolved() -> None:
    resolved = an_outage(
        state=OutageState.RESOLVED,
        phase=Phase.RESOLVED,
        announced_at=NOW - timedelta(hours=2),
        resolved_at=NOW - timedelta(minutes=1),
    )
    told = said(command_answers.render_outage_list([resolved], team_url=TEAM_URL))
    assert f"Resolved · {date_mrkdwn(NOW - timedelta(minutes=1))}" in told
    going_on = replace(resolved, state=OutageState.ANNOUNCED, phase=Phase.IDENTIFIED, resolved_at=None)
    told = said(command_answers.render_outage_list([going_on], team_url=TEAM_URL))
    assert f"Identified · {date_mrkdwn(NOW - timedelta(hours=2))}" in told


def test_the_list_and_the_time_line_say_when_work_is_planned() -> None:
    start, end = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2)
    work = an_outage(kind=OutageKind.MAINTENANCE, phase=Phase.SCHEDULED, starts_at=start, ends_at=end)
    told = said(command_answers.render_outage_list([work], team_url=TEAM_URL))
    begins, ends = (date_mrkdwn(at, DateStyle.DAY_AND_CLOCK) for at in (start, end))
    assert f"🗓️ From {begins} until {ends}" in told
    over = replace(work, state=OutageState.RESOLVED, phase=Phase.RESOLVED)
    assert "🗓️" not in said(command_answers.render_outage_list([over], team_url=TEAM_URL))
    written, other = (
        render_timeline(one, [], names={}, destinations=Destinations(), zone=UTC)
        for one in (over, an_outage())
    )
    assert f"- Planned: {start:%Y-%m-%d %H:%M} UTC to {end:%Y-%m-%d %H:%M} UTC" in written
    assert "Planned" not in other


def test_the_form_of_planned_work_asks_what_is_planned() -> None:
    planned = a_form(outage_kind=OutageKind.MAINTENANCE, phase=Phase.SCHEDULED)
    told = str(render_outage_form(planned, FormChoices()))
    assert "What is planned, and what customers will notice" in told
    assert "What is wrong" not in told
    assert "Payments fail in the app" not in told
    assert "What is wrong, in plain words" in str(render_outage_form(a_form(), FormChoices()))


@pytest.mark.parametrize(
    ("audience", "reached"), [(1, "reaches 1 subscriber ·"), (2, "reaches 2 subscribers ·")]
)
def test_one_subscriber_is_one(audience: int, reached: str) -> None:
    preflight = Preflight(audience=audience, audience_unit="subscribers")
    assert reached in said(render_review(a_review(preflights={"posts": preflight}), RUTH, external_id="1"))


def test_a_review_shows_a_text_once_and_each_destination_that_gets_it() -> None:
    texts = tuple(
        NoticeText(destination=name, language="en", text=text)
        for name, text in (
            ("posts", "Paying fails."),
            ("page", "Paying fails for all."),
            ("feed", "Paying fails."),
        )
    )
    profiles = {
        name: DestinationProfile(name=name, label=f"<{name}>", corrects=name == "feed")
        for name in ("posts", "page", "feed")
    }
    preflights = {"feed": Preflight(audience=7, audience_unit="readers", warnings=("slow",))}
    told = said(
        render_review(
            a_review(texts=texts, profiles=profiles, preflights=preflights, warnings=()),
            RUTH,
            external_id="1",
        )
    )
    assert told.count("Paying fails.") == 1
    assert told.index("<posts>, <feed>") < told.index("Paying fails.") < told.index("Paying fails for all.")
    assert "*&lt;posts&gt;* · *13" in told
    assert "*&lt;feed&gt;* · *13" in told
    assert "reaches 7 readers · can be edited afterwards" in told
    assert "⚠️ slow" in told


def test_boards_and_deletions_quote_what_was_sent() -> None:
    texts = (
        NoticeText(destination="posts", language="en", text="Paying may fail. We look."),
        NoticeText(destination="page", language="", text="Paying may fail, we are on it."),
    )
    sent = a_notice("Stripe broke it", state=NoticeState.APPROVED, texts=texts)
    board = a_board(notices=(sent,), lines=())
    assert "Paying may fail. We look." in said(render_outage_board(board))
    assert "Stripe" not in said(render_outage_board(board))
    [standing] = board.standing
    page = replace(standing.publication, destination="page", language="")
    current = CurrentNotice(notice=sent, newest=sent)
    shown = replace(board, standing=(replace(standing, publication=page, current=current),))
    assert "Paying may fail, we are on it." in str(render_retract(shown, zone=UTC))
