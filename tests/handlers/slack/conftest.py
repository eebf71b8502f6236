"""The edge on each database in turn."""

import pytest

from handlers.desk import Desk
from handlers.slack.edge import Edge
from tests.handlers.slack.edges import an_edge


@pytest.fixture
def edge(desk: Desk) -> Edge:
    """An edge to act through."""
    return an_edge(desk)
