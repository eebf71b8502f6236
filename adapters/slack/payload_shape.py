"""Validate the types of the fields of Slack's payloads that Bolt and the listeners read."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

_TEXT: Final = str
#: A field that Slack sends as an id in one kind of payload and as an object in another.
_NAMED: Final = (str, MappingProxyType({"id": _TEXT, "team_id": _TEXT, "name": _TEXT}))
_VIEW: Final = MappingProxyType(
    {"id": _TEXT, "type": _TEXT, "callback_id": _TEXT, "private_metadata": _TEXT, "hash": _TEXT}
)
_ACTION: Final = MappingProxyType({"type": _TEXT, "action_id": _TEXT, "block_id": _TEXT, "action_ts": _TEXT})
_MESSAGE: Final = MappingProxyType({"type": _TEXT, "ts": _TEXT, "thread_ts": _TEXT, "text": _TEXT})
_EVENT: Final = MappingProxyType(
    {
        **_MESSAGE,
        "subtype": _TEXT,
        "user": _NAMED,
        "channel": _NAMED,
        "channel_type": _TEXT,
        "event_ts": _TEXT,
        "message": _MESSAGE,
        "previous_message": _MESSAGE,
    }
)
_BODY: Final = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("type", "token", "api_app_id", "trigger_id", "callback_id", "response_url", "event_id"),
                *("command", "text", "user_id", "team_id", "channel_id", "enterprise_id", "challenge"),
                *("context_team_id", "context_enterprise_id"),
            ),
            _TEXT,
        ),
        **dict.fromkeys(("user", "team", "channel", "enterprise"), _NAMED),
        "container": MappingProxyType({"channel_id": _TEXT, "message_ts": _TEXT, "thread_ts": _TEXT}),
        "message": _MESSAGE,
        "view": _VIEW,
        "event": _EVENT,
        "actions": [_ACTION],
        "authorizations": [MappingProxyType({"team_id": _TEXT, "enterprise_id": _TEXT})],
        "response_urls": [MappingProxyType({"response_url": _TEXT})],
    }
)
#: What a payload of a type must have, because Bolt looks for its listener by it.
_NEEDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "block_actions": "actions",
        "view_submission": "view",
        "view_closed": "view",
        "event_callback": "event",
    }
)


def find_malformed(body: object) -> str | None:
    """Return the path of the first field whose type is wrong or that is missing; `None` if there is none.

    Bolt and the listeners take these types for granted. A field that is absent or null is right, but for the
    one by which Bolt finds the listener. Fields that nobody reads, and all that a form holds, are not looked
    at: the listeners that read a form's values test each.
    """
    wrong = _find_wrong(body, _BODY, "")
    if wrong is not None or not isinstance(body, dict):
        return wrong
    needed = _NEEDED.get(body.get("type") or "")
    if needed is not None and not body.get(needed):
        return needed
    is_named = needed != "actions" or all("action_id" in action for action in body["actions"])
    return None if is_named else "actions.action_id"


def _find_wrong(value: Any, shape: Any, path: str) -> str | None:  # noqa: ANN401 - unvalidated JSON
    if value is None:
        return None
    if isinstance(shape, tuple):
        text, other = shape
        return None if isinstance(value, text) else _find_wrong(value, other, path)
    if isinstance(shape, type):
        return None if isinstance(value, shape) else path
    if isinstance(shape, Sequence):
        return _find_wrong_item(value, shape[0], path)
    if not isinstance(value, dict):
        return path or "the payload"
    found = (_find_wrong(value.get(name), part, f"{path}.{name}".lstrip(".")) for name, part in shape.items())
    return next((one for one in found if one is not None), None)


def _find_wrong_item(values: object, shape: object, path: str) -> str | None:
    if not isinstance(values, list) or None in values:
        return path
    found = (_find_wrong(one, shape, f"{path}.{index}") for index, one in enumerate(values))
    return next((one for one in found if one is not None), None)
