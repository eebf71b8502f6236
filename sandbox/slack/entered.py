"""Compute `state.values`: what a person entered, and the initial values of untouched elements."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbox.slack.block_kit.elements import STATEFUL
from sandbox.slack.block_kit.walk import elements
from sandbox.slack.jsons import Json, copied

_MADE_FROM = {
    "static_select": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}
_FORMS = {
    "number_input": (r"-?\d+", "Please enter a number."),
    "email_text_input": (r"[^@\s]+@[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"\w+://\S+", "Please enter a valid URL."),
}
Values = Mapping[str, Any]


def field_of(element: Json) -> str:
    """Return the field of `state.values` that holds an element's value."""
    return _MADE_FROM.get(element["type"], ("value", ""))[0]


def initial_state(element: Json) -> Json:
    """Return what an untouched element submits: its initial value, or null (lists: empty)."""
    field, initial = _MADE_FROM.get(element["type"], ("value", "initial_value"))
    empty: list[Json] | None = [] if field.endswith("s") else None
    return {"type": element["type"], field: copied(element.get(initial, empty))}


def state_values(
    blocks: list[Json], entered: Values, remembered: Mapping[str, Mapping[str, Json]] | None = None
) -> dict[str, dict[str, Json]]:
    """Build `state.values` of these blocks: entered, else remembered, else initial values.

    `entered` is either Slack's own form {block_id: {action_id: {…}}} or short: {block_id or action_id:
    value}, where a value is a text, an option's value, an id, a list of them, or None for "cleared".
    """
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        if element["type"] in STATEFUL:
            block_id, action_id = block["block_id"], element["action_id"]
            value = _given(element, block_id, entered)
            if value is None:
                value = _remembered_value(element, (remembered or {}).get(block_id, {}))
            values.setdefault(block_id, {})[action_id] = value
    return values


def _given(element: Json, block_id: str, entered: Values) -> Json | None:
    action_id = element["action_id"]
    for key in (block_id, action_id):
        given = entered.get(key)
        if isinstance(given, Mapping) and isinstance(given.get(action_id), Mapping):
            return {**initial_state(element), **given[action_id], "type": element["type"]}
        if key in entered and not isinstance(given, Mapping):
            return {"type": element["type"], field_of(element): full_value(element, given)}
    return None


def _remembered_value(element: Json, remembered: Mapping[str, Json]) -> Json:
    kept = remembered.get(element["action_id"])
    return dict(kept) if kept and kept["type"] == element["type"] else initial_state(element)


def full_value(element: Json, given: object) -> object:
    """Convert a short value to Slack's form: options are looked up by their value."""
    field = field_of(element)
    if field == "value" and isinstance(given, str):
        return given or None
    if field == "selected_option":
        return None if given is None else option(element, given)
    if field == "selected_options":
        return [option(element, one) for one in given] if isinstance(given, Iterable) else []
    return given


def option(element: Json, value: object) -> Json:
    """Return the option of an element with this value; raises LookupError when there is none."""
    if isinstance(value, Mapping):
        return dict(value)
    for offered in _options(element):
        if offered.get("value") == value:
            return copied(offered)
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    raise LookupError(f"{element.get('action_id')} offers no option {value!r}")


def _options(element: Json) -> Iterator[Json]:
    yield from element.get("options") or []
    for group in element.get("option_groups") or []:
        yield from group["options"]


def input_errors(blocks: list[Json], values: dict[str, dict[str, Json]]) -> dict[str, str]:
    """Validate input as Slack's own client does before it submits.

    Returns by block id what is wrong: missing, too short, too long, not a number.
    """
    problems: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]].get(field_of(element))
        reason = _input_error(element, value, optional=bool(block.get("optional")))
        if reason:
            problems[block["block_id"]] = reason
    return problems


def _input_error(element: Json, value: object, *, optional: bool) -> str:
    if value in (None, "", []):
        return "" if optional else "Please complete this required field."
    kind, text = element["type"], str(value)
    if kind == "plain_text_input":
        return _length_error(text, element.get("min_length", 0), element.get("max_length", 3000))
    pattern, reason = _FORMS.get(kind, ("", ""))
    if kind == "number_input" and element.get("is_decimal_allowed"):
        pattern = r"-?\d+(\.\d+)?"
    return reason if pattern and not re.fullmatch(pattern, text) else ""


def _length_error(text: str, low: int, high: int) -> str:
    if len(text) < low:
        return f"Must be at least {low} characters."
    return f"Must be no more than {high} characters." if len(text) > high else ""
