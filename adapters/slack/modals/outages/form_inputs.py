"""Build the inputs of the form of a notice."""

from collections.abc import Mapping
from datetime import datetime

from adapters.slack.blocks import Json, static_select
from adapters.slack.message_content import Block
from adapters.slack.modals.inputs import form_input, typed_input
from adapters.slack.outages.ids import OutageAction, OutageBlock
from domain.outages.forms import MAX_WORDS_LENGTH


def moment_input(block: OutageBlock, action: OutageAction, label: str, moment: datetime | None) -> Block:
    """Build an input of a day and a time."""
    element: Json = {"type": "datetimepicker", "action_id": str(action)}
    element |= {"initial_date_time": int(moment.timestamp())} if moment is not None else {}
    return form_input(block, label, element)


def select_input(
    block: OutageBlock, action: OutageAction, label: str, options: Mapping[str, Json], chosen: str
) -> Block:
    return form_input(block, label, static_select(action, options.values(), options.get(chosen)))


def text_input(
    block_id: str,
    action: OutageAction,
    label: str,
    text: str,
    *,
    most: int = MAX_WORDS_LENGTH,
    multiline: bool = False,
    optional: bool = False,
    placeholder: str = "",
) -> Block:
    """Build an input of text that says how long it may be, where something has to be written at length."""
    return typed_input(
        block_id,
        action,
        label,
        text,
        most=most,
        multiline=multiline,
        optional=optional,
        placeholder=placeholder,
        hint=f"At most {most:,} characters." if multiline and not optional else "",
    )
