"""List for a person the customers who wait for a cause that was fixed."""

from adapters.slack.causes.causes import render_waiting
from adapters.slack.records.contact_masking import mask as mask_contacts
from domain.access import Permission
from domain.delivery.cause_effects import PostCauseFixed
from domain.delivery.effects import Job
from domain.delivery.outcomes import Failed, Finding, Outcome
from handlers.access import hides_contacts, may
from handlers.causes.waiting import view_waiting
from handlers.delivery.performers.base import Unrecorded, effect_of, render_or_fail, search_since


class CauseFixedPoster(Unrecorded):
    """Performs `PostCauseFixed`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PostCauseFixed)
        classifier = await self._ctx.live_classifier.refresh_to_suggest()
        view = await self._ctx.desk.run(
            view_waiting, cause_id=effect.cause_id, classifier=classifier, now=self._ctx.clock.now()
        )
        mask = self._ctx.abuse.mask_for(None)
        may_answer = await may(self._ctx, effect.user_id, Permission.WORK_ON_CASES)
        content = render_or_fail(
            lambda: render_waiting(view, team_url=self._ctx.team_url, mask=mask, may_answer=may_answer)
        )
        if isinstance(content, Failed):
            return content
        if await hides_contacts(self._ctx, effect.user_id):
            content = mask_contacts(content)
        return await self._ctx.post(effect.user_id, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostCauseFixed)
        return await self._ctx.team_chat.find(effect.user_id, token=job.token, since=search_since(job))
