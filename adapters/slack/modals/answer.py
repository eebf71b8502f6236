"""The answer form: what was said, what to mind, the text, its count, and texts to pick from."""

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, answer_block
from adapters.slack.blocks import DIVIDER, context, option, plain_text
from adapters.slack.escaping import escape, inline
from adapters.slack.message_hash import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.metadata import form_metadata
from adapters.slack.modals.parts import (
    asks_anyway,
    conversation,
    counted,
    holder_block,
    news_blocks,
    text_input,
    violation_blocks,
)
from adapters.slack.wording import handle
from domain.networks import OurAccount
from domain.replies.forms import AnswerForm

LONGEST_NAME = 150
MOST_MESSAGES = 4
MOST_OPTIONS = 100


def render_answer(form: AnswerForm, *, ours: OurAccount) -> View:
    """The answer form. `ours` is our account on the case's network."""
    blocks = [
        *conversation(form.view, form.news, most=MOST_MESSAGES),
        DIVIDER,
        *news_blocks(form.view, form.news),
        *holder_block(form.held_by),
        *violation_blocks(form.violations),
        text_input(answer_block(form.revision), ActionId.ANSWER_TEXT, "Your answer", form.text),
        context(_count(form, ours)),
        *_alternatives(form),
    ]
    return modal(
        f"Answer on {ours.profile.label}",
        CallbackId.ANSWER,
        blocks,
        submit="Send anyway" if asks_anyway(form.news, form.violations) else "Send",
        metadata=form_metadata(form),
    )


def _count(form: AnswerForm, ours: OurAccount) -> str:
    case, account = form.view.case, escape(inline(ours.handle, 40))
    where = f"public on {ours.profile.label}, as @{account}, in reply to {escape(handle(case))}"
    return f"{counted(form.length, form.limit)} · {where}"


def _alternatives(form: AnswerForm) -> list[Block]:
    """Saved replies to pick from; picking one replaces the text."""
    options = [
        option(inline(one.title, 70) or one.name, one.name)
        for one in form.options
        if 0 < len(one.name) <= LONGEST_NAME
    ][:MOST_OPTIONS]
    if not options:
        return []
    select = {
        "type": "static_select",
        "action_id": str(ActionId.ANSWER_ALTERNATIVE),
        "placeholder": plain_text("Use a saved reply instead…", 150),
        "options": options,
    }
    return [{"type": "actions", "block_id": str(BlockId.ANSWER_ALTERNATIVE), "elements": [select]}]
