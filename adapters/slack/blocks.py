"""Build Block Kit elements, every text cut to Slack's limits (docs.slack.dev, Block Kit)."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Literal

from adapters.slack.escaping import safe_url, shorten, shorten_escaped, strip_control
from adapters.slack.message_content import Block, Content

MAX_SECTION_LENGTH = 3000
MAX_BUTTON_LENGTH = 75
MAX_OPTION_LENGTH = 75
MAX_CONFIRM_TITLE_LENGTH = 100
MAX_CONFIRM_TEXT_LENGTH = 300
MAX_CONFIRM_BUTTON_LENGTH = 30
MAX_TITLE_LENGTH = 24
EMPTY_TEXT = "-"  # placeholder: Slack refuses empty text

Json = dict[str, Any]
DIVIDER: Block = {"type": "divider"}


def plain_text(text: str, limit: int) -> Json:
    """Build a plain_text object, which Slack never interprets."""
    return {
        "type": "plain_text",
        "text": shorten(strip_control(text), limit).strip() or EMPTY_TEXT,
        "emoji": False,
    }


def mrkdwn(escaped: str) -> Json:
    """Build a mrkdwn object.

    `escaped` must be escaped already; `verbatim` disables Slack's automatic links.
    """
    return {
        "type": "mrkdwn",
        "text": shorten_escaped(escaped, MAX_SECTION_LENGTH).strip() or EMPTY_TEXT,
        "verbatim": True,
    }


def context(escaped: str) -> Block:
    """Build a context block of one mrkdwn line."""
    return {"type": "context", "elements": [mrkdwn(escaped)]}


def literal_context(text: str, *, lead: str = "") -> Block:
    """Build a context block whose text Slack shows literally; `lead` is escaped mrkdwn before it."""
    first = [mrkdwn(lead)] if lead else []
    return {"type": "context", "elements": [*first, plain_text(text, MAX_SECTION_LENGTH)]}


def paragraph(escaped: str) -> Block:
    """Build a section block of mrkdwn."""
    return {"type": "section", "text": mrkdwn(escaped)}


def text_content(escaped: str) -> Content:
    """Build a message of one paragraph of mrkdwn."""
    return Content(text=escaped.strip() or EMPTY_TEXT, blocks=[paragraph(escaped)])


def paragraphs(escaped: Iterable[str]) -> list[Block]:
    """Build section blocks of lines of mrkdwn, each of as many whole lines as it takes."""
    texts: list[str] = []
    for line in escaped:
        if texts and len(texts[-1]) + 1 + len(line) <= MAX_SECTION_LENGTH:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [paragraph(text) for text in texts]


def header(text: str) -> Block:
    """Build a header block."""
    return {"type": "header", "text": plain_text(text, 150)}


def button(
    label: str,
    action: StrEnum,
    value: str,
    *,
    style: Literal["primary", "danger"] | None = None,
    confirm: Json | None = None,
) -> Json:
    """Build a button; `confirm` is a `confirmation` that it asks for."""
    element: Json = {
        "type": "button",
        "action_id": str(action),
        "text": plain_text(label, MAX_BUTTON_LENGTH),
        "value": value,
    }
    element |= {"style": style} if style else {}
    return element | ({"confirm": confirm} if confirm else {})


def confirmation(title: str, text: str, confirm: str) -> Json:
    """Build the dialog that asks before a button acts."""
    return {
        "title": plain_text(title, MAX_CONFIRM_TITLE_LENGTH),
        "text": plain_text(text, MAX_CONFIRM_TEXT_LENGTH),
        "confirm": plain_text(confirm, MAX_CONFIRM_BUTTON_LENGTH),
        "deny": plain_text("Cancel", MAX_CONFIRM_BUTTON_LENGTH),
    }


def with_confirmation(element: Json, *, title: str, text: str, confirm: str) -> Json:
    """Return the button with a dialog that asks first."""
    dialog = {
        "title": plain_text(title, 100),
        "text": plain_text(text, 300),
        "confirm": plain_text(confirm, 30),
        "deny": plain_text("Cancel", 30),
        "style": "danger",
    }
    return {**element, "confirm": dialog}


def with_accessory(section: Block, element: Json) -> Block:
    """Return the section with an element at its side."""
    return {**section, "accessory": element}


def link_button(label: str, action: StrEnum, url: str | None) -> list[Json]:
    """Build a button that opens a page; an empty list if the URL is unsafe or missing."""
    address = safe_url(url)
    if address is None:
        return []
    return [
        {
            "type": "button",
            "action_id": str(action),
            "text": plain_text(label, MAX_BUTTON_LENGTH),
            "url": address,
        }
    ]


def option(label: str, value: str) -> Json:
    """Build an option of a menu."""
    return {"text": plain_text(label, MAX_OPTION_LENGTH), "value": value}


def static_select(
    action_id: str, options: Iterable[Json], chosen: Json | None = None, *, placeholder: str = ""
) -> Json:
    """Build a menu of options, of which one is chosen."""
    return {
        "type": "static_select",
        "action_id": str(action_id),
        "options": list(options),
        **({"initial_option": chosen} if chosen is not None else {}),
        **({"placeholder": plain_text(placeholder, 150)} if placeholder else {}),
    }


def multi_select(
    action_id: str, options: Iterable[Json], chosen: Sequence[Json] = (), *, placeholder: str = ""
) -> Json:
    """Build a menu of options, of which several are chosen."""
    return {
        "type": "multi_static_select",
        "action_id": str(action_id),
        "options": list(options),
        **({"initial_options": list(chosen)} if chosen else {}),
        **({"placeholder": plain_text(placeholder, 150)} if placeholder else {}),
    }


def checkboxes(action_id: str, options: Iterable[Json], chosen: Sequence[Json] = ()) -> Json:
    """Build checkboxes, of which several are ticked."""
    return {
        "type": "checkboxes",
        "action_id": str(action_id),
        "options": list(options),
        **({"initial_options": list(chosen)} if chosen else {}),
    }


def actions(elements: Sequence[Json]) -> list[Block]:
    """Build a row of elements; an empty list if there are none, which Slack refuses."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []
