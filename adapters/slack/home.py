"""Render App Home: the queue as one user needs it, every row linked to its card."""

from collections.abc import Sequence

from adapters.slack.action_ids import ActionId, CallbackId, HomeFilter
from adapters.slack.blocks import DIVIDER, context, header, option, paragraph, plain_text
from adapters.slack.case_rows import rows
from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import Block, View
from adapters.slack.rich_text import Node, bullets, rich_text
from adapters.slack.wording import count_of
from domain.cases.views import SATISFACTION_WINDOW, HomeView
from domain.chat.rating import Satisfaction

MAX_ROWS = 15
MAX_ROWS_FILTERED = 60
MAX_PROBLEMS = 5

_LABELS = {
    HomeFilter.ALL: "Everything",
    HomeFilter.MINE: "My cases",
    HomeFilter.UNCLAIMED: "Unclaimed, by rank",
    HomeFilter.DUE_SOON: "Due soon",
    HomeFilter.WAITING: "Waiting for the customer",
}
_EMPTY = {
    HomeFilter.MINE: "You have claimed no case. `/mentions next` gives you the one that matters most.",
    HomeFilter.UNCLAIMED: "Nothing is unclaimed. 🎉",
    HomeFilter.DUE_SOON: "No first reply is due soon.",
    HomeFilter.WAITING: "Nobody owes us an answer.",
}


def render_home(view: HomeView, *, team_url: str) -> View:
    """Render one user's queue; only the problems if that is all it has, such as for somebody who may not act.

    `team_url` ends in "/".
    """
    chosen = HomeFilter(view.chosen) if view.chosen in set(HomeFilter) else HomeFilter.ALL
    groups = {
        HomeFilter.MINE: view.mine,
        HomeFilter.UNCLAIMED: view.unclaimed,
        HomeFilter.DUE_SOON: view.due_soon,
        HomeFilter.WAITING: view.waiting,
    }
    blocks = _problem_blocks(view.problems)
    if view.counts or not blocks:
        blocks += [
            context(_counts_line(view.counts)),
            *_satisfaction_line(view.satisfaction),
            _filter_select(chosen),
        ]
        for name, cases in groups.items():
            if chosen in (HomeFilter.ALL, name):
                total = max(len(cases), view.counts.get(name, 0))
                is_only_group = chosen is not HomeFilter.ALL
                listed_rows = rows(cases, team_url=team_url, reader=view.user_id)
                blocks += [
                    DIVIDER,
                    *_group_blocks(name, listed_rows, total=total, is_only_group=is_only_group),
                ]
    return {"type": "home", "callback_id": str(CallbackId.HOME), "blocks": blocks}


def _problem_blocks(problems: Sequence[str]) -> list[Block]:
    return [paragraph(f"⚠️ {escape(inline(problem, 500))}") for problem in problems[:MAX_PROBLEMS]]


def _counts_line(counts: dict[str, int]) -> str:
    counts_by_label = [
        (counts.get("open", 0), "open"),
        (counts.get("unclaimed", 0), "unclaimed"),
        (counts.get("waiting", 0), "waiting for the customer"),
        (counts.get("snoozed", 0), "snoozed"),
    ]
    return " · ".join(f"*{number:,}* {label}" for number, label in counts_by_label)


def _satisfaction_line(satisfaction: Satisfaction | None) -> list[Block]:
    """Render the share of chats rated as solved; empty until one is rated."""
    if satisfaction is None or not satisfaction.rated:
        return []
    solved, rated = satisfaction.solved, count_of(satisfaction.rated, "chat")
    within = f"in {SATISFACTION_WINDOW.days} days"
    return [context(f"👍 *{solved:,}* of {rated} solved, by the customers' own word, {within}")]


def _filter_select(chosen: HomeFilter) -> Block:
    options = {name: option(label, str(name)) for name, label in _LABELS.items()}
    select = {
        "type": "static_select",
        "action_id": str(ActionId.HOME_FILTER),
        "placeholder": plain_text("Show", 150),
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return {"type": "actions", "elements": [select]}


def _group_blocks(
    name: HomeFilter, listed_rows: Sequence[Sequence[Node]], *, total: int, is_only_group: bool
) -> list[Block]:
    title = header(_LABELS[name])
    if not listed_rows:
        return [title, context(_EMPTY[name])]
    shown_rows = listed_rows[: MAX_ROWS_FILTERED if is_only_group else MAX_ROWS]
    hidden = total - len(shown_rows)
    if hidden <= 0:
        return [title, rich_text(bullets(shown_rows))]
    hint = "not shown here." if is_only_group else f"choose “{_LABELS[name]}” above."
    return [title, rich_text(bullets(shown_rows)), context(f"{count_of(hidden, 'more case')}: {hint}")]
