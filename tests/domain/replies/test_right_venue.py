"""Tell where a case is to be answered."""

from domain.replies.right_venue import NO_GUIDANCE, Move, belongs_in_private, needed_move
from domain.replies.rules_of_engagement import Guidance, Where
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from tests.domain.made import a_case, an_assessment

PRIVATE = {Situation.REFUND: Guidance(venues=frozenset({Where.PRIVATE}))}
REFUND = a_case(assessment=an_assessment(situation=Situation.REFUND))


def test_a_case_moves_where_its_situation_is_for_private() -> None:
    assert needed_move(REFUND, PRIVATE, ()) is Move.BY_DIRECT_MESSAGE
    assert needed_move(REFUND, PRIVATE, {REFUND.network}) is Move.ELSEWHERE


def test_a_case_stays_where_its_situation_may_be_spoken_of_in_public() -> None:
    assert needed_move(REFUND, NO_GUIDANCE, ()) is None
    assert needed_move(REFUND, {Situation.REFUND: Guidance()}, ()) is None
    assert needed_move(a_case(), PRIVATE, ()) is None


def test_a_case_of_an_outage_and_one_that_wants_nothing_may_be_answered_in_public() -> None:
    low = a_case(assessment=an_assessment(Urgency.LOW, Situation.REFUND))
    linked = a_case(assessment=REFUND.assessment, outage_id=1)
    assert belongs_in_private(REFUND, PRIVATE)
    assert not belongs_in_private(low, PRIVATE)
    assert not belongs_in_private(linked, PRIVATE)
