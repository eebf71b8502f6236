"""Find and read customers' cards in the simulated Slack."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.world import World
from tests.stories import shown

Message = dict[str, Any]


def card_of(world: World, channels: Iterable[str], customer: str) -> tuple[str, Message] | None:
    """Return the channel and the current card of the customer with this handle."""
    its = re.compile(rf"@{customer}\b")
    for channel in channels:
        for message in world.slack.messages(channel):
            if its.search(message.get("text", "")):
                return channel, message
    return None


def action_ids(message: Mapping[str, Any]) -> set[str]:
    """Return the action ids of the message's elements."""
    return {element["action_id"] for element in _elements(message) if "action_id" in element}


def option_values(message: Mapping[str, Any]) -> list[str]:
    """Return the values of the options in the message's menus."""
    return [option["value"] for element in _elements(message) for option in element.get("options", [])]


def lines(message: Mapping[str, Any]) -> list[str]:
    """Return each block of the message as one line, without the time of day.

    Two lines that are otherwise the same may differ in it or not.
    """
    return [re.sub(r"<!date[^>]*>", "", shown({"blocks": [block]})) for block in message.get("blocks") or []]


def _elements(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [element for block in message.get("blocks") or [] for element in block.get("elements", [])]
