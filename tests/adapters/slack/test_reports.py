"""Summaries: the line at the top, numbers with units, comparisons as words, and nothing interpreted."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.slack.action_ids import BadValue
from adapters.slack.reports.change_wording import change_title
from adapters.slack.reports.chart import known_before
from adapters.slack.reports.definitions import DEFINITIONS, render_definitions
from adapters.slack.reports.digest import render_digest
from adapters.slack.reports.export import (
    file_name,
    file_text,
    render_export_done,
    render_export_failed,
    render_progress,
)
from adapters.slack.reports.nothing import nothing_blocks
from adapters.slack.reports.summary import render_summary
from adapters.slack.reports.table import render_table
from adapters.slack.reports.values import decode_report, encode_report
from adapters.slack.reports.wording import before_name, compared, duration, filters_mrkdwn, percent, span
from adapters.slack.surge.sparkline import MAX_BARS, averaged
from domain.reports.changes import Change, ChangeKind
from domain.reports.digests import Cadence
from domain.reports.export_rows import ExportFormat, ExportRow, Record, header, line_of
from domain.reports.fairness import Ledger
from domain.reports.figures import (
    MAX_NOTICES,
    Backlog,
    CaseGroup,
    CompletenessFigures,
    DayFigures,
    Figures,
    HandoffFigures,
    NoticeEffect,
    PeriodReport,
    PromiseFigures,
    Reached,
    Resolutions,
    Responses,
    SuggestionUse,
    Waits,
)
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import parse_period
from domain.reports.statistics import Sums
from domain.reports.summaries import Example, NothingChosen, Summary
from domain.venues import Venue
from tests.adapters.slack.inspection import NBSP, breakable, check_message, check_view, labels, said
from tests.adapters.slack.samples import case
from tests.source import ROOT

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
WEEK = parse_period("7d", now=NOW, zone=BERLIN)
BAD = "<!channel> *bold* `code` <@U0SAM> &amp; =1+1"
REACHED = (Reached("slack_channel", 1, "members"), Reached("x", 12_300, "followers"))
FIGURES = Figures(
    days=[
        DayFigures(date=date(2026, 11, 22), mentions=40, cases=20, sentiment=Sums(40, -8.0, 10.0)),
        DayFigures(date=date(2026, 11, 23), mentions=60, cases=42, sentiment=Sums(60, -4.0, 10.0)),
    ],
    people=58,
    groups=[
        CaseGroup(situation="cannot_pay", language="en", network="x", count=50),
        CaseGroup(situation="refund", language="es", network="town", count=12),
    ],
    private_messages={Venue.CHAT: 9},
    responses=Responses(
        first=Waits(
            seconds=[60, 1080, 5100], office_seconds=[60, 540, 600], in_target=2, late=1, unanswered=1
        ),
        next=Waits(seconds=[30], office_seconds=[30], in_target=1),
        answers=50,
        still_broken=6,
    ),
    resolutions=Resolutions(seconds=[11_400, 11_400], reopened=1, repeated=1),
    suggestions=SuggestionUse(as_it_was=40, edited=22, thrown_away=10),
    handoffs=HandoffFigures(offered=30, arrived=21, resolved=15),
    rated=11,
    rated_solved=9,
    spend={"x": 12.3},
    notices=[NoticeEffect(title=BAD, sent_at=NOW, before=120, after=44, mailed=5012, reached=REACHED)],
)
BEFORE = Figures(
    days=[DayFigures(date=date(2026, 11, 15), mentions=90, cases=45, sentiment=Sums(90, 0.0, 20.0))],
    responses=Responses(first=Waits(seconds=[720], in_target=9, late=1), answers=40, still_broken=3),
)
REPORT = PeriodReport(
    period=WEEK,
    filters=Filters(),
    made_at=NOW,
    figures=FIGURES,
    before=BEFORE,
    backlog=Backlog(waiting=[NOW - timedelta(minutes=190), NOW - timedelta(minutes=40)]),
)
CHANGE = Change(kind=ChangeKind.SITUATION, key="cannot_pay", now=62, before=45)


def shown(
    report: PeriodReport = REPORT,
    changes: Sequence[tuple[Change, tuple[Example, ...]]] = (),
    **options: Any,  # noqa: ANN401 - its arguments
) -> Any:  # noqa: ANN401 - as rendered
    content = render_summary(
        Summary(report=report, changes=tuple(changes)),
        team_url="https://acme.slack.com/",
        mask=lambda words: words.replace("damn", "d•••"),
        ledger=Ledger(cases=0, is_cut=False, comparisons=()),
        **options,
    )
    check_message(content, people=frozenset({"U0SAM"} if options else ()))
    return content


def test_a_row_of_handles_leaves_the_examples_of_what_got_worse_their_words() -> None:
    words = "@ben @acme @anaruiz @clairedvl @huda_r it failed again"
    content = shown(changes=[(CHANGE, (Example(case=case(), words=words),))])
    assert "and 4 others · it failed again" in said(content)


def test_a_summary_says_first_what_matters_and_then_some_lines_and_the_table_has_the_others() -> None:
    content = shown(
        changes=[(CHANGE, (Example(case=case(card_channel="C1", card_ts="1.2"), words=f"damn {BAD}"),))]
    )
    top, asked, body, change, buttons, footer = content["blocks"]
    assert breakable(top["text"]["text"]) == "*Cannot pay: 62 cases, 38 % more than the week before*"
    assert asked["elements"][0]["text"] == "Last 7 days: 22 Nov 13:30 to 29 Nov 13:30 (Europe/Berlin)"
    lines = said({"blocks": [body]}).strip().split("\n")
    assert lines == [
        "Volume  100 mentions · 58 people · 62 cases, 38 % more than the week before · ▆█",
        "First response  half within 18 min (was 12 min) · 9 of 10 within 72 min · 67 % in time (was 90 %)"
        " · 1 still waits",
        "Waiting now  2 cases · the oldest for 3 h 10 min · half of them for 115 min or more",
        "Resolved  2 cases, half within 3 h 10 min · 1 opened again · 50 % wrote again within 72 h",
        "Still broken  after 12 % of our answers (was 8 %)",
        "About  Cannot pay 50 · Refund or cancel 12",
        f"Notice  “{BAD}”, 29 Nov 13:30: 120 mentions in the hour before, 44 in the hour after",
    ]
    *_, further, _ = render_table(REPORT, {}, network_label=str.upper)["blocks"]
    assert said({"blocks": [further]}).strip().split("\n") == [
        "First response in office hours  half within 9 min",
        "Next response  half within 30 s · 9 of 10 within 30 s · 100 % in time",
        "Where  X 50 · TOWN 12 · 9 live chat messages",
        "Languages  English 50 · Spanish 12",
        "Sentiment  -0.12 (was +0.00)",
        "Suggestions  40 as they were · 22 edited · 10 thrown away",
        "Hand-offs  30 offered, 21 arrived, 15 resolved · solved, say 9 of 11 who rated",
        f"Notice  “{BAD}”, 29 Nov 13:30: 120 mentions in the hour before, 44 in the hour after"
        " · reached about 1 member (Slack channel), 12,300 followers (X) · mailed to 5,012",
        "Spend  X $12.30",
    ]
    assert "▲ Cannot pay  62 cases (was 45)" in said({"blocks": [change]})
    assert f"d••• {BAD}" in said({"blocks": [change]})
    assert "https://acme.slack.com/archives/C1/p12" in str(change)
    assert labels({"blocks": [buttons]}) == [
        "Share in channel",
        "Send me the chart",
        "Show as table",
        "Explain",
    ]
    assert "Only you see this. *Show as table* has more figures. Who waits longest: App Home, " in said(
        {"blocks": [footer]}
    )


def test_the_arrow_of_what_got_worse_says_which_way_its_figure_went() -> None:
    late = Change(kind=ChangeKind.LATE_FIRST, now=0.2, before=0.1)
    assert change_title(late) == "▲ First answers that came late"
    assert change_title(Change(kind=ChangeKind.SENTIMENT, now=-0.28, before=0.08)) == "▼ Sentiment"


def test_filters_show_channels_and_people_by_name_and_anything_else_escaped() -> None:
    filters = Filters(
        {
            FilterKey.CHANNEL: ("C0SUPPORT", "<!here>"),
            FilterKey.LANGUAGE: ("es", "<b"),
            FilterKey.AGENT: ("U0SAM",),
        }
    )
    words = filters_mrkdwn(filters)
    assert words.startswith("channel:<#C0SUPPORT> channel:")
    assert words.endswith("language:es language:&lt;b agent:<@U0SAM>")
    assert "<!here>" not in words
    assert words in file_text(WEEK, filters)
    by_sam = replace(REPORT, filters=Filters({FilterKey.AGENT: ("U0SAM",)}))
    assert "only agent:<@U0SAM>" in said(shown(by_sam, shared_by="U0SAM"))


@pytest.mark.parametrize(
    ("change", "top"),
    [
        (None, "62 cases, 38 % more than the week before; nothing else got worse; 1 not answered in time"),
        (
            Change(kind=ChangeKind.LATE_FIRST, now=0.3, before=0.1),
            "First answers come late more often: 30 % of them, 10 % the week before",
        ),
        (
            Change(kind=ChangeKind.LATE_NEXT, now=0.3, before=0.0),
            "Further answers come late more often: 30 % of them, 0 % the week before",
        ),
        (
            Change(kind=ChangeKind.STILL_BROKEN, now=0.12, before=0.08),
            "Our answers help less often: 12 % ask again within a day, 8 % the week before",
        ),
        (
            Change(kind=ChangeKind.SENTIMENT, now=-0.4, before=0.1),
            "Customers are unhappier: -0.40, +0.10 the week before",
        ),
    ],
)
def test_the_first_line_is_the_surest_change(change: Change | None, top: str) -> None:
    content = shown(changes=[(change, ())] if change is not None else [])
    assert breakable(content["blocks"][0]["text"]["text"]) == f"*{top}*"


def test_a_chart_is_compared_only_with_a_time_that_is_known() -> None:
    before = REPORT.period.before
    assert known_before(replace(REPORT, known_since=before.until)) is None
    assert known_before(replace(REPORT, known_since=before.since)) == "the week before"
    today = parse_period("today", now=NOW, zone=WEEK.zone)
    assert known_before(replace(REPORT, period=today)) == "yesterday", "more would not fit into the chart"


def test_a_period_without_a_case_says_so_and_who_waits() -> None:
    content = shown(replace(REPORT, figures=Figures(), before=Figures(), backlog=Backlog()))
    assert content["blocks"][0]["text"]["text"] == "*No mention and no case: last 7 days*"
    assert said({"blocks": [content["blocks"][2]]}).strip() == "Waiting now  nobody 🎉"


def test_a_period_in_which_filters_choose_nothing_says_with_these_filters() -> None:
    filters = Filters({FilterKey.LANGUAGE: ("es",)})
    nothing = replace(REPORT, figures=Figures(), before=Figures(), backlog=Backlog(), filters=filters)
    content = shown(nothing)
    assert content["blocks"][0]["text"]["text"] == "*No mention and no case with these filters: last 7 days*"
    unhurried = render_summary(Summary(report=nothing, changes=()), team_url="", mask=str, ledger=None)
    assert "not compared yet" not in said(unhurried), "there is nothing to compare"


def test_one_filter_that_chooses_cases_of_which_nobody_wrote_is_not_left_out() -> None:
    filters = Filters({FilterKey.LANGUAGE: ("es",)})
    nothing = NothingChosen(cases=1, by_filter={FilterKey.LANGUAGE: 1})
    [block] = nothing_blocks(nothing, filters)
    assert block["text"]["text"] == (
        "1 case was opened in this time, 1 with language:es, but nobody wrote or was answered there. "
        "Ask for a longer time."
    )


def test_whoever_waits_longest_is_one_click_away_and_not_named() -> None:
    for longest, linked in ((case(card_channel="C1", card_ts="1.2"), True), (case(), False)):
        summary = Summary(report=REPORT, changes=(), longest=longest)
        for content in (
            render_summary(summary, team_url="https://acme.slack.com/", mask=str, shared_by="U0SAM"),
            render_digest(summary, cadence=Cadence.DAILY, digest=None, team_url="https://acme.slack.com/"),
        ):
            check_message(content, people=frozenset({"U0SAM"}))
            told = json.dumps(content["blocks"], ensure_ascii=False)
            assert ('"url": "https://acme.slack.com/archives/C1/p12", "text": "the oldest"' in told) is linked
            assert "the oldest for" in said(content)
            assert longest.author.name not in told


def test_a_filtered_summary_says_that_it_counts_filtered_mentions_around_a_notice() -> None:
    one = NoticeEffect(title="Login", sent_at=NOW, before=0, after=1)
    only_spanish = Filters({FilterKey.LANGUAGE: ("es",)})
    report = replace(REPORT, figures=replace(FIGURES, notices=[one]), filters=only_spanish)
    told = "“Login”, 29 Nov 13:30: 0 filtered mentions in the hour before, 1 in the hour after"
    assert told in said(shown(report))
    assert told in said(render_table(report, {}, network_label=str.upper))


def test_the_bars_of_many_days_stand_in_one_line_of_a_phone() -> None:
    day = FIGURES.days[0]
    days = [replace(day, mentions=count) for count in [5, *[4, 12] * 15]]
    figures = replace(FIGURES, days=days)
    [volume] = [one for one in said(shown(replace(REPORT, figures=figures))).split("\n") if "people" in one]
    assert volume.endswith(f" · ▅{'█' * 15}")
    assert averaged([day.mentions for day in days]) == [5, *[8] * 15]
    for count in range(1, 367):
        bars = averaged(range(count))
        assert len(bars) <= MAX_BARS
        assert bars == sorted(set(bars))
    assert averaged(range(MAX_BARS)) == list(range(MAX_BARS))


def test_all_notices_are_in_the_table_and_the_summary_says_how_many_it_leaves_out() -> None:
    sent = [
        NoticeEffect(title="Login", sent_at=NOW - timedelta(hours=hours), before=9, after=3)
        for hours in (30, 20, 10)
    ]
    report = replace(REPORT, figures=replace(FIGURES, notices=sent))
    [line] = [one for one in said(shown(report)).split("\n") if one.startswith("Notice")]
    assert (
        line
        == "Notice  “Login”, 29 Nov 03:30: 9 mentions in the hour before, 3 in the hour after · 2 earlier"
    )
    most = said(shown(replace(REPORT, figures=replace(FIGURES, notices=sent[:1] * MAX_NOTICES))))
    assert "3 in the hour after · 4 or more earlier" in most, "older ones are not counted"
    table = said(render_table(report, {}, network_label=str.upper))
    assert [hour for hour in ("28 Nov 07:30", "28 Nov 17:30", "29 Nov 03:30") if hour not in table] == []


def test_only_where_no_more_cases_came_nothing_got_worse_at_all() -> None:
    fewer = replace(REPORT, figures=BEFORE, before=FIGURES)
    top = "Nothing got worse. 45 cases, 27 % fewer than the week before; 1 not answered in time"
    assert f"*{top}*" in said(shown(fewer))


def test_where_nothing_came_before_nothing_is_said_to_be_better_or_worse() -> None:
    content = shown(replace(REPORT, before=Figures()))
    assert content["blocks"][0]["text"]["text"] == "*62 cases; nothing came in the week before*"


def test_before_the_first_message_nothing_is_said_to_have_come_nor_compared() -> None:
    began = WEEK.since + timedelta(days=1)
    asked = "Last 7 days: 22 Nov 13:30 to 29 Nov 13:30 (Europe/Berlin)"
    content = shown(replace(REPORT, before=Figures(), known_since=began))
    assert content["blocks"][0]["text"]["text"] == "*62 cases; nothing is known of the week before*"
    assert said({"blocks": [content["blocks"][1]]}).strip() == (
        f"{asked} · nothing is stored from before 23 Nov 2026"
    )
    assert "Volume  100 mentions · 58 people · 62 cases · ▆█" in said(content)
    nothing = replace(REPORT, figures=Figures(), before=Figures(), known_since=WEEK.until)
    assert shown(nothing)["blocks"][0]["text"]["text"] == (
        "*Nothing is known of this time: it is before the first message that is stored*"
    )


def test_where_part_of_the_week_before_is_known_it_is_compared_and_said_so() -> None:
    content = shown(replace(REPORT, known_since=WEEK.since - timedelta(days=2)))
    assert "62 cases, 38 % more than the week before" in said(content)
    assert "nothing is stored from before 20 Nov 2026" in said(content)
    long_ago = shown(replace(REPORT, known_since=WEEK.since - timedelta(days=7)))
    assert "nothing is stored" not in said(long_ago)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("today", "yesterday until this time"),
        ("2026-11-28", "the day before"),
        ("2026-11-29", "the day before until this time"),
        ("2026-11-23..", "the week before until this time"),
        ("2026-11-27..2026-12-24", "the 3 days before until this time"),
        ("2026-11-22..2026-11-28", "the week before"),
    ],
)
def test_what_is_compared_ends_as_early_as_the_period(typed: str, words: str) -> None:
    assert before_name(parse_period(typed, now=NOW, zone=BERLIN)) == words


def test_a_shared_summary_has_no_buttons_and_says_who_shared_it() -> None:
    content = shown(replace(REPORT, filters=Filters({FilterKey.LANGUAGE: ("es",)})), shared_by="U0SAM")
    assert labels(content) == []
    assert "Shared by <@U0SAM>" in said(content)
    assert "only language:es" in said(content)
    assert "Spend" not in said(content)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (0, 0, "as the week before"),
        (5, 0, "none the week before"),
        (62, 45, "38 % more than the week before"),
        (45, 62, "27 % fewer than the week before"),
        (45, 45, "as many as the week before"),
        (90, 30, "3 times as many as the week before"),
    ],
)
def test_counts_are_compared_in_words(now: int, before: int, words: str) -> None:
    assert compared(now, before, WEEK) == words.replace(" %", f"{NBSP}%")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (45, "45 s"),
        (1080, "18 min"),
        (11_400, "3 h 10 min"),
        (10_800, "3 h"),
        (190_800, "2 d 5 h"),
    ],
)
def test_durations_have_units(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words.replace(" ", NBSP)


def test_shares_are_not_rounded_to_all_or_nothing() -> None:
    assert [percent(share) for share in (None, 0, 0.001, 0.5, 0.9999, 1)] == [
        "–",
        f"0{NBSP}%",
        f"under{NBSP}1{NBSP}%",
        f"50{NBSP}%",
        f"99{NBSP}%",
        f"100{NBSP}%",
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("today", "29 Nov 00:00 to 13:30"),
        ("yesterday", "28 Nov"),
        ("2026-11-01..2026-11-07", "1 Nov to 7 Nov 2026"),
        ("2025-11-01", "1 Nov 2025"),
        ("2026-11-28..2026-12-31", "28 Nov 00:00 to 29 Nov 2026 13:30"),
        ("2026-11-29", "29 Nov 2026 00:00 to 13:30"),
        ("2025-12-20..2026-01-05", "20 Dec 2025 to 5 Jan 2026"),
        ("366d", "28 Nov 2025 13:30 to 29 Nov 2026 13:30"),
        ("24h", "28 Nov 13:30 to 29 Nov 13:30"),
    ],
)
def test_periods_are_shown_in_the_time_zone(typed: str, words: str) -> None:
    assert span(parse_period(typed, now=NOW, zone=BERLIN)) == words


def test_a_button_carries_the_period_that_is_shown() -> None:
    filters = Filters({FilterKey.LANGUAGE: ("es", "de"), FilterKey.OUTAGE: ("12",)})
    assert decode_report(encode_report(WEEK, filters)) == (WEEK, filters)
    for bad in (
        "",
        "{}",
        "[1,2]",
        '["last_days",7,0,1,"Mars/Base",""]',
        '["last_days",7,0,1,"UTC","x:y"]',
        "[" * 9999,
    ):
        with pytest.raises(BadValue):
            decode_report(bad)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("2026-11-20..2026-11-26", "mentions-2026-11-20-to-2026-11-26.csv"),
        ("yesterday", "mentions-2026-11-28.csv"),
        ("today", "mentions-2026-11-29.csv"),
        ("7d", "mentions-2026-11-22-to-2026-11-29.csv"),
    ],
)
def test_a_file_is_named_by_its_first_and_last_day(typed: str, name: str) -> None:
    assert file_name(parse_period(typed, now=NOW, zone=BERLIN), "csv") == name


def test_the_table_fits_a_phone_and_slack() -> None:
    days = [replace(FIGURES.days[0], date=date(2026, 1, 1) + timedelta(days=day)) for day in range(366)]
    situations = {"delivery": [0, 5, 10], "refund": [1] * 12, "<!here> & " * 9: [10**6] * 12}
    view = render_table(replace(REPORT, figures=replace(FIGURES, days=days)), situations, network_label=str)
    check_view(view)
    *_, bars, _, _ = view["blocks"]
    assert bars["text"]["text"].splitlines()[3:-1] == [
        "Delivery                  ▁▅█     15",
        "Refund or cancel ████████████     12",
    ]
    lines = [line for block in view["blocks"][:-3] for line in block["text"]["text"].splitlines()]
    assert max(map(len, [*lines, *bars["text"]["text"].splitlines()[3:]])) <= 36
    assert lines[2].split() == ["mentions", "14,640", "90"]
    assert lines[-2].split() == ["Fri", "1", "Jan", "40", "20", "-0.20"]


def test_the_table_has_what_was_promised_and_what_is_not_complete() -> None:
    figures = replace(
        FIGURES,
        promises=PromiseFigures(kept=3, broken=1, open=0),
        completeness=CompletenessFigures(late=4, missing=2, unreadable=0),
    )
    view = render_table(replace(REPORT, figures=figures), {}, network_label=str)
    check_view(view)
    lines = [line.split() for line in view["blocks"][0]["text"]["text"].splitlines()]
    assert lines[-6:-1] == [
        ["promised", "4"],
        ["kept", "3"],
        ["broken", "1"],
        ["not", "held", "2"],
        ["listed", "late", "4"],
    ]
    assert "Promises" not in str(view), "they are in the table"


def test_the_definitions_are_those_of_the_documentation() -> None:
    check_view(render_definitions())
    document = " ".join((ROOT / "docs/figures.md").read_text(encoding="utf-8").split())
    for name, definition in DEFINITIONS.items():
        assert f"## {name} " in document
        assert definition.rstrip(".") in document, name


def test_what_an_export_says_is_fit_for_slack() -> None:
    for content in (
        render_progress(WEEK, written=10, expected=0),
        render_progress(WEEK, written=12_000, expected=10_000),
        render_export_done(WEEK, written=1, filters=Filters()),
        render_export_failed(WEEK),
    ):
        check_message(content)
    assert "&lt;!channel&gt;" in file_text(WEEK, Filters({FilterKey.LANGUAGE: ("<!channel>",)}))


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_of_a_spreadsheet_is_a_formula(bad: str) -> None:
    row = ExportRow(
        record=Record.MENTION,
        position=1,
        case=7,
        at=NOW,
        network="x",
        channel=bad,
        situation="refund",
        language="en",
        sentiment=-0.5,
    )
    names = header(ExportFormat.CSV).strip().split(",")
    line = line_of(row, BERLIN, ExportFormat.CSV)
    assert re.search(r"(?:^|,)\"?'" + re.escape(bad[0]), line)
    assert ",-0.5," in line  # a number stays one
    assert names[:4] == ["record", "at", "day", "case"]
    assert line.startswith("mention,2026-11-29T12:30:00Z,2026-11-29,7,x,")
