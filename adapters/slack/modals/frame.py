"""Build a modal's frame."""

from collections.abc import Sequence
from enum import StrEnum

from adapters.slack.blocks import MAX_TITLE_LENGTH, plain_text
from adapters.slack.message_content import Block, View


def modal(
    title: str,
    callback: StrEnum,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    metadata: str = "",
    external_id: str = "",
    notify_on_close: bool = False,
) -> View:
    """Build a modal; without `submit` it can only be closed. `notify_on_close`: Slack tells when it is.

    `external_id` is unique in the workspace; the view can be updated by it.
    """
    view: View = {
        "type": "modal",
        "callback_id": str(callback),
        "title": plain_text(title, MAX_TITLE_LENGTH),
        "close": plain_text(close, MAX_TITLE_LENGTH),
        "blocks": list(blocks),
        "private_metadata": metadata,
        **({"external_id": external_id} if external_id else {}),
        **({"notify_on_close": True} if notify_on_close else {}),
    }
    return {**view, "submit": plain_text(submit, MAX_TITLE_LENGTH)} if submit else view
