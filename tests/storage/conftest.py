"""Provide a stored case to the storage tests."""

import pytest

from storage.engine import Store
from tests.storage.made import stored


@pytest.fixture
def case_id(store: Store) -> int:
    return stored(store)[0].id
