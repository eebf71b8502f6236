"""Prefer one of several cases that a private message may belong to."""

from itertools import permutations, starmap

import pytest

from domain.cases.case import Case, CaseState
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.case_matching import Candidate, preferred_candidate, preferred_handoff
from domain.venues import Venue
from tests.domain.made import a_case, a_handoff

OFFERED, ARRIVED, RETURNED, EXPIRED, REPLACED = HandoffState


def case(case_id: int, state: CaseState = CaseState.OPEN) -> Case:
    return a_case(id=case_id, state=state)


def there(handoff_id: int, state: HandoffState = ARRIVED, venue: Venue = Venue.DM) -> Handoff:
    return a_handoff(venue, state, id=handoff_id)


CLOSED_HERE: Candidate = (case(1, CaseState.RESOLVED), there(1))


@pytest.mark.parametrize(
    ("preferred", "others"),
    [
        # An open case goes before a closed one that was here.
        ((case(2), None), [CLOSED_HERE]),
        ((case(2), there(2, OFFERED)), [CLOSED_HERE]),
        ((case(2, CaseState.SNOOZED), None), [CLOSED_HERE]),
        # Of two open cases, the one that is here goes first, or was offered to be.
        ((case(1), there(1)), [(case(2), None)]),
        ((case(1), there(1, OFFERED)), [(case(2), None), (case(3), there(3, RETURNED))]),
        # Then the newest hand-off, and the newest case.
        ((case(2), there(2, OFFERED)), [(case(1), there(1))]),
        ((case(1), there(9)), [(case(2), there(2))]),
        ((case(2), there(2, EXPIRED)), [(case(1), there(1, REPLACED))]),
        ((case(2), None), [(case(1), None)]),
        (CLOSED_HERE, []),
        (CLOSED_HERE, [(case(2, CaseState.RESOLVED), None)]),
    ],
)
def test_one_candidate_is_preferred_in_whatever_order_they_come(
    preferred: Candidate, others: list[Candidate]
) -> None:
    for candidates in permutations([preferred, *others]):
        assert preferred_candidate(candidates) == preferred


def test_without_candidates_none_is_preferred() -> None:
    assert preferred_candidate([]) is None


@pytest.mark.parametrize(
    ("states", "preferred"),
    [
        ([ARRIVED], 1),
        ([ARRIVED, EXPIRED], 1),
        ([OFFERED, REPLACED, EXPIRED], 1),
        ([ARRIVED, OFFERED], 2),
        ([RETURNED, EXPIRED], 2),
        ([], None),
    ],
)
def test_a_current_handoff_at_the_venue_is_preferred_then_the_newest(
    states: list[HandoffState], preferred: int | None
) -> None:
    handoffs = list(starmap(there, enumerate(states, start=1)))
    elsewhere = there(9, ARRIVED, Venue.EMAIL)
    found = preferred_handoff([*handoffs, elsewhere], Venue.DM)
    assert (found and found.id) == preferred
