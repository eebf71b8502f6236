"""What managers, and who is on call, ask for is stored in the transaction that handles it."""

import asyncio
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from handlers.operations.handled_requests import handling, was_handled
from storage.case_changes import CaseChanges
from storage.engine import Store
from storage.tables import audit
from tests.handlers.made import do
from tests.handlers.slack.listening import ephemerals
from tests.handlers.slack.made_requests import HANDLED, copies, key_of
from tests.handlers.slack.made_team_requests import PARTS, TEAM_REQUESTS, rows
from tests.handlers.slack.test_app import Answering
from tests.handlers.slack.test_press_once import Killed
from tests.handlers.slack.test_requests_once import dies_after
from tests.storage.test_case_changes import round_trips

EACH = pytest.mark.parametrize("name", list(TEAM_REQUESTS))


@pytest.fixture(autouse=True)
def _of_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slack_sdk.web.async_client.AsyncWebClient.auth_test", Answering.auth_test)


def actions(store: Store) -> list[tuple[str, int | None]]:
    with store.engine.connect() as connection:
        found = connection.execute(select(audit.c.action, audit.c.case_id).order_by(audit.c.id))
        return [(row.action, row.case_id) for row in found]


def killed(*_: object, **__: object) -> None:
    raise Killed


@EACH
async def test_it_is_done_once_though_a_copy_is_killed_right_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    body = TEAM_REQUESTS[name].body(store)
    before = rows(store)
    with copies(store, **PARTS) as (one, two):
        with monkeypatch.context() as dying:
            dying.setattr("handlers.slack.request_gate.remember_handled", killed)
            assert HANDLED not in await one.hear(body)
        done = rows(store)
        assert done != before
        assert do(store, was_handled, key=key_of(body))
        again = await two.hear(body)
        assert rows(store) == done
        assert (HANDLED in again) is ("actions" not in body)
        assert ephemerals(two.ctx) == []


@EACH
async def test_nothing_is_stored_of_what_was_killed_within_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    body = TEAM_REQUESTS[name].body(store)
    before = rows(store)

    def handling_until_killed(use_case: Callable[..., object], **asked: Any) -> Callable[..., object]:  # noqa: ANN401
        return handling(dies_after(use_case), **asked)

    with copies(store, **PARTS) as (one, two):
        with monkeypatch.context() as dying:
            dying.setattr("handlers.slack.current_request.handling", handling_until_killed)
            with pytest.raises(Killed):
                await one.hear(body)
        assert rows(store) == before
        assert not do(store, was_handled, key=key_of(body))
        assert HANDLED not in await two.hear(body)
        assert rows(store) != before


@EACH
async def test_at_two_copies_at_once_it_is_done_once(
    postgres: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    body = TEAM_REQUESTS[name].body(postgres)
    before = len(actions(postgres))
    both, waited, store_request = Barrier(2), list[str](), CaseChanges.store_request

    def begin_together(self: CaseChanges, *asked: Any) -> None:  # noqa: ANN401 - as it is called
        store_request(self, *asked)
        if len(waited) < 2:
            waited.append("")
            both.wait(timeout=60)

    with copies(postgres, **PARTS) as two:
        with monkeypatch.context() as meeting:
            meeting.setattr(CaseChanges, "store_request", begin_together)
            said = await asyncio.gather(*(copy.hear(body) for copy in two))
        assert len(waited) == 2
        assert sum(len(ephemerals(copy.ctx)) for copy in two) <= 1
    if "actions" not in body:
        assert sorted(HANDLED in one for one in said) == [False, True]
    assert do(postgres, was_handled, key=key_of(body))
    written = actions(postgres)[before:]
    assert len(written) == len(set(written))


@EACH
async def test_it_takes_no_transaction_but_its_own(postgres: Store, name: str) -> None:
    body = TEAM_REQUESTS[name].body(postgres)
    with copies(postgres, 1, **PARTS) as (copy,), round_trips(postgres) as counted:
        await copy.hear(body)
    assert counted == [TEAM_REQUESTS[name].trips]
