"""Render what a model can do for an agent: the buttons of the answer forms and of Details."""

from collections.abc import Mapping
from typing import Any

from adapters.slack.action_ids import ActionId, BlockId, card_value
from adapters.slack.blocks import Json, button, confirmation, context, literal_context
from adapters.slack.escaping import inline, shorten, strip_control
from adapters.slack.message_content import Block
from adapters.slack.modals.machine_texts import glossary_notes, language_phrase
from adapters.slack.rich_text import quote, rich_text, section, text_node
from adapters.slack.wording import shown_message
from domain.assistance.assistant import Rewrite
from domain.assistance.forms import (
    MAX_REWRITTEN_LENGTH,
    CaseAssistance,
    CaseRequest,
    FormAssistance,
    RewriteFault,
    Stage,
)
from domain.assistance.transcript import LONG_CASE
from domain.cases.views import CaseView

MAX_REASON_LENGTH = 300
_BUTTONS = {
    Rewrite.SHORTER: ("Shorter", ActionId.REWRITE_SHORTER),
    Rewrite.WARMER: ("Warmer", ActionId.REWRITE_WARMER),
    Rewrite.FORMAL: ("More formal", ActionId.REWRITE_FORMAL),
    Rewrite.ASK_DETAILS: ("Ask for details", ActionId.REWRITE_ASK_DETAILS),
    Rewrite.TRANSLATE: ("Translate", ActionId.REWRITE_TRANSLATE),
}
_FAULTS = {
    RewriteFault.EMPTY: "write your answer first",
    RewriteFault.TOO_LONG: f"{MAX_REWRITTEN_LENGTH:,} characters are the most, so shorten it by hand first",
}
_STAGES = {
    Stage.WORKING: "⏳ *{label}*: the model is at work… If you write on, your own text stays.",
    Stage.DONE: "✨ *{label}*: {made} by a machine. Read it before you send it.",
    Stage.UNDONE: "Your earlier text is back.",
    Stage.INTERRUPTED: "You wrote on, so *{label}* was stopped and your text stays.",
}
_REQUESTS = {
    CaseRequest.TRANSLATE: "Translate",
    CaseRequest.SUMMARISE: "Summarise",
    CaseRequest.READ_PICTURES: "Read picture",
}


def assistance_blocks(assistance: FormAssistance | None) -> list[Block]:
    """Render the buttons that change the text of an answer form, and what became of the last one."""
    if assistance is None:
        return []
    blocks = [*_outcome(assistance), *_earlier_words(assistance), *glossary_notes(assistance.missing)]
    if assistance.stage is Stage.WORKING:
        return blocks
    return [
        *blocks,
        {"type": "actions", "block_id": str(BlockId.REWRITE), "elements": _elements(assistance)},
    ]


def undo_text(view: Mapping[str, Any]) -> str:
    """Return the text that the form's *Undo* or *Redo* would bring back; empty if it has no such button."""
    rows = (block.get("elements", []) for block in view.get("blocks", []) if block.get("type") == "actions")
    values = (e.get("value") for row in rows for e in row if e.get("action_id") == ActionId.REWRITE_UNDO)
    return str(next(values, ""))


def case_outcome(assistance: CaseAssistance | None) -> list[Block]:
    """Render what became of the last request in Details or in the take-over form."""
    if assistance is None or assistance.request is None:
        return []
    label = _REQUESTS[assistance.request]
    if assistance.stage is Stage.WORKING:
        return [context(f"⏳ *{label}*: the model is at work…")]
    if assistance.stage is Stage.FAILED:
        return [_failure(label, assistance.reason)]
    return []


def case_requests(view: CaseView, assistance: CaseAssistance | None) -> list[Json]:
    """Render the buttons that ask a model about a case and its newest message."""
    return [
        *_translation_request(view, assistance),
        *_picture_request(view, assistance),
        *summary_request(view, assistance),
    ]


def _translation_request(view: CaseView, assistance: CaseAssistance | None) -> list[Json]:
    latest = shown_message(view)
    if assistance is None or assistance.stage is Stage.WORKING or latest is None:
        return []
    language = (latest.assessment or view.case.assessment).language
    is_readable = language == assistance.language or latest.id in view.translations
    if is_readable or latest.deleted_at is not None:
        return []
    value = card_value(view.case.id, view.case.version, latest.id)
    return [button(f"Translate {language_phrase(assistance.language)}", ActionId.CASE_TRANSLATE, value)]


def _picture_request(view: CaseView, assistance: CaseAssistance | None) -> list[Json]:
    """Render the button that has the newest message's pictures read; it asks, and says what leaves."""
    latest = shown_message(view)
    if assistance is None or not assistance.sees or assistance.stage is Stage.WORKING or latest is None:
        return []
    count = view.pictures.get(latest.id, 0)
    if not count or latest.id in view.readings or latest.deleted_at is not None:
        return []
    value = card_value(view.case.id, view.case.version, latest.id)
    label = "Read picture" if count == 1 else f"Read {count} pictures"
    warning = (
        "The whole picture goes to the model: faces, names and numbers in it, too, which cannot be covered. "
        "Do not send pictures of people, of documents or of bank cards."
    )
    return [button(label, ActionId.CASE_READ_PICTURES, value, confirm=confirmation(label, warning, "Send"))]


def summary_request(view: CaseView, assistance: CaseAssistance | None) -> list[Json]:
    """Render the button that asks a model to summarise a long case."""
    is_short = len(view.messages) < LONG_CASE
    if assistance is None or assistance.stage is Stage.WORKING or is_short or view.summary is not None:
        return []
    value = card_value(view.case.id, view.case.version)
    return [button("Summarise", ActionId.CASE_SUMMARISE, value)]


def _outcome(assistance: FormAssistance) -> list[Block]:
    """Render in one line what became of the last request."""
    rewrite, reason = assistance.rewrite, assistance.reason
    if rewrite is None or assistance.stage in {Stage.IDLE, Stage.WRITTEN_ON}:
        return []
    label = _label(rewrite, assistance.language)
    if assistance.stage is Stage.FAILED:
        return [_failure(label, _FAULTS[reason] if isinstance(reason, RewriteFault) else reason)]
    made = "translated" if rewrite is Rewrite.TRANSLATE else "written"
    return [context(_STAGES[assistance.stage].format(label=label, made=made))]


def _failure(label: str, reason: str) -> Block:
    text = f"{label} was not done: {inline(reason, MAX_REASON_LENGTH)}."
    return literal_context(text, lead="⚠️")


def _earlier_words(assistance: FormAssistance) -> list[Block]:
    """Render the agent's own words beside their translation."""
    is_translated = assistance.rewrite is Rewrite.TRANSLATE and assistance.stage is Stage.DONE
    if not is_translated or not assistance.earlier_text:
        return []
    words = shorten(strip_control(assistance.earlier_text), MAX_REWRITTEN_LENGTH)
    return [rich_text(section([text_node("Your own words", bold=True)]), quote(words))]


def _elements(assistance: FormAssistance) -> list[Json]:
    offered = [one for one in Rewrite if one is not Rewrite.TRANSLATE or assistance.language]
    elements = [button(_label(one, assistance.language), _BUTTONS[one][1], one.value) for one in offered]
    if not 0 < len(assistance.earlier_text) <= MAX_REWRITTEN_LENGTH:
        return elements
    label = "Redo" if assistance.stage.is_undone else "Undo"
    return [button(label, ActionId.REWRITE_UNDO, assistance.earlier_text), *elements]


def _label(rewrite: Rewrite, language: str) -> str:
    label, _ = _BUTTONS[rewrite]
    return f"{label} {language_phrase(language)}" if rewrite is Rewrite.TRANSLATE and language else label
