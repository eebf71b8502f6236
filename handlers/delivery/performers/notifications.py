"""Publish App Homes, notify agents by direct message, post alerts."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from adapters.slack.ephemerals import render_alert, render_notification
from adapters.slack.home import render_home
from adapters.slack.home_ids import HomeFilter
from adapters.slack.message_content import Block, View
from adapters.slack.modals.outages.small_forms import board_button
from adapters.slack.records.contact_masking import mask
from adapters.slack.role_texts import outsider
from adapters.slack.team_home import render_team_home
from domain.access import Permission
from domain.cases.views import without_due_times
from domain.delivery.effects import Alert, Job, NotifyPerson, PublishHome
from domain.delivery.outcomes import Failed, Finding, Outcome
from domain.errors import Refused
from handlers.access import allows, hides_contacts, may, who_may
from handlers.cases.alerts import reroute_alert
from handlers.cases.queue import NOT_ALLOWED, NOT_ALLOWED_TEXT, ONLY_OUTAGES, view_home
from handlers.cases.views import get_case
from handlers.delivery.performers.base import RepeatableEffect, Unrecorded, effect_of, search_since
from handlers.outages.lookup import get_outage
from handlers.presence import is_somebody_there
from handlers.reports.team import view_team
from storage.unit_of_work import UnitOfWork


class HomePublisher(RepeatableEffect, Unrecorded):
    """Performs `PublishHome`."""

    async def perform(self, job: Job) -> Outcome:
        effect, ctx = effect_of(job, PublishHome), self._ctx
        sees_team = await may(ctx, effect.user_id, Permission.SEE_REPORTS)
        if effect.chosen == HomeFilter.TEAM and sees_team:
            home = await self._team(effect.user_id)
        else:
            home = await self._queue(effect.user_id, await self._permitted(effect), offers_team=sees_team)
        if await hides_contacts(ctx, effect.user_id):
            home = mask(home)
        return await ctx.team_chat.publish_home(effect.user_id, home)

    async def _queue(self, user_id: str, chosen: str, *, offers_team: bool) -> View:
        ctx, policy = self._ctx, self._ctx.policy
        view = await ctx.desk.run_to_read(
            view_home,
            user_id=user_id,
            chosen=chosen,
            now=ctx.clock.now(),
            sees_spikes=await may(ctx, user_id, Permission.WORK_ON_OUTAGES),
        )
        standing = await ctx.directory.standing(user_id)
        if chosen == NOT_ALLOWED and not allows(ctx, standing):
            view = replace(view, problems=(outsider(standing, happened="Nothing is shown"),))
        elif chosen in {NOT_ALLOWED, ONLY_OUTAGES}:
            whose = " or ".join(who_may(ctx, Permission.SEE_CASES))
            view = replace(view, problems=(f"{NOT_ALLOWED_TEXT} It is seen by members of {whose}.",))
        may_act = await may(ctx, user_id, Permission.WORK_ON_CASES)
        view = replace(
            view,
            daily_budget=policy.spending.daily,
            has_rota=policy.rota.is_on and may_act,
            may_act=may_act,
            offers_team=offers_team,
            offers_outage=await may(ctx, user_id, Permission.DRAFT_NOTICES),
        )
        if view.opens_at is not None and not await is_somebody_there(ctx):
            view = without_due_times(view)
        return render_home(
            ctx.abuse.home(view),
            team_url=ctx.team_url,
            account_of=ctx.our_account,
            guidance=ctx.rules.situations,
        )

    async def _team(self, user_id: str) -> View:
        ctx, policy = self._ctx, self._ctx.policy
        view = await ctx.desk.run_to_read(
            view_team,
            network_budget=policy.spending,
            model_budget=policy.model_budget,
            now=ctx.clock.now(),
        )
        return render_team_home(
            view,
            team_url=ctx.team_url,
            network_label=lambda name: ctx.networks.profile(name).label,
            offers_own=await may(ctx, user_id, Permission.WORK_ON_CASES),
        )

    async def _permitted(self, effect: PublishHome) -> str:
        """Return the filter, or why nothing else is shown: a Home stays open after its reader lost a role."""
        if await may(self._ctx, effect.user_id, Permission.SEE_CASES):
            return effect.chosen if effect.chosen != HomeFilter.TEAM else HomeFilter.ALL.value
        sees_outages = await may(self._ctx, effect.user_id, Permission.WORK_ON_OUTAGES)
        return ONLY_OUTAGES if sees_outages else NOT_ALLOWED


class PersonNotifier(Unrecorded):
    """Performs `NotifyPerson`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, NotifyPerson)
        case = await self._ctx.desk.run(get_case, case_id=effect.case_id)
        content = render_notification(
            case, action=effect.action, actor=effect.actor, to=effect.user_id, team_url=self._ctx.team_url
        )
        if effect.user_id.startswith(("U", "W")) and await hides_contacts(self._ctx, effect.user_id):
            content = mask(content)
        return await self._ctx.post(effect.user_id, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, NotifyPerson)
        return await self._ctx.team_chat.find(effect.user_id, token=job.token, since=search_since(job))


class Alerter(Unrecorded):
    """Performs `Alert`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, Alert)
        content = render_alert(effect.text, await self._links(effect))
        return await self._ctx.post(effect.channel, content, token=job.token)

    async def _links(self, effect: Alert) -> Sequence[Block]:
        """Build the button to the board that it is about; none where that is not posted yet."""
        if effect.board_of is None:
            return []
        with suppress(Refused):  # it is not stored any more; what is told counts
            outage = await self._ctx.desk.run(get_outage, outage_id=effect.board_of)
            return board_button(outage, team_url=self._ctx.team_url)
        return []

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, Alert)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        reroute_alert(uow, self._ctx.policy, effect_of(job, Alert), failure, now=now)
