"""Report why a bot cannot start, and leave nothing running."""

import socket
from typing import Any

import pytest
from starlette.applications import Starlette

from domain.networks import Networks
from handlers.background_tasks import BackgroundTasks
from handlers.lifecycle import CannotStart, Running
from handlers.web.server import WebServer

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


def a_bot(host: str, port: int, **parts: Any) -> Running:  # noqa: ANN401 - any of the fields
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
    return Running(**fields | parts)


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
