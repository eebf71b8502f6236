"""Ask the language model for reply drafts."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from domain.delivery.effects import DraftReply, Job
from domain.delivery.outcomes import Done, Outcome
from domain.model_calls import NoAnswer
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, RepeatableEffect, effect_of, search_since
from handlers.triage.draft import draft_request, require_grounded, require_rules_kept, save_draft
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class ReplyDrafter(RepeatableEffect, LogOutcome):
    """Performs `DraftReply`.

    Where no draft is accepted, the suggestion stays the saved reply; the reason is logged.
    """

    def __init__(self, ctx: AppContext) -> None:
        self._desk = ctx.desk
        self._drafter = ctx.drafter
        self._classifier = ctx.live_classifier
        self._networks = ctx.networks
        self._rules = ctx.rules
        self._clock = ctx.clock

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, DraftReply)
        if self._drafter is None:
            return Done()
        classifier = await self._classifier.refresh_to_suggest()
        request = await self._desk.run(
            draft_request,
            case_id=effect.case_id,
            message_id=effect.message_id,
            classifier=classifier,
            networks=self._networks,
            rules=self._rules,
            now=self._clock.now(),
        )
        if request is None:
            return Done()
        try:
            draft = await self._drafter.draft(request)
            await asyncio.to_thread(require_grounded, draft, request, classifier)
            await self._desk.run(
                require_rules_kept,
                case_id=effect.case_id,
                draft=draft,
                request=request,
                rules=self._rules,
                networks=self._networks,
                now=self._clock.now(),
            )
            return Done(asdict(draft))
        except NoAnswer as reason:
            log.warning("case %d keeps its saved reply: %s", effect.case_id, reason)
            return Done()

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if result:
            effect = effect_of(job, DraftReply)
            save_draft(
                uow,
                case_id=effect.case_id,
                message_id=effect.message_id,
                draft=result,
                asked_at=search_since(job),
                now=now,
            )
