"""Render the preview of a notice: the text for each destination, to be changed before it is sent."""

from adapters.slack.blocks import Json, actions, button, context, paragraph, plain_text
from adapters.slack.escaping import strip_control
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import MAX_INPUT_LENGTH
from adapters.slack.modals.outages.facts import fact_blocks, heading_lines, summary_line, text_label
from adapters.slack.modals.outages.metadata import review_metadata
from adapters.slack.modals.outages.review import MAX_TEXTS, left_out_blocks
from adapters.slack.outages.ids import OutageAction, OutageCallback, text_block
from adapters.slack.outages.wording import NOTICE_NAMES
from adapters.slack.rich_text import quote, rich_text, section, text_node
from domain.outages.lifecycle import Actor
from domain.outages.notices import NoticeText
from domain.outages.policy import Right
from domain.outages.review import NoticeReview

SAVED = "✓ *Saved as a draft.* The board has it under Review…; close this, or go on."
TOO_LONG = (
    "✏️ *It cannot be edited here:* it has {length:,} characters, and Slack's inputs take {most:,}. It is shown in "
    "full and sent as it stands. To change it, press *Back to the form* and change what it is made of."
)
READ_FIRST = "🆕 *Nothing was sent yet:* look at what is marked ⚠️ below, then press again."


def render_preview(
    review: NoticeReview, reader: Actor, *, external_id: str, feedback: str = "", revision: int = 0
) -> View:
    """Render the preview; `feedback` is a line of mrkdwn above the texts."""
    blocks: list[Block] = [paragraph(heading_lines(review))]
    blocks += [paragraph(feedback)] if feedback else []
    if summary := summary_line(review):
        blocks.append(paragraph(summary))
    for position, text in enumerate(review.texts[:MAX_TEXTS]):
        blocks += [*_text_blocks(review, text, position, revision), *fact_blocks(review, text)]
    blocks += left_out_blocks(review)
    if not review.texts:
        blocks.append(paragraph("It goes nowhere: no destination was chosen. Only the board tells of it."))
    blocks += actions(
        [
            button("Back to the form", OutageAction.BACK, str(review.notice.id)),
            button("Save as draft", OutageAction.SAVE_DRAFT, str(review.notice.id)),
        ]
    )
    may_send = Right.ANNOUNCE in reader.rights
    if not may_send:
        blocks.append(context("You may not send notices out: save it, and ask somebody who may."))
    send = "Send for approval" if review.needs_approval else "Send now"
    return modal(
        f"Preview {NOTICE_NAMES[review.notice.kind]}",
        OutageCallback.PREVIEW,
        blocks,
        submit=send if may_send else "Save as draft",
        close="Close",
        metadata=review_metadata(review, revision=revision),
        external_id=external_id,
    )


def _text_blocks(review: NoticeReview, text: NoticeText, position: int, revision: int) -> list[Block]:
    """Render the text in an input; one that is too long for Slack's inputs is shown in full, with a note."""
    label = text_label(review, text)
    written = strip_control(text.text)
    if len(written) > MAX_INPUT_LENGTH:
        shown = rich_text(section([text_node(label, bold=True)]), quote(text.text))
        return [shown, context(TOO_LONG.format(length=len(written), most=MAX_INPUT_LENGTH))]
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(OutageAction.TEXT),
        "multiline": True,
        "max_length": MAX_INPUT_LENGTH,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    element |= {"initial_value": written} if written else {}
    return [
        {
            "type": "input",
            "block_id": text_block(revision, position),
            "label": plain_text(label, 2000),
            "element": element,
            "dispatch_action": True,
        }
    ]
