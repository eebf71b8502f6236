"""Provide an application context for Slack listeners."""

from collections.abc import Iterator

import pytest

from handlers.context import AppContext
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.slack.listening import a_slack_context


@pytest.fixture
def ctx(desk: Desk) -> AppContext:
    """An application context on each database in turn."""
    return a_slack_context(desk)


@pytest.fixture
def sqlite_ctx(sqlite: Store) -> Iterator[AppContext]:
    """An application context on SQLite, for what does not depend on the database."""
    desk = Desk(sqlite)
    yield a_slack_context(desk)
    desk.close()
