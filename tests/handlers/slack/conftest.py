"""Provide an application context for Slack listeners."""

import pytest

from handlers.context import AppContext
from handlers.desk import Desk
from tests.handlers.slack.listening import a_slack_context


@pytest.fixture
def ctx(desk: Desk) -> AppContext:
    """An application context on each database in turn."""
    return a_slack_context(desk)
