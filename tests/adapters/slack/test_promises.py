"""Render lists of promises, and of days, longer than one section of Slack's."""

from datetime import timedelta

from adapters.slack.cases.promise_list import MAX_ROWS, home_promises, render_promises
from adapters.slack.completeness import MAX_ROWS as MAX_DAYS
from adapters.slack.completeness import render_completeness
from domain.cases.case import Case
from domain.cases.promises import Promise
from domain.intake.completeness import DayCompleteness, MentionDay
from tests.adapters.slack.inspection import check_message, said
from tests.adapters.slack.samples import NOW, TEAM_URL, case

SAM = "U0SAM0000000"


def made(count: int) -> list[tuple[Promise, Case]]:
    held = case(claimed_by=SAM, card_channel="C0123456789", card_ts="1764590400.123456")
    return [
        (
            Promise(
                id=number,
                case_id=1,
                message_id=number,
                words=f"by the end of the day on Friday, 4 December at 16:30, the {number}th",
                made_at=NOW,
                made_by=SAM,
                due_at=NOW + timedelta(hours=number),
            ),
            held,
        )
        for number in range(1, count + 1)
    ]


def test_all_promises_that_are_listed_are_shown_whole() -> None:
    message = render_promises(made(50), team_url=TEAM_URL)
    check_message(message, people=frozenset({SAM}))
    text = said(message)
    assert text.count("•") == text.count("th”") == MAX_ROWS
    assert f"{50 - MAX_ROWS} more promises, due later" in text
    home = home_promises(made(20), team_url=TEAM_URL)
    assert said({"blocks": home}).count("th”") == 20


def test_all_days_that_are_listed_are_shown_whole() -> None:
    day = MentionDay(
        day="2026-11-29",
        network="mastodon",
        account_id="1",
        looked_from=NOW,
        looked_until=NOW,
        listed=1_000_000,
        held=900_000,
        late=1_000,
    )
    days = [DayCompleteness(counted=day, unreadable=1_000, gone=10_000)] * 40
    message = render_completeness(days, network_label=str.capitalize)
    check_message(message)
    assert said(message).count("10,000 gone") == MAX_DAYS
