"""Render the staffing outlook: one line that says what to do, the days, and where people are missing."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise

from adapters.slack.blocks import actions, button, context, paragraph, text_content
from adapters.slack.escaping import escape
from adapters.slack.message_content import Block, Content, View
from adapters.slack.modals.frame import modal
from adapters.slack.reports.ids import ReportAction, ReportCallback
from adapters.slack.reports.table import Row, text_table
from adapters.slack.reports.wording import duration, percent
from adapters.slack.rich_text import Node, bullets, rich_text, section, text_node
from adapters.slack.surge.sparkline import sparkline
from adapters.slack.wording import count_of, join_and
from domain.reports.forecast import COVERAGE, Expected
from domain.reports.outlook import (
    LEAST_ANSWERS,
    THERE_WEEKS,
    DayOutlook,
    HourOutlook,
    Outlook,
    PartOutlook,
)

#: People are missing where so many fewer were there, on average.
LEAST_MISSING = 0.5
MAX_SHORT = 5
_BAR_HOURS = 2
_WEEK_HOURS = 168
_DAY_HOURS = 24
_WIDTHS = (18, 6, 6, 6)  # a phone shows some 36
_NOTHING = "Nothing is known yet: no message came before this hour. Ask again in a few days."


def render_outlook(outlook: Outlook) -> Content:
    """Render the outlook for who asked for it."""
    top = _headline(outlook)
    if not outlook.days:
        return text_content(top)
    blocks: list[Block] = [
        paragraph(f"*{escape(top)}*"),
        context(escape(_range_line(outlook))),
        rich_text(bullets(list(_days(outlook)))),
        *_short_block(outlook),
        *_closed_line(outlook),
        *actions(
            [
                button("Show as table", ReportAction.OUTLOOK_TABLE, "outlook"),
                button("Explain", ReportAction.OUTLOOK_EXPLAIN, "outlook"),
            ]
        ),
        context("Only you see this."),
    ]
    return Content(text=escape(f"Staffing outlook: {top}"), blocks=blocks)


def render_outlook_failed() -> Content:
    """Render that the outlook could not be made."""
    text = "Staffing outlook: it failed. Try again in a minute."
    return text_content(text)


def _headline(outlook: Outlook) -> str:
    if not outlook.days:
        return _NOTHING
    if short := _short(outlook):
        return f"{_when(short[0], outlook)} needs {_people(short[0].agents)}; {_there(short[0], outlook)}"
    parts = outlook.open_parts or outlook.closed_parts
    busiest = max(parts, key=lambda part: (part.agents, part.messages))
    needs = f"{_when(busiest, outlook)} needs {_people(busiest.agents)}"
    if busiest.there is None:
        return f"{needs}, the most of these days"
    return f"Enough people were there. {needs}, the most of these days; {_there(busiest, outlook)}"


def _short(outlook: Outlook) -> list[PartOutlook]:
    """Return the parts of days in office hours that need more people than were there, the worst first."""
    short = [part for part in outlook.open_parts if part.missing >= LEAST_MISSING]
    return sorted(short, key=lambda part: (-round(part.missing), -part.messages))


def _when(part: PartOutlook, outlook: Outlook) -> str:
    return f"{_day_word(part.date, outlook)} {_clock(part.since, part.until)}"


def _clock(since: int, until: int) -> str:
    return "all day" if until - since == _DAY_HOURS else f"{since}–{until}"


def _day_word(day: date, outlook: Outlook) -> str:
    today = outlook.made_at.astimezone(outlook.hours.zone).date()
    near = {
        today: "Today",
        today + timedelta(days=1): "Tomorrow",
        today + timedelta(weeks=1): f"{day:%A} next week",
    }
    return near.get(day, f"{day:%A}")


def _people(agents: int) -> str:
    return count_of(agents, "person", "people")


def _there(part: PartOutlook, outlook: Outlook) -> str:
    weeks = min(THERE_WEEKS, outlook.known_hours // _WEEK_HOURS)
    past = f"in the last {weeks} weeks" if weeks > 1 else "in the last days"
    there = _rounded(part.there)
    if there == "0":
        return f"nobody was there {past}"
    if "." in there:
        return f"{there} were there on average {past}"
    return f"{there} {'was' if there == '1' else 'were'} there {past}"


def _rounded(there: float | None) -> str:
    return "–" if there is None else f"{there:.1f}".removesuffix(".0")


def _range_line(outlook: Outlook) -> str:
    parts = [
        f"Messages that come until {_date(outlook.days[-1].date)} ({outlook.hours.zone})",
        f"in brackets the range of {round(10 * COVERAGE)} in 10 such days",
    ]
    if outlook.is_short:
        days = count_of(max(1, outlook.known_hours // _DAY_HOURS), "day")
        parts.append(f"only {days} known, so the days of the week are a guess")
    return " · ".join(parts)


def _date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _days(outlook: Outlook) -> Iterator[list[Node]]:
    """Yield a line for each day: its bars on the scale of all days, messages, peak, and people."""
    bars = [[round(10 * mean) for mean in _by_bar(day)] for day in outlook.days]
    drawn = sparkline(tuple(count for one in bars for count in one))
    at = 0
    for day, one in zip(outlook.days, bars, strict=True):
        its, at = drawn[at : at + len(one)], at + len(one)
        parts = [f"{its} {_range(day.expected)}", f"most {_peak(day, outlook)}", _needed(day)]
        if day.is_holiday:
            parts.insert(0, "holiday")
        yield [text_node(_date(day.date), bold=True), text_node(f"  {' · '.join(filter(None, parts))}")]


def _by_bar(day: DayOutlook) -> list[float]:
    means = [hour.expected.mean for hour in day.hours]
    return [sum(means[at : at + _BAR_HOURS]) for at in range(0, len(means), _BAR_HOURS)]


def _range(expected: Expected) -> str:
    return f"{round(expected.mean):,} ({expected.low:,}–{expected.high:,})"


def _peak(day: DayOutlook, outlook: Outlook) -> str:
    """Name the two hours after each other in which most comes."""
    pairs: Sequence[tuple[HourOutlook, ...]] = list(pairwise(day.hours)) or [tuple(day.hours)]
    most = max(pairs, key=lambda pair: sum(hour.expected.mean for hour in pair))
    first = most[0].at.astimezone(outlook.hours.zone).hour
    return f"{first}–{first + len(most)}"


def _needed(day: DayOutlook) -> str:
    """Name the people that the parts in office hours need; those that need as many are told together."""
    parts = [part for part in day.parts if part.is_open]
    groups = [list(its) for _, its in groupby(parts, key=lambda part: part.agents)]
    return ", ".join(f"{_people(its[0].agents)} {_clock(its[0].since, its[-1].until)}" for its in groups)


def _short_block(outlook: Outlook) -> list[Block]:
    """List where people are missing, the worst first; days that are alike are told together."""
    alike: dict[tuple[object, ...], list[PartOutlook]] = {}
    for part in _short(outlook):
        alike.setdefault((part.since, part.until, part.agents, _rounded(part.there)), []).append(part)
    groups = [sorted(group, key=lambda part: part.date) for group in alike.values()]
    if not groups:
        return []
    rows = [[text_node(_missing(group, outlook))] for group in groups[:MAX_SHORT]]
    title = "People are missing" + (f", here the worst {MAX_SHORT}" if len(groups) > MAX_SHORT else "")
    return [rich_text(section([text_node(title, bold=True)]), bullets(rows))]


def _missing(group: Sequence[PartOutlook], outlook: Outlook) -> str:
    days = join_and([_day_word(part.date, outlook) for part in group])
    first = group[0]
    needed = f"{_people(first.agents)} needed, {_there(first, outlook)}"
    return f"{days} {_clock(first.since, first.until)}: {needed}"


def _closed_line(outlook: Outlook) -> list[Block]:
    """Say what comes out of office hours; empty where there are none."""
    closed = outlook.closed_parts
    if not closed or not outlook.open_parts:
        return []
    messages = round(sum(part.messages for part in closed))
    most = max(closed, key=lambda part: (part.agents, part.messages))
    text = f"🌙 Out of office hours: {count_of(messages, 'message')}, for whoever opens."
    at_once = f" To answer them as they come takes up to {_people(most.agents)} ({_when(most, outlook)})."
    return [context(escape(text + at_once))]


def render_outlook_table(outlook: Outlook) -> View:
    """Render each part of each day as a table in a modal."""
    rows: list[Row] = [("", "come", "need", "there")]
    for day in outlook.days:
        rows += [_row(part, outlook) for part in day.parts]
    footer = (
        "need: people; there: who answered somebody, on average in the last weeks. ☾: out of office hours"
    )
    blocks = [*text_table(rows, _WIDTHS), context(escape(f"{footer} ({outlook.hours.zone})"))]
    return modal("Staffing outlook", ReportCallback.TABLE, blocks, close="Close")


def _row(part: PartOutlook, outlook: Outlook) -> Row:
    moon = "" if part.is_open or not outlook.open_parts else " ☾"
    name = f"{part.date:%a} {part.date.day:2} {part.since:2}–{part.until}{moon}"
    return name, f"{part.messages:,.0f}", f"{part.agents:,}", _rounded(part.there)


def render_assumptions(outlook: Outlook) -> View:
    """Say how the outlook is computed and what it assumes. The sentences are those of docs/figures.md."""
    used = outlook.assumptions
    lines = [
        "*Messages* Mentions, and private messages with which a wait begins. By hour of the week, of the last "
        "8 weeks, with their trend; a holiday is like a Sunday until past ones tell otherwise. Hours of "
        f"outages and spikes are left out. {round(10 * COVERAGE)} in 10 counts fall in the range: it is as "
        "wide as past forecasts were wrong.",
        f"*People* So many that {percent(used.share)} are answered within "
        f"{duration(used.target.total_seconds())} (Erlang C). {_handling(outlook)} "
        f"{percent(used.asking)} of the messages ask for an answer. An agent works on "
        f"{count_of(used.at_once, 'customer')} at a time. Nobody leaves: where some do, fewer people are enough.",
        "*Closed* What comes out of office hours is answered from the opening on until its target.",
        "*There* Who answered somebody in that part of that weekday, on average in the last "
        f"{THERE_WEEKS} weeks, without holidays. Whoever was there and answered nobody is not seen.",
    ]
    footer = "Section `[outlook]` of switchboard.toml changes what is assumed. More: docs/figures.md."
    return modal(
        "How it is computed",
        ReportCallback.EXPLAIN,
        [*(paragraph(line) for line in lines), context(footer)],
        close="Close",
    )


def _handling(outlook: Outlook) -> str:
    used = outlook.assumptions
    takes = f"An answer takes {duration(used.handling.total_seconds())}"
    if used.answers:
        return f"{takes}: half of {used.answers:,} answers came sooner after the case was claimed."
    return f"{takes}, by the settings or because fewer than {LEAST_ANSWERS} answers tell."
