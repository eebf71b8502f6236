"""The action object of a press or a choice: what Slack puts into payload.actions[0]."""

from sandbox.slack.block_kit.walk import elements
from sandbox.slack.entered import field_of, shaped
from sandbox.slack.jsons import Json


def action_for(blocks: list[Json], action_id: str, value: object = None, block_id: str = "") -> Json:
    """The action of pressing a button, or of choosing `value` (an option's value, a user, a date …).

    Of several elements with the same action_id the one with `value` (or in `block_id`) is meant. Raises LookupError.
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
        action[field_of(element)] = shaped(element, value)
    elif value is not None and not exact:
        raise LookupError(f"no button {action_id!r} has the value {value!r}")
    return action


def completed(blocks: list[Json], action: Json, ts: str) -> Json:
    """An action with what Slack copies from the pressed element, where the screen still has it, and its `action_ts`.

    Raises LookupError when the action has no action_id.
    """
    if not action.get("action_id"):
        raise LookupError("an action needs an action_id")
    full: Json = {"type": "button", "block_id": "", **_copied(blocks, action), **action, "action_ts": ts}
    return full


def entered_part(action: Json) -> Json:
    """What an action says of the element's value, as in `state.values`."""
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
