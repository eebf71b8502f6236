"""Post audit entries in a case's thread, and re-render thread messages whose post was deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.thread import redraw_thread, render_thread
from domain.delivery.effects import Job
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.delivery.thread_effects import PostThread, RedrawThread
from domain.records.audit import ThreadPost
from handlers.cases.card_routing import recover_missing_card
from handlers.cases.views import get_case, view_thread, view_thread_post
from handlers.context import AppContext
from handlers.delivery.performers.base import (
    LogOutcome,
    RepeatableEffect,
    Unrecorded,
    effect_of,
    render_or_fail,
    search_since,
)
from handlers.intake.redaction import alert_not_redrawn, record_thread_post
from storage.unit_of_work import UnitOfWork


class ThreadPoster(LogOutcome):
    """Performs `PostThread`: one message for all entries that the thread does not show yet.

    The range of entry ids is stored in the message's metadata, so that reconciliation can read it back.
    """

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        view = await self._ctx.desk.run(view_thread, case_id=effect_of(job, PostThread).case_id)
        case = view.case
        if case.card_channel is None or case.card_ts is None:
            return Done()
        ours = self._ctx.our_account(case.network)
        part = render_or_fail(lambda: render_thread(self._ctx.abuse.thread(view), ours=ours))
        if isinstance(part, Failed):
            return part
        metadata: dict[str, str | int] = {
            "first": part.first,
            "seen": part.seen,
            "more": int(part.more),
            "card": case.card_ts,
        }
        if part.content is None:
            return Done(metadata)
        return await self._ctx.post(
            case.card_channel, part.content, token=job.token, thread_ts=case.card_ts, metadata=metadata
        )

    async def find(self, job: Job) -> Finding:
        case = await self._ctx.desk.run(get_case, case_id=effect_of(job, PostThread).case_id)
        channel = case.card_channel or case.channel
        return await self._ctx.team_chat.find(
            channel, token=job.token, since=search_since(job), thread_ts=case.card_ts
        )

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if "seen" not in result:
            return
        effect = effect_of(job, PostThread)
        card_ts = uow.cases.get(effect.case_id).card_ts
        if result.get("card", card_ts) != card_ts:
            # A replacement was posted meanwhile, and its thread begins anew.
            uow.outbox.add([effect], now=now)
            return
        uow.cases.record_thread_position(effect.case_id, audit_id=int(result["seen"]))
        if "ts" in result:
            record_thread_post(uow, post=_thread_post(effect.case_id, result), now=now)
        if result.get("more"):
            uow.outbox.add([effect], now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        recover_missing_card(uow, self._ctx.policy, effect_of(job, PostThread).case_id, failure, now=now)


class ThreadRedrawer(RepeatableEffect, Unrecorded):
    """Performs `RedrawThread`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, RedrawThread)
        post, view = await self._ctx.desk.run(view_thread_post, case_id=effect.case_id, ts=effect.ts)
        ours = self._ctx.our_account(view.case.network)
        content = render_or_fail(lambda: redraw_thread(self._ctx.abuse.thread(view), ours=ours))
        if content is None or isinstance(content, Failed):
            return content or Done()
        return await self._ctx.team_chat.update(post.channel, post.ts, content)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        effect = effect_of(job, RedrawThread)
        post = uow.thread_posts.get(effect.case_id, effect.ts)
        alert_not_redrawn(
            uow,
            self._ctx.policy,
            case_id=effect.case_id,
            channel=post.channel if post is not None else None,
            failure=failure,
            now=now,
        )


def _thread_post(case_id: int, result: Mapping[str, Any]) -> ThreadPost:
    return ThreadPost(
        case_id=case_id,
        channel=str(result["channel"]),
        ts=str(result["ts"]),
        first_audit_id=int(result["first"]),
        last_audit_id=int(result["seen"]),
    )
