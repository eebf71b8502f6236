"""Provide the mailboxes that the tests of this folder read."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.email.places import MailServer, dovecot_server, sandbox_server


@pytest.fixture(params=["pretend", "dovecot"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[MailServer]:
    """Mail servers: the sandbox's and Debian's dovecot, in turn."""
    if request.param == "pretend":
        async with sandbox_server() as made:
            yield made
        return
    with tempfile.TemporaryDirectory(prefix="mail-") as folder:
        async with dovecot_server(Path(folder)) as made:
            yield made
