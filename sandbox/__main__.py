"""Run the sandbox alone: `python -m sandbox --port 8700 --replay demo`."""

import argparse
import asyncio
import contextlib
import signal
import sys

from sandbox.world import World, running


async def serve(port: int, replay: str | None, speed: float) -> None:
    """Serve until SIGINT or SIGTERM."""
    world = World.create()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(sign, stop.set)
    async with running(world, port) as address:
        sys.stdout.write(f"The sandbox is at {address}\n")
        sys.stdout.writelines(f"{name}={value}\n" for name, value in world.environment(address).items())
        sys.stdout.flush()
        if replay is not None:
            await world.replay.start(replay, speed=speed)
        await stop.wait()


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A pretend Slack, X and model on loopback."
    )
    parser.add_argument("--port", type=int, default=8700, help="0 picks a free one (default: 8700)")
    parser.add_argument("--replay", metavar="SET", help="play a set of mentions, such as demo")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="seconds of the set in one second (default: 1)"
    )
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.replay, given.speed))


if __name__ == "__main__":
    main()
