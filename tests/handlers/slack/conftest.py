"""The edge on each database in turn."""

import pytest

from handlers.desk import Desk
from handlers.slack.payloads import Edge
from tests.handlers.slack.listening import an_edge


@pytest.fixture
def edge(desk: Desk) -> Edge:
    """An edge to act through."""
    return an_edge(desk)
