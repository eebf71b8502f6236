"""Where the conversation is, or is expected, if not in public: one line, with the way to say who is there."""

from collections.abc import Callable

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import button, context, mrkdwn
from adapters.slack.dates import DateStyle, when
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_hash import Block
from adapters.slack.venue_names import clock, offered, short, title, verification
from domain.cases.messages import Direction
from domain.cases.views import CaseView
from domain.handoffs.handoff import Handoff, HandoffState
from domain.venues import Venue

LONGEST_ADDRESS = 60
_OPTED_OUT = "🔕 They asked for no direct messages from us"


def arrived(view: CaseView) -> Handoff | None:
    """The hand-off by which the customer is in private now: answers go there."""
    handoff = view.handoff
    return handoff if handoff is not None and handoff.state is HandoffState.ARRIVED else None


def handoff_blocks(view: CaseView) -> list[Block]:
    """Nothing where the conversation was never moved; where else it may go on, below where it is."""
    offered_too = [context(_offered(view.offered))] if view.offered is not None else []
    return [*_place(view), *offered_too, *([context(_OPTED_OUT)] if view.opted_out else [])]


def _place(view: CaseView) -> list[Block]:
    if view.handoff is None or view.handoff.state not in _LINES:
        return []
    if _is_written_to(view, view.handoff):
        return [context(_written_to(view.handoff))]
    line: Block = context(_LINES[view.handoff.state](view.handoff))
    if arrived(view) is None or view.handoff.is_verified:
        return [line]
    verify = button("Verify…", ActionId.CASE_VERIFY, card_value(view.case.id, view.case.version))
    return [{"type": "section", "text": mrkdwn(_arrived(view.handoff)), "accessory": verify}]


def _offered(handoff: Handoff) -> str:
    said = f"→ *Offered {short(handoff.venue)} {clock(handoff)}* by {mention(handoff.offered_by)}"
    return f"{said} · not taken up yet · expires {when(handoff.expires_at, DateStyle.DAY_AND_CLOCK)}"


def _is_written_to(view: CaseView, handoff: Handoff) -> bool:
    """Whether we wrote there first, and nobody has answered from there yet."""
    there = [message for message in view.messages if message.handoff_id == handoff.id]
    opened = any(message.id == handoff.message_id for message in there)
    return opened and arrived(view) is not None and all(m.direction is Direction.OUT for m in there)


def _written_to(handoff: Handoff) -> str:
    known = verification(handoff) if handoff.is_verified else "nobody has answered from there yet"
    return f"→ *{title(handoff.venue)}: written to{_at(handoff)} {clock(handoff)}* · {known}"


def _arrived(handoff: Handoff) -> str:
    return f"→ *{title(handoff.venue)}: arrived {clock(handoff)}*{_at(handoff)} · {verification(handoff)}"


def _at(handoff: Handoff) -> str:
    """The address, where it is one that people read."""
    if handoff.venue is not Venue.EMAIL or not handoff.address:
        return ""
    return f" {escape(inline(handoff.address, LONGEST_ADDRESS))}"


def _expired(handoff: Handoff) -> str:
    return f"⌛ *The offer of {offered(handoff.venue)} expired {_ended(handoff)}:* nobody came"


def _returned(handoff: Handoff) -> str:
    return f"← *Back to public {_ended(handoff)}*, from {short(handoff.venue)}"


def _ended(handoff: Handoff) -> str:
    return when(handoff.ended_at or handoff.expires_at, DateStyle.CLOCK)


_LINES: dict[HandoffState, Callable[[Handoff], str]] = {
    HandoffState.OFFERED: _offered,
    HandoffState.ARRIVED: _arrived,
    HandoffState.EXPIRED: _expired,
    HandoffState.RETURNED: _returned,
}
