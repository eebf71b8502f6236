"""Report why a bot cannot start, and leave nothing running."""

import asyncio
import socket
import threading
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette

from adapters.networks.registry import NETWORKS
from adapters.twitter_text import patterns
from domain.networks import Networks, TextCount
from handlers.background_tasks import BackgroundTasks
from handlers.lifecycle import CannotStart, RunningBot
from handlers.web.server import WebServer
from tests.handlers.made import networks

#: Stand-in for a part that must not be used.
UNTOUCHED: Any = None


class Idle:
    """Stand-in for a part that has nothing to finish."""

    async def stop(self) -> None:
        pass


class Stopped:
    """Stand-in for a schedule that was not started."""

    is_alive = False


class OpenRehearsals(Idle):
    """Rehearsals that note whether the web server still listened when they were closed."""

    port = 0
    could_be_reached = True

    async def stop(self) -> None:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except ConnectionRefusedError:
            self.could_be_reached = False


def a_bot(host: str, port: int, **parts: Any) -> RunningBot:  # noqa: ANN401 - any of the fields
    fields: dict[str, Any] = {
        "networks": Networks({}),
        "delivery": UNTOUCHED,
        "schedule": UNTOUCHED,
        "web": WebServer(Starlette(), host, port),
        "background": BackgroundTasks(),
        "learner": UNTOUCHED,
        "socket": UNTOUCHED,
        "rehearsals": UNTOUCHED,
    }
    return RunningBot(**fields | parts)


async def test_a_rehearsal_is_closed_once_no_press_can_open_it_again() -> None:
    rehearsals, idle = OpenRehearsals(), Idle()
    bot = a_bot(
        "127.0.0.1", 0, rehearsals=rehearsals, delivery=idle, schedule=idle, learner=idle, socket=None
    )
    await bot.web.start()
    rehearsals.port = int(bot.web.address.rpartition(":")[2])
    await bot.stop()
    assert not rehearsals.could_be_reached


async def test_a_taken_port_says_what_happened_where_and_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        bot = a_bot("127.0.0.1", port, schedule=Stopped(), socket=None)
        with pytest.raises(CannotStart) as refused:
            await bot.start()
    told = str(refused.value)
    assert told.startswith(f"The web side cannot listen at 127.0.0.1, port {port}: Address already in use.")
    assert "HTTP_PORT" in told
    assert await bot.parts() == {"delivery": False, "scheduler": False}


async def test_a_taken_port_of_the_metrics_names_their_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        bot = a_bot("127.0.0.1", 0, metrics=WebServer(Starlette(), "127.0.0.1", port))
        with pytest.raises(CannotStart, match="METRICS_PORT"):
            await bot.start()
    await bot.web.stop()


async def test_an_address_of_another_machine_is_not_called_a_taken_port() -> None:
    with pytest.raises(CannotStart) as refused:
        await a_bot("192.0.2.1", 0).start()
    told = str(refused.value)
    assert "192.0.2.1" in told
    assert "HTTP_HOST" in told
    assert "in use" not in told


class Slow(Idle):
    """Stand-in for the outbox's loop, which notes whether texts could be counted when it began."""

    def __init__(self, counted: list[str]) -> None:
        self._counted = counted
        self.found: list[str] = []
        self.began = asyncio.Event()
        self.is_alive = False

    async def run(self) -> None:
        self.found = list(self._counted)
        self.began.set()


class Started(Idle):
    """Stand-in for a schedule that was started."""

    is_alive = True

    def stuck(self) -> str:
        return ""

    def start(self) -> None:
        pass


class Learning(Idle):
    async def start(self) -> None:
        pass


async def test_nothing_is_delivered_before_texts_can_be_counted_which_holds_up_no_start() -> None:
    """X's pattern of links takes 70 ms to compile: not on the event loop, which clicks wait for."""
    counted: list[str] = []
    may_count = threading.Event()

    def count(text: str) -> TextCount:
        assert may_count.wait(timeout=60)
        assert threading.current_thread() is not threading.main_thread()
        counted.append(text)
        return TextCount(length=len(text), limit=280)

    [(name, connected)] = networks().items()
    counting = replace(connected, profile=replace(connected.profile, count=count))
    delivery = Slow(counted)
    parts: Any = {"delivery": delivery, "schedule": Started(), "learner": Learning(), "rehearsals": Idle()}
    bot = a_bot("127.0.0.1", 0, networks=Networks({name: counting}), socket=None, **parts)
    await bot.start()
    assert not delivery.began.is_set()
    assert (await bot.parts())["delivery"]
    may_count.set()
    async with asyncio.timeout(60):
        await delivery.began.wait()
    assert len(delivery.found) == 1
    await bot.stop()


async def test_a_text_with_a_link_is_counted_so_that_its_patterns_are_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[threading.Thread] = []
    domains = patterns._top_level_domain

    def noted() -> str:
        threads.append(threading.current_thread())
        return domains()

    monkeypatch.setattr(patterns, "_top_level_domain", noted)
    for pattern in (patterns.url, patterns.ascii_domain):
        pattern.cache_clear()
    x = replace(networks()["x"], profile=NETWORKS["x"].profile)
    parts: Any = {"delivery": Slow([]), "schedule": Started(), "learner": Learning(), "rehearsals": Idle()}
    bot = a_bot("127.0.0.1", 0, networks=Networks({"x": x}), socket=None, **parts)
    await bot.start()
    async with asyncio.timeout(60):
        await parts["delivery"].began.wait()
    assert len(threads) == 2
    assert threading.main_thread() not in threads
    x.profile.count("see https://example.com/x, acme.example and README.md")
    assert len(threads) == 2
    await bot.stop()


async def test_a_network_whose_texts_cannot_be_counted_keeps_nothing_from_being_delivered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_text: str) -> TextCount:
        raise ValueError

    [(name, connected)] = networks().items()
    broken = replace(connected, profile=replace(connected.profile, count=fail))
    delivery = Slow([])
    parts: Any = {"delivery": delivery, "schedule": Started(), "learner": Learning(), "rehearsals": Idle()}
    bot = a_bot("127.0.0.1", 0, networks=Networks({name: broken}), socket=None, **parts)
    await bot.start()
    async with asyncio.timeout(60):
        await delivery.began.wait()
    assert "texts for X could not be counted" in caplog.text
    await bot.stop()
