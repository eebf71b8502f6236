"""The edge on each database in turn."""

import pytest

from handlers.context import AppContext
from handlers.desk import Desk
from tests.handlers.slack.listening import an_edge


@pytest.fixture
def edge(desk: Desk) -> AppContext:
    """An edge to act through."""
    return an_edge(desk)
