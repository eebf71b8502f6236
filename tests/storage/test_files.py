"""Store files; their content is loaded with one file, never with a list, on both databases."""

from dataclasses import replace

from storage.engine import Store
from tests.storage.made import (
    NOW,
    a_file,
    a_message,
    stored,
    stored_private_message,
)


def test_content_is_loaded_with_one_file_but_not_with_a_list(store: Store) -> None:
    [case] = stored(store)
    first, second = (stored_private_message(store, a_message(case.id, key)) for key in ("<a>", "<b>"))
    whole = bytes(range(256)) * 3
    with store.unit_of_work() as uow:
        one, two, three = uow.files.add_many(
            [
                a_file(case.id, first.id, content=whole),
                a_file(case.id, first.id, "b.png", source="F1"),
                a_file(case.id, second.id, "c.png"),
            ]
        )
        assert uow.files.add_many([]) == []
        uow.files.save(replace(two, content=b"abc", shared_at=NOW))
    with store.unit_of_work() as uow:
        assert uow.files.get(one.id) == replace(one, content=whole)
        assert uow.files.get(two.id).content == b"abc"
        assert uow.files.of_messages([first.id, second.id]) == {
            first.id: [replace(one, content=None), replace(two, shared_at=NOW)],
            second.id: [three],
        }
        assert uow.files.of_messages([]) == {}
