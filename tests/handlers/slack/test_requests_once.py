"""Forms, menu choices and commands are stored in the transaction that handles them, by the whole app."""

import asyncio
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest

from handlers.operations.handled_requests import was_handled
from storage.case_changes import CaseChanges
from storage.cases import Cases
from storage.engine import Store
from tests.handlers.made import (
    SAM,
    do,
    messages,
    trail,
)
from tests.handlers.slack.listening import ephemerals, opened_views
from tests.handlers.slack.made_requests import HANDLED, REQUESTS, copies, key_of, notes_of, prepared, state
from tests.handlers.slack.test_app import Answering
from tests.handlers.slack.test_press_once import Killed
from tests.storage.test_case_changes import round_trips

EACH = pytest.mark.parametrize("name", list(REQUESTS))


@pytest.fixture(autouse=True)
def _of_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slack_sdk.web.async_client.AsyncWebClient.auth_test", Answering.auth_test)


@EACH
async def test_it_is_done_once_though_a_copy_is_killed_right_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What a copy would do after the use case is never done; Slack sends the request again."""
    case, body = await prepared(store, name)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    before = state(store, case)
    with copies(store) as (one, two):
        with monkeypatch.context() as dying:
            dying.setattr("handlers.slack.request_gate.remember_handled", killed)
            assert HANDLED not in await one.hear(body)
        done = state(store, case)
        assert done != before
        assert do(store, was_handled, key=key_of(body))
        again = await two.hear(body)
        assert state(store, case) == done
        assert (HANDLED in again) is ("actions" not in body)
        assert ephemerals(two.ctx) == opened_views(two.ctx) == []


@EACH
async def test_nothing_is_stored_of_what_was_killed_within_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    case, body = await prepared(store, name)
    before = state(store, case)
    with copies(store) as (one, two):
        with monkeypatch.context() as dying:
            dying.setattr(CaseChanges, "save", dies_after(CaseChanges.save))
            with pytest.raises(Killed):
                await one.hear(body)
        assert state(store, case) == before
        assert not do(store, was_handled, key=key_of(body))
        assert HANDLED not in await two.hear(body)
        assert state(store, case) != before
        assert do(store, was_handled, key=key_of(body))


def dies_after(act: Callable[..., object]) -> Callable[..., None]:
    def dying(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as it is called
        act(*args, **kwargs)
        raise Killed

    return dying


@EACH
async def test_at_two_copies_at_once_it_is_done_once(
    postgres: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    case, body = await prepared(postgres, name)
    before = len(trail(postgres, case.id))
    reads, reading = Barrier(2), "next_unclaimed" if name == "next" else "get"
    read: Callable[..., object] = getattr(Cases, reading)
    waited: list[str] = []

    def read_together(*asked: object) -> object:
        found = read(*asked)
        if len(waited) < 2:
            waited.append("")
            reads.wait(timeout=60)
        return found

    with copies(postgres) as both:
        with monkeypatch.context() as meeting:
            meeting.setattr(Cases, reading, read_together)
            said = await asyncio.gather(*(copy.hear(body) for copy in both))
        assert len(waited) == 2
        assert [ephemerals(copy.ctx) for copy in both] == [[], []]
    if "actions" not in body:
        assert sorted(HANDLED in one for one in said) == [False, True]
    assert do(postgres, was_handled, key=key_of(body))
    entries = [entry.action for entry in trail(postgres, case.id)[before:]]
    assert len(entries) == len(set(entries)) > 0
    assert len(notes_of(postgres, case)) == (name == "note")
    ours = [message for message in messages(postgres, case.id) if message.sent_by == SAM]
    assert len(ours) == (name in {"answer", "private answer", "move"})


@EACH
async def test_it_takes_no_transaction_but_its_own(postgres: Store, name: str) -> None:
    _case, body = await prepared(postgres, name)
    with copies(postgres, 1) as (copy,), round_trips(postgres) as counted:
        await copy.hear(body)
    assert counted == [REQUESTS[name].trips]
