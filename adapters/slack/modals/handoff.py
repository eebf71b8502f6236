"""Render the form that moves a conversation: venue, announcement, and what happens next."""

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, handoff_block
from adapters.slack.blocks import DIVIDER, Json, context, option, paragraph, plain_text
from adapters.slack.escaping import escape, inline, shorten, strip_control
from adapters.slack.handoffs.venue_names import (
    unavailable_text,
    unreachable_text,
    venue_title,
    verification_text,
    via_phrase,
)
from adapters.slack.labels import reply_block_text
from adapters.slack.message_content import Block, View
from adapters.slack.modals.form_blocks import (
    colleague_blocks,
    conversation_blocks,
    format_count,
    new_message_blocks,
    submit_label,
    text_input,
    violation_blocks,
)
from adapters.slack.modals.frame import modal
from adapters.slack.modals.guidance import exposed_blocks
from adapters.slack.modals.handoff_wording import (
    HandoffFormContext,
    customer_view,
    next_steps,
    venue_description,
    venue_label,
)
from adapters.slack.modals.metadata import form_metadata
from adapters.slack.wording import handle, price_of_one
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH
from domain.handoffs.forms import HandoffForm
from domain.handoffs.handoff import HandoffState
from domain.handoffs.venue_choice import Unavailable
from domain.networks import OurAccount
from domain.venues import Venue

MAX_REASON_LENGTH = 300
_IF_GIVEN = ", if they gave it to you in private"
_ASKED_OTHERWISE = "Leave it empty, and they are asked for it on a page of ours."


def render_handoff(form: HandoffForm, *, ours: OurAccount) -> View:
    """Render the hand-off form. `ours` is our account on the case's network.

    Without an available venue it can only be closed.
    """
    available = _available_venues(form)
    blocks = [
        *conversation_blocks(form.view, form.new_messages, limit=1),
        DIVIDER,
        *new_message_blocks(form.view, form.new_messages),
        *colleague_blocks(form.view, form.assigned_to),
        *_via_changed_warning(form),
        *violation_blocks(form.violations),
        *exposed_blocks(form.view),
        *_current_venue(form),
        *([_venue_choice(form, ours, available)] if available else []),
        *_unavailable_venues(form),
        *(_outgoing_blocks(form, ours) if available else []),
    ]
    return modal(
        "Move the conversation",
        CallbackId.HANDOFF,
        blocks,
        submit=_submit_label(form) if available else "",
        metadata=form_metadata(form),
        notify_on_close=True,
    )


def _available_venues(form: HandoffForm) -> list[Venue]:
    return [choice.venue for choice in form.choices if choice.unavailable_reason is None]


def _submit_label(form: HandoffForm) -> str:
    if form.chosen is Venue.PUBLIC:
        return "Back to public"
    is_post = form.via is Venue.PUBLIC and not _needs_address(form)
    return submit_label("Post" if is_post else "Send", form)


def _current_venue(form: HandoffForm) -> list[Block]:
    handoff = form.view.handoff
    if handoff is None or handoff.state is not HandoffState.ARRIVED:
        return []
    if handoff.unreachable_at is not None:
        return [context(f"⚠️ {unreachable_text(handoff, handoff.unreachable_at)}")]
    return [context(f"{venue_title(handoff.venue)} · {verification_text(handoff)}")]


def _via_changed_warning(form: HandoffForm) -> list[Block]:
    if not form.via_changed:
        return []
    where = "in public, for everybody to read" if form.via is Venue.PUBLIC else via_phrase(form.via)
    return [
        paragraph(f"⚠️ *Nothing was sent:* the text would go out {where} now. Read it again before you send.")
    ]


def _venue_choice(form: HandoffForm, ours: OurAccount, possible: list[Venue]) -> Block:
    form_context = HandoffFormContext(form, ours)
    options = {venue: _option(form_context, venue) for venue in possible}
    radio: Json = {
        "type": "radio_buttons",
        "action_id": str(ActionId.HANDOFF_VENUE),
        "options": list(options.values()),
    }
    if form.chosen in options:
        radio["initial_option"] = options[form.chosen]
    return {
        "type": "input",
        "block_id": str(BlockId.HANDOFF_VENUE),
        "dispatch_action": True,
        "label": plain_text("Move to", 2000),
        "element": radio,
    }


def _option(form_context: HandoffFormContext, venue: Venue) -> Json:
    return {
        **option(venue_label(form_context, venue), str(venue)),
        "description": plain_text(venue_description(form_context, venue), 75),
    }


def _unavailable_venues(form: HandoffForm) -> list[Block]:
    lines = [
        _unavailable_line(choice.venue, choice.unavailable_reason)
        for choice in form.choices
        if choice.unavailable_reason is not None
    ]
    return [context("\n".join(lines))] if lines else []


def _unavailable_line(venue: Venue, unavailable: Unavailable) -> str:
    reason = escape(inline(unavailable_text(unavailable), MAX_REASON_LENGTH))
    return f"*{venue_title(venue)}* is not possible: {reason}"


def _outgoing_blocks(form: HandoffForm, ours: OurAccount) -> list[Block]:
    if _needs_address(form):
        return _address_input(form)
    form_context = HandoffFormContext(form, ours)
    text_blocks = []
    if form.chosen is not Venue.PUBLIC:
        label = "What we say in public" if form.via is Venue.PUBLIC else f"What we say {via_phrase(form.via)}"
        text_blocks = [
            text_input(handoff_block(form.revision), ActionId.HANDOFF_TEXT, label, form.text),
            context(_count_line(form, ours)),
        ]
    explanation = [paragraph(f"*What happens next*\n{escape(next_steps(form_context))}")]
    explanation += (
        [paragraph(f"*What the customer sees*\n{escape(customer_text)}")]
        if (customer_text := customer_view(form_context))
        else []
    )
    return [*_address_input(form), *text_blocks, *explanation]


def _needs_address(form: HandoffForm) -> bool:
    """Return whether the customer cannot be asked for their e-mail address, because no post can be sent."""
    is_public = form.chosen is Venue.EMAIL and form.via is Venue.PUBLIC
    return is_public and form.view.case.reply_block is not None


def _needed_hint(form: HandoffForm) -> str:
    block = form.view.case.reply_block
    reason = f": {reply_block_text(block)}" if block is not None else ""
    return f"It is needed, since they cannot be asked for it in public{reason}."


def _address_input(form: HandoffForm) -> list[Block]:
    """Render the input for an e-mail address that the customer gave in private."""
    if form.chosen is not Venue.EMAIL:
        return []
    is_needed = _needs_address(form)
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(ActionId.HANDOFF_ADDRESS),
        "max_length": MAX_ADDRESS_LENGTH,
        "placeholder": plain_text("name@example.com", 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    address = shorten(strip_control(form.address), MAX_ADDRESS_LENGTH)
    return [
        {
            "type": "input",
            "block_id": str(BlockId.HANDOFF_ADDRESS),
            "dispatch_action": True,
            "optional": not is_needed,
            "label": plain_text(f"Their e-mail address{'' if is_needed else _IF_GIVEN}", 2000),
            "hint": plain_text(_needed_hint(form) if is_needed else _ASKED_OTHERWISE, 2000),
            "element": {**element, "initial_value": address} if address else element,
        }
    ]


def _count_line(form: HandoffForm, ours: OurAccount) -> str:
    case = form.view.case
    if form.via is not Venue.PUBLIC:
        return f"{format_count(form.length, form.limit)} · private, {via_phrase(form.via)}"
    where = f"public on {ours.profile.label}, as @{escape(inline(ours.handle, 40))}, in reply to {escape(handle(case))}"
    price = (
        f" · {ours.profile.label} charges {price_of_one(form.cost)} for it" if form.cost is not None else ""
    )
    return f"{format_count(form.length, form.limit)} · {where}{price}"
