"""Replace a card that moved to another channel by where it went."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.cards.moved import render_moved_card
from domain.delivery.effects import Job
from domain.delivery.outcomes import Done, Outcome
from domain.delivery.routing_effects import MarkMoved
from handlers.cases.views import get_case
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, RepeatableEffect, effect_of
from storage.unit_of_work import UnitOfWork


class MovedCardMarker(RepeatableEffect, LogOutcome):
    """Performs `MarkMoved`; does nothing where the card is back at this place."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, MarkMoved)
        case = await self._ctx.desk.run(get_case, case_id=effect.case_id)
        if (case.card_channel, case.card_ts) == (effect.channel, effect.ts):
            return Done()
        content = render_moved_card(case, team_url=self._ctx.team_url)
        return await self._ctx.team_chat.update(effect.channel, effect.ts, content)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Do nothing: no record is kept."""
