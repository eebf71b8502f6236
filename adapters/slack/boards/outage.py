"""Render an outage's board: first its state, then what is due, then what failed."""

from adapters.slack.blocks import actions, paragraph
from adapters.slack.boards.outage_buttons import board_buttons, line_blocks, pending_block
from adapters.slack.boards.outage_cases import case_blocks
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Block, Content
from adapters.slack.outages.wording import (
    MAX_TITLE_LENGTH,
    pause_line,
    planned_lines,
    state_mark,
    state_name,
    titled,
)
from adapters.slack.rich_text import quote, rich_text
from domain.outages.board import BoardView

MAX_WORDS_LENGTH = 600


def render_outage_board(view: BoardView) -> Content:
    """Render the board of an outage."""
    blocks = [
        paragraph(_heading(view)),
        *_paused(view),
        *pending_block(view),
        *line_blocks(view),
        *_words(view),
        *case_blocks(view),
        *actions(board_buttons(view)),
    ]
    return Content(text=_summary(view), blocks=blocks)


def _heading(view: BoardView) -> str:
    outage = view.outage
    since = date_mrkdwn(outage.resolved_at or outage.announced_at or outage.opened_at)
    lines = [f"{state_mark(outage)} {titled(outage)} · {state_name(outage)} · {since}", *_due(view)]
    led = f"Led by {mention(outage.lead)}"
    if view.lead_left and outage.is_open:
        led = f"⚠️ *{mention(outage.lead)} leads this and is no longer in Slack.* Choose ⋯ Hand over the lead…"
    parts = [led, escape(", ".join(outage.components))]
    return "\n".join([*lines, " · ".join(filter(None, parts))])


def _due(view: BoardView) -> list[str]:
    outage = view.outage
    lines = planned_lines(outage)
    if outage.next_update_due is not None:
        due = outage.next_update_due
        lines.append(f"⏰ *Next update due {date_mrkdwn(due, DateStyle.CLOCK)}* ({date_mrkdwn(due)})")
    return lines


def _words(view: BoardView) -> list[Block]:
    notice = view.newest or view.pending
    if notice is None:
        return []
    words = inline(notice.words, MAX_WORDS_LENGTH)
    return [rich_text(quote(words))] if words else []


def _paused(view: BoardView) -> list[Block]:
    return [paragraph(pause_line(view.pause))] if view.pause is not None else []


def _summary(view: BoardView) -> str:
    return escape(f"{state_mark(view.outage)} {inline(view.outage.title, MAX_TITLE_LENGTH)}")
