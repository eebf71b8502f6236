"""Render the card's buttons and its overflow menu.

Everybody sees the same card, so a claimed one offers Take over…, and whoever has the case is offered Release
there (decision 37). Slack's overflow menus have five options at most; `Details…` leads to the rest.
"""

from collections.abc import Mapping
from typing import Literal

from adapters.slack.action_ids import ActionId, OverflowChoice, card_value, overflow_value
from adapters.slack.blocks import Json, actions, button, link_button, option
from adapters.slack.cards.handoff import arrived_handoff
from adapters.slack.cards.reply import reply_buttons
from adapters.slack.message_content import Block
from adapters.slack.network_links import post_page, reply_page
from adapters.slack.wording import latest_inbound
from domain.cases.case import Case
from domain.cases.case_assessment import offers_resolve
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.networks import OurAccount
from domain.replies.right_venue import NO_GUIDANCE, belongs_in_private, is_left_alone
from domain.replies.rules_of_engagement import Guidance
from domain.triage.situations import Situation
from domain.venues import Venue

_MENU = {
    OverflowChoice.DETAILS: "Details…",
    OverflowChoice.DISMISS: "Not a request",
    OverflowChoice.SNOOZE: "Snooze…",
    OverflowChoice.ASSIGN: "Assign to…",
    OverflowChoice.RESOLVE: "Resolve",
}
_REPLY_PENDING = frozenset({Delivery.QUEUED, Delivery.FAILED, Delivery.UNSURE})


def button_row(
    view: CaseView, ours: OurAccount, guidance: Mapping[Situation, Guidance] = NO_GUIDANCE
) -> list[Block]:
    """Render the buttons of an active case; those about a failed or unconfirmed reply come first.

    Whoever has a case most likely wants to answer it, or to move it where it is answered in private alone and
    customers can write there; neither where such posts are not answered, or where nothing is unanswered. No
    button is the likely one where they are not answered: the guidance says in its own words what to do.
    """
    case = view.case
    value = card_value(case.id, case.version)
    row = reply_buttons(view, ours)
    is_likely_resolved = offers_resolve(case, view.messages)
    if is_likely_resolved:
        row.append(button("Resolve", ActionId.CASE_RESOLVE, value, style="primary"))
    if case.claimed_by is None:
        is_to_claim = not is_likely_resolved and not is_left_alone(case, guidance)
        style: Literal["primary"] | None = "primary" if is_to_claim else None
        row.append(button("Claim", ActionId.CASE_CLAIM, value, style=style))
    else:
        row.append(button("Take over…", ActionId.CASE_TAKE_OVER, value))
    is_unanswered = case.waiting_since is not None
    is_in_hand = case.claimed_by is not None and is_unanswered and not is_likely_resolved
    is_pending = view.latest_reply is not None and view.latest_reply.delivery in _REPLY_PENDING
    is_to_move = is_in_hand and not is_pending and case.reply_block is None and arrived_handoff(view) is None
    is_to_move = is_to_move and belongs_in_private(case, guidance) and bool(ours.private_venues)
    is_to_answer = is_in_hand and not is_to_move and not is_left_alone(case, guidance)
    row += _reply_button(view, ours, value, is_primary=is_to_answer)
    # "Offer another way…" of an unreachable customer is the same action, which a row may have once.
    if all(element["action_id"] != ActionId.CASE_HANDOFF for element in row):
        move_style: Literal["primary"] | None = "primary" if is_to_move else None
        row.append(button("Move to…", ActionId.CASE_HANDOFF, value, style=move_style))
    row.append(_menu(case))
    return actions(row)


def _reply_button(view: CaseView, ours: OurAccount, value: str, *, is_primary: bool) -> list[Json]:
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
    return [button("Answer…", ActionId.CASE_REPLY, value, style="primary" if is_primary else None)]


def _open_url(view: CaseView, ours: OurAccount) -> str | None:
    latest = latest_inbound(view)
    post = post_page(latest) if latest is not None else None
    if view.case.reply_block is ReplyBlock.GONE:
        return post
    return reply_page(ours, view.case.reply_to_id) or post


def _menu(case: Case) -> Json:
    options = [
        option(label, overflow_value(choice, case.id, case.version)) for choice, label in _MENU.items()
    ]
    return {"type": "overflow", "action_id": str(ActionId.CASE_MORE), "options": options}
