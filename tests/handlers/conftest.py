"""Provide a desk on each database to the tests of this folder."""

from collections.abc import Iterator

import pytest

from handlers.desk import Desk
from storage.engine import Store


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """A desk on each database in turn; it closes the store."""
    desk = Desk(store)
    yield desk
    desk.close()
