"""List the customers who wait for a cause to be fixed, each with the answer that is proposed."""

from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Direction
from domain.causes.reports import WaitingCase, WaitingView
from domain.triage.drafts import Source
from handlers.cases.views import view_case
from handlers.triage.classify import Classifier
from handlers.triage.suggest import with_suggestion
from storage.unit_of_work import UnitOfWork

MAX_WAITING = 10


def view_waiting(uow: UnitOfWork, *, cause_id: int, classifier: Classifier, now: datetime) -> WaitingView:
    """Load the cases of a cause that wait for us, the longest first. Raises `CauseNotFound`."""
    cases = uow.causes.waiting(cause_id, limit=MAX_WAITING)
    return WaitingView(
        cause=uow.causes.get(cause_id),
        count=uow.causes.count_waiting(cause_id),
        cases=tuple(_waiting(uow, case, classifier, now) for case in cases),
    )


def _waiting(uow: UnitOfWork, case: Case, classifier: Classifier, now: datetime) -> WaitingCase:
    view = with_suggestion(uow, view_case(uow, case_id=case.id, now=now), classifier, now)
    said = [
        message.text
        for message in view.messages
        if message.direction is Direction.IN and message.deleted_at is None
    ]
    suggestion = view.suggestion
    fits = suggestion is not None and suggestion.source is Source.SAVED_REPLY
    return WaitingCase(
        case=case, words=said[-1] if said else "", proposed=suggestion.title if suggestion and fits else ""
    )
