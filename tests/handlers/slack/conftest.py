"""Provide a Slack context on each database in turn."""

import pytest

from handlers.context import AppContext
from handlers.desk import Desk
from tests.handlers.slack.listening import a_slack_context


@pytest.fixture
def ctx(desk: Desk) -> AppContext:
    """A context with a fake directory and fake modals."""
    return a_slack_context(desk)
