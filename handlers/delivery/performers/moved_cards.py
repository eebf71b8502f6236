"""Replace a card that moved to another channel by where it went."""

from datetime import datetime

from adapters.slack.cards.moved import render_moved_card
from domain.delivery.effects import Job
from domain.delivery.outcomes import Done, Failed, Outcome
from domain.delivery.routing_effects import MarkMoved, MarkMovedOnceOpen
from handlers.cases.views import get_case
from handlers.delivery.performers.base import RepeatableEffect, Unrecorded, effect_of, later_if_route_broken
from storage.unit_of_work import UnitOfWork


class _Marker(RepeatableEffect, Unrecorded):
    async def _mark(self, effect: MarkMoved | MarkMovedOnceOpen) -> Outcome:
        case = await self._ctx.desk.run(get_case, case_id=effect.case_id)
        if (case.card_channel, case.card_ts) == (effect.channel, effect.ts):
            return Done()
        content = render_moved_card(case, team_url=self._ctx.team_url)
        return await self._ctx.team_chat.update(effect.channel, effect.ts, content)


class MovedCardMarker(_Marker):
    """Performs `MarkMoved`; does nothing where the card is back at this place."""

    async def perform(self, job: Job) -> Outcome:
        return await self._mark(effect_of(job, MarkMoved))

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        if not failure.route_broken:
            super().on_failed(uow, job, failure, now)
            return
        effect = effect_of(job, MarkMoved)
        uow.outbox.add([MarkMovedOnceOpen(effect.case_id, effect.channel, effect.ts)], now=now)


class ReopenedChannelMarker(_Marker):
    """Performs `MarkMovedOnceOpen`: waits longer and longer while the channel cannot be used."""

    async def perform(self, job: Job) -> Outcome:
        return later_if_route_broken(await self._mark(effect_of(job, MarkMovedOnceOpen)), job)
