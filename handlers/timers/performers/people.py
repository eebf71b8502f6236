"""Homes, direct messages to colleagues, alerts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.answers import render_alert, render_tell
from adapters.slack.home import render_home
from domain.effects import Alert, Job, PublishHome, TellPerson
from domain.outcomes import Failed, Finding, Outcome
from domain.ports import UnitOfWork
from handlers.queue import view_home
from handlers.rerouting import reroute_alert
from handlers.timers.performers.rooms import NeverUnsure, QuietEnds, Room, expect, since
from handlers.viewing import get_case


class _NothingFollows(QuietEnds):
    def __init__(self, room: Room) -> None:
        self._room = room

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Nothing follows from it in our books."""


class HomePublisher(NeverUnsure, _NothingFollows):
    """Performs `PublishHome`."""

    async def perform(self, job: Job) -> Outcome:
        effect = expect(job, PublishHome)
        view = await self._room.desk.run(
            view_home, user_id=effect.user_id, chosen=effect.chosen, now=self._room.clock.now()
        )
        return await self._room.chat.publish_home(
            effect.user_id, render_home(view, team_url=self._room.team_url)
        )


class PersonTeller(_NothingFollows):
    """Performs `TellPerson`."""

    async def perform(self, job: Job) -> Outcome:
        effect = expect(job, TellPerson)
        case = await self._room.desk.run(get_case, case_id=effect.case_id)
        content = render_tell(
            case, action=effect.action, actor=effect.actor, to=effect.user_id, team_url=self._room.team_url
        )
        return await self._room.chat.post(effect.user_id, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = expect(job, TellPerson)
        return await self._room.chat.find(effect.user_id, token=job.token, since=since(job))


class Alerter(_NothingFollows):
    """Performs `Alert`."""

    async def perform(self, job: Job) -> Outcome:
        effect = expect(job, Alert)
        return await self._room.chat.post(effect.channel, render_alert(effect.text), token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = expect(job, Alert)
        return await self._room.chat.find(effect.channel, token=job.token, since=since(job))

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().failed(uow, job, failure, now)
        reroute_alert(uow, self._room.policy, expect(job, Alert), failure, now=now)
