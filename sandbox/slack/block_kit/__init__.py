"""Validate Block Kit as strictly as Slack: blocks, views and the position of each problem."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_kit.blocks import IN_HOME, IN_MESSAGE, IN_MODAL
from sandbox.slack.block_kit.shapes import Check, Shape, Typed, boolean, list_of, problem, string
from sandbox.slack.block_kit.text import ID, plain
from sandbox.slack.block_kit.walk import elements, texts

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100

_VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": ID,
    "external_id": ID,
    "close": plain(24),
    "submit": plain(24),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
}
_VIEW = Typed(
    {
        "modal": Shape(
            {**_VIEW_FIELDS, "title": plain(24), "blocks": list_of(IN_MODAL, 0, VIEW_BLOCKS)},
            ("title", "blocks"),
        ),
        "home": Shape(
            {
                "private_metadata": string(3000),
                "callback_id": ID,
                "external_id": ID,
                "blocks": list_of(IN_HOME, 0, VIEW_BLOCKS),
            },
            ("blocks",),
        ),
    }
)


def message_problems(blocks: object) -> list[str]:
    """Return the problems that Slack reports in the blocks of a message; empty when it accepts them."""
    found = list(list_of(IN_MESSAGE, 0, MESSAGE_BLOCKS)(blocks, "/blocks"))
    if not found and isinstance(blocks, list):
        found += _repeated_ids(blocks, "/blocks")
        tables = [block for block in blocks if block["type"] == "table"]
        if len(tables) > 1:
            found.append(problem("only_one_table_allowed", "/blocks"))
    return found


def view_problems(view: object) -> list[str]:
    """Return the problems that Slack reports in a modal or a Home view; empty when it accepts it."""
    found = list(_VIEW(view, "/view"))
    if found or not isinstance(view, dict):
        return found
    found += _repeated_ids(view["blocks"], "/view/blocks")
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and view.get("submit") is None:
        found.append(problem("missing required field: submit", "/view"))
    focused = [element for _block, element in elements(view["blocks"]) if element.get("focus_on_load")]
    if len(focused) > 1:
        found.append(problem("only one element may have focus_on_load", "/view/blocks"))
    return found


def text_length(blocks: list[dict[str, Any]]) -> int:
    """Count all characters of text in the blocks of a message."""
    return sum(len(text) for _kind, text, _at in texts(blocks, ""))


def _repeated_ids(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    """Report repeated ids: `block_id` is unique in a surface, `action_id` in its block.

    Source: docs.slack.dev, block elements.
    """
    block_ids = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    for block_id, count in block_ids.items():
        if count > 1:
            yield problem(f"block_id already exists: {block_id}", at)
    for index, block in enumerate(blocks):
        action_ids = Counter(e["action_id"] for _block, e in elements([block]) if e.get("action_id"))
        for action_id, count in action_ids.items():
            if count > 1:
                yield problem(f"action_id already exists: {action_id}", f"{at}/{index}")
