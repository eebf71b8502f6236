"""Render modals: reply and move forms, small forms, notices."""

from adapters.slack.modals.case_forms import render_assign, render_snooze, render_take_over
from adapters.slack.modals.handoff import render_move
from adapters.slack.modals.metadata import FormMetadata, form_metadata, parse_metadata
from adapters.slack.modals.notices import render_history, render_notice
from adapters.slack.modals.private_reply import render_original, render_private, render_verify
from adapters.slack.modals.public_reply import render_answer

__all__ = [
    "FormMetadata",
    "form_metadata",
    "parse_metadata",
    "render_answer",
    "render_assign",
    "render_history",
    "render_move",
    "render_notice",
    "render_original",
    "render_private",
    "render_snooze",
    "render_take_over",
    "render_verify",
]
