"""Build action objects, the `payload.actions[0]` of block_actions."""

from sandbox.slack.block_kit.walk import elements
from sandbox.slack.entered import field_of, full_value
from sandbox.slack.jsons import Json


def build_action(blocks: list[Json], action_id: str, value: object = None, block_id: str = "") -> Json:
    """Build the action of pressing a button or of choosing `value` (an option's value, a user, a date …).

    Among several elements with the same action_id, `value` or `block_id` selects one. Raises LookupError.
    """
    candidates = [
        (block, element)
        for block, element in elements(blocks)
        if element.get("action_id") == action_id and block_id in ("", block.get("block_id"))
    ]
    exact = [pair for pair in candidates if pair[1]["type"] == "button" and pair[1].get("value") == value]
    if not candidates:
        raise LookupError(f"nothing here has the action_id {action_id!r}")
    block, element = (exact or candidates)[0]
    action: Json = {"type": element["type"], "action_id": action_id, "block_id": block["block_id"]}
    if element["type"] != "button":
        action[field_of(element)] = full_value(element, value)
    elif value is not None and not exact:
        raise LookupError(f"no button {action_id!r} has the value {value!r}")
    return action


def complete_action(blocks: list[Json], action: Json, ts: str) -> Json:
    """Complete an action with the fields that Slack copies from the pressed element, and its `action_ts`.

    An element that is no longer on the screen adds nothing. Raises LookupError when the action has no
    action_id.
    """
    if not action.get("action_id"):
        raise LookupError("an action needs an action_id")
    full: Json = {"type": "button", "block_id": "", **_copied(blocks, action), **action, "action_ts": ts}
    return full


def value_fields(action: Json) -> Json:
    """Return the part of an action that also stands in `state.values`: the element's value."""
    is_typed = action["type"].endswith("_input")
    return {k: v for k, v in action.items() if k.startswith("selected_") or (is_typed and k == "value")}


def _copied(blocks: list[Json], action: Json) -> Json:
    for block, element in elements(blocks):
        same_block = action.get("block_id") in (None, block["block_id"])
        if element.get("action_id") == action["action_id"] and same_block:
            names = ("text", "value", "style", "url") if element["type"] == "button" else ("placeholder",)
            copied = {name: element[name] for name in names if name in element}
            return {"type": element["type"], "block_id": block["block_id"], **copied}
    return {}
