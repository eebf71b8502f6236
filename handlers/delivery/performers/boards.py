"""Post, update and pin the boards of outages, and ask for approval in their threads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.boards import render_approval_request, render_ended_request, render_outage_board
from adapters.slack.message_content import Content, digest
from domain.delivery.effects import Job
from domain.delivery.outage_effects import (
    AskApproval,
    EndApprovalRequest,
    PinMessage,
    PostBoard,
    RequestEnd,
    UpdateBoard,
)
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.delivery.surge_effects import UpdateSpike
from domain.outages.board import BoardView
from domain.outages.notices import NoticeState
from handlers.cases.alerts import alert
from handlers.cases.card_routing import MESSAGE_GONE
from handlers.context import AppContext
from handlers.delivery.performers.base import (
    LogOutcome,
    RepeatableEffect,
    Unrecorded,
    effect_of,
    redraw,
    render_or_fail,
    search_since,
)
from handlers.outages.approvals import posted_request
from handlers.outages.trail import replace_board
from handlers.outages.views import view_notice, view_posted_board
from storage.unit_of_work import UnitOfWork


class _BoardPerformer(LogOutcome):
    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def _load(self, outage_id: int) -> tuple[BoardView, Content | Failed, str | None]:
        """Return the board, its content, and the digest of what is shown by now."""
        view, shown = await self._ctx.desk.run(
            view_posted_board,
            outage_id=outage_id,
            destinations=self._ctx.destinations,
            now=self._ctx.clock.now(),
        )
        view = replace(view, lead_left=not await self._ctx.directory.is_active(view.outage.lead))
        return view, render_or_fail(lambda: render_outage_board(view)), shown


class BoardPoster(_BoardPerformer):
    """Performs `PostBoard`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PostBoard)
        view, content, _ = await self._load(effect.outage_id)
        if view.outage.board_ts is not None:
            return Done({"channel": view.outage.board_channel, "ts": view.outage.board_ts})
        if isinstance(content, Failed):
            return content
        metadata = {"digest": digest(content)}
        return await self._ctx.post(effect.channel, content, token=job.token, metadata=metadata)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostBoard)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        outage_id = effect_of(job, PostBoard).outage_id
        channel, ts = str(result["channel"]), str(result["ts"])
        digest_shown = str(result.get("digest", ""))
        uow.outages.record_board(outage_id, channel=channel, ts=ts, digest=digest_shown)
        # The alerts from which it was opened lead to the board.
        alerts = [UpdateSpike(spike.id) for spike in uow.spikes.of_outage(outage_id)]
        uow.outbox.add([PinMessage(channel, ts), UpdateBoard(outage_id), *alerts], now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        effect = effect_of(job, PostBoard)
        text = (
            f"The board of an outage cannot be shown in {effect.channel}: {failure.reason}. "
            "Invite the bot there, then type /outage list."
        )
        alert(uow, self._ctx.policy, text, dedupe_key=f"board:{effect.outage_id}", now=now)


class BoardUpdater(RepeatableEffect, _BoardPerformer):
    """Performs `UpdateBoard`. Skips the call where the board would not change."""

    async def perform(self, job: Job) -> Outcome:
        view, content, shown = await self._load(effect_of(job, UpdateBoard).outage_id)
        channel, ts = view.outage.board_channel, view.outage.board_ts
        if channel is None or ts is None:
            return Done()
        if isinstance(content, Failed):
            return content
        return await redraw(self._ctx, channel, ts, content, shown=shown)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if "ts" in result:
            uow.outages.record_board(
                effect_of(job, UpdateBoard).outage_id,
                channel=str(result["channel"]),
                ts=str(result["ts"]),
                digest=str(result["digest"]),
            )

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        outage = uow.outages.get(effect_of(job, UpdateBoard).outage_id)
        if failure.code == MESSAGE_GONE:
            uow.outages.forget_board(outage.id)
            replace_board(uow, outage, channel=self._ctx.policy.outages.oncall_channel, now=now)
        else:
            text = (
                f"The board of “{outage.title}” cannot be kept up to date: {failure.reason}. "
                "What it shows is old; /outage still works."
            )
            alert(uow, self._ctx.policy, text, dedupe_key=f"board:{outage.id}", now=now)


class ApprovalAsker(Unrecorded):
    """Performs `AskApproval`. Says nothing where the notice waits no more."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, AskApproval)
        outage, notice = await self._ctx.desk.run(view_notice, notice_id=effect.notice_id)
        if notice.state is not NoticeState.WAITING or notice.version != effect.version:
            return Done()
        content = render_approval_request(outage, notice)
        return await self._ctx.post(
            outage.board_channel or effect.channel, content, token=job.token, thread_ts=outage.board_ts
        )

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, AskApproval)
        outage, _ = await self._ctx.desk.run(view_notice, notice_id=effect.notice_id)
        return await self._ctx.team_chat.find(
            outage.board_channel or effect.channel,
            token=job.token,
            since=search_since(job),
            thread_ts=outage.board_ts,
        )


class ApprovalRequestEnder(RepeatableEffect, Unrecorded):
    """Performs `EndApprovalRequest`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, EndApprovalRequest)
        asked = await self._ctx.desk.run(posted_request, notice_id=effect.notice_id, version=effect.version)
        if asked is None:
            return Done()
        content = render_ended_request(asked.outage, asked.notice, RequestEnd(effect.end), by=effect.user_id)
        return await self._ctx.team_chat.update(asked.channel, asked.ts, content)


class MessagePinner(RepeatableEffect, Unrecorded):
    """Performs `PinMessage`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PinMessage)
        return await self._ctx.team_chat.pin(effect.channel, effect.ts)
