"""Render that the rules of routing send a card elsewhere now, and the button that moves it there."""

from adapters.slack.action_ids import CallbackId, card_value
from adapters.slack.blocks import actions, button, paragraph
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.cases.route_wording import conditions_text
from adapters.slack.escaping import channel_mention, escape, inline
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from domain.cases.case import Case
from domain.cases.routes import Route

MAX_RULE_LENGTH = 40
MAX_CONDITIONS_LENGTH = 200


def move_blocks(case: Case, channel: str, name: str, route: Route | None) -> list[Block]:
    """Render where the rules send the case now and why, with *Move to #channel*.

    `name` is that of the channel, empty where it is not known.
    """
    why = (
        f"the rule “{escape(inline(route.name, MAX_RULE_LENGTH))}” "
        f"({escape(inline(conditions_text(route), MAX_CONDITIONS_LENGTH))})"
        if route is not None
        else "no rule applies any more"
    )
    text = f"*As it is read now, it belongs in* {channel_mention(channel)}: {why}"
    label = f"Move to {name}" if name else "Move the card"
    move = button(label, CaseFormAction.MOVE_CARD, card_value(case.id, case.version))
    return [paragraph(text), *actions([move])]


def render_proposed_move(case: Case, channel: str, name: str, route: Route | None) -> View:
    """Render the proposal after a correction; closing it leaves the card where it is."""
    blocks = [paragraph("Your correction is saved."), *move_blocks(case, channel, name, route)]
    return modal("Corrected", CallbackId.NOTICE, blocks, close="Leave it here")
