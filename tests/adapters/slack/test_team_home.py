"""A manager's App Home: one click from each row to its thread, all that matters within Slack's limits."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.slack.action_ids import ActionId
from adapters.slack.home import render_home
from adapters.slack.home_ids import HomeFilter
from adapters.slack.message_content import View
from adapters.slack.team_home import render_team_home
from domain.cases.promises import Promise
from domain.cases.views import HomeView
from domain.outages.outage import OutageState
from domain.reports.team import HeldCases, RankWaiting, Spending, TeamView
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike
from domain.triage.assessment import Urgency
from tests.adapters.slack.inspection import NBSP, check_view, labels, said
from tests.adapters.slack.samples import NOW, TEAM_URL, case, our_account
from tests.adapters.slack.test_outages import an_outage

PEOPLE = frozenset({"U0SAM", "U0MIA", "U0KAI"})
NOTHING = TeamView(
    made_at=NOW,
    counts={"open": 0, "unclaimed": 0, "waiting": 0, "snoozed": 0},
    waiting=(),
    holders=(),
    holder_count=0,
    away={},
    due_soon=(),
    promises=(),
    spikes=(),
    outages=(),
    pause=None,
    networks={},
    model=Spending(month=0.0, today=0.0),
)
SPIKE = Spike(
    id=1,
    series=Series(SeriesKind.SITUATION, "cannot_pay"),
    since=NOW,
    found_at=NOW,
    window=timedelta(minutes=10),
    count=23,
    expected=2.0,
    log_p=-20.0,
    channel="C0ONCALL",
    ts="1795269960.000100",
)


def team(**changes: Any) -> View:  # noqa: ANN401 - any of the fields
    drawn = render_team_home(replace(NOTHING, **changes), team_url=TEAM_URL, network_label=str.upper)
    check_view(drawn, people=PEOPLE)
    assert len(drawn["blocks"]) <= 100
    return drawn


def test_a_quiet_day_says_so_and_nothing_of_what_is_not_there() -> None:
    drawn = team()
    text = said(drawn)
    assert "Nobody waits. 🎉" in text
    assert "Nobody has an open case." in text
    assert "No answer is overdue or due soon." in text
    assert "This month" not in text
    assert drawn["private_metadata"] == HomeFilter.TEAM
    assert "Refresh" in labels(drawn)


def test_what_waits_is_told_by_urgency_and_age_with_the_way_to_the_oldest() -> None:
    waiting = [
        RankWaiting(urgency=Urgency.URGENT, counts=(2, 0, 1, 1_000), oldest=case(id=1)),
        RankWaiting(urgency=Urgency.LOW, counts=(1, 0, 0, 0), oldest=case(id=2)),
    ]
    drawn = team(waiting=waiting)
    text = said(drawn)
    assert "🔴 *Urgent: 1,003* · 2 under 1 h · 1 for 4–24 h · 1,000 over a day\nOldest: 🔴 <https://" in text
    assert "🔵 *Low: 1* · 1 under 1 h\nOldest: " in text
    assert f"under 1{NBSP}h · 1 for 4–24{NBSP}h" in json.dumps(drawn, ensure_ascii=False)
    assert text.count("Cannot pay · Ana Ruiz  @anaruiz>") == 2


def test_who_works_on_what_and_who_is_away() -> None:
    back = NOW + timedelta(hours=2)
    holders = [
        HeldCases(user_id="U0SAM", count=4, oldest=case(id=1, claimed_by="U0SAM"), away_until=back),
        HeldCases(user_id="U0MIA", count=1, oldest=case(id=2, claimed_by="U0MIA")),
    ]
    text = said(team(holders=holders, holder_count=5, away={"U0KAI": back}))
    assert "<@U0SAM> *4 open cases* · 🌙 away until <!date^" in text
    assert "<@U0MIA> *1 open case*\nOldest: 🔴 <https://" in text
    assert "3 others with fewer open cases." in text
    assert "🌙 Away: <@U0KAI> until <!date^" in text


def test_spikes_and_outages_lead_to_their_messages_and_spending_has_its_cap() -> None:
    outage = replace(an_outage(), state=OutageState.ANNOUNCED, board_channel="C0ONCALL", board_ts="1.000100")
    drawn = team(
        spikes=[SPIKE],
        outages=[outage],
        networks={"x": Spending(month=31.2, today=1.4, daily_cap=25.0)},
        model=Spending(month=0.5, today=0.0),
    )
    text = said(drawn)
    assert "📈 23 people wrote about “Cannot pay” in 10 minutes, usually 2 · <!date^" in text
    assert "Payments fail" in text
    assert "X *$31.20* (today $1.40 of $25.00) · language model *$0.50* (today $0.00)" in text
    links = [block["accessory"]["url"] for block in drawn["blocks"] if "accessory" in block]
    assert links == [
        "https://acme.slack.com/archives/C0ONCALL/p1000100",
        "https://acme.slack.com/archives/C0ONCALL/p1795269960000100",
    ]


def test_promises_are_listed_with_who_is_to_keep_them() -> None:
    promise = Promise(
        id=1, case_id=1, message_id=1, words="by Friday", made_at=NOW, made_by="U0SAM", due_at=NOW
    )
    text = said(team(promises=[(promise, case(id=1, claimed_by="U0SAM"))]))
    assert "Promises due" in text
    assert "“by Friday” · <@U0SAM>" in text


def test_a_busy_team_stays_within_a_hundred_blocks() -> None:
    drawn = team(
        waiting=[RankWaiting(urgency=one, counts=(1, 1, 1, 1), oldest=case()) for one in Urgency],
        holders=[HeldCases(user_id="U0SAM", count=9, oldest=case()) for _ in range(15)],
        holder_count=40,
        away=dict.fromkeys(sorted(PEOPLE), NOW),
        due_soon=[case() for _ in range(10)],
        spikes=[SPIKE] * 9,
        outages=[an_outage()] * 9,
    )
    assert len(drawn["blocks"]) < 60


def test_the_team_is_offered_to_whoever_may_see_it() -> None:
    def options(*, offers_team: bool, may_act: bool = True) -> list[str]:
        view = HomeView(
            user_id="U0SAM",
            made_at=NOW,
            mine=(),
            unclaimed=(),
            due_soon=(),
            waiting=(),
            counts={"open": 0},
            offers_team=offers_team,
            may_act=may_act,
        )
        drawn = render_home(view, team_url=TEAM_URL, account_of=our_account)
        [select] = [
            element
            for block in drawn["blocks"]
            if block["type"] == "actions"
            for element in block["elements"]
            if element["action_id"] == ActionId.HOME_FILTER
        ]
        return [option["value"] for option in select["options"]]

    assert HomeFilter.TEAM.value not in options(offers_team=False)
    assert HomeFilter.TEAM.value in options(offers_team=True)
    assert "The team" in json.dumps(team())
    assert HomeFilter.MINE.value in options(offers_team=True)
    assert HomeFilter.MINE.value not in options(offers_team=True, may_act=False)
