"""Schemas of layout blocks: fields, sizes, and the surfaces on which each is allowed."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.block_kit.elements import (
    ELEMENTS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    URL,
)
from sandbox.slack.block_kit.rich_text import RICH_TEXT, TABLE_CELL
from sandbox.slack.block_kit.shapes import (
    Check,
    Rule,
    Shape,
    Typed,
    boolean,
    choice,
    either,
    list_of,
    problem,
    string,
)
from sandbox.slack.block_kit.text import ID, SLACK_FILE, plain, rich

_ID: dict[str, Check] = {"block_id": ID}
_CONTEXT = Typed({"image": ELEMENTS.shapes["image"], "plain_text": plain(2**31), "mrkdwn": rich(2**31)})
_COLUMN = Shape({"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _table_widths(value: Mapping[str, Any], at: str) -> Iterator[str]:
    rows = [row for row in value.get("rows") or [] if isinstance(row, list)]
    if len({len(row) for row in rows}) > 1:
        yield problem("all rows must have the same number of cells", f"{at}/rows")


_TABLE_RULES: tuple[Rule, ...] = (_table_widths,)

BLOCKS = Typed(
    {
        "actions": Shape({**_ID, "elements": list_of(IN_ACTIONS, 1, 25)}, ("elements",)),
        "context": Shape({**_ID, "elements": list_of(_CONTEXT, 1, 10)}, ("elements",)),
        "context_actions": Shape({**_ID, "elements": list_of(IN_CONTEXT_ACTIONS, 1, 5)}, ("elements",)),
        "divider": Shape(_ID),
        "file": Shape({**_ID, "external_id": ID, "source": choice("remote")}, ("external_id", "source")),
        "header": Shape({**_ID, "text": plain(150)}, ("text",)),
        "image": Shape(
            {
                **_ID,
                "alt_text": string(2000, 1),
                "image_url": URL,
                "slack_file": SLACK_FILE,
                "title": plain(2000),
            },
            ("alt_text",),
            (either("image_url", "slack_file", both=False),),
        ),
        "input": Shape(
            {
                **_ID,
                "label": plain(2000),
                "element": IN_INPUT,
                "hint": plain(2000),
                "optional": boolean,
                "dispatch_action": boolean,
            },
            ("label", "element"),
        ),
        "markdown": Shape({**_ID, "text": string(12_000, 1)}, ("text",)),
        "rich_text": RICH_TEXT,
        "section": Shape(
            {
                **_ID,
                "text": rich(3000),
                "fields": list_of(rich(2000), 1, 10),
                "accessory": IN_SECTION,
                "expand": boolean,
            },
            rules=(either("text", "fields", both=True),),
        ),
        "table": Shape(
            {
                **_ID,
                "rows": list_of(list_of(TABLE_CELL, 1, 20), 1, 100),
                "column_settings": list_of(_COLUMN, 0, 20),
            },
            ("rows",),
            _TABLE_RULES,
        ),
        "video": Shape(
            {
                **_ID,
                "alt_text": string(2000, 1),
                "author_name": string(49),
                "description": plain(200),
                "provider_icon_url": URL,
                "provider_name": string(255),
                "title": plain(199),
                "title_url": URL,
                "thumbnail_url": URL,
                "video_url": URL,
            },
            ("alt_text", "title", "thumbnail_url", "video_url"),
        ),
    }
)

_EVERYWHERE = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video")
IN_MESSAGE = BLOCKS.only(*_EVERYWHERE, "context_actions", "file", "markdown", "table")
IN_MODAL = BLOCKS.only(*_EVERYWHERE)
IN_HOME = BLOCKS.only(*_EVERYWHERE)
