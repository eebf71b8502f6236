"""Check the files of the bot, and format what `check` found for the terminal."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from adapters.prompts.articles import check_articles
from adapters.settings import Settings
from adapters.slack.directory import Directory
from domain.diagnostics import CheckLine
from handlers.terminal.audit import check_audit
from handlers.terminal.named_channels import check_named_channels
from storage.backup import sqlite_file
from storage.database_file import check_backup
from storage.diagnostics import check_clocks, check_database

_MARKS = {True: "ok  ", False: "FAIL", None: "--  "}


async def check_files(settings: Settings, directory: Directory, now: datetime) -> list[CheckLine]:
    """Check the database, its backup and audit trail, the channels that it has by name, and the articles."""
    url = settings.environment.database_url.get_secret_value()
    lines = [await asyncio.to_thread(check, url) for check in (check_database, check_audit)]
    if (clocks := await asyncio.to_thread(check_clocks, url)) is not None:
        lines.append(clocks)
    if (file := sqlite_file(url)) is not None and file.exists():
        lines.append(check_backup(file, now))
    lines += await check_named_channels(settings, directory)
    if articles := settings.choices.knowledge.articles:
        lines += await asyncio.to_thread(check_articles, settings.folder / articles)
    return lines


def format_checks(lines: Sequence[CheckLine]) -> list[str]:
    """Return a line to print for each check, those that failed last, and one that counts what was checked."""
    failed = [line for line in lines if line.ok is False]
    others = [line for line in lines if line.ok is not False]
    checked = sum(line.ok is not None for line in lines)
    verdict = f"{len(failed)} of {checked} checks failed." if failed else f"All {checked} checks passed."
    return [*map(_format, (*others, *failed)), verdict]


def _format(line: CheckLine) -> str:
    remedy = f" -> {line.remedy}" if line.remedy else ""
    return f"{_MARKS[line.ok]} {line.name}: {line.detail}{remedy}"
