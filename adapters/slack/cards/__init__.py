"""Render a case's card: one message per case, updated in place."""

from datetime import datetime

from adapters.slack.blocks import DIVIDER, context, paragraph
from adapters.slack.cards.buttons import button_row, reopen_row
from adapters.slack.cards.closed import closed_card
from adapters.slack.cards.handoff import arrived_handoff, handoff_blocks
from adapters.slack.cards.heading import customer, headline
from adapters.slack.cards.reply import reply_blocks
from adapters.slack.cards.source import source_line
from adapters.slack.cards.suggestion import suggestion_block
from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import escape, inline, mention, shorten, strip_control
from adapters.slack.labels import reply_block_text, situation_label
from adapters.slack.message_content import Block, Content
from adapters.slack.rich_text import quote, rich_text, section, text_node
from adapters.slack.venue_names import via_phrase
from adapters.slack.wording import (
    DELETED_TEXT,
    display_name,
    handle,
    latest_inbound,
    urgency_emoji,
    visible_text,
)
from domain.cases.case import Case
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.networks import OurAccount

MAX_QUOTE_LENGTH = 3000
MAX_SUMMARY_LENGTH = 160


def render_card(view: CaseView, *, now: datetime, ours: OurAccount) -> Content:
    """Render the case's card. `ours` is our account on the case's network."""
    blocks = (
        _active_blocks(view, now=now, ours=ours)
        if view.case.state.is_active
        else _closed_blocks(view, ours=ours)
    )
    return Content(text=_summary(view), blocks=blocks)


def _active_blocks(view: CaseView, *, now: datetime, ours: OurAccount) -> list[Block]:
    case = view.case
    reply_and_suggestion = [*suggestion_block(view, ours.profile.count), *reply_blocks(view, ours=ours)]
    return [
        _heading_and_quote(view),
        *_source(view, now=now, ours=ours),
        *([DIVIDER, *reply_and_suggestion] if reply_and_suggestion else []),
        *_blocked(view, ours),
        *handoff_blocks(view),
        *_claimed_by_line(case),
        *button_row(view, ours),
    ]


def _closed_blocks(view: CaseView, *, ours: OurAccount) -> list[Block]:
    """Render two lines and Reopen, plus our reply if it is not confirmed as sent."""
    settled = view.latest_reply is None or view.latest_reply.delivery is Delivery.SENT
    reply = [] if settled else reply_blocks(view, ours=ours)
    return [closed_card(view, ours), *reply, *reopen_row(view.case)]


def _heading_and_quote(view: CaseView) -> Block:
    heading = section([*headline(view), text_node("\n"), *customer(view)])
    latest = latest_inbound(view)
    if latest is None:
        return rich_text(heading)
    if latest.deleted_at is not None:
        return rich_text(heading, section([text_node(DELETED_TEXT, italic=True)]))
    text = quote(shorten(strip_control(latest.text), MAX_QUOTE_LENGTH))
    if latest.venue.is_private and view.handoff is not None and not view.handoff.is_verified:
        unverified_note = section(
            [text_node(f"Somebody who is not verified wrote {via_phrase(latest.venue)}:", italic=True)]
        )
        return rich_text(heading, unverified_note, text)
    return rich_text(heading, text)


def _source(view: CaseView, *, now: datetime, ours: OurAccount) -> list[Block]:
    latest = latest_inbound(view)
    return [] if latest is None else [context(source_line(view, latest, now=now, ours=ours))]


def _blocked(view: CaseView, ours: OurAccount) -> list[Block]:
    """Say why no public reply can be sent, unless replies go to a private venue anyway."""
    case = view.case
    if case.reply_block is None or arrived_handoff(view) is not None:
        return []
    text = f"🔒 *No reply can be sent from here:* {escape(reply_block_text(case.reply_block))}."
    if case.reply_block is ReplyBlock.NO_POST:
        text += " Press Move to… to say where to write to them."
    elif case.reply_block is not ReplyBlock.GONE:
        text += f" Open it on {ours.profile.label} to answer by hand, then press Resolve."
    return [paragraph(text)]


def _claimed_by_line(case: Case) -> list[Block]:
    if case.claimed_by is None:
        return []
    since = f" {date_mrkdwn(case.claimed_at)}" if case.claimed_at is not None else ""
    return [context(f"Claimed by {mention(case.claimed_by)}{since}")]


def _summary(view: CaseView) -> str:
    """Render the fallback text for notifications and screen readers."""
    case, latest = view.case, latest_inbound(view)
    heading = f"{urgency_emoji(case.assessment.urgency)} {situation_label(case.assessment.situation)}"
    text = f": {inline(visible_text(latest), MAX_SUMMARY_LENGTH)}" if latest is not None else ""
    return escape(heading) + " · " + escape(f"{display_name(case)} {handle(case)}{text}")
