"""What every modal has."""

from collections.abc import Sequence

from adapters.slack.action_ids import CallbackId
from adapters.slack.blocks import LONGEST_TITLE, plain_text
from adapters.slack.message_hash import Block, View


def modal(
    title: str,
    callback: CallbackId,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    metadata: str = "",
) -> View:
    """A modal; without `submit` it can only be closed."""
    view: View = {
        "type": "modal",
        "callback_id": str(callback),
        "title": plain_text(title, LONGEST_TITLE),
        "close": plain_text(close, LONGEST_TITLE),
        "blocks": list(blocks),
        "private_metadata": metadata,
    }
    return {**view, "submit": plain_text(submit, LONGEST_TITLE)} if submit else view
