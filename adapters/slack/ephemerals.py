"""Render ephemeral answers to commands and buttons, notifications, and alerts."""

import re
from collections.abc import Sequence
from datetime import datetime

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import (
    EMPTY_TEXT,
    actions,
    button,
    context,
    paragraph,
    text_content,
    with_accessory,
)
from adapters.slack.cases.rows import case_row, found_row
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import (
    cut_at_word,
    escape,
    escape_message,
    escape_within,
    inline,
    link,
    mention,
    one_line,
    shorten,
    strip_control,
)
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block, Content
from adapters.slack.notifications import NOTIFICATION_TEMPLATES, render_template
from adapters.slack.permalinks import card_link
from adapters.slack.refusal_texts import refusal_mrkdwn
from adapters.slack.rich_text import Node, bullets, rich_text, section, text_node
from adapters.slack.wording import count_of, display_name, first_words, urgency_emoji
from domain.cases.case import Case
from domain.cases.next_step import ListedCase
from domain.cases.search import FoundCase
from domain.records.audit import Action
from domain.records.legal_hold import MAX_REASON, LegalHold

MAX_TEXT_LENGTH = 2500
MAX_ROWS = 20
MAX_FIRST_WORDS = 120

_CHANNEL = re.compile(r"#(C[0-9][A-Z0-9]{4,})\b")


def render_case_list(
    title: str, cases: Sequence[Case], *, team_url: str, empty: str, now: datetime
) -> Content:
    """Render the answer to `/mentions mine`; `empty` is the text without cases."""
    return _list(title, [case_row(case, address=card_link(team_url, case), now=now) for case in cases], empty)


def render_found_cases(
    title: str,
    found: Sequence[FoundCase],
    *,
    team_url: str,
    empty: str,
    now: datetime,
    may_claim: bool = True,
) -> Content:
    """Render the answer to `/mentions find`; `empty` is the text without cases.

    `may_claim`: the reader works on cases, and can claim what has no card.
    """
    rows = [found_row(case, team_url=team_url, now=now) for case in found]
    claimable = _without_card([one.case for one in found]) if may_claim else []
    return _list(title, rows, empty, claimable=claimable)


def render_urgent(listed: Sequence[ListedCase], *, team_url: str, now: datetime) -> Content:
    """Render the open urgent cases of a flooded channel, with the first words of each."""
    cases = [one.case for one in listed]
    rows = [
        [*case_row(one.case, address=card_link(team_url, one.case), now=now), *_first_words(one)]
        for one in listed
    ]
    empty, more = "No urgent case is open. 🎉", "There are more: claim some of these to see them."
    return _list("Urgent and open", rows, empty, claimable=_without_card(cases[:MAX_ROWS]), more=more)


def _first_words(listed: ListedCase) -> list[Node]:
    words = cut_at_word(one_line(strip_control(first_words(listed.shown))), MAX_FIRST_WORDS)
    return [text_node(f"\n{words}")] if words else []


def render_pulled(cases: int) -> Content:
    """Say how many cards a press of *Pull next* brings."""
    if not cases:
        return text_content("No case is held back any more: all have their cards.")
    return text_content(f"{count_of(cases, 'card')} will be here in a few seconds, ahead of all others.")


def _without_card(cases: Sequence[Case]) -> list[Case]:
    """Return those of these cases that can only be claimed here: they have no card, and nobody has them."""
    return [
        case for case in cases if case.card_ts is None and case.claimed_by is None and case.state.is_active
    ]


def _list(
    title: str, rows: Sequence[list[Node]], empty: str, *, claimable: Sequence[Case] = (), more: str = ""
) -> Content:
    if not rows:
        return text_content(escape_within(empty, MAX_TEXT_LENGTH))
    heading = shorten(strip_control(title), 150)
    body = rich_text(section([text_node(heading, bold=True)]), bullets(rows[:MAX_ROWS]))
    hidden = len(rows) - MAX_ROWS
    remark = more or f"{count_of(hidden, 'more case')} not shown: use more words."
    left = [context(remark)] if hidden > 0 else []
    claims = [_claim_row(case) for case in claimable[:MAX_ROWS]]
    return Content(text=escape(heading).strip() or EMPTY_TEXT, blocks=[body, *left, *claims])


def _claim_row(case: Case) -> Block:
    """Render the button of a case without a card. A row each: in one block, no two may have the same name."""
    name = f"{urgency_emoji(case.assessment.urgency)} {escape(display_name(case))} · no card yet"
    value = card_value(case.id, case.version)
    return with_accessory(paragraph(name), button("Claim", ActionId.CASE_CLAIM, value))


def render_claimed(
    case: Case | None, *, team_url: str, now: datetime, away_until: datetime | None = None
) -> Content:
    """Render the answer to `/mentions next`; `case` is `None` if no case is waiting.

    `away_until` is until when the person said that they are away.
    """
    if case is None:
        return text_content("Nothing is waiting for anybody. 🎉")
    case_text = f"{urgency_emoji(case.assessment.urgency)} {situation_label(case.assessment.situation)}"
    line = section(
        [
            text_node("You have claimed: ", bold=True),
            *case_row(case, address=card_link(team_url, case), now=now, reader=case.claimed_by),
        ]
    )
    text = escape(f"You have claimed: {case_text}, {display_name(case)}")
    blocks = [rich_text(line)]
    if away_until is not None:
        back = date_mrkdwn(away_until, DateStyle.DAY_AND_CLOCK)
        blocks.append(context(f"⚠️ You are away until {back}. If you are back, say so in App Home."))
    return Content(text=text, blocks=blocks)


def render_refusal(error: Exception) -> Content:
    """Render why an action was not done: who was first, what changed, or the error's own text."""
    return text_content(refusal_mrkdwn(error))


def render_alert(text: str, buttons: Sequence[Block] = ()) -> Content:
    """Render an alert to operators. `text` is plain, except that "#C0123456" becomes a channel link."""
    content = text_content("⚠️ " + _CHANNEL.sub(r"<#\1>", escape_message(text, MAX_TEXT_LENGTH)))
    return Content(text=content["text"], blocks=[*content["blocks"], *actions(buttons)])


def render_notification(case: Case, *, action: str, actor: str, to: str, team_url: str) -> Content:
    """Render a direct message to `to` about what `actor` did to their case, or what is new in it.

    `action` is the audit action.
    """
    if action in NOTIFICATION_TEMPLATES:
        return text_content(render_template(case, NOTIFICATION_TEMPLATES[action], team_url))
    case_text = link(
        card_link(team_url, case), f"{situation_label(case.assessment.situation)}, {display_name(case)}"
    )
    if action == Action.TAKEN_OVER:
        return text_content(f"{mention(actor)} has taken over your case: {case_text}")
    if action == Action.RELEASED:
        return text_content(f"{mention(actor)} has put your case back into the queue: {case_text}")
    if action == Action.ASSIGNED and case.claimed_by == to:
        return text_content(f"{mention(actor)} has assigned you a case: {case_text}")
    now_with = f" It is now with {mention(case.claimed_by)}." if case.claimed_by is not None else ""
    return text_content(f"{mention(actor)} has changed who holds your case: {case_text}.{now_with}")


def render_hold(case: Case, hold: LegalHold, before: LegalHold | None, *, team_url: str) -> Content:
    """Say that a case is under legal hold and why, and of which hold `before` it changed the reason."""
    shown = link(card_link(team_url, case), display_name(case))
    text = f"{shown} is under legal hold: what is stored of it is kept. Reason: “{_reason(hold)}”."
    if before is not None:
        since = date_mrkdwn(before.placed_at, DateStyle.DAY_AND_CLOCK)
        by = mention(before.placed_by)
        text += f" It was under one before, which {by} placed {since}; its reason was “{_reason(before)}”."
    return text_content(f"{text} `/mentions unhold {case.id}` lifts it.")


def render_hold_lifted(case: Case, *, team_url: str) -> Content:
    """Say that a case is no longer under legal hold."""
    shown = link(card_link(team_url, case), display_name(case))
    return text_content(f"{shown} is no longer under legal hold.")


def _reason(hold: LegalHold) -> str:
    return escape(inline(hold.reason, MAX_REASON))
