"""Publish, correct and retract notices at their destinations."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.delivery.decisions import MarkUnsure, Postpone
from domain.delivery.effects import Job
from domain.delivery.outage_effects import CorrectNotice, RetractNotice, SendNotice
from domain.delivery.outcomes import Done, Failed, Finding, Later, NotAsked, Outcome
from domain.outages.destinations import ConnectedDestination
from domain.outages.notices import PublicationState
from domain.surge.spending import Act
from handlers.context import AppContext
from handlers.delivery.performers.base import RepeatableEffect, search_since
from handlers.outages.dispatches import Dispatch, load_dispatch
from handlers.outages.line_alerts import alert_not_sent, alert_unsure
from handlers.outages.pauses import current_pause
from handlers.outages.results import (
    record_delay,
    record_not_published,
    record_publication_retried,
    record_publication_unsure,
    record_published,
    record_retracted,
    record_retraction_failed,
)
from handlers.surge.spending import record_spent
from storage.unit_of_work import UnitOfWork

#: How long what is found by sending it again waits while all sending is paused.
_WHILE_PAUSED = timedelta(seconds=30)


class _NoticePerformer:
    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    def _connected(self, job: Job) -> ConnectedDestination | Failed:
        name = _effect(job).target
        connected = self._ctx.destinations.get(name)
        if connected is not None:
            return connected
        label = self._ctx.destinations.profile(name).label
        return Failed(f"{label} is no longer set up here")

    async def _show_delay(self, job: Job, outcome: Outcome) -> Outcome:
        """Have the board say why a notice is tried again; return the outcome."""
        if isinstance(outcome, Later):
            await self._ctx.desk.run(
                record_delay,
                outage_id=_effect(job).outage_id,
                publication_id=_effect(job).publication_id,
                reason=outcome.reason,
                now=self._ctx.clock.now(),
            )
        return outcome

    async def _load(self, job: Job) -> Dispatch:
        return await self._ctx.desk.run(load_dispatch, publication_id=_effect(job).publication_id)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        record_published(uow, publication_id=_effect(job).publication_id, result=result, now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        record_not_published(uow, publication_id=_effect(job).publication_id, reason=failure.reason, now=now)
        alert_not_sent(uow, **self._alert_fields(job), now=now)

    def on_unsure(self, uow: UnitOfWork, job: Job, decision: MarkUnsure, now: datetime) -> None:
        record_publication_unsure(
            uow, publication_id=_effect(job).publication_id, reason=decision.reason, now=now
        )
        if decision.due is None:  # no check follows
            alert_unsure(uow, **self._alert_fields(job), now=now)

    def _alert_fields(self, job: Job) -> dict[str, Any]:
        effect, ctx = _effect(job), self._ctx
        label = ctx.destinations.profile(effect.target).label
        return {"publication_id": effect.publication_id, "label": label, "policy": ctx.policy.outages}

    def on_retry(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        record_publication_retried(uow, publication_id=_effect(job).publication_id, now=now)

    def on_postponed(self, uow: UnitOfWork, job: Job, decision: Postpone, now: datetime) -> None:
        """Do nothing: `_show_delay` has shown it."""


class NoticeSender(_NoticePerformer):
    """Performs `SendNotice`."""

    async def perform(self, job: Job) -> Outcome:
        connected, dispatch = self._connected(job), await self._load(job)
        if isinstance(connected, Failed):
            return connected
        if dispatch.publication.state is PublicationState.SENT:
            return Done(_result_of(dispatch))
        client, notice = connected.client, dispatch.notice
        outcome = await client.publish(notice, first=dispatch.first, latest=dispatch.latest)
        return await self._show_delay(job, outcome)

    async def find(self, job: Job) -> Finding | NotAsked:
        connected, dispatch = self._connected(job), await self._load(job)
        if isinstance(connected, Failed):
            return Later(connected.reason)
        if connected.profile.is_idempotent and await self._ctx.desk.run(current_pause) is not None:
            return NotAsked(_WHILE_PAUSED)  # it would be found by being sent again
        return await connected.client.find(dispatch.notice, first=dispatch.first, since=search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        self._meter(uow, job, now)
        effect = _effect(job)
        record_published(
            uow,
            publication_id=effect.publication_id,
            result=result,
            preflight=self._ctx.preflights.last(effect.target),
            now=now,
        )

    def _meter(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        """Record what a network charges for the post; a destination that is no network charges nothing."""
        network = self._ctx.networks.get(_effect(job).target)
        if network is None:
            return
        dispatch = load_dispatch(uow, publication_id=_effect(job).publication_id)
        price = self._ctx.destinations.profile(_effect(job).target).price
        cost = price(dispatch.notice.text)
        if cost and dispatch.publication.state is not PublicationState.SENT:
            policy, profile = self._ctx.policy, network.profile
            record_spent(uow, policy=policy, profile=profile, act=Act.NOTICES, cost=cost, now=now)


class NoticeCorrector(RepeatableEffect, _NoticePerformer):
    """Performs `CorrectNotice`."""

    async def perform(self, job: Job) -> Outcome:
        connected, dispatch = self._connected(job), await self._load(job)
        if isinstance(connected, Failed):
            return connected
        if dispatch.corrects is None:
            return Failed("what it corrects is not there, so there is nothing to change")
        outcome = await connected.client.correct(dispatch.notice, receipt=dispatch.corrects)
        return await self._show_delay(job, outcome)


class NoticeRetractor(RepeatableEffect, _NoticePerformer):
    """Performs `RetractNotice`."""

    async def perform(self, job: Job) -> Outcome:
        connected, dispatch = self._connected(job), await self._load(job)
        if isinstance(connected, Failed):
            return connected
        if dispatch.own is None:
            return Failed("its id there is not known here, so it has to be deleted there by hand")
        return await connected.client.retract(dispatch.own, latest=dispatch.newest)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        effect = _effect(job)
        is_one_entry = self._ctx.destinations.profile(effect.target).is_one_entry
        record_retracted(uow, publication_id=effect.publication_id, is_one_entry=is_one_entry, now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        record_retraction_failed(
            uow, publication_id=_effect(job).publication_id, reason=failure.reason, now=now
        )


def _effect(job: Job) -> SendNotice | CorrectNotice | RetractNotice:
    if isinstance(job.effect, SendNotice | CorrectNotice | RetractNotice):
        return job.effect
    raise TypeError(f"{job.effect.kind} was given to a performer of notices")


def _result_of(dispatch: Dispatch) -> dict[str, Any]:
    publication = dispatch.publication
    return {"id": publication.external_id, "url": publication.url, "data": dict(publication.data)}
