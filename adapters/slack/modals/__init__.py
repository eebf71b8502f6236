"""Render modals: reply and hand-off forms, small forms, details, notices."""

from adapters.slack.modals.assistance import undo_text
from adapters.slack.modals.case_forms import render_assign, render_release, render_snooze, render_take_over
from adapters.slack.modals.correction import render_correction
from adapters.slack.modals.details import render_details
from adapters.slack.modals.handoff import render_handoff
from adapters.slack.modals.metadata import FormMetadata, form_metadata, parse_metadata
from adapters.slack.modals.notices import render_notice
from adapters.slack.modals.private_reply import render_original, render_private_reply, render_verification
from adapters.slack.modals.public_reply import render_public_reply
from adapters.slack.modals.taught import render_taught

__all__ = [
    "FormMetadata",
    "form_metadata",
    "parse_metadata",
    "render_assign",
    "render_correction",
    "render_details",
    "render_handoff",
    "render_notice",
    "render_original",
    "render_private_reply",
    "render_public_reply",
    "render_release",
    "render_snooze",
    "render_take_over",
    "render_taught",
    "render_verification",
    "undo_text",
]
