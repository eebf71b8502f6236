"""Schemas of interactive elements: fields, sizes, and the blocks in which each is allowed.

Source: docs.slack.dev, Block Kit.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.block_kit.rich_text import RICH_TEXT
from sandbox.slack.block_kit.shapes import (
    Check,
    Shape,
    Typed,
    boolean,
    choice,
    either,
    integer,
    list_of,
    problem,
    string,
)
from sandbox.slack.block_kit.text import (
    CONFIRM,
    DISPATCH,
    FILTER,
    ID,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    initial_among_options,
    plain,
)

URL = string(3000, 1)
COMMON: dict[str, Check] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": boolean}
PLACEHOLDER: dict[str, Check] = {"placeholder": plain(150)}
MANY: dict[str, Check] = {"max_selected_items": integer(1)}
PEOPLE = list_of(ID)


def _select(initial: str, check: Check, **fields: Check) -> Shape:
    return Shape({**COMMON, **PLACEHOLDER, initial: check, **fields})


def _static(initial: str, check: Check, **fields: Check) -> Shape:
    rules = (either("options", "option_groups", both=False), initial_among_options(initial))
    options = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
    return Shape({**COMMON, **PLACEHOLDER, initial: check, **options, **fields}, rules=rules)


def _text_input(**fields: Check) -> Shape:
    shared: dict[str, Check] = {"action_id": ID, "focus_on_load": boolean, "dispatch_action_config": DISPATCH}
    return Shape({**shared, **PLACEHOLDER, "initial_value": string(3000), **fields})


def _length_order(value: Mapping[str, Any], at: str) -> Iterator[str]:
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield problem("min_length must not be greater than max_length", at)


_CHOICES = {**COMMON, "options": list_of(RICH_OPTION, 1, 10)}
_NUMBER = _text_input(
    is_decimal_allowed=boolean, min_value=string(100), max_value=string(100), initial_value=string(100)
)
_PLAIN_INPUT = _text_input(multiline=boolean, min_length=integer(0, 3000), max_length=integer(1, 3000))
_FEEDBACK = Shape(
    {"text": plain(75), "value": string(2000), "accessibility_label": string(75)}, ("text", "value")
)
_WORKFLOW = Shape({"trigger": Shape({"url": URL, "customizable_input_parameters": list_of(Shape({}))})})

ELEMENTS = Typed(
    {
        "button": Shape(
            {
                **COMMON,
                "text": plain(75),
                "value": string(2000),
                "url": URL,
                "style": choice("primary", "danger"),
                "accessibility_label": string(75),
            },
            ("text",),
        ),
        "channels_select": _select("initial_channel", ID, response_url_enabled=boolean),
        "checkboxes": Shape(
            {**_CHOICES, "initial_options": list_of(RICH_OPTION, 1, 10)},
            ("options",),
            (initial_among_options("initial_options"),),
        ),
        "conversations_select": _select(
            "initial_conversation",
            ID,
            default_to_current_conversation=boolean,
            response_url_enabled=boolean,
            filter=FILTER,
        ),
        "datepicker": _select("initial_date", string(10, 10)),
        "datetimepicker": Shape({**COMMON, "initial_date_time": integer(0, 9_999_999_999)}),
        "email_text_input": _text_input(),
        "external_select": _select("initial_option", OPTION, min_query_length=integer(0)),
        "feedback_buttons": Shape(
            {"action_id": ID, "positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
            ("positive_button", "negative_button"),
        ),
        "file_input": Shape({"action_id": ID, "filetypes": list_of(string(20)), "max_files": integer(1, 10)}),
        "icon_button": Shape(
            {
                **COMMON,
                "icon": choice("trash"),
                "text": plain(75),
                "value": string(2000),
                "accessibility_label": string(75),
                "visible_to_user_ids": PEOPLE,
            },
            ("icon", "text"),
        ),
        "image": Shape(
            {"image_url": URL, "alt_text": string(2000, 1), "slack_file": SLACK_FILE},
            ("alt_text",),
            (either("image_url", "slack_file", both=False),),
        ),
        "multi_channels_select": _select("initial_channels", PEOPLE, **MANY),
        "multi_conversations_select": _select(
            "initial_conversations", PEOPLE, default_to_current_conversation=boolean, filter=FILTER, **MANY
        ),
        "multi_external_select": _select(
            "initial_options", list_of(OPTION, 1, 100), min_query_length=integer(0), **MANY
        ),
        "multi_static_select": _static("initial_options", list_of(OPTION, 1, 100), **MANY),
        "multi_users_select": _select("initial_users", PEOPLE, **MANY),
        "number_input": Shape(_NUMBER.fields, ("is_decimal_allowed",)),
        "overflow": Shape(
            {"action_id": ID, "confirm": CONFIRM, "options": list_of(OVERFLOW_OPTION, 1, 5)}, ("options",)
        ),
        "plain_text_input": Shape(_PLAIN_INPUT.fields, rules=(_length_order,)),
        "radio_buttons": Shape(
            {**_CHOICES, "initial_option": RICH_OPTION},
            ("options",),
            (initial_among_options("initial_option"),),
        ),
        "rich_text_input": Shape(
            {
                "action_id": ID,
                "initial_value": Typed({"rich_text": RICH_TEXT}),
                "dispatch_action_config": DISPATCH,
                "focus_on_load": boolean,
                "placeholder": plain(150),
            }
        ),
        "static_select": _static("initial_option", OPTION),
        "timepicker": _select("initial_time", string(5, 5), timezone=string(100)),
        "url_text_input": _text_input(),
        "users_select": _select("initial_user", ID),
        "workflow_button": Shape(
            {**COMMON, "text": plain(75), "workflow": _WORKFLOW, "style": choice("primary", "danger")},
            ("text", "workflow"),
        ),
    }
)

_SELECTS = ("channels_select", "conversations_select", "external_select", "static_select", "users_select")
_MULTI = tuple(f"multi_{name}" for name in _SELECTS)
_PICKERS = ("checkboxes", "datepicker", "radio_buttons", "timepicker")
_TYPED_IN = (
    "email_text_input",
    "file_input",
    "number_input",
    "plain_text_input",
    "rich_text_input",
    "url_text_input",
)
_PRESSED = ("button", "overflow", "workflow_button")

IN_ACTIONS = ELEMENTS.only(*_PRESSED, *_SELECTS, *_MULTI, *_PICKERS, "datetimepicker")
IN_SECTION = ELEMENTS.only(*_PRESSED, *_SELECTS, *_MULTI, *_PICKERS, "image")
IN_INPUT = ELEMENTS.only(*_TYPED_IN, *_SELECTS, *_MULTI, *_PICKERS, "datetimepicker")
IN_CONTEXT_ACTIONS = ELEMENTS.only("feedback_buttons", "icon_button")
STATEFUL = frozenset({*_TYPED_IN, *_SELECTS, *_MULTI, *_PICKERS, "datetimepicker"})
