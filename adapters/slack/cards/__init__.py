"""Render a case's card: one message per case, updated in place."""

from collections.abc import Mapping

from adapters.slack.blocks import actions, context
from adapters.slack.cards.buttons import button_row
from adapters.slack.cards.closed import closed_card
from adapters.slack.cards.folded import folded_card
from adapters.slack.cards.handoff import arrived_handoff, handoff_blocks
from adapters.slack.cards.heading import headline
from adapters.slack.cards.post import context_blocks, newest_words, post_with_picture
from adapters.slack.cards.reply import (
    after_deletion,
    is_nothing_left,
    is_refused_as_gone,
    reply_blocks,
    reply_buttons,
    shown_reply,
)
from adapters.slack.cards.suggestion import suggestion_block
from adapters.slack.cases.promise_wording import promise_lines
from adapters.slack.escaping import escape, inline
from adapters.slack.labels import reply_block_text, situation_label
from adapters.slack.message_content import Block, Content
from adapters.slack.outages.link_wording import outage_line
from adapters.slack.rich_text import rich_text, section
from adapters.slack.unproven_mails import waiting_line
from adapters.slack.wording import (
    display_name,
    handle,
    shown_message,
    shown_name,
    urgency_emoji,
    visible_text,
)
from domain.cases.messages import Delivery
from domain.cases.namesakes import namesake
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.look_alikes import names
from domain.networks import OurAccount
from domain.outages.folding import is_folded
from domain.records.erasure import is_erased
from domain.replies.right_venue import NO_GUIDANCE
from domain.replies.rules_of_engagement import Guidance
from domain.triage.situations import Situation

MAX_SUMMARY_LENGTH = 160


def render_card(
    view: CaseView, *, ours: OurAccount, guidance: Mapping[Situation, Guidance] = NO_GUIDANCE
) -> Content:
    """Render the case's card.

    `ours` is our account on the case's network, `guidance` what the rules of engagement say of situations.
    """
    return Content(text=_summary(view), blocks=_blocks(view, ours, guidance))


def _blocks(view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance]) -> list[Block]:
    if not view.case.state.is_active:
        return _closed_blocks(view, ours)
    if view.outage is not None and is_folded(view):
        return folded_card(view, view.outage.outage)
    return _active_blocks(view, ours, guidance)


def _active_blocks(view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance]) -> list[Block]:
    """Render four blocks at most for a usual post; problems and private conversations add theirs."""
    return [
        *_post(view, ours, guidance),
        *_named_like_us(view, ours),
        *_named_like_agent(view),
        *_outage(view),
        *suggestion_block(view, ours, guidance),
        *reply_blocks(view, ours=ours),
        *_blocked(view, ours),
        *handoff_blocks(view, ours),
        *waiting_line(view.unproven),
        *promise_lines(view.promises),
        *button_row(view, ours, guidance),
    ]


def _post(view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance]) -> list[Block]:
    """Render the first line, the newest words with their picture, and what they answer."""
    heading = headline(view, ours, guidance)
    with_picture = post_with_picture(view, heading)
    if with_picture is not None:
        return [with_picture]
    return [rich_text(section(heading), *newest_words(view)), *context_blocks(view)]


def _named_like_us(view: CaseView, ours: OurAccount) -> list[Block]:
    """Warn of a customer whose name reads as ours, also in letters that only look like those."""
    author = view.case.author
    if view.case.began_by_email or not any(names(author.name, one) for one in (ours.brand, ours.handle)):
        return []
    return [
        context(
            f"⚠️ *Named like us, and not our account:* {escape(handle(view.case))}. They may answer "
            "customers in our name."
        )
    ]


def _named_like_agent(view: CaseView) -> list[Block]:
    """Warn of a customer whose name reads as an agent's: a reader may take their words for a colleague's."""
    found = namesake(view, view.agents)
    if found is None or is_erased(view.case.author.id):
        return []
    return [
        context(
            f"⚠️ *Named like {escape(shown_name(found.agent))} of our team:* {escape(shown_name(found.shown))}. "
            "Whoever writes here is a customer, whatever the name says."
        )
    ]


def _outage(view: CaseView) -> list[Block]:
    """Say how the outage stands that the case is linked to."""
    return [context(outage_line(view.outage.outage))] if view.outage is not None else []


def _closed_blocks(view: CaseView, ours: OurAccount) -> list[Block]:
    """Render one line with Reopen, plus our reply if it is not confirmed as sent and still has its words."""
    reply = view.latest_reply
    if reply is None or reply.delivery is Delivery.SENT or reply.deleted_at is not None:
        return [closed_card(view, ours), *waiting_line(view.unproven), *promise_lines(view.promises)]
    return [closed_card(view, ours), *reply_blocks(view, ours=ours), *actions(reply_buttons(view, ours))]


def _blocked(view: CaseView, ours: OurAccount) -> list[Block]:
    """Say why no public reply can be sent, unless replies go to a private venue anyway."""
    case = view.case
    if case.reply_block is None or arrived_handoff(view) is not None:
        return []
    if is_nothing_left(view):
        is_said = is_refused_as_gone(view, shown_reply(view))
        return [] if is_said else [context(f"🔒 *There is no post left to reply to.* {after_deletion(ours)}")]
    text = f"🔒 *No reply can be sent from here:* {escape(reply_block_text(case.reply_block))}."
    if case.reply_block is ReplyBlock.NO_POST:
        text += " Press Move to… to say where to write to them."
    elif case.reply_block is not ReplyBlock.GONE:
        text += f" Open it on {ours.profile.label} to answer by hand, then press Resolve."
    return [context(text)]


def _summary(view: CaseView) -> str:
    """Render the fallback text for notifications and screen readers."""
    case, latest = view.case, shown_message(view)
    heading = f"{urgency_emoji(case.assessment.urgency)} {situation_label(case.assessment.situation)}"
    text = f": {inline(visible_text(latest), MAX_SUMMARY_LENGTH)}" if latest is not None else ""
    return escape(heading) + " · " + escape(f"{display_name(case)} {handle(case)}{text}")
