"""The demo process; the story on its page is tested in tests/flows."""

import socket

import pytest

from sandbox.demo import _environment, _served
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


def test_the_demo_has_a_model_only_where_that_is_asked_for() -> None:
    world = World.create()
    without, with_model = (_environment(world, "http://a", with_model=wanted) for wanted in (False, True))
    assert "OPENAI_API_KEY" not in without
    assert set(with_model) - set(without) == {"OPENAI_API_KEY"}
