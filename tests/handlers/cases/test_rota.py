"""Give cases out in turn, and return claims to the queue that nobody works on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.cases.case import Case, CaseState
from domain.cases.open_forms import OpenForm
from domain.cases.rota import ReturnReason, RotaMode, RotaPolicy
from domain.cases.tags import TagChange
from domain.records.audit import SYSTEM, Action
from handlers.cases.assignment import claim, release
from handlers.cases.queue import view_home
from handlers.cases.resolution import snooze
from handlers.cases.rota import (
    BATCH,
    assign_in_turn,
    next_turn,
    return_claims_of,
    return_stale_claims,
    set_away,
)
from handlers.cases.tags import change_tags
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    ANA,
    BEN,
    FIRE,
    HOUR,
    KAI,
    MIA,
    MINUTE,
    NOW,
    SAM,
    THANKS,
    a_stored_case,
    case_of,
    cases,
    do,
    in_parallel,
    notified_people,
    trail,
)

TURNS = RotaPolicy(mode=RotaMode.ROUND_ROBIN, cap=2)
STALE = timedelta(hours=8)


def open_cases(store: Store, count: int) -> list[Case]:
    return [
        a_stored_case(store, author=replace(BEN, id=f"70{number}", handle=f"ben{number}"))
        for number in range(count)
    ]


def give_out(
    store: Store, *present: str, policy: RotaPolicy = TURNS, now: datetime = NOW
) -> list[str | None]:
    assigned = do(store, assign_in_turn, present=present, policy=policy, now=now)
    return [case.claimed_by for case in assigned]


def return_stale(store: Store, now: datetime) -> int:
    return do(store, return_stale_claims, stale_after=STALE, now=now)


def test_cases_are_given_in_turn_by_rank_up_to_the_cap(store: Store) -> None:
    open_cases(store, 4)
    fire = a_stored_case(store, FIRE, author=ANA)
    spam = a_stored_case(
        store, "@acme WIN a FREE iPhone now!!! click https://spam.example/win", author=replace(BEN, id="799")
    )
    praise = a_stored_case(store, THANKS, author=replace(BEN, id="798"))
    turn = do(store, next_turn, agents=[SAM, MIA, KAI], policy=TURNS, now=NOW)
    assert (turn.waiting, list(turn.candidates)) == (5, [KAI, MIA, SAM])
    assert give_out(store, SAM, MIA) == [MIA, SAM, MIA, SAM]
    assert case_of(store, fire.id).claimed_by == MIA
    assert case_of(store, spam.id).claimed_by is case_of(store, praise.id).claimed_by is None
    # Both are at the cap; whoever comes gets the rest.
    assert give_out(store, SAM, MIA) == []
    assert give_out(store, KAI, SAM, now=NOW + MINUTE) == [KAI]
    assert do(store, next_turn, agents=[SAM], policy=TURNS, now=NOW).waiting == 0
    assert notified_people(store) == [(user, "assigned") for user in (MIA, SAM, MIA, SAM, KAI)]
    entry = trail(store, fire.id)[-1]
    assert (entry.actor, entry.action, entry.detail["to"]) == (SYSTEM, Action.ASSIGNED, MIA)


def test_a_case_is_given_once_however_many_copies_run(store: Store) -> None:
    [case] = open_cases(store, 1)
    given = in_parallel([lambda: give_out(store, SAM), lambda: give_out(store, SAM)])
    assert [SAM] in given
    assert [entry.action for entry in trail(store, case.id)].count(Action.ASSIGNED) == 1


def test_nobody_is_given_a_case_again_that_they_let_go(store: Store) -> None:
    released, returned = open_cases(store, 2)
    for case in (released, returned):
        do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    do(store, release, case_id=released.id, user_id=SAM, now=NOW)
    do(store, return_claims_of, left={SAM: ReturnReason.LEFT}, now=NOW)
    assert give_out(store, SAM) == []
    assert give_out(store, SAM, MIA) == [MIA, MIA]


def test_cases_that_were_let_go_do_not_keep_those_behind_them_from_being_given(store: Store) -> None:
    *let_go, last = open_cases(store, BATCH + 1)
    for case in let_go:
        do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    while do(store, return_claims_of, left={SAM: ReturnReason.LEFT}, now=NOW):
        pass
    # Mia, who might take the first ones, has as many as the cap.
    policy = replace(TURNS, cap=1)
    busy = a_stored_case(store, author=ANA)
    do(store, claim, case_id=busy.id, user_id=MIA, now=NOW)
    assert give_out(store, SAM, MIA, policy=policy) == [SAM]
    assert case_of(store, last.id).claimed_by == SAM


def test_whoever_is_away_is_given_none_until_they_are_back(store: Store) -> None:
    open_cases(store, 1)
    do(store, set_away, user_id=SAM, until=NOW + HOUR, now=NOW)
    home = do(store, view_home, user_id=SAM, chosen="all", now=NOW)
    assert home.away_until == NOW + HOUR
    assert give_out(store, SAM) == []
    later = do(store, view_home, user_id=SAM, chosen="all", now=NOW + HOUR)
    assert later.away_until is None
    assert give_out(store, SAM, now=NOW + HOUR) == [SAM]
    do(store, set_away, user_id=SAM, until=NOW + 9 * HOUR, now=NOW)
    do(store, set_away, user_id=SAM, until=None, now=NOW)
    a_stored_case(store)
    assert give_out(store, SAM) == [SAM]


def test_a_stale_claim_returns_to_the_queue_once(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    assert return_stale(store, NOW + STALE - MINUTE) == 0
    assert return_stale(store, NOW + STALE) == 1
    assert return_stale(store, NOW + STALE) == 0
    returned = case_of(store, case.id)
    assert (returned.claimed_by, returned.claimed_at, returned.state) == (None, None, CaseState.OPEN)
    entry = trail(store, case.id)[-1]
    assert (entry.actor, entry.action, entry.detail) == (
        SYSTEM,
        Action.CLAIM_RETURNED,
        {"from": SAM, "reason": "stale"},
    )
    assert notified_people(store) == [(SAM, "claim_returned")]


def _tag(store: Store, case: Case, at: datetime) -> None:
    tag = TagChange(added=("billing",))
    do(
        store,
        change_tags,
        case_id=case.id,
        of_case=tag,
        of_customer=TagChange(),
        reason="",
        user_id=SAM,
        now=at,
    )


def _open_form(store: Store, case: Case, at: datetime) -> None:
    def save(uow: UnitOfWork) -> None:
        uow.open_forms.save(OpenForm(case_id=case.id, user_id=SAM, active_at=at))

    do(store, save)


def _snooze(store: Store, case: Case, at: datetime) -> None:
    do(store, snooze, case_id=case.id, version=None, until=at + 99 * HOUR, user_id=SAM, now=at)


@pytest.mark.parametrize("act", [_tag, _open_form, _snooze])
def test_a_claim_that_somebody_works_on_stays(store: Store, act: object) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    act(store, case_of(store, case.id), NOW + HOUR)  # type: ignore[operator]
    assert return_stale(store, NOW + STALE) == 0
    assert case_of(store, case.id).claimed_by == SAM


def test_the_cases_of_those_who_left_return_to_the_queue(store: Store) -> None:
    mine, hers, his = open_cases(store, 3)
    for case, user in ((mine, SAM), (hers, MIA), (his, KAI)):
        do(store, claim, case_id=case.id, user_id=user, now=NOW)
    left = {SAM: ReturnReason.DEACTIVATED, MIA: ReturnReason.LEFT}
    assert do(store, return_claims_of, left=left, now=NOW) == 2
    assert do(store, return_claims_of, left=left, now=NOW) == 0
    assert holders_of(cases(store)) == [None, None, KAI]
    assert notified_people(store) == [(MIA, "claim_returned")]


def holders_of(all_cases: Sequence[Case]) -> list[str | None]:
    return [case.claimed_by for case in all_cases]
