"""Start where the system knows neither a name nor a home of the user, as in some containers."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

#: The user that runs the tests has a name: the one that runs this has none.
_NAMELESS = """
import pwd, runpy, sys

def unknown(uid):
    raise KeyError(f"getpwuid(): uid not found: {uid}")

pwd.getpwuid = unknown
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run_nameless(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _NAMELESS, str(ROOT / "bot.py"), *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}"},
        timeout=300,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("subscribers", "import", "list.csv"), "1 address added"),
        (("customer", "erase", "ana@example.com", "--yes"), "Erased"),
        (("replies", "export", "words"), "written"),
    ],
)
def test_commands_work_for_a_user_without_a_name_and_a_home(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "list.csv").write_text("address\nana@example.com\n", encoding="utf-8")
    migrated = run_nameless(tmp_path, "migrate")
    assert (migrated.returncode, "at revision" in migrated.stdout) == (0, True), migrated.stderr
    if arguments[0] == "customer":
        run_nameless(tmp_path, "subscribers", "import", "list.csv")
    done = run_nameless(tmp_path, *arguments)
    assert (done.returncode, said in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_terminal_that_lacks_a_character_is_shown_the_others(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), "check"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "SLACK_BOT_TOKEN" in done.stdout
    assert "?" in done.stdout


_INTERRUPTED = """
import os, signal
from handlers.terminal.start_up import prepare_process, take_interrupts

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
prepare_process()
{0}
os.kill(os.getpid(), signal.SIGINT)
"""


def test_ctrl_c_during_the_imports_ends_without_a_traceback() -> None:
    def interrupted(first: str) -> subprocess.CompletedProcess[str]:
        script = [sys.executable, "-c", _INTERRUPTED.format(first)]
        return subprocess.run(script, check=False, capture_output=True, text=True, cwd=ROOT, timeout=60)

    ended = interrupted("")
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")
    assert "KeyboardInterrupt" in interrupted("take_interrupts()").stderr


def test_ctrl_c_ends_a_command_with_a_sentence(tmp_path: Path) -> None:
    answers = tmp_path / "answers.txt"
    os.mkfifo(answers)
    command = subprocess.Popen(
        [sys.executable, str(ROOT / "bot.py"), "rules", "test", str(answers)],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    with answers.open("w"):  # opens once the command reads it
        command.send_signal(signal.SIGINT)
        told = command.communicate(timeout=60)
    assert (command.returncode, *told) == (130, "", "Stopped before it was done.\n")
