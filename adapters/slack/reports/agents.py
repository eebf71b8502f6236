"""Render the figures of agents, in the order of their names, with how sure each is."""

from collections.abc import Iterator, Sequence

from adapters.slack.blocks import actions, button, context, paragraph, text_content
from adapters.slack.escaping import escape, one_line
from adapters.slack.message_content import Block, Content
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.nothing import nothing_blocks
from adapters.slack.reports.values import encode_report
from adapters.slack.reports.wording import (
    NBSP,
    duration,
    duration_range,
    filters_mrkdwn,
    percent,
    period_line,
    period_name,
)
from adapters.slack.rich_text import bullets, rich_text, section, text_node, user_node
from adapters.slack.wording import count_of
from domain.reports.agents import AgentFigures, Answers
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.statistics import median_interval, share_interval, share_of, spread_of
from domain.reports.summaries import NothingChosen

#: A message has 50 blocks at most.
MAX_AGENTS = 40
_CAUTION = (
    "In the order of names: this is no ranking. In brackets is where the figure may lie by chance alone (95\N{NO-BREAK SPACE}%), "
    "and of how many it is; where these overlap, it says nothing of two people. Whoever takes the hard cases takes longer."
)


def render_agents(
    agents: Sequence[AgentFigures],
    *,
    period: Period,
    filters: Filters,
    group: str | None,
    nothing: NothingChosen | None = None,
) -> Content:
    """Render the figures for who asked for them.

    `group` is whose members see those of all agents, where these are only one's own; empty: nobody's.
    `nothing` says why there are none, where filters choose no case.
    """
    answers = count_of(sum(one.answers.count for one in agents), "answer")
    whose = "Your figures" if group is not None else count_of(len(agents), "agent")
    top = f"{whose}: {answers}" if agents else "Nobody answered a customer, and nobody holds a case"
    shown = agents[:MAX_AGENTS]
    blocks: list[Block] = [
        paragraph(f"*{escape(top)}*"),
        context(_asked(period, filters)),
        *nothing_blocks(nothing, filters),
        *(_agent(one) for one in shown),
    ]
    if len(agents) > len(shown):
        blocks.append(
            context(f"{len(agents) - len(shown):,} more are not shown: name one, as in `agent:sam`.")
        )
    blocks += [
        *([context(_CAUTION)] if agents else []),
        *actions([button("Explain", ReportAction.EXPLAIN, encode_report(period, filters))]),
        context(_who_sees(group)),
    ]
    return Content(text=escape(f"{period_name(period)}: {top}"), blocks=blocks)


def render_agents_failed(period: Period) -> Content:
    """Render that the figures could not be read."""
    text = f"Agents of {period_name(period).lower()}: it failed. Try again in a minute."
    return text_content(text)


def _who_sees(group: str | None) -> str:
    if group is None:
        return "Only you see this. Please do not post it in a channel."
    if not group:
        return "Only you see this. Who may see all agents is the setting `reports.managers_group`."
    name = f"@{one_line(group).removeprefix('@')}"
    return f"Only you and members of {escape(name)} see this."


def _asked(period: Period, filters: Filters) -> str:
    parts = [escape(period_line(period))]
    if filters.values:
        parts.append(f"only {filters_mrkdwn(filters)}")
    return " · ".join(parts)


def _agent(one: AgentFigures) -> Block:
    counts = f"{count_of(one.answers.count, 'answer')} · holds {count_of(one.held, 'case')}"
    rows = (
        [*_times("first answers", one.answers.first), *_times("next answers", one.answers.next)],
        [*_shares(one.answers)],
        [*_outcomes(one)],
        [*_suggestions(one)],
    )
    title = section([user_node(one.agent, bold=True), text_node(f"  {counts}")])
    items = [[text_node(" · ".join(parts))] for parts in rows if parts]
    return rich_text(title, *([bullets(items)] if items else []))


def _times(name: str, seconds: Sequence[float]) -> Iterator[str]:
    if seconds:
        interval = median_interval(seconds)
        sure = "" if interval is None else f"{duration_range(*interval)}, "
        yield f"{name} half within {duration(spread_of(seconds).median)} ({sure}{len(seconds):,})"


def _shares(answers: Answers) -> Iterator[str]:
    timed = answers.in_target + answers.late
    if timed:
        yield f"{percent(share_of(answers.in_target, timed))} in time ({_interval(answers.in_target, timed)})"
    if answers.solving:
        share = percent(share_of(answers.still_broken, answers.solving))
        yield f"still broken after {share} ({_interval(answers.still_broken, answers.solving)})"


def _interval(part: int, whole: int) -> str:
    low, high = share_interval(part, whole) or (0.0, 1.0)
    return f"{round(100 * low)} to {round(100 * high)}{NBSP}%, {whole:,}"


def _outcomes(one: AgentFigures) -> Iterator[str]:
    if one.resolved:
        yield f"resolved {one.resolved:,}, {one.reopened:,} came back"
    if one.rated:
        yield f"solved, say {one.rated_solved:,} of {one.rated:,} who rated"


def _suggestions(one: AgentFigures) -> Iterator[str]:
    use = one.suggestions
    if use.total:
        kept = f"{use.as_it_was:,} as they were, {use.edited:,} edited, {use.thrown_away:,} thrown away"
        yield f"suggestions {kept}"
