"""A press is stored in the transaction that handles it: it does what it asks for once, in whichever copy."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from domain.cases.case import Case
from domain.operations.storage_faults import StorageFault, StorageUnavailable
from handlers.cases import assignment
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.operations.handled_requests import was_handled
from handlers.slack.current_request import stores_requests
from handlers.slack.listeners import FindUseCase, on_press, one_use_case
from handlers.slack.payloads import Press
from handlers.slack.request_gate import RequestGate
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import MIA, NOW, SAM, ConcurrentWriter, a_stored_case, case_of, do
from tests.handlers.slack.listening import Ack, Directory, a_slack_context, ephemerals
from tests.handlers.slack.test_payloads import a_press
from tests.storage.test_case_changes import round_trips

KEY = "block_actions:1.2.abc:7.1"


class Killed(BaseException):
    """The process ends here."""


class Copy:
    """A copy of the bot, as far as a press of one button takes it."""

    def __init__(self, ctx: AppContext, act: FindUseCase) -> None:
        self.ctx = ctx
        self.heard = 0
        self._listener = on_press(ctx, one_use_case(act))
        self._gate = RequestGate(ctx, is_looked_up_later=lambda _body: stores_requests(self._listener))

    async def press(self, **changes: Any) -> None:  # noqa: ANN401 - any of the fields
        """Have the press arrive."""
        request = AsyncBoltRequest(body=claim_press(**changes), mode="socket_mode")
        assert (await self._gate.admit(request, self._dispatch)).body == ""

    async def _dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        self.heard += 1
        ack: Any = Ack()
        await self._listener(ack=ack, body=request.body)
        assert ack.given == [{}]
        return BoltResponse(status=200, body="")


def claim_press(user: str = SAM, at: str = "7.1", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    action = {"type": "button", "action_id": "case.claim", "value": "1:1", "action_ts": at}
    return a_press(**({"user": {"id": user}, "actions": [action]} | changes))


def claim_of(case: Case, use_case: Callable[..., object] = assignment.claim) -> FindUseCase:
    def act(_ctx: AppContext, press: Press) -> tuple[Callable[..., object], Mapping[str, Any]]:
        return use_case, {"case_id": case.id, "user_id": press.user_id, "now": NOW}

    return act


@pytest.fixture
def another(store: Store) -> Iterator[AppContext]:
    """The context of a second copy, on the database of the first."""
    desk = Desk(store)
    yield a_slack_context(desk)
    desk._pool.shutdown()


def with_card(store: Store) -> Case:
    """Store a case with a card: nothing of what changes it is written before the end of the transaction."""
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C1", ts="1.2", digest="d")
    return case


def actions(store: Store, case: Case) -> list[str]:
    with store.unit_of_work() as uow:
        return [entry.action.value for entry in uow.audit.of_case(case.id)][1:]


async def test_a_press_that_comes_again_does_nothing_in_any_copy_whatever_happened_since(
    store: Store, ctx: AppContext, another: AppContext
) -> None:
    case = a_stored_case(store)
    one, two = Copy(ctx, claim_of(case)), Copy(another, claim_of(case))
    await one.press()
    assert do(store, was_handled, key=KEY)
    await two.press()
    do(store, assignment.release, case_id=case.id, user_id=SAM, now=NOW)
    for copy in (one, two, Copy(another, claim_of(case))):
        await copy.press()
    do(store, assignment.claim, case_id=case.id, user_id=MIA, now=NOW)
    for copy in (one, two):
        await copy.press()
    assert actions(store, case) == ["claimed", "released", "claimed"]
    assert ephemerals(ctx) == ephemerals(another) == []
    await two.press(at="7.2")
    assert f"<@{MIA}>" in ephemerals(another)[0]


async def test_a_refused_press_is_refused_once(store: Store, ctx: AppContext, another: AppContext) -> None:
    case = a_stored_case(store)
    do(store, assignment.claim, case_id=case.id, user_id=MIA, now=NOW)
    for copy in (Copy(ctx, claim_of(case)), Copy(another, claim_of(case))):
        await copy.press()
    assert (len(ephemerals(ctx)), len(ephemerals(another))) == (1, 0)
    do(store, assignment.release, case_id=case.id, user_id=MIA, now=NOW)
    await Copy(another, claim_of(case)).press()
    assert case_of(store, case.id).claimed_by is None


async def test_whoever_lost_their_role_since_hears_nothing_of_a_press_that_comes_again(
    store: Store, ctx: AppContext
) -> None:
    case = a_stored_case(store)
    await Copy(ctx, claim_of(case)).press()
    without: Any = Directory(known={MIA: "Mia"})
    later = replace(ctx, directory=without)
    await Copy(later, claim_of(case)).press()
    assert ephemerals(later) == []
    await Copy(later, claim_of(case)).press(at="7.2")
    assert "only members" in ephemerals(later)[0]


async def test_a_press_that_changes_nothing_is_stored_too(
    store: Store, ctx: AppContext, another: AppContext
) -> None:
    case = a_stored_case(store)
    do(store, assignment.claim, case_id=case.id, user_id=SAM, now=NOW)
    await Copy(ctx, claim_of(case)).press()
    do(store, assignment.release, case_id=case.id, user_id=SAM, now=NOW)
    await Copy(another, claim_of(case)).press()
    assert actions(store, case) == ["claimed", "released"]


async def test_the_same_at_two_copies_at_once_is_done_once(postgres: Store) -> None:
    case = with_card(postgres)
    both_have_read, desks = Barrier(2), [Desk(postgres), Desk(postgres)]
    waited: list[str] = []

    def wait_and_claim(uow: UnitOfWork, **asked: Any) -> None:  # noqa: ANN401 - those of `claim`
        assignment.claim(uow, **asked)
        if len(waited) < 2:
            waited.append("")
            both_have_read.wait(timeout=60)

    copies = [Copy(a_slack_context(desk), claim_of(case, wait_and_claim)) for desk in desks]
    await asyncio.gather(*(copy.press() for copy in copies))
    assert len(waited) == 2
    assert actions(postgres, case) == ["claimed"]
    assert [ephemerals(copy.ctx) for copy in copies] == [[], []]
    for desk in desks:
        desk._pool.shutdown()


async def test_a_press_that_conflicts_with_another_change_is_done_and_stored(
    store: Store, ctx: AppContext
) -> None:
    case = with_card(store)
    runs: list[int] = []
    writer = ConcurrentWriter(store, case.id)

    def claim_late(uow: UnitOfWork, **asked: Any) -> None:  # noqa: ANN401 - those of `claim`
        assignment.claim(uow, **asked)
        runs.append(1)
        if len(runs) == 1:
            writer.start_write()

    copy = Copy(ctx, claim_of(case, claim_late))
    await copy.press()
    writer.close()
    assert len(runs) == (2 if store.engine.dialect.name == "postgresql" else 1)  # SQLite has one writer
    await copy.press()
    assert case_of(store, case.id).claimed_by == SAM
    assert actions(store, case) == ["claimed"]
    assert ephemerals(ctx) == []


async def test_what_fails_is_not_stored_with_what_it_did(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)

    def fail(uow: UnitOfWork, **asked: Any) -> None:  # noqa: ANN401 - those of `claim`
        assignment.claim(uow, **asked)
        raise Killed

    with pytest.raises(Killed):
        await Copy(ctx, claim_of(case, fail)).press()
    assert case_of(store, case.id).claimed_by is None
    await Copy(ctx, claim_of(case)).press()
    assert case_of(store, case.id).claimed_by == SAM


async def test_where_the_database_fails_whoever_presses_hears_so(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)

    class Away(Desk):
        async def run_at_once(self, *_: Any, **__: Any) -> Any:  # noqa: ANN401 - whatever is run
            raise StorageUnavailable(StorageFault.UNREACHABLE)

    away = replace(ctx, desk=Away(store))
    await Copy(away, claim_of(case)).press()
    assert "our database cannot be used" in ephemerals(away)[0]
    assert case_of(store, case.id).claimed_by is None


async def test_what_another_app_takes_is_looked_up_and_stored_by_the_gate(
    sqlite: Store, postgres: Store
) -> None:
    desk, of_rehearsal = Desk(postgres), Desk(sqlite)
    case = a_stored_case(sqlite)
    ctx, rehearsal = a_slack_context(desk), a_slack_context(of_rehearsal)

    class Taken(Copy):
        def __init__(self) -> None:
            super().__init__(rehearsal, claim_of(case))
            self._gate = RequestGate(ctx)

    copies = [Taken(), Taken()]
    for copy in copies:
        await copy.press()
    assert [copy.heard for copy in copies] == [1, 0]
    assert actions(sqlite, case) == ["claimed"]
    assert do(postgres, was_handled, key=KEY)
    assert not do(sqlite, was_handled, key=KEY)
    desk.close()
    of_rehearsal.close()


async def test_a_press_takes_two_round_trips(postgres: Store) -> None:
    case, desk = with_card(postgres), Desk(postgres)
    with round_trips(postgres) as counted:
        await Copy(a_slack_context(desk), claim_of(case)).press()
    assert counted == [2]
    assert do(postgres, was_handled, key=KEY)
    desk.close()
