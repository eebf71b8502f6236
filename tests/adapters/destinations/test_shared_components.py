"""Of two open outages that name a component, the end of one leaves it to the other, and it ends as it was."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from domain.outages.destinations import OutgoingNotice, Receipt
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase, Severity
from tests.adapters.destinations.notices import ANNOUNCEMENT, NOW, update
from tests.adapters.destinations.stand_ins import STAND_INS, StandIn
from tests.adapters.destinations.test_contract import every_status_page, published


class Sharing:
    """Two outages at one status page. What one keeps there is told to the other while both are open."""

    def __init__(self, there: StandIn) -> None:
        self.there = there
        self.before = dict(there.states())
        self.first: dict[int, Receipt] = {}
        self.latest: dict[int, Receipt] = {}
        self._number = 100

    async def send(self, outage_id: int, notice: OutgoingNotice, **changes: Any) -> str:  # noqa: ANN401
        """Publish a notice of an outage; return the state of Payments."""
        self._number += 1
        others = tuple(one.data for number, one in self.latest.items() if number != outage_id)
        changes |= {"outage_id": outage_id, "notice_id": self._number, "reference": f"n{self._number}"}
        changes |= {"title": f"Outage {outage_id}", "others": others}
        receipt = await published(
            self.there, replace(notice, **changes), self.first.get(outage_id), self.latest.get(outage_id)
        )
        self.first.setdefault(outage_id, receipt)
        self.latest[outage_id] = receipt
        return self.state()

    async def announce(self, outage_id: int, severity: Severity) -> str:
        return await self.send(outage_id, ANNOUNCEMENT, severity=severity)

    async def resolve(self, outage_id: int) -> str:
        over = update(1, f"{outage_id} is over.", kind=NoticeKind.RESOLUTION, phase=Phase.RESOLVED)
        if outage_id == PLANNED:
            over = replace(over, phase=Phase.COMPLETED, **WORK)
        state = await self.send(outage_id, over)
        del self.latest[outage_id]
        return state

    def state(self) -> str:
        return self.there.states()["Payments"]


PLANNED = 9
WORK: dict[str, Any] = {
    "outage_kind": OutageKind.MAINTENANCE,
    "starts_at": NOW - timedelta(minutes=5),
    "ends_at": NOW + timedelta(hours=1),
}


async def alone(name: str, severity: Severity) -> str:
    """Return the state of Payments in an outage of this severity."""
    async with STAND_INS[name]() as there:
        return await Sharing(there).announce(7, severity)


@every_status_page
@pytest.mark.parametrize(("one", "other"), list(product(Severity, repeat=2)))
@pytest.mark.parametrize("ends_first", [7, 8])
async def test_a_component_keeps_the_state_of_the_outage_that_goes_on(
    name: str, one: Severity, other: Severity, ends_first: int
) -> None:
    expected = {7: await alone(name, one), 8: await alone(name, other)}
    worst = expected[7] if list(Severity).index(one) > list(Severity).index(other) else expected[8]
    async with STAND_INS[name]() as there:
        both = Sharing(there)
        assert await both.announce(7, one) == expected[7]
        assert await both.announce(8, other) == worst
        goes_on = 15 - ends_first
        assert await both.resolve(ends_first) == expected[goes_on]
        assert await both.resolve(goes_on) == both.before["Payments"]
        assert there.states() == both.before


@every_status_page
async def test_an_update_of_one_does_not_hide_the_worse_one(name: str) -> None:
    critical = await alone(name, Severity.CRITICAL)
    minor = await alone(name, Severity.MINOR)
    async with STAND_INS[name]() as there:
        both = Sharing(there)
        await both.announce(7, Severity.CRITICAL)
        await both.announce(8, Severity.MINOR)
        still = update(1, "Still slow.", severity=Severity.MINOR)
        assert await both.send(8, still) == critical
        better = update(1, "It is slow by now.", severity=Severity.MINOR)
        assert await both.send(7, better) == minor
        worse = update(1, "It fails.", severity=Severity.CRITICAL)
        assert await both.send(8, worse) == critical
        assert await both.resolve(8) == minor
        assert await both.resolve(7) == both.before["Payments"]


@every_status_page
async def test_planned_work_that_ends_leaves_the_component_to_the_outage(name: str) -> None:
    async with STAND_INS[name]() as there:
        both = Sharing(there)
        begun = {**WORK, "phase": Phase.IN_PROGRESS}
        during = await both.send(PLANNED, ANNOUNCEMENT, **begun)
        down = await both.announce(8, Severity.MAJOR)
        assert down not in {during, both.before["Payments"]}
        assert await both.resolve(PLANNED) == down
        assert await both.resolve(8) == both.before["Payments"]


@every_status_page
async def test_deleting_one_leaves_the_component_to_the_other(name: str) -> None:
    async with STAND_INS[name]() as there:
        both = Sharing(there)
        await both.announce(7, Severity.MAJOR)
        down = await both.announce(8, Severity.MAJOR)
        newest = replace(both.latest[7], others=(both.latest[8].data,))
        await there.client.retract(both.first[7], latest=newest)
        assert both.state() == down
        del both.latest[7]
        assert await both.resolve(8) == both.before["Payments"]


@every_status_page
async def test_what_a_person_set_meanwhile_is_theirs(name: str) -> None:
    async with STAND_INS[name]() as there:
        assert there.set_state is not None
        both = Sharing(there)
        await both.announce(7, Severity.CRITICAL)
        await both.announce(8, Severity.MINOR)
        there.set_state("Payments", there.other_state)
        assert await both.resolve(7) == there.other_state
        assert await both.resolve(8) == there.other_state
