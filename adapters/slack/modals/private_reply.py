"""Render the forms of a private conversation: reply, verification, original message."""

import json

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, handoff_value, private_reply_block
from adapters.slack.blocks import DIVIDER, Json, context, paragraph, plain_text
from adapters.slack.cases.promise_wording import recognised_lines
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import escape, inline, shorten, strip_control
from adapters.slack.handoffs.venue_names import full_name, venue_title, verification_text, via_phrase
from adapters.slack.message_content import Block, View
from adapters.slack.modals.assistance import assistance_blocks
from adapters.slack.modals.form_blocks import (
    colleague_blocks,
    conversation_blocks,
    new_message_blocks,
    submit_label,
    text_input,
    violation_blocks,
)
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import MAX_INPUT_LENGTH, form_input
from adapters.slack.modals.metadata import form_metadata
from adapters.slack.rich_text import join_dotted, quote, rich_text, section, text_node
from adapters.slack.wording import count_of, display_name, handle, sender_names, shows_notice, visible_text
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff
from domain.replies.forms import PrivateReplyForm
from domain.venues import Venue

MAX_MESSAGES = 4
MAX_ORIGINAL_LENGTH = 25_000  # characters: the longest post on X has as many
MAX_PART_LENGTH = 2900
MAX_REASON_LENGTH = 300
MAX_SUBJECT_LENGTH = 200
_MAX_JSON_LENGTH = 200_000  # of a text; Slack takes views of 250,000 bytes
_LONGEST_ESCAPE = 12  # bytes of a character in JSON


def render_private_reply(form: PrivateReplyForm) -> View:
    """Render the private reply form, with recipient, venue and verification beside the text input."""
    blocks = [
        *conversation_blocks(form.view, form.new_messages, limit=MAX_MESSAGES),
        DIVIDER,
        *new_message_blocks(form.view, form.new_messages),
        *colleague_blocks(form.view, form.assigned_to),
        paragraph(_recipient(form)),
        *violation_blocks(form.violations),
        text_input(
            private_reply_block(form.revision),
            ActionId.PRIVATE_REPLY_TEXT,
            "Your answer",
            form.text,
            max_length=form.limit,
        ),
        context(
            f"Private, {via_phrase(form.handoff.venue)} · at most {min(form.limit, MAX_INPUT_LENGTH):,} characters"
        ),
        *recognised_lines(form.promises),
        *assistance_blocks(form.assistance),
    ]
    return modal(
        f"Answer {via_phrase(form.handoff.venue)}",
        CallbackId.PRIVATE_REPLY,
        blocks,
        submit=submit_label("Send", form),
        metadata=form_metadata(form),
        notify_on_close=True,
    )


def render_verification(case: Case, handoff: Handoff) -> View:
    """Render the form that asks how the agent knows who the customer is.

    `private_metadata` is `handoff_value(...)`: the verification holds for this hand-off only.
    """
    name = escape(display_name(case))
    statement = (
        f"Whoever is in the {escape(full_name(handoff.venue).lower())} becomes *{name}* ({escape(handle(case))}) for everybody who "
        "works this case. What you write here is kept with your name."
    )
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(ActionId.VERIFY_REASON),
        "max_length": MAX_REASON_LENGTH,
        "focus_on_load": True,
        "placeholder": plain_text("They named the order number and the sum", 150),
    }
    reason = form_input(BlockId.VERIFY_REASON, "How do you know that it is them?", element)
    metadata = handoff_value(case.id, handoff.id)
    return modal(
        "Verify", CallbackId.VERIFY, [paragraph(statement), reason], submit="Verify", metadata=metadata
    )


def render_original(case: Case, message: Message) -> View:
    """Render a message as it was received, a mail with quotes and signature."""
    name, identity = sender_names(case, message)
    heading = join_dotted(
        [
            [text_node(name, bold=True), *([text_node(f"  {identity}")] if identity else [])],
            [date_node(message.created_at, DateStyle.DAY_AND_CLOCK)],
        ]
    )
    subject = inline(message.subject or "", MAX_SUBJECT_LENGTH)
    subject_section = [section([text_node(subject, bold=True)])] if subject else []
    blocks = [rich_text(section(heading), *subject_section), *_text_blocks(message)]
    return modal("Original message", CallbackId.ORIGINAL, blocks, close="Close")


def _text_blocks(message: Message) -> list[Block]:
    if shows_notice(message):
        return [rich_text(section([text_node(visible_text(message), italic=True)]))]
    whole = strip_control(message.original or message.text)
    text = shorten(whole, MAX_ORIGINAL_LENGTH)
    if len(json.dumps(text)) > _MAX_JSON_LENGTH:
        text = shorten(whole, _MAX_JSON_LENGTH // _LONGEST_ESCAPE)
    parts = [text[at : at + MAX_PART_LENGTH] for at in range(0, len(text), MAX_PART_LENGTH)]
    hidden = len(whole) - len(text)
    rest = [context(f"{count_of(hidden, 'more character')} than Slack shows.")] if hidden > 0 else []
    return [*(rich_text(quote(part)) for part in parts or [""]), *rest]


def _recipient(form: PrivateReplyForm) -> str:
    handoff = form.handoff
    address = (
        f", {escape(inline(handoff.address, 60))}" if handoff.venue is Venue.EMAIL and handoff.address else ""
    )
    to = f"*To {escape(display_name(form.view.case))}*{address} · {venue_title(handoff.venue)}"
    return f"{to}\n{verification_text(handoff)}"
