"""Post and update case cards."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.card_metadata import CardIdentity
from adapters.slack.cards import render_card
from adapters.slack.message_content import Content, digest
from adapters.slack.records.contact_masking import mask_card
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.delivery.effects import Job, PostCard, UpdateCard
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.delivery.routing_effects import UpdateCardOnceOpen
from domain.delivery.thread_effects import PostThread
from domain.outages.folding import is_folded
from domain.records.audit import for_thread
from handlers.cases.card_routing import recover_missing_card, reroute_card
from handlers.cases.views import view_case
from handlers.context import AppContext
from handlers.delivery.performers.base import (
    LogOutcome,
    RepeatableEffect,
    effect_of,
    later_if_route_broken,
    redraw,
    render_or_fail,
    search_since,
)
from handlers.intake.private_files import unshared_files
from handlers.intake.redaction import alert_not_redrawn
from handlers.presence import is_somebody_there
from handlers.triage.classify import Classifier
from handlers.triage.outage_wordings import OutageWordings
from handlers.triage.suggest import with_suggestion
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class _CardPerformer(LogOutcome):
    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def _view(self, case_id: int) -> CaseView:
        """Load what the card shows, and choose its suggestion where that is due.

        A folded card shows none. The text is encoded, and what it is compared with indexed, before the
        transaction. A card is never kept back because none could be chosen.
        """
        view = await self._suggested(case_id)
        if view.case.state.is_active:
            agents = await self._ctx.directory.agents()
            view = replace(view, agents=await self._ctx.directory.names_of(agents))
        if view.opens_at is None or not await is_somebody_there(self._ctx):
            return view
        return replace(view, is_staffed=True)

    async def _suggested(self, case_id: int) -> CaseView:
        view = await self._ctx.desk.run(view_case, case_id=case_id, now=self._ctx.clock.now())
        if view.suggestion_due is None or is_folded(view):
            return view
        try:
            classifier = await self._ctx.live_classifier.refresh_to_suggest()
            await asyncio.to_thread(_prepare, classifier, view.case, view.suggestion_due)
            return await self._ctx.desk.run(
                _view_suggested,
                case_id=case_id,
                classifier=classifier,
                outage_wordings=self._ctx.outage_wordings,
                now=self._ctx.clock.now(),
            )
        except Exception:
            log.exception("no suggestion could be chosen for case %d; its card is shown without", case_id)
            return view

    def _render(self, view: CaseView) -> Content | Failed:
        ours, guidance = self._ctx.our_account(view.case.network), self._ctx.rules.situations
        content = render_or_fail(
            lambda: render_card(self._ctx.abuse.case(view), ours=ours, guidance=guidance)
        )
        if isinstance(content, Failed) or not self._ctx.policy.masks_contacts:
            return content
        return mask_card(content, view.case)


def _prepare(classifier: Classifier, case: Case, message: Message) -> None:
    """Encode the words of a message ahead, and find in them what the rules find.

    The first words in a language have its phrases indexed and its sentiment loaded, for a tenth of a second.
    """
    classifier.prepare([message.words])
    classifier.evidence(message.words, case.assessment.language)


def _view_suggested(
    uow: UnitOfWork,
    *,
    case_id: int,
    classifier: Classifier,
    outage_wordings: OutageWordings,
    now: datetime,
) -> CaseView:
    view = view_case(uow, case_id=case_id, now=now)
    return with_suggestion(uow, view, classifier, now, outage_wordings)


class CardPoster(_CardPerformer):
    """Performs `PostCard`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, PostCard)
        view = await self._view(effect.case_id)
        if view.case.card_ts and not effect.again and view.case.card_channel == effect.channel:
            return Done({"channel": view.case.card_channel, "ts": view.case.card_ts})
        content = self._render(view)
        if isinstance(content, Failed):
            return content
        metadata = {"digest": digest(content), **CardIdentity.of(view.case).payload()}
        return await self._ctx.post(effect.channel, content, token=job.token, metadata=metadata)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostCard)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        effect = effect_of(job, PostCard)
        uow.cases.record_card_location(
            effect.case_id,
            channel=str(result["channel"]),
            ts=str(result["ts"]),
            digest=str(result.get("digest", "")),
        )
        if effect.again:
            # The thread of a replacement card is empty: post the whole audit trail again.
            uow.cases.record_thread_position(effect.case_id, audit_id=0)
        case = uow.cases.get(effect.case_id)
        if for_thread(uow.audit.of_case(case.id, after=case.thread_audit_id)):
            uow.outbox.add([PostThread(case.id, case.channel)], now=now, priority=case.sort_key)
        uow.outbox.add(unshared_files(uow, case), now=now, priority=case.sort_key)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        effect = effect_of(job, PostCard)
        reroute_card(uow, self._ctx.policy, effect.case_id, effect.channel, failure, now=now)


class _Updater(RepeatableEffect, _CardPerformer):
    """Update a case's card. Skips the call where the digest of the rendered card is unchanged."""

    async def _update(self, case_id: int) -> Outcome:
        view = await self._view(case_id)
        case = view.case
        if case.card_channel is None or case.card_ts is None:
            return Done()
        content = self._render(view)
        if isinstance(content, Failed):
            return content
        return await redraw(self._ctx, case.card_channel, case.card_ts, content, shown=case.card_digest)

    def _record(self, uow: UnitOfWork, case_id: int, result: Mapping[str, Any]) -> None:
        if "ts" in result:
            uow.cases.record_card_location(
                case_id,
                channel=str(result["channel"]),
                ts=str(result["ts"]),
                digest=str(result["digest"]),
            )


class CardUpdater(_Updater):
    """Performs `UpdateCard`."""

    async def perform(self, job: Job) -> Outcome:
        return await self._update(effect_of(job, UpdateCard).case_id)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        self._record(uow, effect_of(job, UpdateCard).case_id, result)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        case_id = effect_of(job, UpdateCard).case_id
        alert_not_redrawn(uow, self._ctx.policy, case_id=case_id, failure=failure, now=now)
        recover_missing_card(uow, self._ctx.policy, case_id, failure, now=now)


class ReopenedChannelUpdater(_Updater):
    """Performs `UpdateCardOnceOpen`: waits longer and longer while the channel cannot be used."""

    async def perform(self, job: Job) -> Outcome:
        return later_if_route_broken(await self._update(effect_of(job, UpdateCardOnceOpen).case_id), job)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        self._record(uow, effect_of(job, UpdateCardOnceOpen).case_id, result)
