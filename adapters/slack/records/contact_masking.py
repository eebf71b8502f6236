"""Mask contact data in messages and views, and render what *Show contact data* shows."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeVar

from adapters.slack.action_ids import card_value
from adapters.slack.blocks import actions, button, paragraph
from adapters.slack.cases.form_ids import CaseFormAction
from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import Block, Content
from adapters.slack.wording import count_of
from domain.cases.case import Case
from domain.records.contact_data import mask_contacts

MAX_SHOWN_LENGTH = 100
MAX_SHOWN = 40
_TEXT_KEYS = frozenset({"text", "alt_text"})
# Where a link leads to, and mentions, in mrkdwn: they stay.
_LINK = re.compile(r"(<(?:https?://|[!@#])[^<>|]*)")
Json = TypeVar("Json")


def mask(content: Json) -> Json:
    """Return a message or a view with contact data masked in what is read; inputs keep what was typed."""
    masked: Json = _mask(content)
    return masked


def mask_card(content: Content, case: Case) -> Content:
    """Mask a card; where that hides something, it gets a button that shows it to whoever may see it."""
    masked = mask(content)
    if masked == content:
        return content
    show = contacts_button(case)
    rows = [block for block in masked["blocks"] if block["type"] == "actions"]
    if rows:
        elements = rows[-1]["elements"]
        elements.insert(len(elements) - (elements[-1]["type"] == "overflow"), show)
    else:
        masked["blocks"] += actions([show])
    return masked


def contacts_button(case: Case) -> Block:
    """Render *Show contact data*."""
    return button("Show contact data", CaseFormAction.SHOW_CONTACTS, card_value(case.id, case.version))


def render_contacts(case: Case, contacts: Sequence[str], hidden_files: int) -> Content:
    """Render what a customer can be reached by, and how many files the thread does not show."""
    lines = [f"• {escape(inline(one, MAX_SHOWN_LENGTH))}" for one in contacts[:MAX_SHOWN]]
    text = "\n".join(["Contact data in this case. That you saw it is in the audit trail.", *lines])
    if not contacts:
        text = "No e-mail address or phone number is in this case."
    blocks = [paragraph(text)]
    if hidden_files:
        blocks.append(paragraph(f"{count_of(hidden_files, 'file')} not shown in the thread."))
        value = card_value(case.id, case.version)
        blocks += actions([button("Show files in the thread", CaseFormAction.SHOW_FILES, value)])
    return Content(text=text, blocks=blocks)


def _mask(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {
            key: _mask_text(one) if key in _TEXT_KEYS and isinstance(one, str) else _mask(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [one for _, run in groupby(value, _is_text_node) for one in _mask_run(list(run))]
    return value


def _is_text_node(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, dict) and value.get("type") == "text"


def _mask_run(run: list[Any]) -> list[Any]:
    """Mask values of a list; text nodes that only together hold contact data become one, without styles."""
    masked = [_mask(one) for one in run]
    if len(run) < 2 or not _is_text_node(run[0]):  # noqa: PLR2004 - one node stands alone
        return masked
    whole = _mask_text("".join(node["text"] for node in run))
    return masked if whole == "".join(node["text"] for node in masked) else [{"type": "text", "text": whole}]


def _mask_text(text: str) -> str:
    parts = _LINK.split(text)
    return "".join(part if _LINK.fullmatch(part) else mask_contacts(part) for part in parts)
