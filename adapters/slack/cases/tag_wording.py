"""Word the tags of cases and customers."""

from collections.abc import Mapping
from typing import Any

from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.rich_text import Node, text_node
from domain.cases.tags import MAX_NAME_LENGTH, MAX_REASON_LENGTH, VIP, WATCH, CustomerTag, Tags
from domain.records.audit import SYSTEM

MAX_SHOWN = 3  # of the tags, on a card

_LABELS = {VIP: "VIP", WATCH: "watched"}


def tag_label(name: str) -> str:
    """Return the display name of a tag."""
    return _LABELS.get(name, inline(name, MAX_NAME_LENGTH))


def card_tags(tags: Tags) -> list[Node]:
    """Render a card's tags, those of the customer first: "🏷️ VIP, billing"; empty without any."""
    names = [*tags.customer_names, *(name for name in tags.case if name not in tags.customer_names)]
    if not names:
        return []
    hidden = len(names) - MAX_SHOWN
    rest = f" +{hidden}" if hidden > 0 else ""
    return [text_node(f"🏷️ {', '.join(map(tag_label, names[:MAX_SHOWN]))}{rest}")]


def tag_lines(tags: Tags) -> list[str]:
    """Render the lines of Details: the case's tags, and each of the customer's with its reason."""
    lines = [f"*Tags:* {escape(', '.join(map(tag_label, tags.case)))}"] if tags.case else []
    return [*lines, *(f"*The customer is tagged* {customer_tag_text(tag)}" for tag in tags.customer)]


def customer_tag_text(tag: CustomerTag) -> str:
    """Render a tag of a customer in mrkdwn: "VIP: pays for 400 seats (@sam, 21 Nov)"."""
    reason = f": {escape(inline(tag.reason, MAX_REASON_LENGTH))}" if tag.reason else ""
    by = "switchboard.toml" if tag.added_by == SYSTEM else mention(tag.added_by)
    return f"{escape(tag_label(tag.name))}{reason} ({by}, {date_mrkdwn(tag.added_at, DateStyle.DAY)})"


def changed_tags_text(detail: Mapping[str, Any]) -> str:
    """Render what an audit entry says of tags: "billing, not app"; "no tag" where it says nothing."""
    added = [tag_label(str(name)) for name in _list(detail.get("added"))]
    removed = [f"not {tag_label(str(name))}" for name in _list(detail.get("removed"))]
    return escape(", ".join([*added, *removed])) or "no tag"


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
