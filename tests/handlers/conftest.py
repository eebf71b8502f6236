"""The databases for the tests of this folder, and a desk on each."""

from collections.abc import Iterator

import pytest

from handlers.desk import Desk
from storage.engine import Store


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """A desk on each database in turn. It closes the store."""
    desk = Desk(store)
    yield desk
    desk.close()
