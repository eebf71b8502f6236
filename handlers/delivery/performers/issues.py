"""Create issues in their trackers, and say in the team chat that one was closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.trackers.news import render_issue_news
from domain.delivery.decisions import MarkUnsure, Postpone
from domain.delivery.effects import Job
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, Outcome
from domain.delivery.tracker_effects import CreateIssue, PostIssueChange
from domain.trackers.trackers import ConnectedTracker, OutgoingIssue
from handlers.context import AppContext
from handlers.delivery.performers.base import Unrecorded, effect_of, render_or_fail, search_since
from handlers.trackers.following import propose_answers, view_news
from handlers.trackers.issues import outgoing_issue, record_created, record_not_created
from storage.unit_of_work import UnitOfWork


class IssueCreator:
    """Performs `CreateIssue`. An issue that was tried before is looked for first: there is one only."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, CreateIssue)
        connected = self._connected(effect)
        issue, outgoing = await self._ctx.desk.run(outgoing_issue, issue_id=effect.issue_id)
        if isinstance(connected, Failed):
            return connected
        if issue.creation.exists:
            return Done({"id": issue.external_id, "key": issue.key, "url": issue.url})
        if job.attempts > 1 or effect.attempt > 1:
            found = await connected.client.find(outgoing, since=issue.created_at)
            if not isinstance(found, Absent):
                return found
        return await connected.client.create(outgoing)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, CreateIssue)
        connected = self._connected(effect)
        if isinstance(connected, Failed):
            return Later(connected.reason)
        _, outgoing = await self._ctx.desk.run(outgoing_issue, issue_id=effect.issue_id)
        return await self._find(connected, outgoing, job)

    async def _find(self, connected: ConnectedTracker, outgoing: OutgoingIssue, job: Job) -> Finding:
        """Look for the issue; that it is absent counts only once a search would surely list it."""
        found = await connected.client.find(outgoing, since=search_since(job))
        sent_at = job.send_started_at or job.first_tried_at or job.created_at
        left = sent_at + connected.profile.settles_after - self._ctx.clock.now()
        if isinstance(found, Absent) and left > timedelta():
            return Later("a search there may not list it yet", wait=left)
        return found

    def _connected(self, effect: CreateIssue) -> ConnectedTracker | Failed:
        connected = self._ctx.trackers.get(effect.tracker)
        return connected or Failed(f"{self._ctx.trackers.label(effect.tracker)} is no longer set up here")

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        effect = effect_of(job, CreateIssue)
        record_created(uow, issue_id=effect.issue_id, case_id=effect.case_id, result=result, now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        self._record(uow, job, failure.reason, is_unsure=False, now=now)

    def on_unsure(self, uow: UnitOfWork, job: Job, decision: MarkUnsure, now: datetime) -> None:
        self._record(uow, job, decision.reason, is_unsure=True, now=now)

    def on_retry(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        """Do nothing: the issue is shown as being created."""

    def on_postponed(self, uow: UnitOfWork, job: Job, decision: Postpone, now: datetime) -> None:
        """Do nothing: the issue is shown as being created."""

    def _record(self, uow: UnitOfWork, job: Job, reason: str, *, is_unsure: bool, now: datetime) -> None:
        effect = effect_of(job, CreateIssue)
        record_not_created(
            uow,
            issue_id=effect.issue_id,
            case_id=effect.case_id,
            reason=reason,
            is_unsure=is_unsure,
            now=now,
        )


class IssueChangePoster(Unrecorded):
    """Performs `PostIssueChange`. Says nothing of a change that another one has followed already."""

    async def perform(self, job: Job) -> Outcome:
        effect, ctx = effect_of(job, PostIssueChange), self._ctx
        await ctx.desk.run(
            propose_answers,
            issue_id=effect.issue_id,
            classifier=await ctx.live_classifier.refresh(),
            replies=ctx.fixed_replies,
            now=ctx.clock.now(),
        )
        news = await ctx.desk.run(view_news, issue_id=effect.issue_id)
        if news.issue.changes != effect.change:
            return Done()
        shown, label = news.with_rows(ctx.abuse.rows(news.rows)), ctx.trackers.label(news.issue.tracker)
        content = render_or_fail(lambda: render_issue_news(shown, label=label, team_url=ctx.team_url))
        if isinstance(content, Failed):
            return content
        return await ctx.post(effect.channel, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostIssueChange)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        effect, fallback = effect_of(job, PostIssueChange), self._ctx.policy.fallback_channel
        if failure.route_broken and effect.channel != fallback:
            uow.outbox.add([replace(effect, channel=fallback)], now=now)
