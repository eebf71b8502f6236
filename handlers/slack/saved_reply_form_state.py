"""Read what the open form of a saved reply holds."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from adapters.slack.action_ids import BadValue
from adapters.slack.modals.saved_reply_form import MAX_EXAMPLE_INPUTS, ReplyFormState, examples_blocks
from adapters.slack.saved_reply_ids import (
    SavedReplyAction,
    SavedReplyBlock,
    form_of_address_block,
    wording_block,
)
from domain.knowledge.reply_forms import ReplyForm
from domain.knowledge.saved_replies import Wording
from domain.triage.form_of_address import FormOfAddress
from domain.triage.situations import Situation
from handlers.slack.payloads import input_choices, input_text, input_value


def read_reply_form(values: object, state: ReplyFormState) -> ReplyForm:
    """Read what stands in the form."""

    text = partial(input_text, values)

    def lines(block: str, action: SavedReplyAction) -> list[str]:
        cleaned = (" ".join(line.split()) for line in text(block, action).splitlines())
        return [line for line in cleaned if line]

    examples = (
        line for block in example_blocks(values) for line in lines(block, SavedReplyAction.SAVED_EXAMPLES)
    )
    chosen = input_choices(values, SavedReplyBlock.SAVED_SITUATIONS, SavedReplyAction.SAVED_SITUATIONS)
    return ReplyForm(
        name=state.name,
        version=state.version,
        title=" ".join(text(SavedReplyBlock.SAVED_TITLE, SavedReplyAction.SAVED_TITLE).split()),
        situations=frozenset(situation for situation in Situation if situation.value in chosen),
        language=state.language,
        wordings=[
            wording
            for position in range(state.inputs)
            if (wording := read_wording(values, state, position)).text
        ],
        examples=tuple(dict.fromkeys(examples)),
        public_only=bool(
            input_choices(values, SavedReplyBlock.SAVED_PUBLIC_ONLY, SavedReplyAction.SAVED_PUBLIC_ONLY)
        ),
        owner=text(SavedReplyBlock.SAVED_OWNER, SavedReplyAction.SAVED_OWNER),
        expires_on=_parse_date(text(SavedReplyBlock.SAVED_EXPIRY, SavedReplyAction.SAVED_EXPIRY)),
        revision=state.revision,
        words=state.words,
        page=state.page,
        erasures=state.erasures,
    )


def example_blocks(values: object) -> Sequence[str]:
    """Return the `block_id`s of the form's inputs of examples."""
    shown = values if isinstance(values, Mapping) else {}
    counts = map(examples_blocks, range(1, MAX_EXAMPLE_INPUTS + 1))
    return next((blocks for blocks in counts if blocks[0] in shown), examples_blocks(1))


def read_wording(values: object, state: ReplyFormState, position: int) -> Wording:
    text = input_text(values, wording_block(state.revision, position), SavedReplyAction.SAVED_WORDING)
    form = input_value(values, form_of_address_block(state.revision, position), SavedReplyAction.SAVED_FORM)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return Wording(
        language=state.language,
        text="\n".join(lines),
        form=FormOfAddress(form) if form in set(FormOfAddress) else None,
    )


def _parse_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadValue from None
