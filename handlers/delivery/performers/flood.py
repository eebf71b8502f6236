"""Post and edit the board of a flood, and post its summary."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.message_content import Content, digest
from adapters.slack.surge.flood_board import render_board, render_summary
from domain.delivery.effects import Job
from domain.delivery.flood_effects import PostFloodBoard, PostFloodSummary, UpdateFloodBoard
from domain.delivery.outage_effects import PinMessage
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.surge.flood import BoardView
from handlers.context import AppContext
from handlers.delivery.performers.base import (
    LogOutcome,
    RepeatableEffect,
    effect_of,
    redraw,
    render_or_fail,
    search_since,
)
from handlers.surge.flood_board import record_board, view_board
from storage.unit_of_work import UnitOfWork

_GONE = Failed("there is no such flood")


class _FloodPerformer(LogOutcome):
    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def _view(self, flood_id: int) -> BoardView | None:
        view = await self._ctx.desk.run(view_board, flood_id=flood_id, now=self._ctx.clock.now())
        if view is None:
            return None
        abuse = self._ctx.abuse
        return replace(view, urgent=abuse.rows(view.urgent), samples=abuse.rows(view.samples))


class FloodBoardPoster(_FloodPerformer):
    """Performs `PostFloodBoard`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PostFloodBoard)
        view = await self._view(effect.flood_id)
        if view is None:
            return _GONE
        content = render_or_fail(lambda: render_board(view))
        if isinstance(content, Failed):
            return content
        metadata = {"digest": digest(content)}
        return await self._ctx.post(effect.channel, content, token=job.token, metadata=metadata)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostFloodBoard)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        _record(uow, effect_of(job, PostFloodBoard).flood_id, result, now)
        uow.outbox.add([PinMessage(str(result["channel"]), str(result["ts"]))], now=now)


class FloodBoardUpdater(RepeatableEffect, _FloodPerformer):
    """Performs `UpdateFloodBoard`. Skips the call where the board shows the same already."""

    async def perform(self, job: Job) -> Outcome:
        view = await self._view(effect_of(job, UpdateFloodBoard).flood_id)
        if view is None or view.flood.board is None:
            return Done()
        board = view.flood.board
        content: Content | Failed = render_or_fail(lambda: render_board(view))
        if isinstance(content, Failed):
            return content
        return await redraw(self._ctx, board.channel, board.ts, content, shown=board.digest)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if "ts" in result:
            _record(uow, effect_of(job, UpdateFloodBoard).flood_id, result, now)


class FloodSummaryPoster(_FloodPerformer):
    """Performs `PostFloodSummary`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PostFloodSummary)
        view = await self._view(effect.flood_id)
        if view is None:
            return _GONE
        content = render_or_fail(lambda: render_summary(view, team_url=self._ctx.team_url))
        if isinstance(content, Failed):
            return content
        return await self._ctx.post(effect.channel, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostFloodSummary)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Do nothing: no record is kept."""


def _record(uow: UnitOfWork, flood_id: int, result: Mapping[str, Any], now: datetime) -> None:
    record_board(
        uow,
        flood_id=flood_id,
        channel=str(result["channel"]),
        ts=str(result["ts"]),
        digest=str(result.get("digest", "")),
        now=now,
    )
