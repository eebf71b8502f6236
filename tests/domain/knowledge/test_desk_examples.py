"""Make examples of what people say by closing a case as not a request."""

from domain.cases.messages import Delivery, Direction
from domain.knowledge.desk_examples import Origin, dismissal_example
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement, corrected
from domain.triage.situations import Situation
from tests.domain.made import NOW, SAM, a_case, a_message, an_assessment

READ = an_assessment(Urgency.NORMAL, Situation.RANT)


def test_what_is_dismissed_wants_nothing_and_may_be_about_anything() -> None:
    message = a_message(text="you lot never learn", assessment=READ)
    example = dismissal_example(a_case(), [message], user_id=SAM, now=NOW)
    assert example is not None
    assert (example.origin, example.message_id, example.taught_by) == (Origin.DISMISSAL, message.id, SAM)
    assert (example.situation, example.urgency, example.request) == (None, Urgency.LOW, False)
    assert (example.read_situation, example.read_urgency) == (Situation.RANT, Urgency.NORMAL)


def test_a_case_that_was_answered_was_a_request() -> None:
    ours = a_message(2, direction=Direction.OUT, delivery=Delivery.SENT)
    assert dismissal_example(a_case(), [a_message(assessment=READ), ours], user_id=SAM, now=NOW) is None


def test_what_a_person_said_of_a_message_stands() -> None:
    judgement = Judgement(situation=Situation.QUESTION, urgency=Urgency.NORMAL, request=True)
    message = a_message(assessment=corrected(READ, judgement))
    assert dismissal_example(a_case(), [message], user_id=SAM, now=NOW) is None


def test_without_a_message_there_is_no_example() -> None:
    assert dismissal_example(a_case(), [a_message(deleted_at=NOW)], user_id=SAM, now=NOW) is None
