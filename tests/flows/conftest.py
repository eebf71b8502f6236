"""Provide stories on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories import Story, running_story


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A sandbox and a bot without a model, on each database in turn."""
    async with running_story(tmp_path, database_url) as story:
        yield story
