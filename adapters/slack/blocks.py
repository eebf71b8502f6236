"""Block Kit's plain bricks, with every text cut to what Slack takes (platform-facts.md, Slack limits)."""

from collections.abc import Sequence
from typing import Any, Literal

from adapters.slack.action_ids import ActionId
from adapters.slack.escaping import safe_url, shorten, strip_control
from adapters.slack.message_hash import Block

LONGEST_SECTION = 3000
LONGEST_BUTTON = 75
LONGEST_OPTION = 75
LONGEST_TITLE = 24
NOTHING = "-"  # stands where there is no text: Slack refuses an empty one

Json = dict[str, Any]
DIVIDER: Block = {"type": "divider"}


def plain_text(text: str, limit: int) -> Json:
    """Text that is never live."""
    return {
        "type": "plain_text",
        "text": shorten(strip_control(text), limit).strip() or NOTHING,
        "emoji": False,
    }


def mrkdwn(escaped: str) -> Json:
    """Live text, which must be escaped already; `verbatim` keeps Slack from making links of its own."""
    return {"type": "mrkdwn", "text": shorten(escaped, LONGEST_SECTION).strip() or NOTHING, "verbatim": True}


def context(escaped: str) -> Block:
    """A quiet line."""
    return {"type": "context", "elements": [mrkdwn(escaped)]}


def paragraph(escaped: str) -> Block:
    """A line of our own words."""
    return {"type": "section", "text": mrkdwn(escaped)}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain_text(text, 150)}


def button(
    label: str, action: ActionId, value: str, *, style: Literal["primary", "danger"] | None = None
) -> Json:
    """A button."""
    made = {
        "type": "button",
        "action_id": str(action),
        "text": plain_text(label, LONGEST_BUTTON),
        "value": value,
    }
    return {**made, "style": style} if style else made


def link_button(label: str, action: ActionId, url: str | None) -> list[Json]:
    """A button that opens a page; none at all where the address is none."""
    address = safe_url(url)
    if address is None:
        return []
    return [
        {
            "type": "button",
            "action_id": str(action),
            "text": plain_text(label, LONGEST_BUTTON),
            "url": address,
        }
    ]


def option(label: str, value: str) -> Json:
    """One line of a menu."""
    return {"text": plain_text(label, LONGEST_OPTION), "value": value}


def actions(elements: Sequence[Json]) -> list[Block]:
    """A row of buttons; no row where there is none."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []
