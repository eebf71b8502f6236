"""Chart a period: which bars, labels and marks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.charts.chart import Chart
from adapters.charts.summary_chart import summary_chart
from domain.reports.periods import parse_period
from domain.reports.trends import Trend, parts_of, step_of

NOW = datetime(2026, 11, 29, 13, 37, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def a_trend(words: str) -> Trend:
    period = parse_period(words, now=NOW, zone=BERLIN)
    parts, before = (parts_of(one, step_of(period)) for one in (period, period.before))
    return Trend(
        period=period,
        step=step_of(period),
        parts=parts,
        mentions=list(range(len(parts))),
        mentions_before=[2] * len(before),
        first_medians=[None, *[90.0 * number for number in range(1, len(parts))]],
        first_medians_before=[30.0] * len(before),
    )


def test_whole_days_are_named_and_numbered() -> None:
    trend = a_trend("2026-11-22..2026-11-28")
    noon = datetime(2026, 11, 24, 12, tzinfo=BERLIN).astimezone(UTC)
    chart = summary_chart(replace(trend, notices=[noon]), before="the week before")
    mentions, answers = chart.panels
    assert (mentions.title, answers.title) == ("Mentions a day", "First answer: half within")
    assert (list(mentions.bars), list(mentions.line)) == ([0, 1, 2, 3, 4, 5, 6], [2] * 7)
    assert list(mentions.texts) == ["0", "1", "2", "3", "4", "5", "6"]
    assert list(answers.texts) == ["", "2 min", "3 min", "4 min", "6 min", "8 min", "9 min"]
    assert (mentions.line_name, mentions.mark_name, list(mentions.marks)) == (
        "the week before",
        "notice",
        [2.5],
    )
    assert (list(answers.marks), answers.mark_name, answers.line_name) == ([2.5], "", "")
    assert labels(chart) == ["Sun 22", "Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28"]
    assert not mentions.partial


def test_nothing_is_drawn_of_a_time_of_which_nothing_is_known() -> None:
    trend = a_trend("2026-11-22..2026-11-28")
    mentions, answers = summary_chart(trend, before=None).panels
    assert (list(mentions.line), mentions.line_name, list(answers.line)) == ([], "", [])
    assert list(mentions.bars) == [0, 1, 2, 3, 4, 5, 6]


def test_days_that_are_cut_off_are_pale_and_many_bars_have_one_number() -> None:
    week = summary_chart(a_trend("7d"), before="the week before")
    assert (len(week.panels[0].bars), list(week.panels[0].partial)) == (8, [0, 7])
    assert labels(week) == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    month = summary_chart(a_trend("30d"), before="the 30 days before")
    assert [text for text in month.panels[0].texts if text] == ["30"]
    assert [text for text in month.panels[1].texts if text] == ["45 min"]
    assert labels(month) == ["30 Oct", "14 Nov", "29 Nov"]


def test_hours_and_weeks() -> None:
    hours = summary_chart(a_trend("24h"), before="the 24 hours before")
    assert (hours.panels[0].title, len(hours.panels[0].bars)) == ("Mentions an hour", 24)
    assert labels(hours) == ["14:37", "02:37", "14:37"]
    two_days = summary_chart(a_trend("48h"), before="the 48 hours before")
    assert labels(two_days) == ["Fri 14:37", "Sat 14:37", "Sun 14:37"]
    weeks = summary_chart(a_trend("90d"), before="the 90 days before")
    assert (weeks.panels[0].title, len(weeks.panels[0].bars)) == ("Mentions a week", 13)


def test_a_day_of_25_hours_is_compared_with_one_of_24() -> None:
    chart = summary_chart(a_trend("2026-10-25"), before="the day before")
    assert (len(chart.panels[0].bars), list(chart.panels[0].line)) == (25, [*[2] * 24, None])


def test_without_an_answer_there_is_one_panel() -> None:
    trend = a_trend("7d")
    chart = summary_chart(
        replace(trend, first_medians=[None] * 8, first_medians_before=[None] * 8), before=""
    )
    assert [panel.title for panel in chart.panels] == ["Mentions a day"]


def test_durations_have_one_unit() -> None:
    trend = replace(a_trend("2026-11-25..2026-11-28"), first_medians=[45.0, 3 * 3_600, 4_000, 3 * 86_400.0])
    assert list(summary_chart(trend, before="").panels[1].texts) == ["45 s", "3 h", "1.1 h", "3 d"]


def labels(chart: Chart) -> list[str]:
    assert all(0 <= at <= len(chart.panels[0].bars) for at, _ in chart.ticks)
    return [label for _, label in chart.ticks]


def test_parts_have_no_gap() -> None:
    for words in ("today", "49h", "7d", "62d", "366d", "2026-03-29"):
        period = parse_period(words, now=NOW, zone=BERLIN)
        parts = parts_of(period, step_of(period))
        edges = [period.since, *[part.until for part in parts]]
        assert [part.since for part in parts] == edges[:-1]
        assert edges[-1] == period.until
        assert sum((part.until - part.since for part in parts), timedelta()) == period.until - period.since
