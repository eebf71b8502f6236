"""The demo process; the story on its page is tested in tests/flows."""

import socket

import pytest

from sandbox.demo import _served
from sandbox.world import World


async def test_a_taken_port_is_told_with_what_was_taken_instead(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        async with _served(World.create(), port) as address:
            told = capsys.readouterr().out
            assert told.startswith(
                f"Port {port} cannot be used (Address already in use), so the demo has taken"
            )
            assert "--port" in told
            assert not address.endswith(f":{port}")


async def test_a_free_port_is_taken_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    async with _served(World.create(), 0) as address:
        assert address.startswith("http://127.0.0.1:")
    assert capsys.readouterr().out == ""
