"""Render the card's buttons and its overflow menu.

Everybody sees the same card, so a claimed one offers both Release and Take over…: the listener decides by who
pressed. Slack's overflow menus have five options at most.
"""

from adapters.slack.action_ids import ActionId, OverflowChoice, card_value, overflow_value
from adapters.slack.blocks import Json, actions, button, link_button, option
from adapters.slack.cards.handoff import arrived_handoff
from adapters.slack.message_content import Block
from adapters.slack.network_links import reply_page
from adapters.slack.wording import latest_inbound
from domain.cases.case import Case
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.networks import OurAccount
from domain.venues import Venue

_MENU = {
    OverflowChoice.DISMISS: "Not a request",
    OverflowChoice.SNOOZE: "Snooze…",
    OverflowChoice.RESOLVE: "Resolve",
    OverflowChoice.ASSIGN: "Assign to…",
    OverflowChoice.HISTORY: "Customer history",
}
_REPLY_PENDING = frozenset({Delivery.QUEUED, Delivery.FAILED, Delivery.UNSURE})


def button_row(view: CaseView, ours: OurAccount) -> list[Block]:
    """Render the buttons of an active case."""
    case = view.case
    value = card_value(case.id, case.version)
    row: list[Json] = []
    if case.claimed_by is None:
        row.append(button("Claim", ActionId.CASE_CLAIM, value, style="primary"))
    else:
        row.append(button("Release", ActionId.CASE_RELEASE, value))
    row += _reply_button(view, ours, value)
    row.append(button("Move to…", ActionId.CASE_HANDOFF, value))
    if case.claimed_by is not None:
        row.append(button("Take over…", ActionId.CASE_TAKE_OVER, value))
    row.append(_menu(case))
    return actions(row)


def reopen_row(case: Case) -> list[Block]:
    """Render the button of a closed case."""
    return actions([button("Reopen", ActionId.CASE_REOPEN, card_value(case.id, case.version))])


def _reply_button(view: CaseView, ours: OurAccount, value: str) -> list[Json]:
    """Render "Answer…"; if no public reply can be sent, a link to read or answer the post by hand instead.

    Neither while our reply is queued, failed or unconfirmed: that one has its own buttons and comes first.
    """
    case = view.case
    if case.reply_block is not None and arrived_handoff(view) is None:
        label = f"Open on {ours.profile.label}"
        return link_button(label, ActionId.CASE_OPEN_POST, _open_url(view, ours))
    if view.latest_reply is not None and view.latest_reply.delivery in _REPLY_PENDING:
        return []
    handoff = arrived_handoff(view)
    if handoff is not None and handoff.venue is Venue.DM and view.opted_out:
        return []
    return [
        button("Answer…", ActionId.CASE_REPLY, value, style=None if case.claimed_by is None else "primary")
    ]


def _open_url(view: CaseView, ours: OurAccount) -> str | None:
    latest = latest_inbound(view)
    post = latest.url if latest is not None else None
    if view.case.reply_block is ReplyBlock.GONE:
        return post
    return reply_page(ours, view.case.reply_to_id) or post


def _menu(case: Case) -> Json:
    options = [
        option(label, overflow_value(choice, case.id, case.version)) for choice, label in _MENU.items()
    ]
    return {"type": "overflow", "action_id": str(ActionId.CASE_MORE), "options": options}
