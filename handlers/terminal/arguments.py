"""Define the options of the commands on the terminal."""

import argparse
import re
from collections.abc import Callable, Mapping
from pathlib import Path

_HIGHEST_PORT = 65_535
_MAX_DIGITS = 9


def add_arguments(name: str, command: argparse.ArgumentParser) -> None:
    """Add the options of the command with this name to its parser."""
    if name in _OPTIONS:
        _OPTIONS[name](command)


def _port(given: str) -> int:
    """Parse a port. Raises `argparse.ArgumentTypeError` with what to write instead."""
    if given.isascii() and given.isdigit() and int(given[:6]) <= _HIGHEST_PORT:
        return int(given)
    raise argparse.ArgumentTypeError(f"“{given}” is no port; write a number from 0 to {_HIGHEST_PORT}")


def _https(given: str) -> str:
    """Parse an address that Slack calls. Raises `argparse.ArgumentTypeError` with what to write instead."""
    if re.fullmatch(r"https://[^\s/]+/\S*", given):
        if not given.endswith("/slack/events"):
            raise argparse.ArgumentTypeError(
                f"“{given}” does not end in /slack/events, where the bot answers"
            )
        return given
    raise argparse.ArgumentTypeError(
        f"“{given}” is no address; write one such as https://bot.example.com/slack/events"
    )


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port", type=_port, default=8700, help="the demo's port (8700); 0 picks a free one"
    )
    command.add_argument("--model", action="store_true", help="with a pretend language model that drafts")
    command.add_argument("--without-history", action="store_true", help="begin with an empty workspace")


def _add_manifest(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--request-url",
        type=_https,
        help="for HTTP mode: where Slack reaches the bot, ending in /slack/events",
    )


def _add_eval(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--file",
        type=Path,
        help="labelled posts (.jsonl or .csv); without: those held out of training",
    )
    command.add_argument(
        "--desks", type=Path, help="a folder with saved replies for each desk that the posts name"
    )
    command.add_argument(
        "--answers", type=Path, help="posts that the desks answered, to measure again after them"
    )
    command.add_argument(
        "--model", action="store_true", help="have the language model draft replies, too; calls cost"
    )
    command.add_argument("--limit", type=_positive, help="the most posts that the model drafts replies to")
    command.add_argument("--accept", action="store_true", help="from now on, compare with these figures")


def _add_rules(command: argparse.ArgumentParser) -> None:
    command.add_argument("act", choices=["test"])
    command.add_argument("file", type=Path, help="answers: one in each line, or .jsonl")


def _add_replies(command: argparse.ArgumentParser) -> None:
    command.add_argument("act", choices=["export", "import"])
    command.add_argument("directory", type=Path, help="the folder of the files, one for each reply")
    command.add_argument(
        "--dry-run",
        dest="preview",
        action="store_true",
        help="say what an import would change, and change nothing",
    )


def _add_backup(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, help="the new file to write the SQLite database to")


def _add_restore(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="a backup of a SQLite database; without: it is restored already",
    )


def _add_subscribers(command: argparse.ArgumentParser) -> None:
    command.add_argument("act", choices=["export", "import"])
    command.add_argument("file", type=Path, help="CSV with the columns address, language, components")
    command.add_argument(
        "--confirmed",
        action="store_true",
        help="they have agreed to these mails: mail them without asking to confirm",
    )
    command.add_argument(
        "--dry-run",
        dest="preview",
        action="store_true",
        help="say what an import would change and which rows are broken, and change nothing",
    )


def _add_audit(command: argparse.ArgumentParser) -> None:
    command.add_argument("act", choices=["export"])
    command.add_argument("file", type=Path, help="the file to write, as JSON Lines")


def _add_customer(command: argparse.ArgumentParser) -> None:
    command.add_argument("act", choices=["export", "erase"])
    command.add_argument("name", help="NETWORK:HANDLE, NETWORK:ID or an e-mail address")
    command.add_argument("file", type=Path, nargs="?", help="the zip file to write, for export")
    command.add_argument("--yes", action="store_true", help="erase without asking")


def _add_check(command: argparse.ArgumentParser) -> None:
    """Add the options by which `check` tells more, or tries the rules of routing."""
    command.add_argument(
        "--all",
        dest="with_unset",
        action="store_true",
        help="tell of the settings, too, that are as they come",
    )
    command.add_argument(
        "--post", help="instead: try the rules of routing on a post with this text, without any key"
    )
    command.add_argument("--network", help="with --post: the network that it came by, such as x")
    command.add_argument("--account", help="with --post: our account that it mentions")
    command.add_argument(
        "--tag", action="append", default=[], help="with --post: a tag of its author; may be repeated"
    )


def _positive(text: str) -> int:
    """Parse how many. Raises `argparse.ArgumentTypeError` with what to write instead."""
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no number of posts; write one from 1 on")


#: Adds the options of the command with this name; the others have none.
_OPTIONS: Mapping[str, Callable[[argparse.ArgumentParser], None]] = {
    "demo": _add_demo,
    "manifest": _add_manifest,
    "eval": _add_eval,
    "rules": _add_rules,
    "replies": _add_replies,
    "backup": _add_backup,
    "restore": _add_restore,
    "subscribers": _add_subscribers,
    "audit": _add_audit,
    "customer": _add_customer,
    "check": _add_check,
}
