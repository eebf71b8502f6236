"""Render the answer to `/mentions topics`."""

from collections.abc import Callable, Iterator

from adapters.slack.blocks import actions, button, context, paragraph, text_content
from adapters.slack.causes.ids import CauseAction, topic_value
from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.post_context import folded_handles
from adapters.slack.reports.nothing import nothing_blocks
from adapters.slack.reports.wording import (
    NBSP,
    filters_mrkdwn,
    moment,
    percent,
    period_line,
)
from adapters.slack.rich_text import bullets, link_node, rich_text, section, text_node
from adapters.slack.wording import count_of, display_name, language_name
from domain.causes.cause import MAX_NAME_LENGTH
from domain.causes.reports import NamedTopic, TopicReport
from domain.causes.trends import TopicFigures, Trend
from domain.reports.figures import REPEAT_WITHIN
from domain.reports.statistics import share_of

MAX_QUOTE = 120
Mask = Callable[[str], str]
_ARROWS = {Trend.MORE: "▲ ", Trend.FEWER: "▼ ", Trend.UNCLEAR: ""}
_REPEAT_HOURS = round(REPEAT_WITHIN.total_seconds() / 3600)


def render_topics(report: TopicReport, *, team_url: str, mask: Mask) -> Content:
    """Render the topics of a period, each with examples and a button that makes it a cause."""
    period = report.period
    asked = [escape(period_line(period))]
    if report.filters.values:
        asked.append(f"only {filters_mrkdwn(report.filters)}")
    title = _title(report)
    blocks: list[Block] = [
        paragraph(f"*{escape(title)}*"),
        context(" · ".join(asked)),
        *nothing_blocks(report.nothing, report.filters),
    ]
    for one in report.topics:
        blocks += _topic(one, team_url, mask)
    return Content(text=escape(title), blocks=[*blocks, *(context(line) for line in _footer(report))])


def render_topics_failed() -> Content:
    """Render that the topics could not be found."""
    text = "The topics could not be found just now. Try again in a minute."
    return text_content(text)


def _title(report: TopicReport) -> str:
    if report.topics:
        return f"What {count_of(report.posts, 'post')} {'is' if report.posts == 1 else 'are'} about"
    if not report.posts:
        return "Nobody wrote in this time" + (" with these filters" if report.filters.values else "")
    return f"No topic stands out in {count_of(report.posts, 'post')}"


def _footer(report: TopicReport) -> Iterator[str]:
    if report.since > report.period.since:
        since = moment(report.since, report.period.zone)
        yield escape(f"Only the newest {report.posts:,} posts were looked at: those since {since}.")
    if report.posts and not report.topics:
        yield "A topic takes at least 5 people who use the same words about the same. Try a longer time."
    if report.named_by:
        yield escape(f"Names by {report.named_by}: check them against the posts.")
    yield "Only you see this. One person counts once a topic; praise and spam are left out."


def _topic(named: NamedTopic, team_url: str, mask: Mask) -> list[Block]:
    one = named.figures
    words = " · ".join(one.topic.words)
    name = inline(mask(named.name or words), MAX_NAME_LENGTH)
    head = [text_node(name, bold=True)]
    if named.name:
        head.append(text_node(f"  ({inline(mask(words), MAX_NAME_LENGTH)})"))
    head.append(text_node("\n" + " · ".join(_facts(one))))
    rows = [
        [
            link_node(card_link(team_url, case) or post.url, display_name(case)),
            text_node(f": {inline(folded_handles(mask(post.text)), MAX_QUOTE) or '(deleted)'}"),
        ]
        for post, case in named.examples
    ]
    value = topic_value(name, one.topic.phrases)
    return [
        rich_text(section(head), *([bullets(rows)] if rows else [])),
        *actions([button("Make this a cause…", CauseAction.TRACK, value)]),
    ]


def _facts(one: TopicFigures) -> list[str]:
    facts = [f"{_ARROWS[one.trend]}{count_of(one.people, 'person', 'people')}{_compared(one)}"]
    if one.of_outages:
        facts.append(f"{one.of_outages:,} of them about an outage")
    if one.resolved:
        share = percent(share_of(one.repeated, one.resolved)) if one.repeated else "none"
        facts.append(f"{share} of {one.resolved:,} resolved wrote again within {_REPEAT_HOURS}{NBSP}h")
    if one.topic.language != "en":
        facts.append(f"mostly in {language_name(one.topic.language)}")
    return facts


def _compared(one: TopicFigures) -> str:
    """Compare with the history in words: ", more than before (usually 9)"."""
    if one.usual is None:
        return ""
    usual = f"usually {round(one.usual):,}" if round(one.usual) else "usually hardly any"
    match one.trend:
        case Trend.MORE:
            return f", more than before ({usual})"
        case Trend.FEWER:
            return f", fewer than before ({usual})"
        case _ if round(one.usual) == one.people:
            return ", as before"
        case _:
            return f", {usual}, which may be chance"
