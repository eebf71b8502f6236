"""Render internal notes, and the form that adds one."""

from collections.abc import Sequence

from adapters.slack.action_ids import card_value
from adapters.slack.blocks import context
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import escape, shorten, strip_control
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import typed_input
from adapters.slack.rich_text import quote, rich_text, section, text_node, user_node
from adapters.slack.wording import count_of, display_name
from domain.cases.case import Case
from domain.cases.notes import MAX_LENGTH, Note

MAX_SHOWN = 10
MAX_SHOWN_LENGTH = 1000


def render_note_form(case: Case) -> View:
    """Render the form. `private_metadata` is `card_value(...)`."""
    blocks = [
        typed_input(
            CaseFormBlock.NOTE_TEXT, CaseFormAction.NOTE_TEXT, "Note", "", most=MAX_LENGTH, multiline=True
        ),
        context(
            f"For colleagues, in Details… and to whoever takes the case over. "
            f"{escape(display_name(case))} never sees it."
        ),
    ]
    metadata = card_value(case.id, case.version)
    return modal("Add a note", CaseFormCallback.NOTE, blocks, submit="Save", metadata=metadata)


def note_blocks(notes: Sequence[Note]) -> list[Block]:
    """Render the newest notes, oldest first, each with its author and time; empty without any."""
    if not notes:
        return []
    hidden = len(notes) - MAX_SHOWN
    earlier = [context(f"{count_of(hidden, 'earlier note')} not shown.")] if hidden > 0 else []
    parts = [section([text_node("Notes of colleagues", bold=True)])]
    for note in notes[-MAX_SHOWN:]:
        written = [user_node(note.author), text_node(" · "), date_node(note.at, DateStyle.DAY_AND_CLOCK)]
        parts += [section(written), quote(shorten(strip_control(note.text), MAX_SHOWN_LENGTH))]
    return [rich_text(*parts), *earlier]
