"""Render a manager's App Home: who waits, who works on what, what is due, unusual, and spent."""

from collections.abc import Iterator

from adapters.slack.action_ids import CallbackId
from adapters.slack.blocks import DIVIDER, button, context, header, paragraph
from adapters.slack.cases.promise_list import home_promises
from adapters.slack.cases.rows import case_row
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, mention
from adapters.slack.home import NetworkLabel, filter_block, queue_counts, unusual_blocks
from adapters.slack.home_ids import HomeFilter
from adapters.slack.labels import urgency_label
from adapters.slack.message_content import Block, View
from adapters.slack.permalinks import thread_link
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.wording import NBSP, dollars
from adapters.slack.rich_text import to_mrkdwn
from adapters.slack.wording import count_of, urgency_emoji
from domain.cases.case import Case
from domain.reports.team import HeldCases, RankWaiting, Spending, TeamView

MAX_AWAY = 10
#: The ages of `domain.reports.team.AGE_LIMITS`.
_AGES = (f"under 1{NBSP}h", f"for 1–4{NBSP}h", f"for 4–24{NBSP}h", "over a day")


def render_team_home(
    view: TeamView, *, team_url: str, network_label: NetworkLabel, offers_own: bool = True
) -> View:
    """Render the team. `team_url` ends in "/"; `offers_own` is whether the reader may have cases."""
    return {
        "type": "home",
        "callback_id": str(CallbackId.HOME),
        "private_metadata": str(HomeFilter.TEAM),  # by which Home is published again
        "blocks": [
            *unusual_blocks(view, team_url, network_label),
            context(queue_counts(view.counts)),
            *_spending(view, network_label),
            _controls(offers_own=offers_own),
            DIVIDER,
            header("Waiting for us"),
            *([_waiting(one, view, team_url) for one in view.waiting] or [context("Nobody waits. 🎉")]),
            DIVIDER,
            header("Who works on what"),
            *_holders(view, team_url),
            DIVIDER,
            header("Overdue or due soon"),
            *(
                [paragraph(_case(case, view, team_url)) for case in view.due_soon]
                or [context("No answer is overdue or due soon.")]
            ),
            *home_promises(view.promises, team_url=team_url, with_holder=True),
        ],
    }


def _controls(*, offers_own: bool) -> Block:
    block = filter_block(HomeFilter.TEAM, offers_team=True, offers_own=offers_own)
    refresh = button("Refresh", ReportAction.TEAM_REFRESH, HomeFilter.TEAM)
    return {**block, "elements": [*block["elements"], refresh]}


def _waiting(waiting: RankWaiting, view: TeamView, team_url: str) -> Block:
    """Render how many of an urgency wait, by age, and the one that waits longest."""
    ages = [f"{count:,} {age}" for count, age in zip(waiting.counts, _AGES, strict=True) if count]
    name = f"{urgency_emoji(waiting.urgency)} *{urgency_label(waiting.urgency)}: {waiting.count:,}*"
    return paragraph(f"{name} · {' · '.join(ages)}\nOldest: {_case(waiting.oldest, view, team_url)}")


def _holders(view: TeamView, team_url: str) -> Iterator[Block]:
    if not view.holders:
        yield context("Nobody has an open case.")
    for holder in view.holders:
        yield _holder(holder, view, team_url)
    if (others := view.holder_count - len(view.holders)) > 0:
        yield context(f"{count_of(others, 'other')} with fewer open cases.")
    if view.away:
        names = [
            f"{mention(user_id)} until {date_mrkdwn(until, DateStyle.DAY_AND_CLOCK)}"
            for user_id, until in list(view.away.items())[:MAX_AWAY]
        ]
        yield context(f"🌙 Away: {' · '.join(names)}")


def _holder(holder: HeldCases, view: TeamView, team_url: str) -> Block:
    parts = [f"{mention(holder.user_id)} *{count_of(holder.count, 'open case')}*"]
    if holder.away_until is not None:
        parts.append(f"🌙 away until {date_mrkdwn(holder.away_until, DateStyle.DAY_AND_CLOCK)}")
    return paragraph(f"{' · '.join(parts)}\nOldest: {_case(holder.oldest, view, team_url, holder.user_id)}")


def _case(case: Case, view: TeamView, team_url: str, reader: str | None = None) -> str:
    row = case_row(case, address=thread_link(team_url, case), now=view.made_at, reader=reader)
    return to_mrkdwn(row)


def _spending(view: TeamView, network_label: NetworkLabel) -> list[Block]:
    """Render what was spent this month; empty where nothing is charged and nothing is capped."""
    parts = [
        *(f"{escape(network_label(name))} {_spent(one)}" for name, one in view.networks.items()),
        *([f"language model {_spent(view.model)}"] if view.model.is_any else []),
    ]
    return [context(f"💸 This month (UTC): {' · '.join(parts)}")] if parts else []


def _spent(spending: Spending) -> str:
    cap = f" of {dollars(spending.daily_cap)}" if spending.daily_cap else ""
    return f"*{dollars(spending.month)}* (today {dollars(spending.today)}{cap})"
