"""Give cases to people who are present, and return the claims of those who left."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest

from domain.access import Standing
from domain.cases.rota import RotaMode, RotaPolicy
from handlers.cases.assignment import claim, release
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.timers.rota import give_out, return_claims, return_claims_of_outsiders, rota_timers
from storage.engine import Store, open_store
from storage.schema import create_if_empty
from tests.handlers.context import a_context
from tests.handlers.made import BEN, KAI, MIA, NOW, POLICY, SAM, a_stored_case, case_of, do, trail

BOT = "U0OTHERBOT"


@dataclass
class Team:
    """A directory in which the test says who is there."""

    members: frozenset[str] = frozenset({"U0BOT", BOT, SAM, MIA})
    present: frozenset[str] = frozenset({"U0BOT", BOT, SAM})
    deactivated: frozenset[str] = frozenset()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)

    async def agents(self) -> frozenset[str]:
        return self.members

    async def names_of(self, user_ids: Collection[str]) -> list[str]:
        return sorted(user_ids)

    async def standing(self, user_id: str) -> Standing:
        self.looked_up.append(user_id)
        if user_id in self.deactivated:
            return Standing.DEACTIVATED
        if user_id in {BOT, "U0BOT"}:
            return Standing.BOT
        return self.standings.get(user_id, Standing.MEMBER)

    async def is_bot(self, user_id: str) -> bool:
        return user_id in {BOT, "U0BOT"}

    async def is_present(self, user_id: str) -> bool:
        self.asked.append(user_id)
        return user_id in self.present

    async def is_active(self, user_id: str) -> bool:
        return user_id not in self.deactivated


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store("sqlite://")
    create_if_empty(store)
    yield store
    store.close()


def a_desk(store: Store, team: Team, mode: RotaMode = RotaMode.ROUND_ROBIN) -> AppContext:
    policy = replace(POLICY, rota=RotaPolicy(mode=mode))
    return a_context(Desk(store), directory=team, policy=policy)


async def test_only_people_who_are_present_are_given_cases(store: Store) -> None:
    team = Team()
    ctx = a_desk(store, team)
    await give_out(ctx)
    assert team.asked == []
    case, other = a_stored_case(store), a_stored_case(store, author=BEN)
    await give_out(ctx)
    assert [case_of(store, one.id).claimed_by for one in (case, other)] == [SAM, SAM]
    assert set(team.asked) == {SAM, MIA}
    assert set(team.looked_up) == {SAM}, "what the absent are today is not asked each minute"


async def test_guests_and_the_deactivated_are_given_no_case(store: Store) -> None:
    case = a_stored_case(store)
    everybody = frozenset({SAM, MIA, KAI})
    team = Team(
        members=everybody, present=everybody, deactivated=frozenset({SAM}), standings={KAI: Standing.GUEST}
    )
    await give_out(a_desk(store, team))
    assert case_of(store, case.id).claimed_by == MIA


async def test_a_case_goes_past_whoever_is_next_but_has_released_it(store: Store) -> None:
    released, other = a_stored_case(store), a_stored_case(store, author=BEN)
    do(store, claim, case_id=other.id, user_id=MIA, now=NOW)
    do(store, claim, case_id=released.id, user_id=SAM, now=NOW)
    do(store, release, case_id=released.id, user_id=SAM, now=NOW)
    team = Team(present=frozenset({SAM, MIA}))
    await give_out(a_desk(store, team, RotaMode.LEAST_BUSY))
    assert case_of(store, released.id).claimed_by == MIA


async def test_nobody_is_given_a_case_while_nobody_is_there(store: Store) -> None:
    case = a_stored_case(store)
    await give_out(a_desk(store, Team(present=frozenset())))
    assert case_of(store, case.id).claimed_by is None


async def test_the_claims_of_those_who_left_are_returned(store: Store) -> None:
    case, other = a_stored_case(store), a_stored_case(store, author=BEN)
    do(store, claim, case_id=case.id, user_id=KAI, now=NOW)
    do(store, claim, case_id=other.id, user_id=SAM, now=NOW)
    # As long as Slack has not said who may act, nobody has left.
    await return_claims(a_desk(store, Team(members=frozenset())))
    assert case_of(store, case.id).claimed_by == KAI
    await return_claims(a_desk(store, Team(deactivated=frozenset({KAI}))))
    assert [case_of(store, one.id).claimed_by for one in (case, other)] == [None, SAM]
    assert trail(store, case.id)[-1].detail == {"from": KAI, "reason": "deactivated"}


async def test_the_claims_of_those_whom_the_channel_still_lists_but_who_may_not_act_are_returned(
    store: Store,
) -> None:
    cases = [a_stored_case(store), a_stored_case(store, author=BEN)]
    for case, user_id in zip(cases, (KAI, MIA), strict=True):
        do(store, claim, case_id=case.id, user_id=user_id, now=NOW)
    for standings, holders in (
        ({KAI: Standing.UNKNOWN}, [KAI, MIA]),
        ({KAI: Standing.DEACTIVATED, MIA: Standing.GUEST}, [None, None]),
    ):
        ctx = a_desk(store, Team(members=frozenset({KAI, MIA}), standings=standings))
        await return_claims(ctx)
        await return_claims_of_outsiders(ctx)
        assert [case_of(store, case.id).claimed_by for case in cases] == holders
    assert [trail(store, case.id)[-1].detail["reason"] for case in cases] == ["deactivated", "left"]


def test_cases_are_given_out_only_where_the_rota_is_on(store: Store) -> None:
    names = [timer.name for timer in rota_timers(a_desk(store, Team(), RotaMode.OFF))]
    assert names == ["return claims to the queue", "return claims of the deactivated"]
    assert "give out cases" in [timer.name for timer in rota_timers(a_desk(store, Team()))]
