"""The mailboxes that the tests of this folder read."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.email.places import Place, pretend, real


@pytest.fixture(params=["pretend", "dovecot"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """A mailbox on each kind of server."""
    if request.param == "pretend":
        async with pretend() as made:
            yield made
        return
    with tempfile.TemporaryDirectory(prefix="mail-") as folder:
        async with real(Path(folder)) as made:
            yield made
