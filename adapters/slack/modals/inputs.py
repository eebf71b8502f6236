"""Build the inputs that forms share."""

from adapters.slack.blocks import Json, plain_text
from adapters.slack.escaping import shorten, strip_control
from adapters.slack.message_content import Block

MAX_INPUT_LENGTH = 3000  # characters: Slack's limit
MAX_HINT_LENGTH = 150


def typed_input(
    block_id: str,
    action: str,
    label: str,
    text: str,
    *,
    most: int = MAX_INPUT_LENGTH,
    multiline: bool = False,
    optional: bool = False,
    placeholder: str = "",
    hint: str = "",
) -> Block:
    """Build an input of text, filled with `text`, of at most `most` characters."""
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(action),
        "multiline": multiline,
        "max_length": most,
    }
    element |= {"placeholder": plain_text(placeholder, MAX_HINT_LENGTH)} if placeholder else {}
    filled = shorten(strip_control(text), most)
    element |= {"initial_value": filled} if filled else {}
    block = form_input(block_id, label, element, optional=optional)
    return {**block, "hint": plain_text(hint, MAX_HINT_LENGTH)} if hint else block


def form_input(block_id: str, label: str, element: Json, *, optional: bool = False) -> Block:
    """Build an input block around an element. The user may leave an optional one empty."""
    return {
        "type": "input",
        "block_id": str(block_id),
        "label": plain_text(label, 2000),
        "element": element,
        "optional": optional,
    }
