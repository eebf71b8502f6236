"""Run all or the named benchmarks and print a table: `python -m tests.bench`.

This is no test: it exits 0 whatever target was missed.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.chat import chat
from tests.bench.clicks import clicks
from tests.bench.databases import Databases, databases
from tests.bench.figures import Figure, table
from tests.bench.flood import flood
from tests.bench.intake import intake
from tests.bench.memory import memory
from tests.bench.outbox import delivery
from tests.bench.reading import reading
from tests.bench.sizes import FULL
from tests.bench.spikes import spikes
from tests.bench.start import start


def main() -> None:
    """Run the benchmarks and print the table."""
    began = time.monotonic()
    _say(f"Switchboard, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {_machine()}")
    _say(f"Each figure is the best of {FULL.rounds} rounds, in turn with its floor.")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with databases(folder) as fresh:
            every = _benchmarks(fresh, folder)
            for name in sys.argv[1:] or every:
                measure = every[name]
                print(f"… {name} (load {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)  # noqa: T201
                measured = measure()
                print(table(measured), file=sys.stderr, flush=True)  # noqa: T201 - kept even if a later benchmark fails
                figures += measured
    _say(table(figures))
    missed = sum(figure.met is False for figure in figures)
    _say(f"{missed} missed, in {time.monotonic() - began:.0f} s; load {os.getloadavg()[0]:.1f} at the end.")


def _benchmarks(fresh: Databases, folder: Path) -> dict[str, Callable[[], list[Figure]]]:
    return {
        "clicks": lambda: clicks(fresh, FULL, folder),
        "intake": lambda: intake(fresh, FULL),
        "reading": lambda: reading(FULL),
        "chat": lambda: chat(fresh, FULL, folder),
        "flood": lambda: flood(fresh, FULL),
        "outbox": lambda: delivery(fresh, FULL),
        "start": lambda: start(fresh, FULL, folder),
        "spikes": lambda: spikes(FULL),
        "memory": lambda: memory(fresh, FULL, folder),
    }


def _machine() -> str:
    return (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is a report


if __name__ == "__main__":
    main()
