"""Store which requests were handled, alone or with the change of a case."""

import pytest

from handlers.cases.assignment import claim
from storage.engine import Store
from storage.errors import RequestRepeated
from storage.unit_of_work import UnitOfWork
from tests.storage.made import NOW, stored


def test_a_request_is_new_once(store: Store) -> None:
    for is_new in (True, False):
        with store.unit_of_work() as uow:
            assert uow.handled_requests.add("a", NOW) is is_new
            assert uow.handled_requests.add_last("b", NOW) is is_new
    with store.unit_of_work() as uow:
        assert uow.handled_requests.has("a")
        assert not uow.handled_requests.has("c")


@pytest.mark.parametrize("changes_case", [False, True])
def test_a_request_is_stored_with_what_it_changes_or_nothing_is(store: Store, *, changes_case: bool) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C1", ts="1.2", digest="d")

    def act(uow: UnitOfWork, user_id: str) -> None:
        uow.case_changes.store_request("a", NOW)
        uow.case_changes.require_new_request()
        if changes_case:
            claim(uow, case_id=case.id, user_id=user_id, now=NOW)

    def fail() -> None:
        with store.unit_of_work() as uow:
            act(uow, "U0SAM")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with store.unit_of_work() as uow:
        assert not uow.handled_requests.has("a")
        act(uow, "U0SAM")
    with store.unit_of_work() as uow:
        claimed = uow.cases.get(case.id)
        assert claimed.claimed_by == ("U0SAM" if changes_case else None)
    with pytest.raises(RequestRepeated), store.unit_of_work() as uow:
        act(uow, "U0SAM")
    with store.unit_of_work() as uow:
        assert uow.cases.get(case.id) == claimed


def test_a_request_that_another_copy_stored_meanwhile_changes_nothing(postgres: Store) -> None:
    [case] = stored(postgres)
    with postgres.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C1", ts="1.2", digest="d")

    def act() -> None:
        with postgres.unit_of_work() as uow:
            uow.case_changes.store_request("a", NOW)
            claim(uow, case_id=case.id, user_id="U0SAM", now=NOW)
            with postgres.unit_of_work() as other:
                other.handled_requests.add("a", NOW)

    with pytest.raises(RequestRepeated):
        act()
    with postgres.unit_of_work() as uow:
        assert uow.cases.get(case.id).claimed_by is None
        assert uow.audit.of_case(case.id) == []
