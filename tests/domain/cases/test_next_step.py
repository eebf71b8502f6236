"""Choose the one button that a row of a list carries."""

from dataclasses import replace

import pytest

from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Direction
from domain.cases.next_step import ListedCase, NextStep, next_step
from domain.intake.posts import ReplyBlock
from domain.replies.rules_of_engagement import Guidance, Where
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from tests.domain.made import MIA, MINUTE, NOW, SAM, a_case, a_message

THANKS = Assessment("en", Situation.PRAISE, Urgency.LOW, (), 0.9)
MINE = a_case(claimed_by=SAM)
POST = a_message(1)


def listed(case: Case, delivery: Delivery | None = None, **changes: object) -> ListedCase:
    """Build a row with Ana's post and, where `delivery` is given, our reply."""
    reply = replace(a_message(2, created_at=NOW + MINUTE), direction=Direction.OUT, delivery=delivery)
    return replace(ListedCase(case=case, messages=[POST, reply] if delivery else [POST]), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "step"),
    [
        (listed(a_case()), NextStep.CLAIM),
        (listed(replace(MINE, claimed_by=MIA)), NextStep.TAKE_OVER),
        (listed(MINE), NextStep.ANSWER),
        (listed(replace(MINE, state=CaseState.SNOOZED)), NextStep.ANSWER),
        (listed(MINE, Delivery.QUEUED), NextStep.LOOK),
        (listed(MINE, Delivery.UNSURE), NextStep.LOOK),
        (listed(MINE, Delivery.FAILED), NextStep.ANSWER),
        (listed(replace(MINE, state=CaseState.WAITING, waiting_since=None), Delivery.SENT), NextStep.RESOLVE),
        (listed(replace(MINE, state=CaseState.WAITING, waiting_since=None), Delivery.QUEUED), NextStep.LOOK),
        (listed(replace(MINE, reply_block=ReplyBlock.NOT_ADDRESSED)), NextStep.ANSWER_BY_HAND),
        (listed(replace(MINE, reply_block=ReplyBlock.RESTRICTED)), NextStep.ANSWER_BY_HAND),
        (listed(replace(MINE, reply_block=ReplyBlock.GONE)), NextStep.RESOLVE),
        (listed(replace(MINE, reply_block=ReplyBlock.NO_POST)), NextStep.MOVE),
        (listed(replace(MINE, reply_block=ReplyBlock.GONE), venue=Venue.CHAT), NextStep.ANSWER),
        (listed(MINE, venue=Venue.DM), NextStep.ANSWER),
        (listed(MINE, venue=Venue.DM, opted_out=True), NextStep.MOVE),
        (listed(MINE, venue=Venue.EMAIL, opted_out=True), NextStep.ANSWER),
        (ListedCase(case=MINE), NextStep.ANSWER),
    ],
)
def test_the_likely_step_follows_from_who_has_the_case_and_where_it_stands(
    row: ListedCase, step: NextStep
) -> None:
    assert next_step(row, SAM) is step


@pytest.mark.parametrize(
    ("claimed_by", "step"),
    [(SAM, NextStep.RESOLVE), (None, NextStep.RESOLVE), (MIA, NextStep.TAKE_OVER)],
)
def test_thanks_are_resolved_but_not_by_somebody_else(claimed_by: str | None, step: NextStep) -> None:
    thanks = a_message(3, text="it works, thank you!", assessment=THANKS, created_at=NOW + 2 * MINUTE)
    case = a_case(claimed_by=claimed_by, assessment=THANKS)
    row = listed(case, Delivery.SENT)
    assert next_step(replace(row, messages=[*row.messages, thanks]), SAM) is step


PRIVATE_PRESS = {Situation.PRESS: Guidance(venues=frozenset({Where.PRIVATE}))}
PRESS = Assessment("en", Situation.PRESS, Urgency.NORMAL, (), 0.0)


@pytest.mark.parametrize(
    ("row", "step"),
    [
        (listed(replace(MINE, assessment=PRESS)), NextStep.MOVE),
        (listed(MINE), NextStep.ANSWER),
        (listed(replace(MINE, assessment=PRESS), venue=Venue.DM), NextStep.ANSWER),
        (listed(replace(MINE, assessment=PRESS, claimed_by=None)), NextStep.CLAIM),
        (listed(replace(MINE, assessment=PRESS, outage_id=1)), NextStep.ANSWER),
        (listed(replace(MINE, assessment=replace(PRESS, urgency=Urgency.LOW))), NextStep.ANSWER),
        (listed(replace(MINE, assessment=PRESS, reply_block=ReplyBlock.GONE)), NextStep.RESOLVE),
    ],
)
def test_what_is_answered_in_private_is_moved_there(row: ListedCase, step: NextStep) -> None:
    assert next_step(row, SAM, PRIVATE_PRESS) is step


def test_the_words_of_a_row_are_the_newest_that_still_exist() -> None:
    later = a_message(2, text="and again", created_at=NOW + MINUTE)
    assert ListedCase(case=MINE, messages=[POST, later]).newest == later
    assert ListedCase(case=MINE, messages=[POST, replace(later, deleted_at=NOW)]).newest == POST
    assert ListedCase(case=MINE).newest is None


def test_a_row_shows_what_is_asked_and_not_that_it_is_asked_again() -> None:
    waits = Assessment("en", Situation.OTHER, Urgency.LOW, (), 0.0)
    nudge = a_message(2, text="@acme still waiting", created_at=NOW + MINUTE, assessment=waits)
    row = ListedCase(case=MINE, messages=[POST, nudge])
    assert (row.shown, row.newest) == (POST, nudge)
    ours = replace(a_message(3), direction=Direction.OUT, delivery=Delivery.SENT)
    thanks = replace(nudge, id=4, text="ok", created_at=NOW + 2 * MINUTE)
    assert ListedCase(case=MINE, messages=[POST, ours, thanks]).shown == thanks
