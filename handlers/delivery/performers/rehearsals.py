"""Post in the rehearsal channel that a rehearsal began, and its score, and fold what is left of it."""

from adapters.slack.outages.rehearsal_messages import render_folded, render_score, render_start
from domain.delivery.effects import Job
from domain.delivery.outage_effects import FoldRehearsalMessage, PostRehearsal
from domain.delivery.outcomes import Finding, Outcome
from domain.outages.rehearsal import Kind
from handlers.delivery.performers.base import RepeatableEffect, Unrecorded, effect_of, search_since
from handlers.outages.rehearsals import view_rehearsal


class RehearsalPoster(Unrecorded):
    """Performs `PostRehearsal`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PostRehearsal)
        rehearsal, last = await self._ctx.desk.run(view_rehearsal, rehearsal_id=effect.rehearsal_id)
        content = render_start(rehearsal) if effect.part == "start" else render_score(rehearsal, last)
        return await self._ctx.post(effect.channel, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostRehearsal)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))


class RehearsalFolder(RepeatableEffect, Unrecorded):
    """Performs `FoldRehearsalMessage`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, FoldRehearsalMessage)
        content = render_folded(
            Kind(effect.message), situation=effect.situation, is_answered=effect.is_answered
        )
        return await self._ctx.team_chat.update(effect.channel, effect.ts, content)
