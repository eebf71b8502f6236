"""A served chat on each database in turn."""

from collections.abc import AsyncIterator

import pytest_asyncio

from storage.engine import SqlStore
from tests.handlers.web.chat.sites import Site, served


@pytest_asyncio.fixture
async def site(store: SqlStore) -> AsyncIterator[Site]:
    """The chat, served."""
    async with served(store) as site:
        yield site
