"""Parse Slack payloads, or refuse them as unreadable; no other error is raised."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.action_ids import MAX_NUMBER, BadValue, parse_claim, parse_overflow, parse_value
from adapters.slack.modals import parse_metadata
from handlers.slack.payloads import (
    BadPayload,
    Command,
    Press,
    parse_command,
    parse_press,
    parse_submission,
    parse_user_id,
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
FIELDS = (
    "user",
    "id",
    "user_id",
    "actions",
    "container",
    "channel",
    "channel_id",
    "thread_ts",
    "trigger_id",
    "view",
    "private_metadata",
    "state",
    "values",
    "selected_option",
    "value",
)
#: Payloads with the expected keys and arbitrary values.
payloads = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=25,
).filter(lambda value: isinstance(value, dict))


def a_press(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the fields
    """Build a block_actions payload with the fields that we read."""
    return {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2.abc",
        "channel": {"id": "C1", "name": "support"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"},
        "actions": [{"type": "button", "action_id": "case.claim", "value": "1:1"}],
        **changes,
    }


def test_a_press_of_a_button_on_a_card() -> None:
    press = parse_press(a_press())
    assert (press.user_id, press.value, press.trigger_id, press.channel, press.thread_ts, press.view) == (
        "U1",
        "1:1",
        "1.2.abc",
        "C1",
        None,
        {},
    )


def test_a_choice_from_a_menu() -> None:
    chosen = {"type": "overflow", "selected_option": {"value": "resolve:1:1"}, "value": "other"}
    assert parse_press(a_press(actions=[chosen])).value == "resolve:1:1"


def test_a_press_in_a_thread_in_a_modal_and_on_home() -> None:
    in_thread = a_press(container={"thread_ts": "1.0", "channel_id": "C2"}, channel=None)
    assert (parse_press(in_thread).channel, parse_press(in_thread).thread_ts) == ("C2", "1.0")
    in_view = a_press(container={"type": "view", "view_id": "V1"}, channel=None, view={"id": "V1"})
    assert (parse_press(in_view).channel, parse_press(in_view).view) == (None, {"id": "V1"})


@pytest.mark.parametrize("actions", [None, [], "x", [None], ["x"], {}, 7])
def test_a_press_of_nothing_is_refused(actions: object) -> None:
    with pytest.raises(BadPayload, match="actions"):
        parse_press(a_press(actions=actions))


@pytest.mark.parametrize("user", [None, {}, {"id": ""}, {"id": 7}, {"id": ["U1"]}, "U1", []])
def test_a_press_by_nobody_is_refused(user: object) -> None:
    with pytest.raises(BadPayload, match="user"):
        parse_press(a_press(user=user))


@pytest.mark.parametrize(
    "action", [{}, {"value": None}, {"value": 7}, {"selected_option": {}}, {"selected_option": {"value": []}}]
)
def test_a_button_without_a_value_is_one_that_we_did_not_make(action: Mapping[str, Any]) -> None:
    press = parse_press(a_press(actions=[action]))
    with pytest.raises(BadValue):
        _ = press.value


def is_read(press: Press) -> bool:
    """Check the types of the parsed fields."""
    texts: list[object] = [press.user_id, press.trigger_id, press.channel or "", press.thread_ts or ""]
    view: object = press.view
    return all(isinstance(text, str) for text in texts) and isinstance(view, Mapping)


@given(payloads)
def test_whatever_comes_as_a_press_is_read_or_refused(body: dict[str, Any]) -> None:
    try:
        press = parse_press(body)
    except BadPayload:
        return
    assert is_read(press)
    try:
        assert isinstance(press.value, str)
    except BadValue:
        return


@given(payloads, anything)
def test_a_press_with_any_part_spoiled(body: dict[str, Any], part: object) -> None:
    for name in ("user", "channel", "container", "actions", "trigger_id", "view"):
        for spoiled in (part, body):
            try:
                press = parse_press(a_press(**{name: spoiled}))
            except BadPayload:
                continue
            assert is_read(press)


@given(payloads)
def test_whatever_comes_as_a_submission_is_read_or_refused(body: dict[str, Any]) -> None:
    for candidate in (body, {"user": {"id": "U1"}, "view": {"id": "V1", "state": body, **body}}):
        try:
            submission = parse_submission(candidate)
        except BadPayload:
            continue
        assert isinstance(submission.user_id, str)
        assert isinstance(submission.view_id, str)
        assert isinstance(submission.metadata, str)
        for block in [*submission.values, "none"]:
            submission.value(block, "value")


def test_a_submission_and_what_stands_in_it() -> None:
    values = {
        "text": {"a": {"type": "plain_text_input", "value": "Hi"}},
        "empty": {"a": {"type": "plain_text_input", "value": None}},
        "person": {"a": {"type": "users_select", "selected_user": "U2"}},
        "moment": {"a": {"type": "datetimepicker", "selected_date_time": 1_763_726_400}},
        "choice": {"a": {"type": "static_select", "selected_option": {"value": "2h"}}},
        "unchosen": {"a": {"type": "static_select", "selected_option": None}},
    }
    view = {"id": "V1", "private_metadata": "1:1", "state": {"values": values}}
    submission = parse_submission({"user": {"id": "U1"}, "view": view})
    assert (submission.user_id, submission.view_id, submission.metadata) == ("U1", "V1", "1:1")
    assert [submission.value(block, "a") for block in (*values, "none")] == [
        "Hi",
        None,
        "U2",
        1_763_726_400,
        "2h",
        None,
        None,
    ]


@pytest.mark.parametrize("view", [None, {}, {"id": None}, {"id": 7}, [], "V1"])
def test_a_submission_of_nothing_is_refused(view: object) -> None:
    with pytest.raises(BadPayload, match=r"view\.id"):
        parse_submission({"user": {"id": "U1"}, "view": view})


def test_who_sent_a_command() -> None:
    assert parse_user_id({"user_id": "U1"}) == "U1"
    with pytest.raises(BadPayload):
        parse_user_id({})


def test_a_command_is_parsed() -> None:
    body = {"user_id": "U1", "text": "find a &amp; b", "trigger_id": "1.2", "channel_id": "C1"}
    assert parse_command(body) == Command(user_id="U1", text="find a &amp; b", trigger_id="1.2", channel="C1")
    assert parse_command({"user_id": "U1"}) == Command(user_id="U1", text="", trigger_id="", channel=None)


@pytest.mark.parametrize("parse", [parse_value, parse_overflow, parse_claim, parse_metadata])
@given(value=anything.filter(lambda value: not isinstance(value, str)))
def test_values_that_are_no_text_are_refused(parse: Callable[[object], object], value: object) -> None:
    with pytest.raises(BadValue):
        parse(value)


#: The ids that a parsed value holds.
IDS: dict[Callable[[object], Any], Callable[[Any], list[int | None]]] = {
    parse_value: lambda value: [value.case_id, value.version, value.message_id],
    parse_overflow: lambda value: [value[1].case_id, value[1].version],
    parse_claim: lambda value: [value[0].case_id, value[0].version],
    parse_metadata: lambda value: [value.case_id, value.version, value.seen, value.revision, value.handoff],
}


@given(st.text() | anything.map(json.dumps) | st.integers().map(str))
def test_texts_that_look_like_values_hold_ids_of_a_database_or_are_refused(text: str) -> None:
    metadata = f'{{"case":{text},"version":1,"seen":1,"revision":0,"confirmed":[]}}'
    for value in (text, f"1:{text}", f"resolve:1:{text}", f"1:1@{text}", text * 50, metadata):
        for parse, ids in IDS.items():
            try:
                parsed = parse(value)
            except BadValue:
                continue
            assert all(number is None or 0 <= number <= MAX_NUMBER for number in ids(parsed))
