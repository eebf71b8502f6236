"""Build a modal's frame."""

from collections.abc import Sequence

from adapters.slack.action_ids import CallbackId
from adapters.slack.blocks import MAX_TITLE_LENGTH, plain_text
from adapters.slack.message_content import Block, View


def modal(
    title: str,
    callback: CallbackId,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    metadata: str = "",
    notify_on_close: bool = False,
) -> View:
    """Build a modal; without `submit` it can only be closed. `notify_on_close`: Slack tells when it is."""
    view: View = {
        "type": "modal",
        "callback_id": str(callback),
        "title": plain_text(title, MAX_TITLE_LENGTH),
        "close": plain_text(close, MAX_TITLE_LENGTH),
        "blocks": list(blocks),
        "private_metadata": metadata,
        **({"notify_on_close": True} if notify_on_close else {}),
    }
    return {**view, "submit": plain_text(submit, MAX_TITLE_LENGTH)} if submit else view
