"""Our newest message: what became of it, and the way on where that is a person's to find."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import Json, actions, button, context, link_button, paragraph
from adapters.slack.dates import DateStyle, when
from adapters.slack.escaping import escape, inline, link, mention, shorten, strip_control
from adapters.slack.message_hash import Block
from adapters.slack.network_links import own_replies_page, reply_page
from adapters.slack.rich_text import quote, rich_text, section, words
from adapters.slack.venue_names import by_way_of
from adapters.slack.wording import latest_inbound
from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.cases.views import CaseView
from domain.intake.redaction import is_post
from domain.networks import OurAccount
from domain.venues import Venue

LONGEST_SHOWN = 2000
LONGEST_REASON = 500

_LOOK = {
    Venue.DM: "look in our direct messages",
    Venue.EMAIL: "look in our mailbox's sent mail",
    Venue.CHAT: "look in the chat",
}


def reply_blocks(view: CaseView, *, ours: OurAccount) -> list[Block]:
    """Nothing where we have not answered, or where the customer has written since a reply that was sent."""
    answer = view.answer
    if answer is None or answer.delivery is None:
        return []
    latest = latest_inbound(view)
    if answer.delivery is Delivery.SENT and latest is not None and latest.id > answer.id:
        return []
    heading = [words("Our reply", bold=True)]
    if answer.venue.is_private:
        heading.append(words(f" {by_way_of(answer.venue)}"))
    text = rich_text(section(heading), quote(shorten(strip_control(answer.text), LONGEST_SHOWN)))
    return [text, *_OUTCOMES[answer.delivery](view, answer, ours)]


def _queued(_view: CaseView, answer: Message, _ours: OurAccount) -> list[Block]:
    return [context(f"*Sending…* {_by(answer)}")]


def _sent(_view: CaseView, answer: Message, ours: OurAccount) -> list[Block]:
    at = when(answer.sent_at or answer.created_at, DateStyle.CLOCK)
    seen = link(answer.url, f"View on {ours.profile.label}") if answer.url else ""
    return [context(" · ".join(part for part in (f"*Sent {at}* {_by(answer)}", seen) if part))]


def _failed(view: CaseView, answer: Message, ours: OurAccount) -> list[Block]:
    why = escape(inline(answer.error or "No reason was given.", LONGEST_REASON))
    return [paragraph(f"⚠️ *Not sent:* {why}"), *actions(_ways_on(view, answer, ours))]


def _ways_on(view: CaseView, answer: Message, ours: OurAccount) -> list[Json]:
    case = view.case
    elsewhere = _elsewhere(view, answer)
    value = _value(case, answer)
    again = button("Try again", ActionId.REPLY_TRY_AGAIN, value, style=None if elsewhere else "primary")
    edit = button("Edit", ActionId.REPLY_EDIT, value)
    if answer.venue.is_private:
        return [*elsewhere, again, edit]
    if case.reply_block is not None:
        return []
    page = reply_page(ours, case.reply_to_id, answer.text)
    by_hand = link_button(f"Open on {ours.profile.label}", ActionId.CASE_OPEN_POST, page)
    return [*([] if _is_target_gone(view, answer) else [again]), edit, *by_hand]


def _elsewhere(view: CaseView, answer: Message) -> list[Json]:
    """Where they cannot be written to there, the way on is to tell them elsewhere."""
    there = [one for one in (view.handoff, view.offered) if one is not None and one.id == answer.handoff_id]
    if all(one.shut_at is None for one in there):
        return []
    value = card_value(view.case.id, view.case.version)
    return [button("Offer another way…", ActionId.CASE_MOVE, value, style="primary")]


def _is_target_gone(view: CaseView, answer: Message) -> bool:
    """Whether the post that it answers is gone: what was written for it is not sent to another as it is."""
    return any(m.deleted_at is not None and is_post(m, answer.reply_to_id) for m in view.messages)


def _unsure(view: CaseView, answer: Message, ours: OurAccount) -> list[Block]:
    case = view.case
    row = [
        button("It was sent", ActionId.REPLY_WAS_SENT, _value(case, answer)),
        button("It was not", ActionId.REPLY_WAS_NOT_SENT, _value(case, answer)),
    ]
    doubt = _privately_unsure(answer) if answer.venue.is_private else _publicly_unsure(ours)
    return [paragraph(f"❓ *Not sure it was sent:* {doubt}"), *actions(row)]


def _publicly_unsure(ours: OurAccount) -> str:
    name = ours.profile.label
    look = link(own_replies_page(ours), f"look on {name}")
    return f"{look}. {name} did not say, and sending it again could post it twice."


def _privately_unsure(answer: Message) -> str:
    return f"{_LOOK[answer.venue]}. Nobody said that it arrived, and they could get it twice if it is sent again."


def _by(answer: Message) -> str:
    return f"by {mention(answer.sent_by)}" if answer.sent_by else ""


def _value(case: Case, answer: Message) -> str:
    return card_value(case.id, case.version, answer.id)


_OUTCOMES = {
    Delivery.QUEUED: _queued,
    Delivery.SENT: _sent,
    Delivery.FAILED: _failed,
    Delivery.UNSURE: _unsure,
}
