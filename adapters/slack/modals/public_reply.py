"""Render the public reply form: conversation, warnings, text, weighted length, saved replies."""

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, public_reply_block
from adapters.slack.blocks import DIVIDER, context, option, plain_text
from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import Block, View
from adapters.slack.modals.assistance import assistance_blocks
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
from adapters.slack.modals.guidance import guidance_text
from adapters.slack.modals.metadata import form_metadata
from adapters.slack.wording import handle
from domain.networks import OurAccount
from domain.replies.forms import PublicReplyForm
from domain.replies.rules_of_engagement import Guidance

MAX_NAME_LENGTH = 150
MAX_MESSAGES = 4
MAX_OPTIONS = 100


def render_public_reply(form: PublicReplyForm, *, ours: OurAccount, guidance: Guidance | None = None) -> View:
    """Render the public reply form.

    `ours` is our account on the case's network, `guidance` what to mind in the case's situation.
    """
    reminder = guidance_text(guidance) if guidance is not None else ""
    blocks = [
        *conversation_blocks(form.view, form.new_messages, limit=MAX_MESSAGES),
        DIVIDER,
        *new_message_blocks(form.view, form.new_messages),
        *colleague_blocks(form.view, form.assigned_to),
        *violation_blocks(form.violations),
        *([context(escape(reminder))] if reminder else []),
        text_input(public_reply_block(form.revision), ActionId.PUBLIC_REPLY_TEXT, "Your answer", form.text),
        context(_count_line(form, ours)),
        *assistance_blocks(form.assistance),
        *_alternatives(form),
    ]
    return modal(
        f"Answer on {ours.profile.label}",
        CallbackId.PUBLIC_REPLY,
        blocks,
        submit=submit_label("Send", form),
        metadata=form_metadata(form),
        notify_on_close=True,
    )


def _count_line(form: PublicReplyForm, ours: OurAccount) -> str:
    case, account = form.view.case, escape(inline(ours.handle, 40))
    where = f"public on {ours.profile.label}, as @{account}, in reply to {escape(handle(case))}"
    return f"{format_count(form.length, form.limit)} · {where}"


def _alternatives(form: PublicReplyForm) -> list[Block]:
    """Render the saved replies to pick from; picking one replaces the text."""
    options = [
        option(inline(reply.title, 70) or reply.name, reply.name)
        for reply in form.options
        if 0 < len(reply.name) <= MAX_NAME_LENGTH
    ][:MAX_OPTIONS]
    if not options:
        return []
    select = {
        "type": "static_select",
        "action_id": str(ActionId.PUBLIC_REPLY_ALTERNATIVE),
        "placeholder": plain_text("Use a saved reply instead…", 150),
        "options": options,
    }
    return [{"type": "actions", "block_id": str(BlockId.PUBLIC_REPLY_ALTERNATIVE), "elements": [select]}]
