"""Render the form for a saved reply, and read what is written in it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.slack.action_ids import BadValue, load_json
from adapters.slack.blocks import (
    Json,
    checkboxes,
    context,
    multi_select,
    option,
    paragraph,
    plain_text,
    static_select,
)
from adapters.slack.escaping import mention, shorten
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import MAX_INPUT_LENGTH, form_input, typed_input
from adapters.slack.modals.saved_replies import MAX_WORDS_LENGTH, difference_lines
from adapters.slack.saved_reply_ids import (
    SavedReplyAction,
    SavedReplyBlock,
    SavedReplyCallback,
    form_of_address_block,
    language_block,
    wording_block,
)
from adapters.slack.wording import count_of, language_name
from domain.knowledge.reply_checks import MAX_TITLE_LENGTH, MAX_WORDINGS, ReplyFault, ReplyField
from domain.knowledge.reply_forms import ReplyForm
from domain.knowledge.saved_replies import MAX_NAME_LENGTH
from domain.triage.form_of_address import WITH_FORMS, FormOfAddress
from domain.triage.situations import Situation

#: Those that can be chosen; a reply may have others by import.
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
#: The option of a wording that fits every customer.
EITHER_FORM = "either"

_FORMS = {
    "de": {FormOfAddress.FORMAL: "Formal (Sie)", FormOfAddress.INFORMAL: "Informal (du)"},
    "es": {FormOfAddress.FORMAL: "Formal (usted)", FormOfAddress.INFORMAL: "Informal (tú)"},
    "fr": {FormOfAddress.FORMAL: "Formal (vous)", FormOfAddress.INFORMAL: "Informal (tu)"},
    "it": {FormOfAddress.FORMAL: "Formal (Lei)", FormOfAddress.INFORMAL: "Informal (tu)"},
    "nl": {FormOfAddress.FORMAL: "Formal (u)", FormOfAddress.INFORMAL: "Informal (je)"},
    "pt": {FormOfAddress.FORMAL: "Formal (o senhor)", FormOfAddress.INFORMAL: "Informal (tu, você)"},
}
#: A form takes 100 blocks.
MAX_EXAMPLE_INPUTS = 40
_LEAST_WORDINGS = 2  # the answer, and a place for another wording
_PLACEHOLDER_HELP = (
    "`{{ first_name }}`, `{{ brand }}` and `{{ help_url }}` are filled in. "
    "What stands in `[[ … ]]` is left out where something in it is not known: `Hi[[ {{ first_name }}]],`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFormState:
    """What the form keeps in `private_metadata`: see `ReplyForm`; `inputs` counts those for wordings."""

    name: str
    version: int
    language: str
    revision: int
    inputs: int
    words: str
    page: int
    erasures: int = 0


def parse_reply_form_state(text: object) -> ReplyFormState:
    """Parse the form's `private_metadata`; raises `BadValue`."""
    try:
        data = load_json(text)
        state = ReplyFormState(**data) if isinstance(data, dict) else None
    except TypeError:
        raise BadValue from None
    if state is None or not _is_well_formed(state):
        raise BadValue
    return state


def _is_well_formed(state: ReplyFormState) -> bool:
    numbers = (state.version, state.revision, state.inputs, state.page, state.erasures)
    texts = (state.name, state.language, state.words)
    return (
        all(type(number) is int and 0 <= number < 10**9 for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and len(state.name) <= MAX_NAME_LENGTH
        and len(state.language) == 2  # noqa: PLR2004 - ISO 639-1
        and state.inputs <= MAX_WORDINGS
    )


def fault_block(fault: ReplyFault, revision: int, *, examples: str) -> str:
    """Return the `block_id` of the input that a fault is about; `examples` is the first one of examples."""
    if fault.field is ReplyField.EXAMPLES:
        return examples
    if fault.field is ReplyField.WORDING:
        return wording_block(revision, fault.wording)
    return str(_BLOCKS[fault.field])


_BLOCKS = {
    ReplyField.TITLE: SavedReplyBlock.SAVED_TITLE,
    ReplyField.SITUATIONS: SavedReplyBlock.SAVED_SITUATIONS,
    ReplyField.EXPIRES_ON: SavedReplyBlock.SAVED_EXPIRY,
}


def render_reply_form(form: ReplyForm) -> View:
    """Render the form; with what changed meanwhile where somebody else was first."""
    inputs = min(max(len(form.wordings) + 1, _LEAST_WORDINGS), MAX_WORDINGS)
    state = {
        "name": form.name,
        "version": form.version,
        "language": form.language,
        "revision": form.revision,
        "inputs": inputs,
        "words": form.words[:MAX_WORDS_LENGTH],
        "page": form.page,
        "erasures": form.erasures,
    }
    blocks = [
        *_changes(form),
        typed_input(
            str(SavedReplyBlock.SAVED_TITLE),
            SavedReplyAction.SAVED_TITLE,
            "Name",
            form.title,
            most=MAX_TITLE_LENGTH,
        ),
        _situations(form),
        *_unsaved(form),
        _language(form),
        *(block for position in range(inputs) for block in _wording(form, position, inputs)),
        context(_PLACEHOLDER_HELP),
        *_examples(form),
        _public_only(form),
        _expiry(form),
        _owner(form),
    ]
    return modal(
        "Edit the reply" if form.name else "New saved reply",
        SavedReplyCallback.SAVED_REPLY,
        blocks,
        submit="Save",
        metadata=json.dumps(state, separators=(",", ":")),
    )


def examples_blocks(count: int) -> list[str]:
    """Return the `block_id`s of so many inputs of examples.

    With another count all are others, so that Slack shows what the form says, and not what was in them.
    """
    one = str(SavedReplyBlock.SAVED_EXAMPLES)
    return [one] if count == 1 else [f"{one}.{count}.{position}" for position in range(count)]


def _examples(form: ReplyForm) -> Iterator[Block]:
    """Yield the inputs of the examples: as many as they take, for Slack limits what one holds."""
    parts = [""]
    for example in form.examples:
        line = shorten(example, MAX_INPUT_LENGTH)
        if parts[-1] and len(parts[-1]) + 1 + len(line) > MAX_INPUT_LENGTH:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n{line}" if parts[-1] else line
    shown = parts[:MAX_EXAMPLE_INPUTS]
    for position, (block, text) in enumerate(zip(examples_blocks(len(shown)), shown, strict=True)):
        yield typed_input(
            block,
            SavedReplyAction.SAVED_EXAMPLES,
            "More examples" if position else "What customers write, one example a line",
            text,
            multiline=True,
            optional=position > 0,
            hint=""
            if position
            else "The reply is suggested for posts like these. Leave out names and numbers.",
        )


def _changes(form: ReplyForm) -> list[Block]:
    if not form.changed_by and not form.changes:
        return []
    by = mention(form.changed_by) if form.changed_by else "Somebody else"
    return [
        paragraph(
            f"⚠️ *{by} changed this reply while you were writing.* Nothing of yours is saved yet, and it is "
            f"all below. If you press Save now, yours replaces theirs:{difference_lines(form.changes)}"
        )
    ]


def _unsaved(form: ReplyForm) -> list[Block]:
    if not form.has_unsaved:
        return []
    return [
        paragraph(
            f"⚠️ The wordings in {language_name(form.language)} are not saved yet. "
            "Press Save, then edit again in the other language."
        )
    ]


def _situations(form: ReplyForm) -> Block:
    options = {situation: option(situation_label(situation), situation.value) for situation in Situation}
    chosen = [options[situation] for situation in Situation if situation in form.situations]
    element = multi_select(
        SavedReplyAction.SAVED_SITUATIONS, options.values(), chosen, placeholder="What is it for?"
    )
    return form_input(SavedReplyBlock.SAVED_SITUATIONS, "Situations", element)


def _language(form: ReplyForm) -> Block:
    counts = dict(form.counts)
    codes = sorted(
        {*LANGUAGES, *counts, form.language}, key=lambda code: (-counts.get(code, 0), language_name(code))
    )
    options = {code: option(_language_label(code, counts.get(code, 0)), code) for code in codes}
    element = static_select(SavedReplyAction.SAVED_LANGUAGE, options.values(), options[form.language])
    return {**form_input(language_block(form.revision), "Language", element), "dispatch_action": True}


def _language_label(code: str, count: int) -> str:
    return f"{language_name(code)} ({count_of(count, 'wording')})" if count else language_name(code)


def _wording(form: ReplyForm, position: int, inputs: int) -> list[Block]:
    wording = form.wordings[position] if position < len(form.wordings) else None
    number = f" {position}" if inputs > _LEAST_WORDINGS else ""
    block = typed_input(
        wording_block(form.revision, position),
        SavedReplyAction.SAVED_WORDING,
        "Answer" if position == 0 else f"Other wording{number}",
        wording.text if wording is not None else "",
        multiline=True,
        optional=position > 0,
        hint="Customers read different wordings in turn." if position and wording is None else "",
    )
    if form.language not in WITH_FORMS:
        return [block]
    names = {str(form_): name for form_, name in _FORMS[form.language].items()}
    options = {key: option(name, key) for key, name in {EITHER_FORM: "Fits both", **names}.items()}
    chosen = str(wording.form) if wording is not None and wording.form is not None else EITHER_FORM
    select = static_select(SavedReplyAction.SAVED_FORM, options.values(), options[chosen])
    address = form_input(
        form_of_address_block(form.revision, position), "Form of address", select, optional=True
    )
    return [block, address]


def _public_only(form: ReplyForm) -> Block:
    choice = option("Only in public: it asks to write in private", "yes")
    ticked = [choice] if form.public_only else []
    element = checkboxes(SavedReplyAction.SAVED_PUBLIC_ONLY, [choice], ticked)
    return form_input(SavedReplyBlock.SAVED_PUBLIC_ONLY, "Where", element, optional=True)


def _expiry(form: ReplyForm) -> Block:
    element: Json = {"type": "datepicker", "action_id": str(SavedReplyAction.SAVED_EXPIRY)}
    element |= {"initial_date": form.expires_on.isoformat()} if form.expires_on is not None else {}
    block = form_input(SavedReplyBlock.SAVED_EXPIRY, "Suggest it until", element, optional=True)
    return {**block, "hint": plain_text("The last day, in UTC. Empty: no end.", 150)}


def _owner(form: ReplyForm) -> Block:
    element: Json = {
        "type": "users_select",
        "action_id": str(SavedReplyAction.SAVED_OWNER),
        "placeholder": plain_text("Choose a person", 150),
    }
    element |= {"initial_user": form.owner} if form.owner else {}
    return form_input(SavedReplyBlock.SAVED_OWNER, "Owner", element, optional=True)
