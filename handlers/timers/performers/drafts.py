"""Asking the model for drafts."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from domain.drafts import NoDraft
from domain.effects import DraftReply, Job
from domain.outcomes import Done, Outcome
from domain.ports import Drafter, SocialNetwork, UnitOfWork
from handlers.desk import Desk
from handlers.drafting import draft_request, keep_draft
from handlers.reading import Reader
from handlers.timers.performers.rooms import NeverUnsure, QuietEnds, expect, since

log = logging.getLogger(__name__)


class ReplyDrafter(NeverUnsure, QuietEnds):
    """Performs `DraftReply`. Whatever is wrong with a draft, the saved reply stands and the reason is in the log."""

    def __init__(self, desk: Desk, drafter: Drafter | None, reader: Reader, network: SocialNetwork) -> None:
        self._desk = desk
        self._drafter = drafter
        self._reader = reader
        self._network = network

    async def perform(self, job: Job) -> Outcome:
        effect = expect(job, DraftReply)
        if self._drafter is None:
            return Done()
        request = await self._desk.run(
            draft_request,
            case_id=effect.case_id,
            message_id=effect.message_id,
            reader=self._reader,
            limit=self._network.count("").limit,
        )
        if request is None:
            return Done()
        try:
            return Done(asdict(await self._drafter.draft(request)))
        except NoDraft as reason:
            log.warning("case %d keeps its saved reply: %s", effect.case_id, reason)
            return Done()

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if result:
            effect = expect(job, DraftReply)
            keep_draft(
                uow,
                case_id=effect.case_id,
                message_id=effect.message_id,
                draft=result,
                asked_at=since(job),
                now=now,
            )
