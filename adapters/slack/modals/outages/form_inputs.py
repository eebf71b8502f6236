"""Build the inputs of the form of a notice."""

from collections.abc import Mapping
from datetime import datetime

from adapters.slack.blocks import Json, plain_text
from adapters.slack.escaping import shorten, strip_control
from adapters.slack.message_content import Block
from adapters.slack.outage_ids import OutageAction, OutageBlock
from domain.outages.forms import MAX_WORDS_LENGTH


def moment_input(block: OutageBlock, action: OutageAction, label: str, moment: datetime | None) -> Block:
    """Build an input of a day and a time."""
    element: Json = {"type": "datetimepicker", "action_id": str(action)}
    element |= {"initial_date_time": int(moment.timestamp())} if moment is not None else {}
    return form_input(str(block), label, element)


def select_input(
    block: OutageBlock, action: OutageAction, label: str, options: Mapping[str, Json], chosen: str
) -> Block:
    element: Json = {
        "type": "static_select",
        "action_id": str(action),
        "options": list(options.values()),
    }
    element |= {"initial_option": options[chosen]} if chosen in options else {}
    return form_input(str(block), label, element)


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
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(action),
        "multiline": multiline,
        "max_length": most,
    }
    element |= {"placeholder": plain_text(placeholder, 150)} if placeholder else {}
    element |= {"initial_value": shorten(strip_control(text), most)} if text else {}
    block = form_input(block_id, label, element, optional=optional)
    limited = multiline and not optional
    return {**block, "hint": plain_text(f"At most {most:,} characters.", 150)} if limited else block


def form_input(block_id: str, label: str, element: Json, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, 2000),
        "element": element,
        "optional": optional,
    }
