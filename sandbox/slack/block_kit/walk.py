"""Traverse blocks: the interactive elements, and every text."""

import secrets
from collections.abc import Iterator

from sandbox.slack.jsons import Json, copied


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Iterate over every interactive element with the block that holds it, in order."""
    for block in blocks:
        for element in _elements_of(block):
            if element.get("type") not in {"image", "plain_text", "mrkdwn"}:
                yield block, element


def _elements_of(block: Json) -> list[Json]:
    kind = block.get("type")
    if kind in {"actions", "context_actions"}:
        return [element for element in block.get("elements", []) if isinstance(element, dict)]
    name = {"section": "accessory", "input": "element"}.get(str(kind))
    held = block.get(name) if name else None
    return [held] if isinstance(held, dict) else []


def with_ids(blocks: list[Json]) -> list[Json]:
    """Copy the blocks and give every block and element an id, as Slack does where the app gave none."""
    filled = copied(blocks)
    for block in filled:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
    for _block, element in elements(filled):
        element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return filled


def texts(node: object, at: str) -> Iterator[tuple[str, str, str]]:
    """Iterate over every shown text as (kind, text, json-pointer).

    The kind is plain_text, mrkdwn, markdown or text.
    """
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from texts(entry, f"{at}/{index}")
    elif isinstance(node, dict):
        kind, text = node.get("type"), node.get("text")
        if isinstance(kind, str) and isinstance(text, str):
            yield kind, text, at
        for name, entry in node.items():
            if isinstance(entry, dict | list):
                yield from texts(entry, f"{at}/{name}")
