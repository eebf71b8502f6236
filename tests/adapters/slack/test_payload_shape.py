"""Find the field of a payload whose type Bolt or a listener would fail at."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from adapters.slack.payload_shape import find_malformed

PRESS: Mapping[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T1", "domain": "acme"},
    "user": {"id": "U0SAM", "name": "sam", "team_id": "T1"},
    "enterprise": None,
    "is_enterprise_install": False,
    "api_app_id": "A1",
    "container": {"type": "message", "channel_id": "C1", "message_ts": "1.2", "is_ephemeral": False},
    "channel": {"id": "C1", "name": "support"},
    "message": {"type": "message", "ts": "1.2", "text": "", "blocks": []},
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.slack.com/actions/1",
    "actions": [{"type": "button", "action_id": "case.claim", "block_id": "b", "action_ts": "7.1"}],
}
SUBMISSION: Mapping[str, Any] = {
    "type": "view_submission",
    "team": None,
    "user": {"id": "U0SAM"},
    "view": {"id": "V1", "type": "modal", "callback_id": "answer", "private_metadata": "", "hash": "h"},
    "response_urls": [],
}
EVENT: Mapping[str, Any] = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event_time": 1_700_000_000,
    "authorizations": [{"enterprise_id": None, "team_id": "T1", "is_bot": True}],
    "event": {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C1",
        "ts": "1.2",
        "message": {"type": "message", "ts": "1.1", "text": "hi"},
        "previous_message": {"type": "message", "ts": "1.1", "text": None},
    },
}
COMMAND = {"command": "/mentions", "text": "", "user_id": "U0SAM", "team_id": "T1", "channel_id": "C1"}
RIGHT: list[Mapping[str, Any]] = [
    PRESS,
    SUBMISSION,
    {**SUBMISSION, "type": "view_closed", "is_cleared": True},
    EVENT,
    {**EVENT, "event": {"type": "user_change", "user": {"id": "U0SAM", "team_id": "T1", "name": "sam"}}},
    {**EVENT, "event": {"type": "channel_rename", "channel": {"id": "C1", "name": "help", "created": 1}}},
    {"type": "shortcut", "callback_id": "outage", "user": {"id": "U0SAM"}, "channel": None},
    {"type": "url_verification", "challenge": "abc", "token": "t"},
    COMMAND,
    {},
]


@pytest.mark.parametrize("body", RIGHT)
def test_what_slack_sends_is_right(body: Mapping[str, Any]) -> None:
    assert find_malformed(body) is None


MALFORMED: list[tuple[str, Mapping[str, Any]]] = [
    ("actions", {**PRESS, "actions": None}),
    ("actions", {**PRESS, "actions": []}),
    ("actions", {name: value for name, value in PRESS.items() if name != "actions"}),
    ("actions", {**PRESS, "actions": {"0": {}}}),
    ("actions", {**PRESS, "actions": [None]}),
    ("actions.0", {**PRESS, "actions": ["x"]}),
    ("actions.1.action_id", {**PRESS, "actions": [*PRESS["actions"], {"action_id": 7}]}),
    ("actions.action_id", {**PRESS, "actions": [{"type": "button"}]}),
    ("user", {**PRESS, "user": 7}),
    ("user.id", {**PRESS, "user": {"id": ["U0SAM"]}}),
    ("team", {**PRESS, "team": [[[[[[[[[["T1"]]]]]]]]]]}),
    ("type", {**PRESS, "type": ["block_actions"]}),
    ("view", {**SUBMISSION, "view": None}),
    ("view", {**SUBMISSION, "view": "V1"}),
    ("view", {**SUBMISSION, "type": "view_closed", "view": {}}),
    ("view.callback_id", {**SUBMISSION, "view": {"id": "V1", "callback_id": 1.5}}),
    ("response_urls.0", {**SUBMISSION, "response_urls": ["https://hooks.slack.com/1"]}),
    ("event", {"type": "event_callback"}),
    ("event", {**EVENT, "event": [7]}),
    ("event.type", {**EVENT, "event": {"type": True}}),
    ("event.subtype", {**EVENT, "event": {"type": "message", "subtype": []}}),
    ("event.previous_message", {**EVENT, "event": {"type": "message", "previous_message": "x"}}),
    ("authorizations.0", {**EVENT, "authorizations": ["T1"]}),
    ("text", {**COMMAND, "text": 7}),
]


@pytest.mark.parametrize(("field", "body"), MALFORMED)
def test_a_field_of_another_type_is_named(field: str, body: Mapping[str, Any]) -> None:
    assert find_malformed(body) == field


@pytest.mark.parametrize("body", [[], "x", 7, True])
def test_a_payload_that_is_no_object_is_malformed(body: object) -> None:
    assert find_malformed(body) == "the payload"


def test_any_value_at_any_place_is_told_and_never_raises() -> None:
    odd: list[object] = [
        None,
        7,
        True,
        "",
        "\ud800",
        "a\0b",
        [],
        {},
        [[]],
        [{"a": [{"a": [{"a": [{"a": []}]}]}]}],
        10**400,
    ]
    found = {find_malformed(one) for base in RIGHT for value in odd for one in _with(base, value)}
    assert {None, "user.id", "event.message.ts"} <= found


def _with(base: Mapping[str, Any], value: object) -> Iterator[object]:
    for path in _paths(base):
        body: Any = deepcopy(dict(base))
        parent = body
        for name in path[:-1]:
            parent = parent[name]
        parent[path[-1]] = value
        yield body


def _paths(node: object) -> Iterator[tuple[Any, ...]]:
    items = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for name, part in items:
        yield (name,)
        yield from ((name, *rest) for rest in _paths(part))
