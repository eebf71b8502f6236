"""Check the preconditions of an act on a case."""

from collections.abc import Callable

import pytest

from domain.cases.case import ACTIVE, CLOSED, CaseState
from domain.cases.messages import Delivery, Direction
from domain.cases.preconditions import (
    PublicReplyBlocked,
    ReplyUnsettled,
    require_active,
    require_not_assigned_to_another,
    require_public_reply_possible,
    require_settled,
)
from domain.errors import AlreadyClosed, AssignedToAnother, Refused
from domain.intake.posts import ReplyBlock
from tests.domain.made import MIA, NOW, SAM, a_case, a_message


def refusal(check: Callable[[], None]) -> Refused | None:
    """Return why the check refuses; `None` where it passes."""
    try:
        check()
    except Refused as refused:
        return refused
    return None


@pytest.mark.parametrize("state", CaseState)
def test_a_closed_case_is_refused_with_who_closed_it_and_when(state: CaseState) -> None:
    case = a_case(state=state, closed_by=MIA, closed_at=NOW)
    refused = refusal(lambda: require_active(case))
    assert (refused is None) == (state in ACTIVE)
    if state in CLOSED:
        assert isinstance(refused, AlreadyClosed)
        assert (refused.state, refused.by, refused.at) == (state.value, MIA, NOW)


@pytest.mark.parametrize(("assignee", "passes"), [(None, True), (SAM, True), (MIA, False)])
def test_somebody_elses_case_is_refused_with_the_assignee(assignee: str | None, passes: bool) -> None:
    case = a_case(claimed_by=assignee, claimed_at=NOW if assignee else None)
    refused = refusal(lambda: require_not_assigned_to_another(case, SAM))
    assert (refused is None) == passes
    if not passes:
        assert isinstance(refused, AssignedToAnother)
        assert (refused.assignee, refused.since) == (MIA, NOW)


@pytest.mark.parametrize("block", ReplyBlock)
def test_a_post_that_cannot_be_replied_to_is_refused_with_its_block(block: ReplyBlock) -> None:
    refused = refusal(lambda: require_public_reply_possible(a_case(reply_block=block)))
    assert isinstance(refused, PublicReplyBlocked)
    assert refused.block is block


def test_a_post_that_can_be_replied_to_passes() -> None:
    assert refusal(lambda: require_public_reply_possible(a_case(reply_block=None))) is None


@pytest.mark.parametrize(
    ("delivery", "passes"),
    [
        (Delivery.QUEUED, False),
        (Delivery.UNSURE, False),
        (Delivery.SENT, True),
        (Delivery.FAILED, True),
    ],
)
def test_an_answer_whose_result_is_unknown_is_waited_for(delivery: Delivery, passes: bool) -> None:
    answer = a_message(direction=Direction.OUT, delivery=delivery)
    refused = refusal(lambda: require_settled(answer))
    assert (refused is None) == passes
    if not passes:
        assert isinstance(refused, ReplyUnsettled)
        assert refused.delivery is delivery


def test_without_an_answer_there_is_nothing_to_wait_for() -> None:
    assert refusal(lambda: require_settled(None)) is None
