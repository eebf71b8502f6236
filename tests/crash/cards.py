"""Finding customers' cards in the pretend Slack, and reading them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.world import World
from tests.stories import shown

Message = dict[str, Any]


def card_of(world: World, channels: Iterable[str], customer: str) -> tuple[str, Message] | None:
    """The channel and the card of the customer with this handle, as it stands now."""
    its = re.compile(rf"@{customer}\b")
    for channel in channels:
        for message in world.slack.messages(channel):
            if its.search(message.get("text", "")):
                return channel, message
    return None


def action_ids(message: Mapping[str, Any]) -> set[str]:
    """What can be pressed on it."""
    return {element["action_id"] for element in _elements(message) if "action_id" in element}


def option_values(message: Mapping[str, Any]) -> list[str]:
    """The values of the options in its menus."""
    return [option["value"] for element in _elements(message) for option in element.get("options", [])]


def lines(message: Mapping[str, Any]) -> list[str]:
    """Its blocks as one line each, without the time of day, which two lines may differ in or not."""
    return [re.sub(r"<!date[^>]*>", "", shown({"blocks": [block]})) for block in message.get("blocks") or []]


def _elements(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [element for block in message.get("blocks") or [] for element in block.get("elements", [])]
