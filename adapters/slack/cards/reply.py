"""Render our newest message with its delivery state; a failed or unconfirmed one has buttons."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.answer_waits import wait_line
from adapters.slack.blocks import Json, button, context, link_button, literal_context, paragraph
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, isolate, link, mention, one_line, shorten_to_columns
from adapters.slack.handoffs.venue_names import via_phrase
from adapters.slack.message_content import Block
from adapters.slack.network_links import own_replies_page, reply_page, view_label
from adapters.slack.outages.wording import pause_line
from adapters.slack.wording import count_of, latest_inbound, shown_message, visible_text
from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.cases.views import CaseView
from domain.handoffs.code_answers import is_code_answer
from domain.intake.posts import ReplyBlock
from domain.intake.redaction import is_post
from domain.networks import OurAccount
from domain.venues import Venue

MAX_COLUMNS = 170  # two lines of a context block at Slack's usual width
MAX_REASON_LENGTH = 500

_WHERE_TO_LOOK = {
    Venue.DM: "look in our direct messages",
    Venue.EMAIL: "look in our mailbox's sent mail",
    Venue.CHAT: "look in the chat",
}


def reply_blocks(view: CaseView, *, ours: OurAccount) -> list[Block]:
    """Render our reply in two small lines, and what to do about it if it failed or may not have been sent.

    Empty if there is none, or if the customer has written since it was sent.
    """
    reply = shown_reply(view)
    if reply is None:
        return []
    via = f" {via_phrase(reply.venue)}" if reply.venue.is_private else ""
    text = isolate(shorten_to_columns(one_line(visible_text(reply)), MAX_COLUMNS))
    shown = literal_context(f"Our reply{via}: {text}", lead=_status(view, reply, ours))
    return [shown, *_held(view, reply, ours), *_problem(view, reply, ours)]


def shown_reply(view: CaseView) -> Message | None:
    """Return our newest message unless the customer has written since it was sent."""
    reply, latest = view.latest_reply, latest_inbound(view)
    if reply is None or reply.delivery is None:
        return None
    if reply.delivery is Delivery.SENT and latest is not None and latest.id > reply.id:
        return None
    return reply


def reply_buttons(view: CaseView, ours: OurAccount) -> list[Json]:
    """Render the buttons for a reply that waits, failed or is unconfirmed; empty for any other."""
    reply = view.latest_reply
    if reply is None:
        return []
    if _may_be_cancelled(view, reply):
        return [button("Cancel sending", ActionId.REPLY_CANCEL, _reply_value(view.case, reply))]
    if reply.delivery is Delivery.UNSURE:
        value = _reply_value(view.case, reply)
        if view.waiting_behind_doubt:
            return [
                button("It arrived", ActionId.REPLY_WAS_SENT, value),
                button("Send again", ActionId.REPLY_REPEAT, value),
                button("Go on without it", ActionId.REPLY_LEAVE, value),
            ]
        return [
            button("It was sent", ActionId.REPLY_WAS_SENT, value),
            button("It was not", ActionId.REPLY_WAS_NOT_SENT, value),
        ]
    return _recovery_buttons(view, reply, ours) if reply.delivery is Delivery.FAILED else []


def _may_be_cancelled(view: CaseView, reply: Message) -> bool:
    """Return whether the reply waits, and no earlier try of it may have arrived."""
    is_certain = reply.delivery is Delivery.QUEUED and reply.error is None
    return _waits(view) and is_certain and not is_code_answer(reply)


def _waits(view: CaseView) -> bool:
    return view.pause is not None or view.answer_wait is not None


def _status(view: CaseView, reply: Message, ours: OurAccount) -> str:
    if reply.delivery is Delivery.QUEUED:
        return f"*{'Waits to be sent' if _waits(view) else 'Sending…'}* {_sent_by(reply)}"
    if reply.delivery is Delivery.SENT:
        sent_time = date_mrkdwn(reply.sent_at or reply.created_at, DateStyle.DAY_AND_CLOCK)
        view_link = f" · {link(reply.url, view_label(ours))}" if reply.url else ""
        return f"*Sent {sent_time}* {_sent_by(reply)}{view_link}"
    return ""


def _held(view: CaseView, reply: Message, ours: OurAccount) -> list[Block]:
    """Say why our reply is not sent yet, until when, and what there is to do; empty where it is."""
    if view.pause is not None:
        return [context(pause_line(view.pause))]
    return [context(wait_line(view.answer_wait, reply, ours))] if view.answer_wait is not None else []


def _problem(view: CaseView, reply: Message, ours: OurAccount) -> list[Block]:
    if is_refused_as_gone(view, reply):
        return [paragraph(f"⚠️ *Not sent:* there is no post left to reply to. {after_deletion(ours)}")]
    if reply.delivery is Delivery.FAILED:
        reason = escape(inline(reply.error or "No reason was given.", MAX_REASON_LENGTH))
        return [paragraph(f"{'↩️' if reply.is_cancelled else '⚠️'} *Not sent:* {reason}")]
    if reply.delivery is Delivery.UNSURE:
        question = _private_check(reply) if reply.venue.is_private else _public_check(ours)
        waiting = view.waiting_behind_doubt
        held = f" *{count_of(waiting, 'answer waits', 'answers wait')} behind it.*" if waiting else ""
        return [paragraph(f"❓ *Not sure it was sent:* {question}{held}")]
    return []


def _recovery_buttons(view: CaseView, reply: Message, ours: OurAccount) -> list[Json]:
    """Render how to go on: what failed is most likely tried again, what was cancelled changed."""
    case = view.case
    other_venue = _other_venue_button(view, reply)
    value = _reply_value(case, reply)
    is_retry_likely = not other_venue and not reply.is_cancelled
    is_edit_likely = not other_venue and reply.is_cancelled and case.claimed_by is not None
    retry = button("Try again", ActionId.REPLY_TRY_AGAIN, value, style="primary" if is_retry_likely else None)
    edit = button("Edit", ActionId.REPLY_EDIT, value, style="primary" if is_edit_likely else None)
    again = [edit, retry] if reply.is_cancelled else [retry, edit]
    if reply.venue.is_private:
        return [*other_venue, *again]
    if case.reply_block is not None:
        return []
    if _is_target_gone(view, reply):
        again.remove(retry)
    # Nothing hinders what was cancelled: nobody has to answer by hand.
    page = None if reply.is_cancelled else reply_page(ours, case.reply_to_id, reply.text)
    return [*again, *link_button(f"Open on {ours.profile.label}", ActionId.CASE_OPEN_POST, page)]


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


def is_nothing_left(view: CaseView) -> bool:
    """Return whether no post is left to reply to, and the card says of the shown one that it is deleted."""
    shown = shown_message(view)
    is_deleted = shown is not None and shown.deleted_at is not None
    return is_deleted and view.case.reply_block is ReplyBlock.GONE


def is_refused_as_gone(view: CaseView, reply: Message | None) -> bool:
    """Return whether our reply could not be sent because the post was deleted, and no post is left."""
    if reply is None or reply.delivery is not Delivery.FAILED or reply.is_cancelled:
        return False
    return is_nothing_left(view) and _is_target_gone(view, reply)


def after_deletion(ours: OurAccount) -> str:
    """Say how to go on where no post is left to reply to."""
    moving = ", or Move to… to write to them in private" if ours.private_venues else ""
    return f"Press Resolve{moving}."


def _is_target_gone(view: CaseView, reply: Message) -> bool:
    """Return whether the post that the reply answers is deleted: the text is not re-sent to another post."""
    return any(m.deleted_at is not None and is_post(m, reply.reply_to_id) for m in view.messages)


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
