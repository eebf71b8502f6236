"""Parse the options of commands, and print what was checked: what failed stands last."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.networks.registry import NETWORKS, settings_of
from adapters.settings.load import check_settings
from bot import main
from domain.diagnostics import CheckLine
from handlers.terminal.arguments import add_arguments
from handlers.terminal.closed_output import ends_with_its_output
from handlers.terminal.diagnostics import format_checks
from tests.source import ROOT


@pytest.mark.parametrize("given", ["65536", "-1", "abc", "9" * 5_000, "８７００", ""])
def test_a_wrong_port_is_told_in_a_sentence(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments("demo", parser)
    with pytest.raises(SystemExit):
        parser.parse_args([f"--port={given}"])
    assert "is no port; write a number from 0 to 65535" in capsys.readouterr().err
    assert parser.parse_args(["--port", "8701"]).port == 8701


@pytest.mark.parametrize("given", ["foo", "http://bot.example.com/slack/events", "https://a b/c", ""])
def test_a_wrong_address_is_told_in_a_sentence(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments("manifest", parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--request-url", given])
    assert "is no address; write one such as https://" in capsys.readouterr().err
    right = "https://bot.example.com/slack/events"
    assert parser.parse_args(["--request-url", right]).request_url == right


def test_what_failed_stands_last() -> None:
    lines = [
        CheckLine("A", ok=False, detail="is wrong", remedy="mend it"),
        CheckLine("B", ok=True, detail="is right"),
        CheckLine("C", ok=None, detail="is not set"),
    ]
    assert [line.split(":")[0] for line in format_checks(lines)] == [
        "ok   B",
        "--   C",
        "FAIL A",
        "1 of 2 checks failed.",
    ]


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_the_commands_are_listed_where_none_is_given(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert "show everything in a pretend world; no key needed" in " ".join(capsys.readouterr().out.split())


def test_what_nobody_set_is_counted_alone() -> None:
    lines = [
        CheckLine("A", ok=True, detail="8080", is_unset=True),
        CheckLine("B", ok=True, detail="is set"),
        CheckLine("C", ok=None, detail="not set", is_unset=True),
        CheckLine("D", ok=None, detail="cannot be asked"),
    ]
    assert format_checks(lines, with_unset=False) == [
        "ok   B: is set",
        "--   D: cannot be asked",
        "--   2 more settings are as they come: `python bot.py check --all` tells of each",
        "All 1 checks passed.",
    ]


def test_where_nothing_is_set_up_the_last_lines_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("SLACK_", "X_"))]:
        monkeypatch.delenv(name)
    assert main(["check"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) <= 16
    *_, first, second, third, demo = told
    assert [line[:2] for line in (first, second, third)] == ["1.", "2.", "3."]
    assert "SLACK_BOT_TOKEN" in first
    assert "SLACK_APP_TOKEN" in second
    assert "X_ACCESS_TOKEN_SECRET" in third
    assert "bot.py demo" in demo
    assert main(["check", "--all"]) == 1
    assert len(capsys.readouterr().out.splitlines()) > 100


def test_who_has_begun_is_not_told_to_begin(tmp_path: Path) -> None:
    wrong = {"SLACK_BOT_TOKEN": "", "HTTP_PORT": "http"}
    lines = check_settings(tmp_path, wrong, networks={})[1]
    assert format_checks(lines, with_unset=False)[-1].endswith("checks failed.")


def test_only_what_is_missing_is_to_be_done_next(tmp_path: Path) -> None:
    names = ("X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
    given = {"SLACK_BOT_TOKEN": "xoxb-1", **dict.fromkeys(names, "x")}
    lines = check_settings(tmp_path, given, networks=settings_of(NETWORKS))[1]
    assert [line[:3] for line in format_checks(lines, with_unset=False)[-2:]] == ["1. ", "To "]


@pytest.mark.parametrize("command", ["check", "manifest", "--help", "check --all"])
def test_a_command_whose_output_nobody_reads_ends_quietly(command: str, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        ended = subprocess.run(
            [sys.executable, ROOT / "bot.py", *command.split()],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "OPENBLAS_NUM_THREADS": "1"},
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_a_broken_connection_is_not_taken_for_the_output() -> None:
    @ends_with_its_output
    def run() -> int:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run()


@pytest.mark.parametrize(
    ("command", "output", "code", "told"),
    [
        (
            "manifest",
            ">/dev/full",
            2,
            "The output cannot be written (No space left on device), so it is not whole.",
        ),
        ("manifest", ">&-", 0, ""),
        ("check", ">&-", 1, ""),
    ],
)
def test_an_output_that_cannot_be_written_ends_without_a_traceback(
    command: str, output: str, code: int, told: str, tmp_path: Path
) -> None:
    ended = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" "{ROOT / "bot.py"}" {command} {output}'],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr.strip()) == (code, told)


def test_an_error_of_another_file_is_not_taken_for_the_output() -> None:
    @ends_with_its_output
    def run() -> int:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        run()


def test_what_the_copied_example_sets_as_it_comes_is_counted_alone(tmp_path: Path) -> None:
    example = (ROOT / "switchboard.example.toml").read_text(encoding="utf-8")
    (tmp_path / "switchboard.toml").write_text(
        example.replace("poll_seconds = 15 ", "poll_seconds = 20 "), encoding="utf-8"
    )
    lines = check_settings(tmp_path, {}, networks=settings_of(NETWORKS))[1]
    told = [line for line in format_checks(lines, with_unset=False) if line.startswith(("ok", "-- "))]
    assert [line.partition(" (")[0] for line in told[:-1]] == ["ok   intake.poll_seconds: 20"]
    assert "more settings are as they come" in told[-1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("eval --limit 0", "“0” is no number of posts; write one from 1 on"),
        ("eval --limit x", "“x” is no number of posts; write one from 1 on"),
        ("manifest --request-url https://bot.example.com/slack", "does not end in /slack/events"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(
    arguments: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments.split())
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("check --network x", "--network, --account and --tag are of a post: add --post with its text."),
        ("check --tag vip", "--network, --account and --tag are of a post: add --post with its text."),
        ("check --post hi --network twitter", "There is no network “twitter”. Write one of: email, x."),
        ("eval --desks nowhere", "nowhere cannot be read (No such file or directory). Name a folder"),
        ("eval --file nothing.csv", "nothing.csv: there is no such file\n"),
        ("eval --file made", "made: it is not text in UTF-8 (byte 3)\n"),
        ("eval --file words", "words:1: is not JSON (Expecting value, column 1)\n"),
        ("rules test folder", "it is a folder, not a file\n"),
        ("restore folder", "folder is a folder. Name a file in it."),
        (
            "audit export trail",
            "switchboard.db. Start this in the folder in which the bot runs, or set DATABASE_URL.",
        ),
        ("subscribers import words", "There is no database"),
        ("replies export words", "There is no database"),
        ("customer export x:ana ana.zip", "There is no database"),
        ("restore", "There is no database"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_nothing(
    arguments: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "folder").mkdir()
    (tmp_path / "made").write_bytes(b"ab\xff")
    (tmp_path / "words").write_text("hello", encoding="utf-8")
    assert main(arguments.split()) == 2
    assert told in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "made", "words"}
