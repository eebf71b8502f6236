"""Schemas of rich_text blocks."""

from sandbox.slack.block_kit.shapes import (
    Check,
    Shape,
    Typed,
    anything,
    boolean,
    choice,
    integer,
    list_of,
    string,
)

_STYLE = Shape(
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    )
)
_TEXT = Shape({"text": string(2**31, 1), "style": _STYLE}, ("text",))
_LINK = Shape({"url": string(3000, 1), "text": string(2**31), "unsafe": boolean, "style": _STYLE}, ("url",))


def _reference(name: str) -> Check:
    return Shape({name: string(255, 1), "style": _STYLE}, (name,))


_INLINE = Typed(
    {
        "text": _TEXT,
        "link": _LINK,
        "emoji": Shape(
            {"name": string(255, 1), "unicode": string(255), "skin_tone": integer(1, 6)}, ("name",)
        ),
        "user": _reference("user_id"),
        "usergroup": _reference("usergroup_id"),
        "channel": _reference("channel_id"),
        "team": _reference("team_id"),
        "color": Shape({"value": string(255, 1)}, ("value",)),
        "broadcast": Shape({"range": choice("here", "channel", "everyone"), "style": _STYLE}, ("range",)),
        "date": Shape(
            {
                "timestamp": integer(),
                "format": string(255, 1),
                "url": string(3000),
                "fallback": string(255),
                "style": _STYLE,
            },
            ("timestamp", "format"),
        ),
    }
)
_ELEMENTS: dict[str, Check] = {"elements": list_of(_INLINE), "border": integer(0, 1)}
_SECTION = Shape({"elements": _ELEMENTS["elements"]}, ("elements",))
_PREFORMATTED = Shape(
    {**_ELEMENTS, "elements": list_of(_INLINE.only("text", "link")), "language": string(255)}, ("elements",)
)
_QUOTE = Shape(_ELEMENTS, ("elements",))
_LIST = Shape(
    {
        "style": choice("bullet", "ordered"),
        "elements": list_of(Typed({"rich_text_section": _SECTION})),
        "indent": integer(0, 8),
        "offset": integer(),
        "border": integer(0, 1),
    },
    ("style", "elements"),
)
_PARTS = Typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": _LIST,
        "rich_text_preformatted": _PREFORMATTED,
        "rich_text_quote": _QUOTE,
    }
)

RICH_TEXT = Shape({"block_id": string(255), "elements": list_of(_PARTS)}, ("elements",))
RAW_TEXT = Shape({"text": string(2**31)}, ("text",))
TABLE_CELL = Typed({"raw_text": RAW_TEXT, "rich_text": RICH_TEXT, "raw_number": Shape({"value": anything})})
