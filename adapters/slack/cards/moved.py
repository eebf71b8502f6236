"""Where the conversation is, or is expected, if not in public: one line, with the way to say who is there."""

from collections.abc import Callable

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import button, context, mrkdwn
from adapters.slack.content import Block
from adapters.slack.dates import DateStyle, when
from adapters.slack.text import mention
from adapters.slack.venues import clock, offered, short, title, verification
from domain.handoffs import Handoff, HandoffState
from domain.views import CaseView


def arrived(view: CaseView) -> Handoff | None:
    """The hand-off by which the customer is in private now: answers go there."""
    handoff = view.handoff
    return handoff if handoff is not None and handoff.state is HandoffState.ARRIVED else None


def handoff_blocks(view: CaseView) -> list[Block]:
    """Nothing where the conversation was never moved; where else it may go on, below where it is."""
    return [*_place(view), *([context(_offered(view.offered))] if view.offered is not None else [])]


def _place(view: CaseView) -> list[Block]:
    if view.handoff is None or view.handoff.state not in _LINES:
        return []
    line: Block = context(_LINES[view.handoff.state](view.handoff))
    if arrived(view) is None or view.handoff.is_verified:
        return [line]
    verify = button("Verify…", ActionId.CASE_VERIFY, card_value(view.case.id, view.case.version))
    return [{"type": "section", "text": mrkdwn(_arrived(view.handoff)), "accessory": verify}]


def _offered(handoff: Handoff) -> str:
    said = f"→ *Offered {short(handoff.venue)} {clock(handoff)}* by {mention(handoff.offered_by)}"
    return f"{said} · not taken up yet · expires {when(handoff.expires_at, DateStyle.DAY_AND_CLOCK)}"


def _arrived(handoff: Handoff) -> str:
    return f"→ *{title(handoff.venue)}: arrived {clock(handoff)}* · {verification(handoff)}"


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
