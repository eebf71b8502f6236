"""Render our newest message with its delivery state, and the buttons for a failed or unconfirmed one."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import Json, actions, button, context, link_button, paragraph
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, link, mention, shorten, strip_control
from adapters.slack.message_content import Block
from adapters.slack.network_links import own_replies_page, reply_page
from adapters.slack.rich_text import quote, rich_text, section, text_node
from adapters.slack.venue_names import via_phrase
from adapters.slack.wording import latest_inbound
from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.cases.views import CaseView
from domain.intake.redaction import is_post
from domain.networks import OurAccount
from domain.venues import Venue

MAX_SHOWN_LENGTH = 2000
MAX_REASON_LENGTH = 500

_WHERE_TO_LOOK = {
    Venue.DM: "look in our direct messages",
    Venue.EMAIL: "look in our mailbox's sent mail",
    Venue.CHAT: "look in the chat",
}


def reply_blocks(view: CaseView, *, ours: OurAccount) -> list[Block]:
    """Render our reply; empty if there is none, or if the customer has written since it was sent."""
    reply = view.latest_reply
    if reply is None or reply.delivery is None:
        return []
    latest = latest_inbound(view)
    if reply.delivery is Delivery.SENT and latest is not None and latest.id > reply.id:
        return []
    heading = [text_node("Our reply", bold=True)]
    if reply.venue.is_private:
        heading.append(text_node(f" {via_phrase(reply.venue)}"))
    text = rich_text(section(heading), quote(shorten(strip_control(reply.text), MAX_SHOWN_LENGTH)))
    return [text, *_OUTCOMES[reply.delivery](view, reply, ours)]


def _queued_blocks(_view: CaseView, reply: Message, _ours: OurAccount) -> list[Block]:
    return [context(f"*Sending…* {_sent_by(reply)}")]


def _sent_blocks(_view: CaseView, reply: Message, ours: OurAccount) -> list[Block]:
    sent_time = date_mrkdwn(reply.sent_at or reply.created_at, DateStyle.CLOCK)
    view_link = link(reply.url, f"View on {ours.profile.label}") if reply.url else ""
    return [
        context(" · ".join(part for part in (f"*Sent {sent_time}* {_sent_by(reply)}", view_link) if part))
    ]


def _failed_blocks(view: CaseView, reply: Message, ours: OurAccount) -> list[Block]:
    reason = escape(inline(reply.error or "No reason was given.", MAX_REASON_LENGTH))
    return [paragraph(f"⚠️ *Not sent:* {reason}"), *actions(_recovery_buttons(view, reply, ours))]


def _recovery_buttons(view: CaseView, reply: Message, ours: OurAccount) -> list[Json]:
    case = view.case
    other_venue = _other_venue_button(view, reply)
    value = _reply_value(case, reply)
    retry = button("Try again", ActionId.REPLY_TRY_AGAIN, value, style=None if other_venue else "primary")
    edit = button("Edit", ActionId.REPLY_EDIT, value)
    if reply.venue.is_private:
        return [*other_venue, retry, edit]
    if case.reply_block is not None:
        return []
    page = reply_page(ours, case.reply_to_id, reply.text)
    by_hand = link_button(f"Open on {ours.profile.label}", ActionId.CASE_OPEN_POST, page)
    return [*([] if _is_target_gone(view, reply) else [retry]), edit, *by_hand]


def _other_venue_button(view: CaseView, reply: Message) -> list[Json]:
    """Render "Offer another way…" if the customer cannot be reached in the reply's venue any more."""
    handoffs = [
        handoff
        for handoff in (view.handoff, view.offered)
        if handoff is not None and handoff.id == reply.handoff_id
    ]
    if all(handoff.unreachable_at is None for handoff in handoffs):
        return []
    value = card_value(view.case.id, view.case.version)
    return [button("Offer another way…", ActionId.CASE_HANDOFF, value, style="primary")]


def _is_target_gone(view: CaseView, reply: Message) -> bool:
    """Return whether the post that the reply answers is deleted: the text is not re-sent to another post."""
    return any(m.deleted_at is not None and is_post(m, reply.reply_to_id) for m in view.messages)


def _unsure_blocks(view: CaseView, reply: Message, ours: OurAccount) -> list[Block]:
    case = view.case
    row = [
        button("It was sent", ActionId.REPLY_WAS_SENT, _reply_value(case, reply)),
        button("It was not", ActionId.REPLY_WAS_NOT_SENT, _reply_value(case, reply)),
    ]
    question = _private_check(reply) if reply.venue.is_private else _public_check(ours)
    return [paragraph(f"❓ *Not sure it was sent:* {question}"), *actions(row)]


def _public_check(ours: OurAccount) -> str:
    name = ours.profile.label
    look_link = link(own_replies_page(ours), f"look on {name}")
    return f"{look_link}. {name} did not say, and sending it again could post it twice."


def _private_check(reply: Message) -> str:
    return f"{_WHERE_TO_LOOK[reply.venue]}. Nobody said that it arrived, and they could get it twice if it is sent again."


def _sent_by(reply: Message) -> str:
    return f"by {mention(reply.sent_by)}" if reply.sent_by else ""


def _reply_value(case: Case, reply: Message) -> str:
    return card_value(case.id, case.version, reply.id)


_OUTCOMES = {
    Delivery.QUEUED: _queued_blocks,
    Delivery.SENT: _sent_blocks,
    Delivery.FAILED: _failed_blocks,
    Delivery.UNSURE: _unsure_blocks,
}
