"""Check the files of the bot, and format what `check` found for the terminal."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from adapters.chat import check_greetings
from adapters.prompts.articles import check_articles
from adapters.prompts.sentences import load_sentences
from adapters.settings import Settings
from adapters.slack.directory import Directory
from domain.diagnostics import NO_SOURCE, CheckLine
from handlers.terminal.audit import check_audit
from handlers.terminal.named_channels import check_named_channels
from storage.backup import sqlite_file
from storage.database_file import check_backup
from storage.diagnostics import check_clocks, check_database

_MARKS = {True: "ok  ", False: "FAIL", None: "--  "}
_STEPS = {
    "SLACK_BOT_TOKEN": "Create the Slack app from `python bot.py manifest`, install it, and set SLACK_BOT_TOKEN in "
    ".env (steps 1 to 3).",
    "SLACK_APP_TOKEN": "Make an app-level token and set SLACK_APP_TOKEN (step 4). Invite the bot (step 5).",
}
DEMO = "To see everything without a key: `python bot.py demo`."


async def check_files(
    settings: Settings, directory: Directory, prompts: Path, now: datetime
) -> list[CheckLine]:
    """Check the database, its backup and audit trail, its named channels, the articles and the greetings."""
    url = settings.environment.database_url.get_secret_value()
    lines = [await asyncio.to_thread(check, url) for check in (check_database, check_audit)]
    if (clocks := await asyncio.to_thread(check_clocks, url)) is not None:
        lines.append(clocks)
    if (file := sqlite_file(url)) is not None and file.exists():
        lines.append(check_backup(file, now))
    lines += await check_named_channels(settings, directory)
    if articles := settings.choices.knowledge.articles:
        lines += await asyncio.to_thread(check_articles, settings.folder / articles)
    if greetings := settings.choices.chat.greetings:
        texts = load_sentences(prompts / "chat", settings.choices.address.forms)
        lines += check_greetings(greetings, texts)
    return lines


def format_checks(lines: Sequence[CheckLine], *, with_unset: bool = True) -> list[str]:
    """Return a line to print for each check, those that failed last, and one that counts what was checked.

    Without `with_unset` the settings that nobody set are only counted. What is to be set first stands at the
    end, in the order of the README.
    """
    shown = [line for line in lines if with_unset or not line.is_unset or line.ok is False]
    failed = [line for line in shown if line.ok is False]
    others = [line for line in shown if line.ok is not False]
    checked = sum(line.ok is not None for line in shown)
    verdict = f"{len(failed)} of {checked} checks failed." if failed else f"All {checked} checks passed."
    report = [*map(_format, others), *_count_unset(len(lines) - len(shown)), *map(_format, failed), verdict]
    return [*report, *_next_steps(failed)]


def _count_unset(count: int) -> list[str]:
    if not count:
        return []
    return [f"--   {count} more settings are as they come: `python bot.py check --all` tells of each"]


def _next_steps(failed: Sequence[CheckLine]) -> list[str]:
    """Say what whoever has set nothing up yet does next; nothing where another setting is wrong."""
    missing = [line.name for line in failed if line.detail.startswith("is missing")]
    steps = [text for name, text in _STEPS.items() if name in missing]
    sources = [line.name for line in failed if NO_SOURCE in line.detail]
    if not steps or len(missing) < len(failed):
        return []
    if sources:
        steps.append(f"Set {', '.join(sources)} (step 6), or a mailbox.")
    numbered = [f"{number}. {text}" for number, text in enumerate(steps, start=1)]
    return ["", 'Next (the steps are those of "Connect a real workspace" in README.md):', *numbered, DEMO]


def _format(line: CheckLine) -> str:
    remedy = f" -> {line.remedy}" if line.remedy else ""
    return f"{_MARKS[line.ok]} {line.name}: {line.detail}{remedy}"
