"""The card: one message per case, updated in place."""

from datetime import datetime

from adapters.slack.blocks import DIVIDER, context, paragraph
from adapters.slack.cards.buttons import button_row, reopen_row
from adapters.slack.cards.folded import folded
from adapters.slack.cards.handoff import arrived, handoff_blocks
from adapters.slack.cards.heading import customer, headline
from adapters.slack.cards.reply import reply_blocks
from adapters.slack.cards.source import source_line
from adapters.slack.cards.suggestion import suggestion_block
from adapters.slack.dates import when
from adapters.slack.escaping import escape, inline, mention, shorten, strip_control
from adapters.slack.labels import situation_label
from adapters.slack.message_hash import Block, Content
from adapters.slack.rich_text import quote, rich_text, section, words
from adapters.slack.venue_names import by_way_of
from adapters.slack.wording import GONE, display_name, handle, latest_inbound, text_of, urgency_mark
from domain.cases.case import Case
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.networks import OurAccount

LONGEST_QUOTE = 3000
LONGEST_SUMMARY = 160


def render_card(view: CaseView, *, now: datetime, ours: OurAccount) -> Content:
    """The case as its card shows it; `ours` is our account on its network."""
    blocks = _active(view, now=now, ours=ours) if view.case.state.is_active else _closed(view, ours=ours)
    return Content(text=_summary(view), blocks=blocks)


def _active(view: CaseView, *, now: datetime, ours: OurAccount) -> list[Block]:
    case = view.case
    news = [*suggestion_block(view, ours.profile.count), *reply_blocks(view, ours=ours)]
    return [
        _who_and_what(view),
        *_source(view, now=now, ours=ours),
        *([DIVIDER, *news] if news else []),
        *_blocked(view, ours),
        *handoff_blocks(view),
        *_claim(case),
        *button_row(view, ours),
    ]


def _closed(view: CaseView, *, ours: OurAccount) -> list[Block]:
    """Two lines; but a reply that is not known to be there is never folded away."""
    settled = view.answer is None or view.answer.delivery is Delivery.SENT
    reply = [] if settled else reply_blocks(view, ours=ours)
    return [folded(view, ours), *reply, *reopen_row(view.case)]


def _who_and_what(view: CaseView) -> Block:
    top = section([*headline(view), words("\n"), *customer(view)])
    latest = latest_inbound(view)
    if latest is None:
        return rich_text(top)
    if latest.deleted_at is not None:
        return rich_text(top, section([words(GONE, italic=True)]))
    said = quote(shorten(strip_control(latest.text), LONGEST_QUOTE))
    if latest.venue.is_private and view.handoff is not None and not view.handoff.is_verified:
        stranger = section(
            [words(f"Somebody who is not verified wrote {by_way_of(latest.venue)}:", italic=True)]
        )
        return rich_text(top, stranger, said)
    return rich_text(top, said)


def _source(view: CaseView, *, now: datetime, ours: OurAccount) -> list[Block]:
    latest = latest_inbound(view)
    return [] if latest is None else [context(source_line(view, latest, now=now, ours=ours))]


def _blocked(view: CaseView, ours: OurAccount) -> list[Block]:
    """Why no public answer can be sent, unless answers go to a private venue anyway."""
    case = view.case
    if case.reply_block is None or arrived(view) is not None:
        return []
    said = f"🔒 *No reply can be sent from here:* {escape(case.reply_block.explanation)}."
    if case.reply_block is ReplyBlock.NO_POST:
        said += " Press Move to… to say where to write to them."
    elif case.reply_block is not ReplyBlock.GONE:
        said += f" Open it on {ours.profile.label} to answer by hand, then press Resolve."
    return [paragraph(said)]


def _claim(case: Case) -> list[Block]:
    if case.claimed_by is None:
        return []
    since = f" {when(case.claimed_at)}" if case.claimed_at is not None else ""
    return [context(f"Claimed by {mention(case.claimed_by)}{since}")]


def _summary(view: CaseView) -> str:
    """For notifications and screen readers."""
    case, latest = view.case, latest_inbound(view)
    about = f"{urgency_mark(case.assessment.urgency)} {situation_label(case.assessment.situation)}"
    said = f": {inline(text_of(latest), LONGEST_SUMMARY)}" if latest is not None else ""
    return escape(about) + " · " + escape(f"{display_name(case)} {handle(case)}{said}")
