"""Render what a model wrote about a case, marked as by a machine."""

from collections.abc import Sequence

from adapters.slack.blocks import literal_context
from adapters.slack.escaping import inline, shorten, strip_control
from adapters.slack.message_content import Block
from adapters.slack.rich_text import Node, bullets, quote, rich_text, section, text_node
from adapters.slack.wording import language_name
from domain.assistance.assistant import CaseSummary, Provenance
from domain.assistance.glossary import TermWording
from domain.cases.messages import Message
from domain.cases.views import CaseView

MAX_TRANSLATION_LENGTH = 2500
MAX_POINT_LENGTH = 300
MAX_POINTS = 6


def translation_blocks(view: CaseView, message: Message) -> list[Block]:
    """Render the translation of a message, if there is one."""
    translation = view.translations.get(message.id)
    if translation is None or message.deleted_at is not None:
        return []
    heading = [text_node("Translated by a machine", bold=True), *_by(translation.provenance)]
    text = shorten(strip_control(translation.text), MAX_TRANSLATION_LENGTH)
    return [rich_text(section(heading), quote(text)), *glossary_notes(translation.missing)]


def reading_blocks(view: CaseView, message: Message) -> list[Block]:
    """Render what was read in the pictures of a message, if they were."""
    reading = view.readings.get(message.id)
    if reading is None or message.deleted_at is not None:
        return []
    heading = [text_node("Picture read by a machine", bold=True), *_by(reading.provenance)]
    parts = (("Error", reading.error), ("Page", reading.page), ("Amount", reading.amount))
    items = [[text_node(f"{name}: {inline(said, MAX_POINT_LENGTH)}")] for name, said in parts if said]
    shows = shorten(strip_control(reading.shows), MAX_TRANSLATION_LENGTH)
    return [rich_text(section([*heading, text_node(f"\n{shows}")]), *([bullets(items)] if items else []))]


def glossary_notes(missing: Sequence[TermWording]) -> list[Block]:
    """Render which wordings of the glossary a translation should have, and does not."""
    return [
        literal_context(
            f"⚠️ Glossary: “{inline(one.term, 60)}” should be “{inline(one.wanted, 60)}”, which is not there."
            if one.term != one.wanted
            else f"⚠️ Glossary: “{inline(one.term, 60)}” should stay as it is, and is not there."
        )
        for one in missing[:MAX_POINTS]
    ]


def summary_blocks(summary: CaseSummary | None) -> list[Block]:
    """Render a summary of the case, if there is one."""
    if summary is None:
        return []
    heading = [text_node("Summarised by a machine", bold=True), *_by(summary.provenance)]
    about = shorten(strip_control(summary.about), MAX_TRANSLATION_LENGTH)
    return [
        rich_text(
            section([*heading, text_node(f"\n{about}")]),
            *_points("Open questions", summary.open_questions),
            *_points("What we promised", summary.promised),
            *_points("What was tried", summary.tried),
        )
    ]


def language_phrase(code: str) -> str:
    """Render "to Spanish", for a button."""
    return f"to {language_name(code)}"


def _points(title: str, points: Sequence[str]) -> list[Node]:
    if not points:
        return []
    items = [[text_node(inline(point, MAX_POINT_LENGTH))] for point in points[:MAX_POINTS]]
    return [section([text_node(title, bold=True)]), bullets(items)]


def _by(provenance: Provenance) -> list[Node]:
    return [text_node(f" ({inline(provenance.model, 60)})")]
