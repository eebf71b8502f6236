"""Refuse what is of another workspace, and what was handled before, in every copy of the bot."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import OperationalError

from adapters.slack.people import SlackIdentity
from domain.access import Standing
from domain.operations.storage_faults import StorageFault
from handlers.context import AppContext
from handlers.operations.handled_requests import REMEMBER_FOR, forget_handled, was_handled
from handlers.slack.request_gate import RequestGate
from handlers.storage_state import LOCK_SECONDS
from storage.engine import Store
from tests.handlers.made import NOW, do
from tests.handlers.slack.listening import ephemerals

OURS = SlackIdentity(team_url="https://acme.slack.com/", bot_user_id="U0BOT", team_id="T1", app_id="A1")
PRESS: Mapping[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T1", "domain": "acme"},
    "user": {"id": "U0SAM", "team_id": "T1"},
    "api_app_id": "A1",
    "enterprise": None,
    "container": {"channel_id": "C1"},
    "trigger_id": "1.2.abc",
    "actions": [{"action_id": "case.claim", "value": "1:1", "action_ts": "7.1"}],
}
SUBMISSION = {**PRESS, "type": "view_submission", "view": {"id": "V1"}, "trigger_id": "1.2.def"}
COMMAND = {
    "command": "/mentions",
    "team_id": "T1",
    "user_id": "U0SAM",
    "api_app_id": "A1",
    "trigger_id": "1.3",
}
EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "api_app_id": "A1",
    "event": {"type": "app_mention", "user": "U0SAM"},
    "authorizations": [{"team_id": "T1"}],
}
STRANGER = {"id": "U0EVE", "team_id": "T2"}


class Listeners:
    """Count what reaches the listeners, and answer it."""

    def __init__(self, *, waits_for: asyncio.Event | None = None) -> None:
        self.heard: list[Mapping[str, Any]] = []
        self._waits_for = waits_for

    async def __call__(self, request: AsyncBoltRequest) -> BoltResponse:
        self.heard.append(request.body)
        if self._waits_for is not None:
            await self._waits_for.wait()
        return BoltResponse(status=200, body="heard")


@pytest.fixture
def at_home(sqlite_ctx: AppContext) -> AppContext:
    """A context that knows where it is installed."""
    return known(sqlite_ctx)


def known(ctx: AppContext, ours: SlackIdentity = OURS) -> AppContext:
    directory: Any = ctx.directory
    directory.known_identity = ours
    return ctx


async def send(ctx: AppContext, body: Mapping[str, Any], listeners: Listeners | None = None) -> str:
    """Send a request through a new gate, as to a copy of the bot that has just started."""
    request = AsyncBoltRequest(body=dict(body), mode="socket_mode")
    return str((await RequestGate(ctx).admit(request, listeners or Listeners())).body)


@pytest.mark.parametrize(
    "body",
    [
        PRESS,
        SUBMISSION,
        COMMAND,
        EVENT,
        {"type": "block_actions"},
        {**EVENT, "team_id": "T2", "is_ext_shared_channel": True},
    ],
)
async def test_what_is_ours_or_says_nothing_of_it_is_heard(
    at_home: AppContext, body: Mapping[str, Any]
) -> None:
    assert await send(at_home, body) == "heard"


@pytest.mark.parametrize(
    "body",
    [
        {**PRESS, "api_app_id": "A2"},
        {**PRESS, "team": {"id": "T2"}},
        {**PRESS, "enterprise": {"id": "E2"}},
        {**SUBMISSION, "team": {"id": "T2"}},
        {**SUBMISSION, "api_app_id": "A2", "user": STRANGER},
        {**COMMAND, "team_id": "T2"},
        {**COMMAND, "enterprise_id": "E2"},
        {**PRESS, "team": {"id": "T3"}, "user": STRANGER},
        {**EVENT, "team_id": "T2"},
        {**EVENT, "api_app_id": "A2"},
        {**EVENT, "context_enterprise_id": "E2"},
        {**EVENT, "team_id": "T2", "is_ext_shared_channel": True, "authorizations": [{"team_id": "T2"}]},
    ],
)
async def test_what_is_of_another_workspace_or_app_is_refused(
    at_home: AppContext, body: Mapping[str, Any]
) -> None:
    listeners = Listeners()
    said = await send(at_home, body, listeners)
    assert listeners.heard == []
    if "command" in body or body.get("type") == "view_submission":
        assert "comes from another Slack workspace" in said
    assert ephemerals(at_home) == []


@pytest.mark.parametrize(
    "origin", [{}, {"team": {"id": "T2"}}, {"team": {"id": "T2"}, "enterprise": {"id": "E2"}}]
)
@pytest.mark.parametrize("body", [PRESS, SUBMISSION])
async def test_a_person_of_another_organisation_hears_why_not(
    at_home: AppContext, body: Mapping[str, Any], origin: Mapping[str, Any]
) -> None:
    theirs = {**body, "user": STRANGER, **origin}
    listeners = Listeners()
    said = await send(at_home, theirs, listeners)
    assert "you belong to another organisation" in " ".join([said, *ephemerals(at_home)])
    assert listeners.heard == []
    allowed = replace(at_home, policy=replace(at_home.policy, may_also_act=frozenset({Standing.STRANGER})))
    assert await send(allowed, theirs) == "heard"


async def test_a_workspace_of_our_enterprise_is_ours_also_where_it_joined_it_since(
    at_home: AppContext,
) -> None:
    directory: Any = at_home.directory
    of_grid = {**PRESS, "enterprise": {"id": "E1"}}

    async def joined() -> SlackIdentity:
        return replace(OURS, enterprise_id="E1")

    directory.recent_identity = joined
    assert await send(at_home, of_grid) == "heard"
    assert await send(at_home, {**of_grid, "trigger_id": "2", "user": STRANGER}) == "heard"
    assert await send(at_home, {**of_grid, "trigger_id": "3", "enterprise": {"id": "E2"}}) != "heard"
    of_another = {**EVENT, "team_id": "T2", "authorizations": [{"team_id": "T2", "enterprise_id": "E1"}]}
    assert await send(at_home, {**of_another, "context_enterprise_id": "E1"}) == "heard"
    assert await send(at_home, {**of_another, "context_enterprise_id": "E2"}) != "heard"


@pytest.mark.parametrize("body", [PRESS, SUBMISSION, COMMAND, {**PRESS, "trigger_id": None}])
async def test_what_comes_again_is_not_handled_again_by_any_copy_nor_after_a_restart(
    ctx: AppContext, body: Mapping[str, Any]
) -> None:
    known(ctx)
    listeners = Listeners()
    assert await send(ctx, body, listeners) == "heard"
    again = await send(ctx, body, listeners)
    assert again == "" or "was handled before" in again
    assert len(listeners.heard) == 1
    action = {"action_id": "case.claim", "value": "1:1", "action_ts": "7.2"}
    assert await send(ctx, {**body, "trigger_id": "another", "actions": [action]}, listeners) == "heard"


async def test_the_same_twice_at_once_is_handled_once(at_home: AppContext) -> None:
    done = asyncio.Event()
    gate, listeners = RequestGate(at_home), Listeners(waits_for=done)
    both = [
        asyncio.create_task(gate.admit(AsyncBoltRequest(body=dict(PRESS), mode="socket_mode"), listeners))
        for _ in range(2)
    ]
    await asyncio.sleep(0)
    done.set()
    assert sorted([str((await one).body) for one in both]) == ["", "heard"]


async def test_what_a_crash_cut_off_is_handled_when_slack_sends_it_again(at_home: AppContext) -> None:
    async def crash(_request: AsyncBoltRequest) -> BoltResponse:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await RequestGate(at_home).admit(AsyncBoltRequest(body=dict(PRESS), mode="socket_mode"), crash)
    assert await send(at_home, PRESS) == "heard"


async def test_events_may_come_again_and_new_messages_are_nothing_to_us(at_home: AppContext) -> None:
    listeners = Listeners()
    for _ in range(2):
        assert await send(at_home, EVENT, listeners) == "heard"
    for event in (
        {"type": "message", "text": "hi"},
        {"type": "message", "subtype": "thread_broadcast"},
        {"type": "message", "subtype": "message_changed", "previous_message": {"user": "U0BOT"}},
    ):
        assert await send(at_home, {**EVENT, "event": event}, listeners) == ""
    edited = {"type": "message", "subtype": "message_changed", "previous_message": {"user": "U0SAM"}}
    assert await send(at_home, {**EVENT, "event": edited}, listeners) == "heard"


async def test_where_the_database_fails_the_listener_is_asked_and_says_so(
    at_home: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr("handlers.slack.current_request.was_handled", unreachable)
    monkeypatch.setattr("handlers.slack.request_gate.remember_handled", unreachable)
    assert await send(at_home, PRESS) == "heard"


async def test_what_is_remembered_is_forgotten_once_no_signature_covers_it(
    sqlite: Store, at_home: AppContext
) -> None:
    await send(at_home, PRESS)
    key = "block_actions:1.2.abc:7.1"
    for later, kept in ((REMEMBER_FOR - timedelta(seconds=1), True), (REMEMBER_FOR * 2, False)):
        do(sqlite, forget_handled, now=NOW + later)
        assert do(sqlite, was_handled, key=key) is kept


async def test_a_press_on_a_locked_database_is_answered_at_once(at_home: AppContext) -> None:
    listeners, gate = Listeners(), RequestGate(at_home)
    storage = at_home.desk.storage
    storage.note(StorageFault.LOCKED)
    answer = await gate.admit(AsyncBoltRequest(mode="socket_mode", body=dict(COMMAND)), listeners)
    assert "database cannot be used" in str(answer.body)
    await gate.admit(AsyncBoltRequest(mode="socket_mode", body=dict(PRESS)), listeners)
    assert listeners.heard == []
    await gate.admit(AsyncBoltRequest(mode="socket_mode", body=dict(SUBMISSION)), listeners)
    assert [body["type"] for body in listeners.heard] == ["view_submission"]  # what was typed is not lost
    storage.clear()
    await gate.admit(AsyncBoltRequest(mode="socket_mode", body=dict(PRESS)), listeners)
    assert len(listeners.heard) == 2


async def test_a_lock_that_was_seen_long_ago_stops_nobody(
    at_home: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    listeners, gate = Listeners(), RequestGate(at_home)
    at_home.desk.storage.note(StorageFault.LOCKED)
    later = time.monotonic() + LOCK_SECONDS
    monkeypatch.setattr("handlers.storage_state.time.monotonic", lambda: later)
    await gate.admit(AsyncBoltRequest(mode="socket_mode", body=dict(PRESS)), listeners)
    assert len(listeners.heard) == 1
