"""Handle `/mentions export`: write the rows to a file on disk, show how far it is, and send it."""

import asyncio
import logging
import secrets
from datetime import timedelta
from pathlib import Path

from adapters.slack.message_content import Content
from adapters.slack.reports.export import (
    file_name,
    file_text,
    render_export_begun,
    render_export_done,
    render_export_failed,
    render_progress,
)
from adapters.temporary_folders import temporary_folder
from domain.delivery.outcomes import Done
from domain.reports.export_rows import ExportFormat, header, line_of
from handlers.context import AppContext
from handlers.reports.exports import Cursor, Export, begin_export, next_rows
from handlers.slack.payloads import Command
from handlers.slack.report_questions import AskedReport, read_question, why_empty

PROGRESS_EVERY = timedelta(seconds=3)
_SALT_BYTES = 16
_FORMATS = {"csv": ExportFormat.CSV, "jsonl": ExportFormat.JSON_LINES, "json": ExportFormat.JSON_LINES}

log = logging.getLogger(__name__)


async def start_export(ctx: AppContext, command: Command, text: str) -> Content:
    """Read the question, and write the file in the background. Raises `domain.errors.Refused`."""
    words = text.split()
    chosen = [_FORMATS[word.lower()] for word in words if word.lower() in _FORMATS]
    rest = " ".join(word for word in words if word.lower() not in _FORMATS)
    asked = await read_question(ctx, command.user_id, rest)
    export = Export(period=asked.period, filters=asked.filters, salt=secrets.token_bytes(_SALT_BYTES))
    file_format = chosen[0] if chosen else ExportFormat.CSV
    ctx.background.start(_export(ctx, command.user_id, export, file_format), name="an export")
    return render_export_begun()


async def _export(ctx: AppContext, user_id: str, export: Export, file_format: ExportFormat) -> None:
    now = ctx.clock.now()
    progress = _Progress(ctx, user_id)
    is_sent, written, nothing = False, 0, None
    try:
        expected = await ctx.desk.run(begin_export, export=export, user_id=user_id, now=now)
        await progress.show(render_progress(export.period, written=0, expected=expected))
        with temporary_folder() as folder:
            path = folder / "export"
            written = await _write(ctx, export, file_format, path, progress, expected)
            if not written:
                nothing = await why_empty(ctx, AskedReport(export.period, export.filters))
            outcome = await ctx.team_chat.send_file(
                user_id,
                name=file_name(export.period, file_format),
                content=path,
                text=file_text(export.period, export.filters),
            )
            is_sent = isinstance(outcome, Done)
    finally:
        ended = (
            render_export_done(export.period, written=written, filters=export.filters, nothing=nothing)
            if is_sent
            else render_export_failed(export.period)
        )
        await progress.show(ended)


async def _write(
    ctx: AppContext,
    export: Export,
    file_format: ExportFormat,
    path: Path,
    progress: "_Progress",
    expected: int,
) -> int:
    """Write the rows, a page at a time; return how many."""
    now, shown_at, written = ctx.clock.now(), ctx.clock.now(), 0
    cursor: Cursor | None = Cursor()
    file = await asyncio.to_thread(path.open, "w", encoding="utf-8", newline="")
    with file:
        file.write(header(file_format))
        while cursor is not None:
            rows, cursor = await ctx.desk.run_to_read(next_rows, export=export, cursor=cursor, now=now)
            lines = [line_of(row, export.period.zone, file_format) for row in rows]
            await asyncio.to_thread(file.writelines, lines)
            written += len(rows)
            if ctx.clock.now() - shown_at >= PROGRESS_EVERY:
                shown_at = ctx.clock.now()
                await progress.show(render_progress(export.period, written=written, expected=expected))
    return written


class _Progress:
    """A direct message that says how far the export is."""

    def __init__(self, ctx: AppContext, user_id: str) -> None:
        self._ctx = ctx
        self._user_id = user_id
        self._place: tuple[str, str] | None = None

    async def show(self, content: Content) -> None:
        """Post the message, or edit it; failures are only logged by who posts."""
        if self._place is not None:
            await self._ctx.team_chat.update(*self._place, content)
            return
        outcome = await self._ctx.post(self._user_id, content, token=secrets.token_hex(8))
        if isinstance(outcome, Done):
            self._place = str(outcome.result["channel"]), str(outcome.result["ts"])
        else:
            log.warning("the progress of an export could not be shown")
