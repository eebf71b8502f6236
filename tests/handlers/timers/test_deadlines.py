"""The timer of what is due tells the managers: the members of a user group, or a channel."""

from dataclasses import replace

import pytest

from domain.cases.service_levels import MissedTargetAct, ServiceLevel, ServiceLevels
from handlers.desk import Desk
from handlers.timers.maintenance import maintenance_timers
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import KAI, MIA, MINUTE, NOW, POLICY, a_post, arrive, notified_people


class Directory:
    """A directory that knows one user group, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def group_members(self, group: str) -> frozenset[str]:
        self.asked += 1
        return {"@leads": frozenset({KAI, MIA})}[group]


@pytest.mark.parametrize(("managers", "told"), [("@leads", [KAI, MIA]), ("C0LEADS", ["C0LEADS"]), ("", [])])
async def test_managers_are_told_of_a_missed_target(sqlite: Store, managers: str, told: list[str]) -> None:
    levels = ServiceLevels(
        levels=[ServiceLevel(name="fast", first=5 * MINUTE, at_breach=(MissedTargetAct.MANAGER,))]
    )
    sqlite.service_levels = levels
    arrive(sqlite, a_post("9000"), service_levels=levels)
    desk, clock, directory = Desk(sqlite), ManualClock(), Directory()
    ctx = a_context(
        desk,
        clock=clock,
        policy=replace(POLICY, service_levels=levels, managers=managers),
        directory=directory,
    )
    [timer] = [timer for timer in maintenance_timers(ctx) if timer.name == "act on what is due"]
    clock.moment = NOW + 4 * MINUTE
    await timer.callback()
    assert (directory.asked, notified_people(sqlite)) == (0, [])
    clock.moment = NOW + 6 * MINUTE
    await timer.callback()
    await timer.callback()
    assert sorted(notified_people(sqlite)) == [(person, "answer_overdue") for person in told]
    desk.close()
