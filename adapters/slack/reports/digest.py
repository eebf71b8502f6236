"""Render digests: one sentence that says what to do, the figures, and what got worse; and the list of them.

Everybody in the channel sees one, so that it names no agent and quotes no customer: examples are links.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from adapters.slack.blocks import actions, button, confirmation, context, paragraph, text_content
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import channel_mention, escape, mention
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.reports.change_wording import change_name, change_title, change_values
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.summary_lines import figure_lines
from adapters.slack.reports.values import encode_digest
from adapters.slack.reports.wording import (
    before_name,
    compared,
    duration,
    filters_mrkdwn,
    percent,
    span,
)
from adapters.slack.rich_text import Node, join_dotted, link_node, rich_text, section, text_node
from adapters.slack.wording import count_of
from domain.cases.service_levels import ALWAYS
from domain.office_hours import OfficeHours
from domain.reports.advice import Advice, AdviceKind, advise
from domain.reports.changes import LEAST_RISE, Change, ChangeKind
from domain.reports.digests import Cadence, Digest, DigestPlan
from domain.reports.figures import PeriodReport
from domain.reports.summaries import Example, Summary

#: From then on a digest says that it is late.
LATE = timedelta(hours=1)
MAX_LISTED = 8
_NAMES = {Cadence.DAILY: "Daily digest", Cadence.WEEKLY: "Weekly digest"}


def render_digest(
    summary: Summary,
    *,
    cadence: Cadence,
    digest: Digest | None,
    team_url: str,
    hours: OfficeHours = ALWAYS,
) -> Content:
    """Render a digest; `digest` is `None` for a preview. `hours` are those of the office."""
    report = summary.report
    top = _advice(advise(summary, hours), report)
    lines = figure_lines(summary, team_url)
    blocks: list[Block] = [
        paragraph(f"*{escape(top)}*"),
        context(_covered(report, cadence)),
        rich_text(section(join_dotted(lines, separator="\n"))),
        *(_change(change, examples, team_url) for change, examples in summary.changes),
        context(_footer(report, digest)),
    ]
    return Content(text=escape(f"{_NAMES[cadence]}: {top}"), blocks=blocks)


def render_digest_list(plans: Sequence[DigestPlan], *, now: datetime) -> Content:
    """Render which digests there are, when the next ones come, and the buttons of each."""
    if not plans:
        text = (
            "No digest comes by itself. Add `[[reports.digests]]` to switchboard.toml, then restart the bot."
        )
        return text_content(text)
    blocks: list[Block] = []
    for plan in plans[:MAX_LISTED]:
        blocks += [paragraph(_plan(plan, now)), *actions(_buttons(plan))]
    more = f"{len(plans) - MAX_LISTED} more are in switchboard.toml. " if plans[MAX_LISTED:] else ""
    blocks.append(context(f"{more}Only you see this. A preview comes as a direct message."))
    return Content(text=f"{count_of(len(plans), 'digest')} by themselves", blocks=blocks)


def render_digest_answer(text: str) -> Content:
    """Render an answer to a press below the list."""
    return text_content(escape(text))


def _plan(plan: DigestPlan, now: datetime) -> str:
    name = _NAMES[plan.cadence]
    only = f" · only {filters_mrkdwn(plan.filters)}" if plan.filters.values else ""
    next_at = plan.next_at(now)
    days = "Every day" if plan.cadence is Cadence.DAILY else f"{next_at.astimezone(plan.zone):%A}s"
    by_plan = f"{days} at {plan.at:%H:%M} ({plan.zone})"
    # Slack shows a moment by the reader's clock, which may be another than the plan's.
    when = f"next {date_mrkdwn(next_at, DateStyle.DAY_AND_CLOCK)} by your clock"
    return f"*{name}* in {channel_mention(plan.channel)}{only}\n{escape(by_plan)} · {when}"


def _buttons(plan: DigestPlan) -> list[Block]:
    value = encode_digest(plan)
    send = button("Send now", ReportAction.DIGEST_SEND, value)
    days = "day" if plan.cadence is Cadence.DAILY else "week"
    asks = confirmation(
        "Send it now?",
        f"Everybody in the channel sees it. It covers the {days} until midnight. The next one comes as planned.",
        "Send now",
    )
    return [button("Preview", ReportAction.DIGEST_PREVIEW, value), {**send, "confirm": asks}]


def _advice(advice: Advice, report: PeriodReport) -> str:
    """Say in one sentence what to do."""
    change = advice.change
    if change is not None:
        return _about_change(advice.kind, change, report)
    match advice.kind:
        case AdviceKind.ANSWER_LONG_WAITING if advice.count == 1:
            return "Answer the one that waits for more than a day"
        case AdviceKind.ANSWER_LONG_WAITING:
            return f"Answer the {advice.count:,} that wait for more than a day"
        case AdviceKind.WAITING:
            oldest = duration((report.made_at - report.backlog.waiting[0]).total_seconds())
            waits = "1 case waits" if advice.count == 1 else f"{advice.count:,} cases wait"
            known = _no_worse(report)
            return f"{known[:1].upper()}{known[1:]}{': ' if known else ''}{waits}, the oldest for {oldest}"
        case _:
            known = _no_worse(report)
            return "Nothing to do: nobody waits" + (f", and {known}" if known else "")


def _no_worse(report: PeriodReport) -> str:
    """Say that no change for the worse was found; empty where nothing is known to compare with.

    That more came than before may be chance, but is not "nothing".
    """
    cases, before = report.figures.cases, report.before.cases
    if report.is_before_all:
        return ""
    if cases > before * (1 + LEAST_RISE):
        more = compared(cases, before, report.period)
        return f"{count_of(cases, 'case')} came, {more}, but nothing else got worse"
    return "nothing got worse"


def _about_change(kind: AdviceKind, change: Change, report: PeriodReport) -> str:
    then = before_name(report.period)
    match kind:
        case AdviceKind.LOOK_INTO:
            cases = count_of(int(change.now), "case")
            return f"Look into “{change_name(change)}”: {cases}, {int(change.before):,} {then}"
        case AdviceKind.ANSWER_SOONER:
            first = "first answers" if change.kind is ChangeKind.LATE_FIRST else "further answers"
            return (
                f"Answer sooner: {percent(change.now)} of {first} came late, {percent(change.before)} {then}"
            )
        case AdviceKind.CHECK_ANSWERS:
            now, before = percent(change.now), percent(change.before)
            return f"Check the answers: after {now} of them customers asked again, {before} {then}"
        case _:
            return f"Read the unhappiest posts: the mood fell from {change.before:+.2f} to {change.now:+.2f}"


def _covered(report: PeriodReport, cadence: Cadence) -> str:
    period = report.period
    parts = [escape(f"{_NAMES[cadence]}: {span(period)} ({period.zone})")]
    if report.filters.values:
        parts.append(f"only {filters_mrkdwn(report.filters)}")
    return " · ".join(parts)


def _change(change: Change, examples: Sequence[Example], team_url: str) -> Block:
    """Render what got worse, with links to the cards of examples."""
    nodes: list[Node] = [
        text_node(change_title(change), bold=True),
        text_node(f"  {change_values(change)}"),
        *_links(examples, team_url),
    ]
    return rich_text(section(nodes))


def _links(examples: Sequence[Example], team_url: str) -> Iterator[Node]:
    for number, example in enumerate(examples):
        yield text_node(", for example " if number == 0 else " and ")
        yield link_node(card_link(team_url, example.case), f"case {example.case.id}")


def _footer(report: PeriodReport, digest: Digest | None) -> str:
    if digest is None:
        return "A preview, which only you see. Examples are links: a digest quotes nobody."
    parts = [f"As of {date_mrkdwn(report.made_at, DateStyle.CLOCK)}"]
    if digest.asked_by is not None:
        parts.append(f"sent by {mention(digest.asked_by)}")
    elif digest.booked_at - digest.due_at > LATE:
        due = date_mrkdwn(digest.due_at, DateStyle.DAY_AND_CLOCK)
        parts.append(f"late: it was due {due}, before the bot was started")
    return " · ".join([*parts, "`/mentions summary` has more"])
