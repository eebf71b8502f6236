"""Run the demo: the sandbox in this process, the real bot in a child process, both on loopback.

Needs no configuration.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from sandbox.bot_process import BotProcess
from sandbox.history import publish, simulate
from sandbox.history.events import Event, OwnPost
from sandbox.world import World, running

REPLAY = "demo"
REPLAY_SPEED = 0.5  # of the set, so that a newcomer can read what arrives
DATABASE = "switchboard.db"
#: The demo raises X's rate limit for reading direct messages, so that one arrives within seconds instead
#: of a minute.
READ_MESSAGES, READS_PER_WINDOW = "GET /2/dm_events", 1_000
#: On call are two, since nobody approves what they wrote themselves.
APPROVER, ON_CALL = "U0RUTH", "C0ONCALL"
ARTICLES = Path(__file__).parent / "articles"
CHOICES = Path(__file__).parent / "demo.toml"


#: Write events into the database of the bot that runs in a folder, with its environment; return our posts.
WriteHistory = Callable[[Sequence[Event], Path, Mapping[str, str]], Awaitable[Sequence[OwnPost]]]


async def demo(
    bot: Path, write_history: WriteHistory | None = None, *, port: int, with_model: bool = False
) -> int:
    """Serve the demo until SIGINT or SIGTERM; returns the exit code.

    `write_history` gives the workspace a past; without it, it is empty. `with_model` adds the pretend
    language model; without it the bot suggests what it does without a key.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    world = World.create()
    world.x.limits.limit[READ_MESSAGES] = READS_PER_WINDOW
    world.slack.join(APPROVER, ON_CALL)
    with tempfile.TemporaryDirectory(prefix="switchboard-demo-") as folder:
        async with contextlib.AsyncExitStack() as stack:
            address = await stack.enter_async_context(_served(world, port))
            environment = _environment(world, address, with_model=with_model)
            (Path(folder) / "switchboard.toml").write_text(_choices(address), encoding="utf-8")
            stopped = asyncio.create_task(stop.wait())
            if write_history is not None:
                _print("The demo writes thirty days of history first, which takes some seconds …")
                past = _write_past(world, Path(folder), environment, write_history)
                if not await _ended_before(stopped, past):
                    return 0
            environment["DATABASE_URL"] = f"sqlite:///{DATABASE}"
            world.bot = BotProcess(bot, Path(folder), environment, clock=world.clock, report=_print)
            stack.push_async_callback(world.bot.stop)
            run = asyncio.create_task(world.bot.run(), name="the bot")
            await _show(world, address, stopped, run)
            stopped.cancel()
            if not run.done():
                return 0
            _print(run.result())
            return 1


async def _ended_before(stopped: "asyncio.Task[bool]", work: Coroutine[object, object, None]) -> bool:
    """Do some work; return `False`, with the work cancelled, where the demo is stopped first."""
    task = asyncio.create_task(work)
    await asyncio.wait({stopped, task}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        return False
    task.result()
    return True


async def _show(world: World, address: str, stopped: "asyncio.Task[bool]", run: "asyncio.Task[str]") -> None:
    """Play the posts once the bot is connected, and say where the page is; until either task ends."""
    connected = asyncio.create_task(world.slack.sockets.has_connected.wait())
    await asyncio.wait({stopped, run, connected}, return_when=asyncio.FIRST_COMPLETED)
    if connected.done():  # before, what is pressed or typed in the page would reach nobody
        await world.replay.start(REPLAY, speed=REPLAY_SPEED)
        _print(f"Switchboard's demo is at {address}\nOpen it in a browser. Ctrl-C ends it; nothing is kept.")
        await asyncio.wait({stopped, run}, return_when=asyncio.FIRST_COMPLETED)
    connected.cancel()


async def _write_past(
    world: World, folder: Path, environment: Mapping[str, str], write_history: WriteHistory
) -> None:
    """Give the bot's database and the simulated X the same past."""
    events = simulate(datetime.fromtimestamp(world.x.clock(), UTC))
    database = {"DATABASE_URL": f"sqlite:///{folder / DATABASE}"}
    world.slack.limits.paced = False  # the cards of days are posted at once
    publish(world.x, events, await write_history(events, folder, {**environment, **database}))
    world.slack.limits.paced = True


def _choices(address: str) -> str:
    """Return the demo's `switchboard.toml`."""
    choices = Template(CHOICES.read_text(encoding="utf-8"))
    return choices.substitute(address=address, articles=json.dumps(str(ARTICLES)))


def _environment(world: World, address: str, *, with_model: bool) -> dict[str, str]:
    environment = world.environment(address)
    if not with_model:
        del environment["OPENAI_API_KEY"]
    return environment


@asynccontextmanager
async def _served(world: World, port: int) -> AsyncIterator[str]:
    """Serve the world at `port`, or at any free port where that one is taken."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(running(world, port))
        except OSError as error:
            address = await stack.enter_async_context(running(world, 0))
            _print(
                f"Port {port} cannot be used ({os.strerror(error.errno or 0)}), so the demo has taken a free one instead. "
                "Choose one with --port."
            )
        yield address


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
