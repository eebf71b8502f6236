"""The demo process; the story on its page is tested in tests/flows."""

import asyncio
import os
import signal
import socket
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import aiohttp
import pytest

from adapters.settings.office import Office
from sandbox.bot_process import BotProcess
from sandbox.demo import _choices, _environment, _served, demo
from sandbox.history.events import Event, OwnPost
from sandbox.history.office import _shifts_of
from sandbox.slack.seed import groups
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


async def test_the_demo_can_be_ended_while_its_history_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    begun: asyncio.Queue[Path] = asyncio.Queue()

    async def write(_events: Sequence[Event], folder: Path, _environment: Mapping[str, str]) -> list[OwnPost]:
        begun.put_nowait(folder)
        await asyncio.Event().wait()
        return []

    running = asyncio.create_task(demo(Path("not started"), write, port=0))
    try:
        folder = await begun.get()
        assert capsys.readouterr().out.startswith("The demo writes thirty days of history first")
        os.kill(os.getpid(), signal.SIGINT)
        assert await running == 0
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(sign)
    assert not folder.exists()


@pytest.mark.parametrize("ends", ["connects", "ends", "is stopped"])
async def test_the_address_is_told_once_the_bot_is_connected(
    ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: asyncio.Queue[Mapping[str, str]] = asyncio.Queue()
    told: asyncio.Queue[str] = asyncio.Queue()
    monkeypatch.setattr("sandbox.demo._print", told.put_nowait)

    class Connecting(BotProcess):
        async def run(self) -> str:
            started.put_nowait(self._environment)
            if ends != "ends":
                await asyncio.Event().wait()
            return "it ended"

    monkeypatch.setattr("sandbox.demo.BotProcess", Connecting)
    running = asyncio.create_task(demo(Path("not started"), port=0))
    try:
        environment = await started.get()
        await asyncio.sleep(0)
        assert told.empty()
        if ends == "connects":
            async with aiohttp.ClientSession() as session:
                app = {"Authorization": f"Bearer {environment['SLACK_APP_TOKEN']}"}
                open_ = f"{environment['SLACK_API_URL']}apps.connections.open"
                async with session.post(open_, headers=app) as answer:
                    url = (await answer.json())["url"]
                async with session.ws_connect(url), asyncio.timeout(30):
                    assert "demo is at http://127.0.0.1:" in await told.get()
        if ends != "ends":
            os.kill(os.getpid(), signal.SIGINT)
        assert await running == (1 if ends == "ends" else 0)
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(sign)
    assert told.qsize() == (1 if ends == "ends" else 0)


def test_the_demo_has_a_model_only_where_that_is_asked_for() -> None:
    world = World.create()
    without, with_model = (_environment(world, "http://a", with_model=wanted) for wanted in (False, True))
    assert "OPENAI_API_KEY" not in without
    assert set(with_model) - set(without) == {"OPENAI_API_KEY"}


def test_the_demo_has_managers_and_is_open_while_the_agents_of_its_history_work() -> None:
    settings = tomllib.loads(_choices("http://a"))
    assert settings["reports"]["managers_group"] in {group.handle for group in groups()}
    office = Office.model_validate(settings["office"]).office_hours
    for day in (date(2026, 1, 1) + timedelta(days=days) for days in range(365)):
        for begin, end, agent in _shifts_of(day):
            assert office.seconds_between(begin, end) == (end - begin).total_seconds(), (day, agent)
