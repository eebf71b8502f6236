"""Post and update the alerts of spikes, with their chart."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.charts.spike_chart import spike_chart
from adapters.slack.message_content import Content
from adapters.slack.surge.spike_alert import render_spike, spike_finding
from domain.cases.masked_views import mask_message
from domain.delivery.effects import Job
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.delivery.surge_effects import PostSpike, UpdateSpike
from domain.surge.series import SeriesFinder
from domain.surge.views import SpikeView
from handlers.context import AppContext
from handlers.delivery.performers.base import (
    LogOutcome,
    RepeatableEffect,
    effect_of,
    render_or_fail,
    search_since,
)
from handlers.surge.spikes import record_alert, reroute_alert
from handlers.surge.views import view_spike
from storage.unit_of_work import UnitOfWork


class _SpikePerformer(LogOutcome):
    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def _view(self, spike_id: int) -> SpikeView:
        view = await self._ctx.desk.run(
            view_spike,
            spike_id=spike_id,
            finder=SeriesFinder(self._ctx.policy.outages.components),
            network_label=lambda name: self._ctx.networks.profile(name).label,
            now=self._ctx.clock.now(),
        )
        mask = self._ctx.abuse.mask_for(None)
        return replace(
            view,
            examples=tuple(replace(one, message=mask_message(one.message, mask)) for one in view.examples),
        )

    async def _content(self, view: SpikeView) -> Content | Failed:
        picture = await self._picture(view)
        return render_or_fail(lambda: render_spike(view, team_url=self._ctx.team_url, picture=picture))

    async def _picture(self, view: SpikeView) -> str | None:
        """Draw and upload the chart; `None` where that failed, or there is none: the alert goes without."""
        if view.history is None:
            return None
        chart = spike_chart(view.history, high_from=view.spike.since)
        return await self._ctx.upload_chart(
            chart, name=f"spike-{view.spike.id}.png", alt_text=spike_finding(view)
        )


class SpikePoster(_SpikePerformer):
    """Performs `PostSpike`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PostSpike)
        view = await self._view(effect.spike_id)
        if view.spike.ts is not None:
            return Done({"channel": view.spike.channel, "ts": view.spike.ts})
        content = await self._content(view)
        if isinstance(content, Failed):
            return content
        return await self._ctx.post(effect.channel, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostSpike)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        spike_id = effect_of(job, PostSpike).spike_id
        record_alert(uow, spike_id=spike_id, channel=str(result["channel"]), ts=str(result["ts"]))

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        reroute_alert(uow, self._ctx.policy, effect_of(job, PostSpike), failure, now=now)


class SpikeUpdater(RepeatableEffect, _SpikePerformer):
    """Performs `UpdateSpike`."""

    async def perform(self, job: Job) -> Outcome:
        view = await self._view(effect_of(job, UpdateSpike).spike_id)
        channel, ts = view.spike.channel, view.spike.ts
        if channel is None or ts is None:
            return Done()
        content = await self._content(view)
        return (
            content if isinstance(content, Failed) else await self._ctx.team_chat.update(channel, ts, content)
        )

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Do nothing: no record is kept."""
