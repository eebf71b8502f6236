"""Modals: the answer form and the small forms and notices around it."""

from adapters.slack.modals.answer import render_answer
from adapters.slack.modals.forms import render_assign, render_snooze, render_take_over
from adapters.slack.modals.metadata import AnswerMetadata, answer_metadata, parse_metadata
from adapters.slack.modals.notices import render_history, render_notice

__all__ = [
    "AnswerMetadata",
    "answer_metadata",
    "parse_metadata",
    "render_answer",
    "render_assign",
    "render_history",
    "render_notice",
    "render_snooze",
    "render_take_over",
]
