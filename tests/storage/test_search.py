"""Find cases by words: case folding, Unicode forms, LIKE wildcards, on both databases."""

import pytest

from storage.engine import Store
from tests.storage.made import a_message, stored, stored_private_message


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("GROSSE STRASSE", "große straße"),
        ("große Straße", "STRASSE"),
        ("Ελλάδα Ϊ\u0301", "ΕΛΛΆΔΑ ΐ"),
        ("ｆｕｌｌ width", "full WIDTH"),
        ("caf\u0065\u0301", "CAF\u00c9"),
        ("50% _off_", "50% _OFF_"),
    ],
)
def test_search_ignores_case_and_unicode_forms(store: Store, said: str, asked: str) -> None:
    [case] = stored(store)
    stored_private_message(store, a_message(case.id, text="nothing", subject=said))
    with store.unit_of_work() as uow:
        assert [found.id for found in uow.case_search.find(asked.split(), limit=5)] == [case.id]
        assert uow.case_search.find(["50%x"], limit=5) == []
