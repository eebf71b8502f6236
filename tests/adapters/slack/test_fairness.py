"""The fairness ledger in words: who waited how much less, what was not found, what is too little to tell."""

import json
import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.slack.reports.fairness import render_ledger, render_ledger_table, treatment_line
from domain.cases.case import Case
from domain.reports.fairness import Comparison, Difference, Ledger, Verdict
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import parse_period
from domain.reports.treatment import Group, Outcome, Trait
from tests.adapters.slack.inspection import breakable, check_message, labels, said
from tests.adapters.slack.samples import case

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
WEEK = parse_period("7d", now=NOW, zone=UTC)
LOUD, AGAIN = Group(Trait.FOLLOWERS, "10000"), Group(Trait.WROTE_AGAIN)
ITALIAN, UNHAPPY = Group(Trait.LANGUAGE, "it"), Group(Trait.TONE)
SOONER = Comparison(
    group=LOUD,
    outcome=Outcome.WAIT,
    verdict=Verdict.DIFFERENT,
    cases=45,
    others=612,
    difference=Difference(-540, -720, -360, 300),
    by_clock=Difference(-600, -800, -400, 300),
    examples=((1, 2), (3,)),
)
LATER = Comparison(
    group=ITALIAN,
    outcome=Outcome.WAIT,
    verdict=Verdict.DIFFERENT,
    cases=30,
    others=500,
    difference=Difference(1500, 600, 8400, 300),
    by_clock=Difference(1500, 600, 8400, 300),
    examples=((1,), (3,)),
)
LESS_OFTEN = Comparison(
    group=UNHAPPY,
    outcome=Outcome.RESOLVED,
    verdict=Verdict.DIFFERENT,
    cases=60,
    others=70,
    difference=Difference(-0.12, -0.19, -0.05, 0.1),
)
UNFOUND = (
    Comparison(
        group=AGAIN,
        outcome=Outcome.WAIT,
        verdict=Verdict.NO_EVIDENCE,
        cases=40,
        others=80,
        difference=Difference(-60, -500, 380, 840),
    ),
    Comparison(
        group=AGAIN,
        outcome=Outcome.MOVED,
        verdict=Verdict.NO_EVIDENCE,
        cases=40,
        others=80,
        difference=Difference(0.01, -0.1, 0.1, 0.08),
    ),
)
TOO_FEW = Comparison(group=LOUD, outcome=Outcome.WAIT, verdict=Verdict.TOO_FEW, cases=3, others=90)
BAD = "<!channel> *bold* &amp;"


def shown(*comparisons: Comparison, cases: int = 657, is_cut: bool = False) -> Any:  # noqa: ANN401 - as rendered
    examples: dict[int, Case] = {
        number: case(id=number, card_channel="C1", card_ts=f"{number}.2") for number in (1, 2, 3)
    }
    ledger = Ledger(cases=cases, is_cut=is_cut, comparisons=comparisons)
    filters = Filters({FilterKey.TAG: ("billing",)})
    content = render_ledger(
        ledger, examples, period=WEEK, filters=filters, team_url="https://acme.slack.com/"
    )
    check_message(content)
    return content


def test_it_says_where_the_loud_were_served_first_and_links_cases_of_both_sides() -> None:
    content = shown(SOONER, LATER, LESS_OFTEN, *reversed(UNFOUND), TOO_FEW)
    words = (
        "People with 10,000 followers or more waited 9 min less than others with the same situation "
        "(6 to 12 min, 45 cases)"
    )
    top, asked, first, second, third, unfound, few, buttons, footer = content["blocks"]
    assert top["text"]["text"] == "*The loud were served first*"
    assert said(content).count(words) == 1
    assert breakable(content["text"]) == f"Last 7 days: The loud were served first. {words}"
    assert "657 cases in which a customer asked · only tag:billing" in asked["elements"][0]["text"]
    assert f"▲ {words}  in office hours; by the clock 10 min less (7 to 13 min)" in said({"blocks": [first]})
    links = str(first)
    assert all(f"https://acme.slack.com/archives/C1/p{number}2" in links for number in (1, 2, 3))
    assert (
        "People who wrote in Italian waited 25 min longer than others with the same situation "
        "(10 min to 2 h 20 min, 30 cases)"
    ) in said({"blocks": [second]})
    assert (
        "People who wrote in an unhappy tone had their case resolved less often than others with the same "
        "situation: by 12 points (5 to 19 points, 60 cases)"
    ) in said({"blocks": [third]})
    assert said({"blocks": [unfound]}).strip() == (
        "No evidence of a difference: written again within 30 min. Would have been found: a wait of 14 min and "
        "a share of 8 points. Show as table has each."
    )
    assert said({"blocks": [few]}).strip() == "Too few to tell: 10,000 followers or more (wait)"
    assert labels({"blocks": [buttons]}) == ["Show as table", "Explain"]
    assert "same situation and urgency" in said({"blocks": [footer]})


def test_what_was_found_is_counted_above_and_who_is_loud_comes_first() -> None:
    quiet = shown(LATER, LESS_OFTEN)
    assert "*2 differences in 657 cases that chance does not explain*" in said(quiet)
    assert said(quiet).count("waited 25 min longer") == 1
    loud = said(shown(LESS_OFTEN, LATER, SOONER))
    assert loud.index("waited 9 min less") < loud.index("resolved less often") < loud.index("waited 25 min")


def test_where_hardly_anybody_was_answered_it_says_at_least() -> None:
    never = Difference(18_000, 18_000, math.inf, math.inf)
    one = replace(LATER, difference=never, by_clock=replace(never, value=36_000, low=36_000))
    text = breakable(json.dumps(shown(one)["blocks"], ensure_ascii=False))
    assert "waited at least 5 h longer than others with the same situation (30 cases)" in text
    assert "by the clock at least 10 h longer" in text
    table = render_ledger_table(
        Ledger(cases=9, is_cut=False, comparisons=(one,)), period=WEEK, filters=Filters()
    )
    assert re.search(r"wait +\*\+5.0 h +\+5.0 h +more", said(table))


def test_without_a_finding_it_never_says_that_all_is_fair() -> None:
    none, few, nobody = shown(*UNFOUND, TOO_FEW), shown(TOO_FEW, cases=93), shown(cases=0)
    assert "No difference was found in 657 cases that chance does not explain" in said(none)
    assert "Too few to tell: 93 cases" in said(few)
    assert "Too few to tell: 0 cases" in said(nobody)
    assert all("fair" not in said(content).lower() for content in (none, few, nobody))
    assert labels(nobody) == ["Explain"]


def test_the_table_has_each_difference_with_its_interval() -> None:
    ledger = Ledger(cases=5, is_cut=True, comparisons=(SOONER, LESS_OFTEN, *UNFOUND, TOO_FEW))
    content = render_ledger_table(ledger, period=WEEK, filters=Filters())
    check_message(content)
    lines = [line for line in said(content).splitlines() if line]
    assert "the newest 5 cases" in lines[0]
    assert "wait         *-9 min -12 min  -6 min" in said(content)
    assert "resolved        *-12     -19      -5" in said(content)
    assert "wait         too few" in said(content)
    assert (
        "People who had written again within 30 min, of those who still waited then (40, and 80 others)"
    ) in said(content)
    assert "Would have been found: wait 14 min, private 8 points" in said(content)


def test_a_summary_has_a_line_only_where_something_was_found() -> None:
    found = Ledger(cases=5, is_cut=False, comparisons=(SOONER, LATER, TOO_FEW))
    line = treatment_line(found, WEEK, Filters())
    assert line is not None
    assert breakable(line).endswith("(6 to 12 min, 45 cases) · 1 more, see /mentions fairness 7d")
    unfound = Ledger(cases=5, is_cut=False, comparisons=(*UNFOUND, TOO_FEW))
    assert treatment_line(unfound, WEEK, Filters()) is None


@pytest.mark.parametrize(
    "words", ["today", "yesterday", "5h", "30d", "last week", "this month", "2026-10-25", "2026-11-01..today"]
)
def test_a_summary_says_how_to_ask_for_the_ledger_of_its_own_cases(words: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    period = parse_period(words, now=NOW, zone=berlin)
    line = treatment_line(None, period, Filters({FilterKey.LANGUAGE: ("es",)}))
    assert line is not None
    asked = line.removeprefix("not compared yet, see /mentions fairness ")
    assert asked.endswith(" with the same filters")
    again = parse_period(asked.removesuffix(" with the same filters"), now=NOW, zone=berlin)
    assert (again.since, again.until) == (period.since, period.until)
