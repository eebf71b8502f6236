"""Render where the private conversation is or is offered, and the button to verify who is there."""

from collections.abc import Callable
from datetime import datetime

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import button, context, paragraph, with_accessory
from adapters.slack.cards.reply import shown_reply
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.handoffs.venue_names import (
    arrival_time,
    offer_name,
    short_name,
    unreachable_text,
    venue_title,
    verification_text,
)
from adapters.slack.message_content import Block
from domain.cases.messages import Delivery, Direction
from domain.cases.views import CaseView
from domain.handoffs.handoff import Handoff, HandoffState
from domain.networks import OurAccount
from domain.venues import Venue

MAX_ADDRESS_LENGTH = 60
_OPTED_OUT = "🔕 They asked for no direct messages from us"


def arrived_handoff(view: CaseView) -> Handoff | None:
    """Return the hand-off in which the customer has arrived; replies go there. `None` if there is none."""
    handoff = view.handoff
    return handoff if handoff is not None and handoff.state is HandoffState.ARRIVED else None


def handoff_blocks(view: CaseView, ours: OurAccount) -> list[Block]:
    """Render the current hand-off, an open offer and the opt-out; empty if there are none."""
    offer = view.offered
    open_offer = [context(_offer_line(view, offer) + _unseen(offer, ours))] if offer is not None else []
    return [*_venue_line(view, ours), *open_offer, *([context(_OPTED_OUT)] if view.opted_out else [])]


def _unseen(handoff: Handoff, ours: OurAccount) -> str:
    """Say where the customer may write that is not read here, as long as nobody came; else empty."""
    is_awaited = handoff.state in (HandoffState.OFFERED, HandoffState.EXPIRED)
    if handoff.venue is not Venue.DM or not is_awaited or not ours.profile.unread_venue:
        return ""
    return f" · {ours.profile.unread_venue} is not read here: look on {ours.profile.label}"


def _venue_line(view: CaseView, ours: OurAccount) -> list[Block]:
    if view.handoff is None:
        return []
    if (arrived := arrived_handoff(view)) is not None:
        return [_arrived_block(view, arrived)]
    if view.handoff.state is HandoffState.OFFERED:
        return [context(_offer_line(view, view.handoff) + _unseen(view.handoff, ours))]
    if view.handoff.state not in _LINES:
        return []
    return [context(_LINES[view.handoff.state](view.handoff) + _unseen(view.handoff, ours))]


def _arrived_block(view: CaseView, handoff: Handoff) -> Block:
    if handoff.unreachable_at is not None:
        return context(_unreachable_line(handoff, handoff.unreachable_at))
    if _awaits_first_answer(view, handoff):
        return context(_contacted_line(handoff))
    if handoff.is_verified:
        return context(_arrived_line(handoff))
    verify = button("Verify…", ActionId.CASE_VERIFY, card_value(view.case.id, view.case.version))
    return with_accessory(paragraph(_arrived_line(handoff)), verify)


def _offer_line(view: CaseView, handoff: Handoff) -> str:
    """Say what is offered; when and by whom, unless that stands above, with the message that offers it."""
    reply, offered = shown_reply(view), f"Offered {short_name(handoff.venue)}"
    if reply is not None and reply.id == handoff.message_id and reply.delivery is Delivery.SENT:
        text = f"→ *{offered}*"
    else:
        text = f"→ *{offered} {arrival_time(handoff)}* by {mention(handoff.offered_by)}"
    return f"{text} · not taken up yet · expires {date_mrkdwn(handoff.expires_at, DateStyle.DAY_AND_CLOCK)}"


def _awaits_first_answer(view: CaseView, handoff: Handoff) -> bool:
    """Return whether we wrote first in this hand-off and the customer has not answered there yet."""
    messages_there = [message for message in view.messages if message.handoff_id == handoff.id]
    has_opening = any(message.id == handoff.message_id for message in messages_there)
    return has_opening and all(m.direction is Direction.OUT for m in messages_there)


def _contacted_line(handoff: Handoff) -> str:
    proof_text = verification_text(handoff) if handoff.is_verified else "nobody has answered from there yet"
    return f"→ *{venue_title(handoff.venue)}: written to{_email_address(handoff)} {arrival_time(handoff)}* · {proof_text}"


def _unreachable_line(handoff: Handoff, since: datetime) -> str:
    """Say that our messages do not reach them there; not that they arrived, nor who is there."""
    return f"→ {unreachable_text(handoff, since, to=_email_address(handoff).strip() or 'them')}"


def _arrived_line(handoff: Handoff) -> str:
    return f"→ *{venue_title(handoff.venue)}: arrived {arrival_time(handoff)}*{_email_address(handoff)} · {verification_text(handoff)}"


def _email_address(handoff: Handoff) -> str:
    """Return the customer's e-mail address, escaped; empty for other venues: their addresses are ids."""
    if handoff.venue is not Venue.EMAIL or not handoff.address:
        return ""
    return f" {escape(inline(handoff.address, MAX_ADDRESS_LENGTH))}"


def _expired_line(handoff: Handoff) -> str:
    return f"⌛ *The offer of {offer_name(handoff.venue)} expired {_end_time(handoff)}:* nobody came"


def _returned_line(handoff: Handoff) -> str:
    return f"← *Back to public {_end_time(handoff)}*, from {short_name(handoff.venue)}"


def _end_time(handoff: Handoff) -> str:
    return date_mrkdwn(handoff.ended_at or handoff.expires_at, DateStyle.DAY_AND_CLOCK)


_LINES: dict[HandoffState, Callable[[Handoff], str]] = {
    HandoffState.EXPIRED: _expired_line,
    HandoffState.RETURNED: _returned_line,
}
