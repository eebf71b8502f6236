"""Render the fairness ledger: who was treated differently, what was not found, what is too little to tell."""

from collections.abc import Iterator, Mapping, Sequence
from math import isinf

from adapters.slack.blocks import actions, button, context, paragraph, text_content
from adapters.slack.escaping import escape
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.reports.fairness_wording import (
    OUTCOME_NAMES,
    clock_text,
    detectable_text,
    finding_text,
    group_name,
    is_loud_first,
    short_name,
    smallest_found,
)
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.nothing import nothing_blocks
from adapters.slack.reports.table import text_table
from adapters.slack.reports.values import encode_report
from adapters.slack.reports.wording import (
    filters_mrkdwn,
    period_line,
    period_name,
    typed_period,
)
from adapters.slack.rich_text import Node, bullets, link_node, rich_text, section, text_node
from adapters.slack.wording import count_of, display_name
from domain.cases.case import Case
from domain.reports.fairness import Comparison, Difference, Ledger, Verdict
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.summaries import NothingChosen
from domain.reports.treatment import Group, Outcome

MAX_FINDINGS = 6
_WIDTHS = (11, 9, 8, 8)  # a phone shows some 36
_HOUR, _MINUTE = 3600, 60
_HOURS_FROM = 100 * _MINUTE
_ADJUSTED = (
    "Only cases with the same situation and urgency that came at the same time of day are compared. Of twenty "
    "ledgers, at most one tells a difference that is chance. Only you see this."
)


def render_ledger(
    ledger: Ledger,
    examples: Mapping[int, Case],
    *,
    period: Period,
    filters: Filters,
    team_url: str,
    nothing: NothingChosen | None = None,
) -> Content:
    """Render the ledger for who asked for it; `examples` are the cases of its findings, by id.

    `nothing` says why it is empty, where filters choose no case.
    """
    found = _found(ledger)
    top = _headline(ledger, found)
    value = encode_report(period, filters)
    buttons = [
        button("Show as table", ReportAction.LEDGER_TABLE, value),
        button("Explain", ReportAction.EXPLAIN, value),
    ]
    blocks: list[Block] = [
        paragraph(f"*{escape(top)}*"),
        context(_asked(ledger, period, filters)),
        *nothing_blocks(nothing, filters),
        *(_finding(comparison, examples, team_url) for comparison in found[:MAX_FINDINGS]),
        *_section("No evidence of a difference", _unfound(ledger)),
        *_section("Too few to tell", _too_few(ledger)),
        *(actions(buttons if ledger.cases else buttons[1:])),
        context(_ADJUSTED),
    ]
    shown = ". ".join([top, *map(finding_text, found[:1])])
    return Content(text=escape(f"{period_name(period)}: {shown}"), blocks=blocks)


def render_ledger_table(ledger: Ledger, *, period: Period, filters: Filters) -> Content:
    """Render all comparisons as a table."""
    blocks: list[Block] = [context(_asked(ledger, period, filters))]
    for comparisons in _by_group(ledger.comparisons).values():
        if comparisons[0].cases:
            blocks.append(paragraph(f"*{escape(_people(comparisons))}*"))
            blocks += text_table([("", "differs", "from", "to"), *map(_row, comparisons)], _WIDTHS)
            unfound = [one for one in comparisons if one.verdict is Verdict.NO_EVIDENCE]
            if unfound:
                blocks.append(context(f"Would have been found: {', '.join(map(detectable_text, unfound))}"))
    blocks.append(context("* more than chance explains. Waits in office hours; shares in points."))
    return Content(text="The fairness ledger as a table", blocks=blocks)


def render_ledger_failed(period: Period) -> Content:
    """Render that the ledger could not be made."""
    text = f"Fairness of {period_name(period).lower()}: it failed. Try again in a minute."
    return text_content(text)


def treatment_line(ledger: Ledger | None, period: Period, filters: Filters) -> str | None:
    """Return what a summary says of the ledger, and how to ask for it; `None` where nothing was found."""
    asked = f"see /mentions fairness {typed_period(period)}"
    asked += " with the same filters" if filters.values else ""
    if ledger is None:
        return f"not compared yet, {asked}"
    found = ledger.having(Verdict.DIFFERENT)
    if not found:
        return None
    more = f" · {len(found) - 1:,} more" if len(found) > 1 else ""
    return f"{finding_text(found[0])}{more}, {asked}"


def _found(ledger: Ledger) -> list[Comparison]:
    """Return what was found, first where the loud were served first, if they were."""
    found = ledger.having(Verdict.DIFFERENT)
    loud = [comparison for comparison in found if is_loud_first(comparison)][:1]
    return [*loud, *(comparison for comparison in found if comparison not in loud)]


def _headline(ledger: Ledger, found: Sequence[Comparison]) -> str:
    cases = count_of(ledger.cases, "case")
    if found and is_loud_first(found[0]):
        return "The loud were served first"
    if found:
        return f"{count_of(len(found), 'difference')} in {cases} that chance does not explain"
    if ledger.having(Verdict.NO_EVIDENCE):
        return f"No difference was found in {cases} that chance does not explain"
    return f"Too few to tell: {cases}"


def _asked(ledger: Ledger, period: Period, filters: Filters) -> str:
    newest = "the newest " if ledger.is_cut else ""
    parts = [
        escape(period_line(period)),
        f"{newest}{count_of(ledger.cases, 'case')} in which a customer asked",
    ]
    if filters.values:
        parts.append(f"only {filters_mrkdwn(filters)}")
    return " · ".join(parts)


def _finding(comparison: Comparison, examples: Mapping[int, Case], team_url: str) -> Block:
    """Render what was found, with cases of both sides that lead to their cards."""
    by_clock = clock_text(comparison)
    title = [text_node(f"▲ {finding_text(comparison)}", bold=True)]
    if by_clock is not None:
        title.append(text_node(f"  {by_clock}"))
    sides = zip(("They", "Others"), comparison.examples, strict=True)
    rows = [_side(name, ids, examples, team_url) for name, ids in sides if ids]
    return rich_text(section(title), *([bullets(rows)] if rows else []))


def _side(name: str, ids: Sequence[int], examples: Mapping[int, Case], team_url: str) -> list[Node]:
    nodes = [text_node(f"{name}: ")]
    for number, case in enumerate(examples[case_id] for case_id in ids if case_id in examples):
        nodes += [text_node(", ")] if number else []
        nodes.append(link_node(card_link(team_url, case), display_name(case)))
    return nodes


def _section(title: str, text: str) -> Iterator[Block]:
    if text:
        yield rich_text(section([text_node(title, bold=True), text_node(f": {text}")]))


def _unfound(ledger: Ledger) -> str:
    """Say of whom nothing was found, and how large a difference would have been; the table has each."""
    unfound = ledger.having(Verdict.NO_EVIDENCE)
    sizes = [smallest_found(unfound, is_wait=is_wait) for is_wait in (True, False)]
    would = " and ".join(size for size in sizes if size)
    return (
        f"{_named(ledger, unfound)}. Would have been found: {would}. Show as table has each."
        if unfound
        else ""
    )


def _too_few(ledger: Ledger) -> str:
    return _named(ledger, ledger.having(Verdict.TOO_FEW))


def _named(ledger: Ledger, comparisons: Sequence[Comparison]) -> str:
    """Name the groups, with what was compared where that is not all of it."""
    shown = _by_group(ledger.comparisons)
    return " · ".join(
        short_name(group)
        + (f" ({', '.join(OUTCOME_NAMES[one.outcome] for one in some)})" if some != shown[group] else "")
        for group, some in _by_group(comparisons).items()
    )


def _people(comparisons: Sequence[Comparison]) -> str:
    first = comparisons[0]
    counts = f"{first.cases:,}, and {first.others:,} others" if first.cases else "none to compare"
    return f"{group_name(first.group).rstrip(',')} ({counts})"


def _by_group(comparisons: Sequence[Comparison]) -> dict[Group, list[Comparison]]:
    groups: dict[Group, list[Comparison]] = {}
    for comparison in comparisons:
        groups.setdefault(comparison.group, []).append(comparison)
    return {group: sorted(shown, key=_place) for group, shown in groups.items()}


def _place(comparison: Comparison) -> int:
    return list(Outcome).index(comparison.outcome)


def _row(comparison: Comparison) -> tuple[str, ...]:
    name, difference = OUTCOME_NAMES[comparison.outcome], comparison.difference
    if difference is None:
        return name, "too few", "", ""
    mark = "*" if comparison.verdict is Verdict.DIFFERENT else ""
    value, low, high = (_cell(comparison.outcome, number) for number in _numbers(difference))
    return name, f"{mark}{value}", low, high


def _numbers(difference: Difference) -> tuple[float, float, float]:
    return difference.value, difference.low, difference.high


def _cell(outcome: Outcome, value: float) -> str:
    if outcome is not Outcome.WAIT:
        return f"{100 * value:+z.0f}"
    if isinf(value):
        return "more" if value > 0 else "less"
    if abs(value) < _HOURS_FROM:
        return f"{value / _MINUTE:+z.0f} min"
    return f"{value / _HOUR:+z.1f} h"
