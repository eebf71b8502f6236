"""Store which requests were handled."""

from storage.engine import Store
from tests.storage.made import NOW


def test_a_request_is_new_once(store: Store) -> None:
    for is_new in (True, False):
        with store.unit_of_work() as uow:
            assert uow.handled_requests.add("a", NOW) is is_new
            assert uow.handled_requests.add_last("b", NOW) is is_new
    with store.unit_of_work() as uow:
        assert uow.handled_requests.has("a")
        assert not uow.handled_requests.has("c")
