"""The outlook in Slack: the line at the top says what to do, and numbers have units."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters.slack.reports.outlook import render_assumptions, render_outlook, render_outlook_table
from domain.office_hours import office_hours
from domain.reports.forecast import Expected
from domain.reports.outlook import Assumptions, DayOutlook, HourOutlook, Outlook, PartOutlook
from tests.adapters.slack.inspection import check_message, check_view, labels, said
from tests.source import ROOT

#: A Sunday in Berlin, 13:30.
NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
USED = Assumptions(
    handling=timedelta(minutes=6), answers=124, at_once=1, target=timedelta(hours=4), share=0.9, asking=0.84
)


def part(day: date, since: int, until: int, agents: int, there: float | None, **changes: Any) -> PartOutlook:  # noqa: ANN401 - any of the fields
    made = PartOutlook(
        date=day, since=since, until=until, is_open=True, messages=12.0, agents=agents, there=there
    )
    return replace(made, **changes)


def outlook(*parts: PartOutlook, **changes: Any) -> Outlook:  # noqa: ANN401 - any of the fields
    by_date: dict[date, list[PartOutlook]] = {}
    for one in parts:
        by_date.setdefault(one.date, []).append(one)
    made = Outlook(
        made_at=NOW,
        hours=office_hours(["mon-fri 09:00-18:00"], "Europe/Berlin"),
        assumptions=USED,
        known_hours=1_344,
        days=[_day(day, its) for day, its in by_date.items()],
    )
    return replace(made, **changes)


def _day(day: date, parts: list[PartOutlook]) -> DayOutlook:
    hours = [
        HourOutlook(
            at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
            expected=Expected(6.0 if hour in {10, 11} else 1.0, 0, 9),
            is_open=True,
            agents=2,
        )
        for hour in range(23)
    ]
    return DayOutlook(
        date=day, is_holiday=day.day == 1, expected=Expected(1_052.4, 938, 1_166), hours=hours, parts=parts
    )


MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
THURSDAY = date(2026, 12, 3)


def shown(made: Outlook) -> Mapping[str, Any]:
    content = render_outlook(made)
    check_message(content)
    return content


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (
            [part(MONDAY, 9, 12, 2, 2), part(THURSDAY, 9, 12, 4, 2)],
            "Thursday 9–12 needs 4 people; 2 were there in the last 4 weeks",
        ),
        ([part(MONDAY, 9, 12, 1, 0)], "Tomorrow 9–12 needs 1 person; nobody was there in the last 4 weeks"),
        (
            [part(MONDAY, 9, 12, 3, 4 / 3)],
            "Tomorrow 9–12 needs 3 people; 1.3 were there on average in the last 4 weeks",
        ),
        (
            [part(NOW.date(), 15, 18, 2, 2), part(MONDAY, 9, 12, 1, 1)],
            "Enough people were there. Today 15–18 needs 2 people, the most of these days; 2 were there",
        ),
        ([part(MONDAY, 9, 12, 2, None)], "Tomorrow 9–12 needs 2 people, the most of these days"),
        # Nobody is missing out of office hours, and half a person less is no gap.
        (
            [part(MONDAY, 9, 12, 2, 1.6), part(MONDAY, 18, 21, 5, 0, is_open=False)],
            "Enough people were there. Tomorrow 9–12 needs 2 people",
        ),
    ],
)
def test_the_line_at_the_top_says_what_to_do(parts: list[PartOutlook], line: str) -> None:
    assert said(shown(outlook(*parts))).lstrip().startswith(f"*{line}")
    assert line in shown(outlook(*parts))["text"]


def test_days_have_their_bars_their_range_and_whom_they_need() -> None:
    parts = [part(MONDAY, 9, 12, 3, 3), part(MONDAY, 12, 15, 2, 2), part(MONDAY, 15, 18, 2, 2)]
    text = said(shown(outlook(*parts, part(TUESDAY, 0, 24, 1, 1), part(TUESDAY, 0, 6, 2, 0, is_open=False))))
    assert "Mon 30 Nov" in text
    assert "1,052 (938–1,166) · most 11–13 · 3 people 9–12, 2 people 12–18" in text
    assert "holiday · " in text
    assert "1 person all day" in text
    assert "Out of office hours: 12 messages, for whoever opens. To answer them as they come takes" in text
    assert "Europe/Berlin" in text
    assert labels(shown(outlook(*parts))) == ["Show as table", "Explain"]


def test_only_the_worst_gaps_are_listed_and_days_that_are_alike_together() -> None:
    parts = [part(MONDAY + timedelta(days=n), 9, 12, 3 + n, 1) for n in range(7)]
    text = said(shown(outlook(*parts)))
    assert "People are missing, here the worst 5" in text
    assert text.count("needed, 1 was there in the last 4 weeks") == 5
    alike = [part(MONDAY + timedelta(days=n), 9, 12, 3, 1) for n in (2, 0, 1)]
    text = said(shown(outlook(*alike, part(THURSDAY, 12, 15, 2, 0))))
    assert "Tomorrow, Tuesday and Wednesday 9–12: 3 people needed, 1 was there" in text
    sundays = [part(NOW.date() + timedelta(days=n), 9, 12, 3, 1) for n in (0, 7)]
    assert "Today and Sunday next week 9–12: 3 people needed" in said(shown(outlook(*sundays)))
    assert "Thursday 12–15: 2 people needed, nobody was there in the last 4 weeks" in text
    assert "here the worst" not in text


def test_little_history_and_none_are_said() -> None:
    text = said(shown(outlook(part(MONDAY, 9, 12, 2, None), known_hours=9 * 24 + 5, is_short=True)))
    assert "only 9 days known, so the days of the week are a guess" in text
    assert (
        shown(outlook())["text"]
        == "Nothing is known yet: no message came before this hour. Ask again in a few days."
    )


def test_the_table_and_the_assumptions_fit_a_modal() -> None:
    days = [NOW.date() + timedelta(days=n) for n in range(8)]
    parts = [
        part(day, since, since + 3, 2, 1.5, is_open=since > 6) for day in days for since in range(0, 24, 3)
    ]
    table, assumed = render_outlook_table(outlook(*parts)), render_assumptions(outlook(*parts))
    check_view(table)
    check_view(assumed)
    assert "Mon 30  9–12" in said(table)
    rows = [block for block in table["blocks"] if block["type"] == "section"]
    assert len(rows) > 1
    assert all(block["expand"] for block in rows), "Slack would fold them"
    assert "An answer takes 6 min: half of 124 answers came sooner" in said(assumed)
    guessed = outlook(*parts, assumptions=replace(USED, answers=0))
    assert "or because fewer than 20 answers tell" in said(render_assumptions(guessed))


def test_what_is_explained_is_what_the_documentation_says() -> None:
    documented = " ".join((ROOT / "docs" / "figures.md").read_text(encoding="utf-8").split())
    for sentence in (
        "Nobody leaves: where some do, fewer people are enough.",
        "Whoever was there and answered nobody is not seen.",
        "a holiday is like a Sunday until past ones tell otherwise",
    ):
        assert sentence in said(render_assumptions(outlook()))
        assert sentence in documented
