"""Render modals: reply and hand-off forms, small forms, details, notices."""

from adapters.slack.modals.assistance import undo_text
from adapters.slack.modals.card_move import render_proposed_move
from adapters.slack.modals.case_forms import render_assign, render_release, render_snooze, render_take_over
from adapters.slack.modals.correction import render_correction
from adapters.slack.modals.details import render_details
from adapters.slack.modals.form_blocks import with_refusal
from adapters.slack.modals.handoff import render_handoff
from adapters.slack.modals.hold import render_hold_form, render_release_hold_form
from adapters.slack.modals.metadata import FormMetadata, form_metadata, parse_metadata
from adapters.slack.modals.notes import render_note_form
from adapters.slack.modals.notices import render_notice, render_paragraph
from adapters.slack.modals.private_reply import render_original, render_private_reply, render_verification
from adapters.slack.modals.promises import render_promise_form
from adapters.slack.modals.public_reply import render_public_reply
from adapters.slack.modals.reply_figures import render_reply_figures
from adapters.slack.modals.saved_replies import parse_list_state, render_reply_history, render_reply_list
from adapters.slack.modals.saved_reply_form import fault_block, parse_reply_form_state, render_reply_form
from adapters.slack.modals.tags import render_tags
from adapters.slack.modals.taught import render_taught

__all__ = [
    "FormMetadata",
    "fault_block",
    "form_metadata",
    "parse_list_state",
    "parse_metadata",
    "parse_reply_form_state",
    "render_assign",
    "render_correction",
    "render_details",
    "render_handoff",
    "render_hold_form",
    "render_note_form",
    "render_notice",
    "render_original",
    "render_paragraph",
    "render_private_reply",
    "render_promise_form",
    "render_proposed_move",
    "render_public_reply",
    "render_release",
    "render_release_hold_form",
    "render_reply_figures",
    "render_reply_form",
    "render_reply_history",
    "render_reply_list",
    "render_snooze",
    "render_tags",
    "render_take_over",
    "render_taught",
    "render_verification",
    "undo_text",
    "with_refusal",
]
