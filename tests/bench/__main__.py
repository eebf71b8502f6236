"""Run all or the named benchmarks and print a table: `python -m tests.bench`, `… mailing --quick`.

This is no test: it exits 0 whatever target was missed.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.brand_spikes import brands
from tests.bench.chat import chat
from tests.bench.clicks import clicks
from tests.bench.databases import Databases, databases
from tests.bench.figures import Figure, table
from tests.bench.flood import flood
from tests.bench.intake import intake
from tests.bench.mailing import mailing
from tests.bench.memory import memory
from tests.bench.outbox import delivery
from tests.bench.outlook import outlook
from tests.bench.reading import reading
from tests.bench.reports import reports
from tests.bench.second_spikes import second_spikes
from tests.bench.sizes import FULL, Sizes
from tests.bench.spikes import spikes
from tests.bench.start import start
from tests.bench.topics import topics


def main() -> None:
    """Run the benchmarks and print the table."""
    began = time.monotonic()
    _say(f"Switchboard, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {_machine()}")
    _say(f"Each figure is the best of {FULL.rounds} rounds, in turn with its floor.")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with databases(folder) as fresh:
            sizes = replace(FULL, subscribers=5_000) if "--quick" in sys.argv else FULL
            every = _benchmarks(fresh, folder, sizes)
            for name in [name for name in sys.argv[1:] if name != "--quick"] or every:
                measure = every[name]
                print(f"… {name} (load {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)  # noqa: T201
                measured = measure()
                print(table(measured), file=sys.stderr, flush=True)  # noqa: T201 - kept even if a later benchmark fails
                figures += measured
    _say(table(figures))
    missed = sum(figure.met is False for figure in figures)
    _say(f"{missed} missed, in {time.monotonic() - began:.0f} s; load {os.getloadavg()[0]:.1f} at the end.")


def _benchmarks(fresh: Databases, folder: Path, sizes: Sizes) -> dict[str, Callable[[], list[Figure]]]:
    return {
        "clicks": lambda: clicks(fresh, sizes, folder),
        "intake": lambda: intake(fresh, sizes),
        "reading": lambda: reading(sizes),
        "chat": lambda: chat(fresh, sizes, folder),
        "flood": lambda: flood(fresh, sizes),
        "mailing": lambda: mailing(fresh, sizes),
        "outbox": lambda: delivery(fresh, sizes),
        "reports": lambda: reports(fresh, sizes),
        "outlook": lambda: outlook(sizes),
        "start": lambda: start(fresh, sizes, folder),
        "spikes": lambda: spikes(sizes),
        "brands": lambda: brands(sizes),
        "second-spikes": lambda: second_spikes(sizes),
        "topics": lambda: topics(sizes),
        "memory": lambda: memory(fresh, sizes, folder),
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
