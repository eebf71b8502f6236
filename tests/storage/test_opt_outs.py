"""Store and remove opt-outs, on both databases."""

from storage.engine import Store
from tests.storage.made import NOW


def test_an_opt_out_applies_to_one_author_at_one_account_until_removed(store: Store) -> None:
    for _ in range(2):
        with store.unit_of_work() as uow:
            uow.opt_outs.add("x", "1", "77", text="STOP", now=NOW)
    with store.unit_of_work() as uow:
        assert uow.opt_outs.has("x", "1", "77")
        for other in (("y", "1", "77"), ("x", "2", "77"), ("x", "1", "78")):
            assert not uow.opt_outs.has(*other)
            uow.opt_outs.remove(*other)
        assert uow.opt_outs.has("x", "1", "77")
        uow.opt_outs.remove("x", "1", "77")
        assert not uow.opt_outs.has("x", "1", "77")
