"""Parse the options of commands, and print what was checked: what failed stands last."""

import argparse

import pytest

from bot import main
from domain.diagnostics import CheckLine
from handlers.terminal.arguments import add_arguments
from handlers.terminal.diagnostics import format_checks


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
