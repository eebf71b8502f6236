"""Render App Home: the queue as one user needs it, every row linked to its thread, with its likely button."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from adapters.slack.action_ids import ActionId, CallbackId, card_value
from adapters.slack.blocks import (
    DIVIDER,
    Json,
    actions,
    button,
    context,
    header,
    link_button,
    option,
    paragraph,
    static_select,
    with_accessory,
)
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.cases.promise_list import home_promises
from adapters.slack.cases.rows import case_row
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import cut_at_word, escape, inline, isolate, one_line
from adapters.slack.home_ids import HomeFilter
from adapters.slack.message_content import Block, View
from adapters.slack.modals.outages.small_forms import board_button, outage_row
from adapters.slack.network_links import reply_page
from adapters.slack.outages.ids import OutageAction
from adapters.slack.outages.wording import pause_line
from adapters.slack.permalinks import permalink, thread_link
from adapters.slack.rich_text import to_mrkdwn
from adapters.slack.surge.spike_alert import spike_finding
from adapters.slack.wording import count_of, first_words
from domain.cases.next_step import ListedCase, NextStep, next_step
from domain.cases.rota import AwayChoice
from domain.cases.views import SATISFACTION_WINDOW, HomeView
from domain.chat.rating import Satisfaction
from domain.networks import OurAccount
from domain.replies.right_venue import NO_GUIDANCE
from domain.replies.rules_of_engagement import Guidance
from domain.reports.team import TeamView
from domain.surge.spikes import Spike
from domain.surge.views import SpikeView
from domain.triage.situations import Situation

MAX_ROWS = 15
MAX_ROWS_FILTERED = 60
MAX_PROBLEMS = 5
MAX_OUTAGES = 5
MAX_SPIKES = 5
MAX_WORDS_LENGTH = 90  # of the post, one line of a row at Slack's usual width

AccountOf = Callable[[str], OurAccount]
#: How a network is called, by its identifier.
NetworkLabel = Callable[[str], str]

_LABELS = {
    HomeFilter.ALL: "Everything",
    HomeFilter.MINE: "My cases",
    HomeFilter.UNCLAIMED: "Unclaimed, by rank",
    HomeFilter.DUE_SOON: "Overdue or due soon",
    HomeFilter.WAITING: "Waiting for the customer",
    HomeFilter.TEAM: "The team",
}
_EMPTY = {
    HomeFilter.MINE: "You have claimed no case. `/mentions next` gives you the one that matters most.",
    HomeFilter.UNCLAIMED: "Nothing is unclaimed. 🎉",
    HomeFilter.DUE_SOON: "No answer is overdue or due soon.",
    HomeFilter.WAITING: "Nobody owes us an answer.",
}
_BUTTONS = {
    NextStep.CLAIM: ("Claim", ActionId.CASE_CLAIM),
    NextStep.TAKE_OVER: ("Take over…", ActionId.CASE_TAKE_OVER),
    NextStep.ANSWER: ("Answer…", ActionId.CASE_REPLY),
    NextStep.MOVE: ("Move to…", ActionId.CASE_HANDOFF),
    NextStep.RESOLVE: ("Resolve", ActionId.CASE_RESOLVE),
}


_AWAY = {
    AwayChoice.ONE_HOUR: "For an hour",
    AwayChoice.FOUR_HOURS: "For 4 hours",
    AwayChoice.NEXT_DAY: "Until tomorrow, 9:00",
    AwayChoice.NEXT_WORKDAY: "Until the next workday, 9:00",
}


class BlurChoice(StrEnum):
    """What the button about abuse in App Home chooses."""

    BLUR = "blur"
    SHOW = "show"


def render_home(
    view: HomeView,
    *,
    team_url: str,
    account_of: AccountOf,
    guidance: Mapping[Situation, Guidance] = NO_GUIDANCE,
) -> View:
    """Render one user's queue; only the problems if that is all it has, such as for somebody who may not act.

    `team_url` ends in "/". `account_of` tells our account on a network. `private_metadata` is the filter, by
    which Home is published again after a press on it. `guidance` is that of the rules of engagement.
    """
    names = [name for name in _EMPTY if view.may_act or name is not HomeFilter.MINE]
    chosen = HomeFilter(view.chosen) if view.chosen in set(names) else HomeFilter.ALL
    groups = {
        HomeFilter.MINE: view.mine,
        HomeFilter.UNCLAIMED: view.unclaimed,
        HomeFilter.DUE_SOON: view.due_soon,
        HomeFilter.WAITING: view.waiting,
    }
    problems = _problem_blocks(view)
    unusual = unusual_blocks(view, team_url, lambda name: account_of(name).profile.label)
    blocks = [*unusual, *_open_outage(view), *problems] if view.only_outages else [*problems, *unusual]
    shows_queue = bool(view.counts or not view.problems)
    if shows_queue:
        blocks += [
            context(queue_counts(view.counts)),
            *_closed_line(view.opens_at),
            *_satisfaction_line(view.satisfaction),
            *(_spending_line(view, account_of) if view.may_act or view.offers_team else []),
            _controls(view, chosen),
            *_rota_blocks(view),
            *home_promises(view.promises, team_url=team_url),
        ]
        for name in names:
            cases = groups[name]
            if chosen in (HomeFilter.ALL, name):
                total = max(len(cases), view.counts.get(name, 0))
                is_only_group = chosen is not HomeFilter.ALL
                rows = [_row(case, view, team_url, account_of, guidance) for case in cases]
                blocks += [DIVIDER, *_group_blocks(name, rows, total=total, is_only_group=is_only_group)]
    return {
        "type": "home",
        "callback_id": str(CallbackId.HOME),
        "private_metadata": str(chosen) if shows_queue else view.chosen,
        "blocks": blocks,
    }


def unusual_blocks(view: HomeView | TeamView, team_url: str, network_label: NetworkLabel) -> list[Block]:
    """Render the pause of all sending, open outages and open spikes, each with the way to it; or nothing."""
    blocks = [paragraph(pause_line(view.pause))] if view.pause is not None else []
    blocks += [
        _with_first(paragraph(outage_row(outage)), board_button(outage, team_url=team_url))
        for outage in view.outages[:MAX_OUTAGES]
    ]
    blocks += [_spike(spike, team_url, network_label) for spike in view.spikes[:MAX_SPIKES]]
    return [*blocks, DIVIDER] if blocks else []


def _spike(spike: Spike, team_url: str, network_label: NetworkLabel) -> Block:
    network = network_label(spike.series.subject) if spike.is_silence else ""
    finding = escape(spike_finding(SpikeView(spike=spike, network=network)))
    text = f"📈 {finding} · {date_mrkdwn(spike.found_at)}"
    alert = permalink(team_url, spike.channel, spike.ts) if spike.channel and spike.ts else None
    return _with_first(paragraph(text), link_button("Open alert", ActionId.CASE_OPEN_POST, alert))


def _with_first(block: Block, elements: Sequence[Block]) -> Block:
    return with_accessory(block, elements[0]) if elements else block


def _open_outage(view: HomeView) -> list[Block]:
    """Say where nothing is unusual, and offer to open an outage, to whoever acts on outages alone."""
    calm = not (view.outages or view.spikes)
    blocks = [paragraph("No outage is open, and nothing unusual comes in.")] if calm else []
    offers = [button("Open an outage…", OutageAction.OPEN, "0")] if view.offers_outage else []
    return [*blocks, *actions(offers), DIVIDER]


def _problem_blocks(view: HomeView) -> list[Block]:
    texts = [escape(inline(problem, 500)) for problem in view.problems[:MAX_PROBLEMS]]
    # That the queue is for others is no fault to those who are on call.
    return [context(text) if view.only_outages else paragraph(f"⚠️ {text}") for text in texts]


def queue_counts(counts: Mapping[str, int]) -> str:
    """Say how many cases are open, unclaimed, waiting and snoozed."""
    counts_by_label = [
        (counts.get("open", 0), "open"),
        (counts.get("unclaimed", 0), "unclaimed"),
        (counts.get("waiting", 0), "waiting for the customer"),
        (counts.get("snoozed", 0), "snoozed"),
    ]
    return " · ".join(f"*{number:,}* {label}" for number, label in counts_by_label)


def _closed_line(opens_at: datetime | None) -> list[Block]:
    """Render until when nobody is there; empty within office hours."""
    if opens_at is None:
        return []
    when = date_mrkdwn(opens_at, DateStyle.DAY_AND_CLOCK)
    return [context(f"🌙 Closed until {when}: only what counts all hours is due before")]


def _satisfaction_line(satisfaction: Satisfaction | None) -> list[Block]:
    """Render the share of chats rated as solved; empty until one is rated."""
    if satisfaction is None or not satisfaction.rated:
        return []
    solved, rated = satisfaction.solved, count_of(satisfaction.rated, "chat")
    within = f"in {SATISFACTION_WINDOW.days} days"
    return [context(f"👍 *{solved:,}* of {rated} solved, by the customers' own word, {within}")]


def _spending_line(view: HomeView, account_of: AccountOf) -> list[Block]:
    """Render what the networks charged today, and their budget if they have one; empty if nothing."""
    costs: dict[str, float] = {}
    for one in view.spent:
        costs[one.network] = costs.get(one.network, 0.0) + one.cost
    budget = f" of ${view.daily_budget:,.2f}" if view.daily_budget else ""
    each = [f"{account_of(name).profile.label} *${cost:,.2f}*{budget}" for name, cost in costs.items()]
    return [context(f"💸 Today (UTC): {' · '.join(each)}")] if each else []


def _controls(view: HomeView, chosen: HomeFilter) -> Block:
    """Render the filter, and the buttons that blur or show abuse and that open an outage."""
    blurs = view.blur_abuse is True
    label, value = ("Show abuse", BlurChoice.SHOW) if blurs else ("Blur abuse", BlurChoice.BLUR)
    blur = button(label, ActionId.HOME_BLUR, value)
    block = filter_block(chosen, offers_team=view.offers_team, offers_own=view.may_act)
    outage = [button("Open an outage…", OutageAction.OPEN, "0")] if view.offers_outage else []
    return {**block, "elements": [*block["elements"], blur, *outage]}


def filter_block(chosen: HomeFilter, *, offers_team: bool, offers_own: bool = True) -> Block:
    """Render the filter alone, with the reader's own cases for whoever may have any."""
    hidden = {HomeFilter.TEAM: not offers_team, HomeFilter.MINE: not offers_own}
    options = {name: option(label, str(name)) for name, label in _LABELS.items() if not hidden.get(name)}
    select = static_select(ActionId.HOME_FILTER, options.values(), options[chosen], placeholder="Show")
    return {"type": "actions", "elements": [select]}


def _rota_blocks(view: HomeView) -> list[Block]:
    """Offer to be away where cases are given out, or say until when somebody is; empty without a rota."""
    if not view.has_rota:
        return []
    if view.away_until is not None:
        until = date_mrkdwn(view.away_until, DateStyle.DAY_AND_CLOCK)
        back = button("I am back", CaseFormAction.HOME_BACK, "now")
        return [with_accessory(paragraph(f"🌙 You are away until {until}: you are given no case."), back)]
    options = [option(label, str(choice)) for choice, label in _AWAY.items()]
    select = static_select(CaseFormAction.HOME_AWAY, options, placeholder="Away until…")
    text = "While you are present in Slack, you are given cases that nobody has claimed."
    return [with_accessory(paragraph(text), select)]


def _group_blocks(name: HomeFilter, rows: Sequence[Block], *, total: int, is_only_group: bool) -> list[Block]:
    title = header(_LABELS[name])
    if not rows:
        return [title, context(_EMPTY[name])]
    shown_rows = rows[: MAX_ROWS_FILTERED if is_only_group else MAX_ROWS]
    hidden = total - len(shown_rows)
    if hidden <= 0:
        return [title, *shown_rows]
    hint = "not shown here." if is_only_group else f"choose “{_LABELS[name]}” above."
    return [title, *shown_rows, context(f"{count_of(hidden, 'more case')}: {hint}")]


def _row(
    listed: ListedCase,
    view: HomeView,
    team_url: str,
    account_of: AccountOf,
    guidance: Mapping[Situation, Guidance],
) -> Block:
    """Render a case in one section: what it is and how long, the first words, its likely button."""
    address = thread_link(team_url, listed.case)
    row = case_row(listed.case, address=address, now=view.made_at, reader=view.user_id)
    text = to_mrkdwn(row)
    if words := one_line(first_words(listed.shown)):
        text += f"\n{escape(isolate(cut_at_word(words, MAX_WORDS_LENGTH)))}"
    can_move = bool(account_of(listed.case.network).private_venues)
    step = next_step(listed, view.user_id, guidance if can_move else NO_GUIDANCE)
    if not view.may_act:
        step = NextStep.LOOK
    buttons = _buttons(listed, step, address, account_of)
    return {**paragraph(text), **({"accessory": buttons[0]} if buttons else {})}


def _buttons(
    listed: ListedCase, step: NextStep, address: str | None, account_of: AccountOf
) -> Sequence[Json]:
    """Render the button of a step; empty if its page is not known (yet)."""
    case = listed.case
    if step is NextStep.ANSWER_BY_HAND:
        ours = account_of(case.network)
        page = reply_page(ours, case.reply_to_id) or (listed.newest.url if listed.newest else None)
        return link_button(f"Open on {ours.profile.label}", ActionId.CASE_OPEN_POST, page)
    if step is NextStep.LOOK:
        return link_button("Open card", ActionId.CASE_OPEN_POST, address)
    label, action = _BUTTONS[step]
    return [button(label, action, card_value(case.id, case.version))]
