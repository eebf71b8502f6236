"""Fork processes of the bot from one that has imported it: a start without the second that imports take.

Each is `python bot.py …` in all else: a process of its own, with its own folder and environment, that a
signal ends like any other. `tests/flows/test_demo.py` starts it without a fork.
"""

import asyncio
import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import tomllib
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from tests.bolt_listeners import arguments_once
from tests.compiled_statements import compiled_once
from tests.reply_indexes import indexed_once
from tests.source import ROOT
from tests.toml_files import parsed_once

#: Seconds for the first fork, which waits for what the server imports: minutes on a machine that is busy.
PATIENCE = 300.0
_WAIT_ANY = -1
_POST = "@acme my parcel is lost, see https://acme.example"


@dataclass(frozen=True)
class Request:
    """What to run, where, and where its output is appended."""

    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    log: str


@dataclass
class Fork:
    """A process that was forked, used as one of `asyncio.subprocess`."""

    pid: int
    ended: "Future[int]" = field(default_factory=Future)

    @property
    def returncode(self) -> int | None:
        """The exit code, negative where a signal ended it; `None` while it runs."""
        return self.ended.result() if self.ended.done() else None

    async def wait(self) -> int:
        """Wait for the end; returns the exit code."""
        return await asyncio.wrap_future(self.ended)

    def send_signal(self, number: int) -> None:
        """Send a signal; raises `ProcessLookupError` where it has ended."""
        if self.ended.done():
            raise ProcessLookupError(self.pid)
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL; raises `ProcessLookupError` where it has ended."""
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """The process that forks, for as long as this one lives."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._requested: deque[Future[Fork]] = deque()
        self._forks: dict[int, Fork] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        atexit.register(self.close)

    def fork(
        self, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path
    ) -> Fork:
        """Start `python bot.py` with these arguments; its output is appended to `log`."""
        request = Request(arguments, str(folder), dict(environment), str(log))
        assert self._server.stdin is not None
        started: Future[Fork] = Future()
        self._requested.append(started)
        self._server.stdin.write(json.dumps(asdict(request)) + "\n")
        self._server.stdin.flush()
        try:
            return started.result(timeout=PATIENCE)
        except TimeoutError:
            started.cancel()
            raise

    @property
    def is_closed(self) -> bool:
        """Whether its process has ended, and what was read from it is closed."""
        output = self._server.stdout
        return self._server.poll() is not None and output is not None and output.closed

    def close(self) -> None:
        """End the process, and with it all that still runs. May be called again."""
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait()
        self._listener.join(PATIENCE)

    def _listen(self) -> None:
        assert self._server.stdout is not None
        with self._server.stdout as output:
            for line in output:
                self._hear(line)

    def _hear(self, line: str) -> None:
        what, pid, *code = line.split()
        if what == "started":
            fork = self._forks[int(pid)] = Fork(int(pid))
            # In the order of the requests. What nobody waits for any more is not left running.
            started = self._requested.popleft()
            if started.set_running_or_notify_cancel():
                started.set_result(fork)
            else:
                fork.kill()
        else:
            self._forks.pop(int(pid)).ended.set_result(int(code[0]))


@cache
def fork_server() -> ForkServer:
    """Return the server of this process, started when it is first needed."""
    return ForkServer()


def _load() -> None:
    """Load what each bot loads or computes for its first case, and keeps: more than half of its work."""
    import uvicorn.protocols.http.h11_impl  # noqa: F401 - uvicorn imports it when it starts

    import bot  # noqa: F401 - with all of its modules
    from adapters.prompts.templates import load_template
    from adapters.twitter_text import weighted_length
    from domain.triage.ranking import rules_fingerprint
    from handlers.classifiers import PROMPTS, reading_classifier
    from handlers.triage.trained_heads import Text

    for path in PROMPTS.rglob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))
    for path in (*PROMPTS.rglob("*.html"), *PROMPTS.rglob("*.txt")):
        load_template(path)
    classifier = reading_classifier(trained=False)
    # In a given language: detecting it might start threads, which do not outlive a fork.
    [(assessment, _)] = classifier.classify([Text(_POST, "en")])
    classifier.options(assessment, _POST, "Ana", limit=1)
    weighted_length(_POST)
    rules_fingerprint()


def _serve() -> int:
    """Fork at each line on the standard input; at its end, kill what still runs."""
    with parsed_once(), compiled_once(), indexed_once():
        _load()
        return _serve_forks()


def _serve_forks() -> int:
    """Fork at each line, with what is loaded."""
    import bot
    from tests.paces import shortened

    gc.collect()
    gc.freeze()
    running: set[int] = set()

    def reap(*_: object) -> None:
        while running:
            pid, status = os.waitpid(_WAIT_ANY, os.WNOHANG)
            if not pid:
                return
            running.discard(pid)
            _tell(f"ended {pid} {os.waitstatus_to_exitcode(status)}")

    signal.signal(signal.SIGCHLD, reap)
    for line in sys.stdin:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            request = Request(**json.loads(line))
            _enter(request)
            with shortened(), arguments_once():
                return bot.main(request.arguments)
        running.add(pid)
        _tell(f"started {pid}")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    return 0


def _tell(words: str) -> None:
    """Write a line at once: `print` must not be entered again by a signal."""
    os.write(1, f"{words}\n".encode())


def _enter(request: Request) -> None:
    """Take over the folder, the environment and the output of the request."""
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    silent = os.open(os.devnull, os.O_RDONLY)
    log = os.open(request.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for source, target in ((silent, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(silent)
    os.close(log)


if __name__ == "__main__":
    sys.exit(_serve())
