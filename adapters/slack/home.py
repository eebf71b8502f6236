"""App Home: the queue as one person needs it, every row one click from its card."""

from collections.abc import Sequence

from adapters.slack.action_ids import ActionId, CallbackId, HomeFilter
from adapters.slack.blocks import DIVIDER, context, header, option, paragraph, plain_text
from adapters.slack.case_rows import rows
from adapters.slack.escaping import escape, inline
from adapters.slack.message_hash import Block, View
from adapters.slack.rich_text import Node, bullets, rich_text
from adapters.slack.wording import count_of
from domain.cases.views import SATISFACTION_WINDOW, HomeView
from domain.chat.rating import Satisfaction

MOST_ROWS = 15
MOST_ROWS_ALONE = 60
MOST_TROUBLES = 5

_LABELS = {
    HomeFilter.ALL: "Everything",
    HomeFilter.MINE: "My cases",
    HomeFilter.UNCLAIMED: "Unclaimed, by rank",
    HomeFilter.DUE_SOON: "Due soon",
    HomeFilter.WAITING: "Waiting for the customer",
}
_EMPTY = {
    HomeFilter.MINE: "You hold no case. `/mentions next` gives you the one that matters most.",
    HomeFilter.UNCLAIMED: "Nothing is unclaimed. 🎉",
    HomeFilter.DUE_SOON: "No first reply is due soon.",
    HomeFilter.WAITING: "Nobody owes us an answer.",
}


def render_home(view: HomeView, *, team_url: str) -> View:
    """One person's queue; where it holds only troubles, such as for somebody who may not act, only those.

    `team_url` ends in "/".
    """
    chosen = HomeFilter(view.chosen) if view.chosen in set(HomeFilter) else HomeFilter.ALL
    groups = {
        HomeFilter.MINE: view.mine,
        HomeFilter.UNCLAIMED: view.unclaimed,
        HomeFilter.DUE_SOON: view.due_soon,
        HomeFilter.WAITING: view.waiting,
    }
    blocks = _troubles(view.troubles)
    if view.counts or not blocks:
        blocks += [context(_counts(view.counts)), *_satisfaction(view.satisfaction), _filter(chosen)]
        for name, cases in groups.items():
            if chosen in (HomeFilter.ALL, name):
                total = max(len(cases), view.counts.get(name, 0))
                alone = chosen is not HomeFilter.ALL
                listed = rows(cases, team_url=team_url, reader=view.user_id)
                blocks += [DIVIDER, *_group(name, listed, total=total, alone=alone)]
    return {"type": "home", "callback_id": str(CallbackId.HOME), "blocks": blocks}


def _troubles(troubles: Sequence[str]) -> list[Block]:
    return [paragraph(f"⚠️ {escape(inline(trouble, 500))}") for trouble in troubles[:MOST_TROUBLES]]


def _counts(counts: dict[str, int]) -> str:
    said = [
        (counts.get("open", 0), "open"),
        (counts.get("unclaimed", 0), "unclaimed"),
        (counts.get("waiting", 0), "waiting for the customer"),
        (counts.get("snoozed", 0), "snoozed"),
    ]
    return " · ".join(f"*{number:,}* {word}" for number, word in said)


def _satisfaction(satisfaction: Satisfaction | None) -> list[Block]:
    """What customers say, once any has."""
    if satisfaction is None or not satisfaction.rated:
        return []
    solved, rated = satisfaction.solved, count_of(satisfaction.rated, "chat")
    within = f"in {SATISFACTION_WINDOW.days} days"
    return [context(f"👍 *{solved:,}* of {rated} solved, by the customers' own word, {within}")]


def _filter(chosen: HomeFilter) -> Block:
    options = {name: option(label, str(name)) for name, label in _LABELS.items()}
    select = {
        "type": "static_select",
        "action_id": str(ActionId.HOME_FILTER),
        "placeholder": plain_text("Show", 150),
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return {"type": "actions", "elements": [select]}


def _group(name: HomeFilter, listed: Sequence[Sequence[Node]], *, total: int, alone: bool) -> list[Block]:
    title = header(_LABELS[name])
    if not listed:
        return [title, context(_EMPTY[name])]
    shown = listed[: MOST_ROWS_ALONE if alone else MOST_ROWS]
    hidden = total - len(shown)
    if hidden <= 0:
        return [title, rich_text(bullets(shown))]
    way = "not shown here." if alone else f"choose “{_LABELS[name]}” above."
    return [title, rich_text(bullets(shown)), context(f"{count_of(hidden, 'more case')}: {way}")]
