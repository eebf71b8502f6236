"""Gather the words from which an issue is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.case import Case
from domain.cases.case_assessment import newest_live_message
from domain.cases.messages import Direction
from domain.trackers.issues import IssueSubject
from storage.unit_of_work import UnitOfWork

MAX_QUOTED = 3  # messages of the customer of a case, or cases of a cause


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectWords:
    """What customers wrote, each text with its case; `name` is the cause's, empty for a case."""

    name: str
    texts: Sequence[tuple[Case, str]]


def subject_words(uow: UnitOfWork, *, subject: IssueSubject) -> SubjectWords:
    """Load the newest words of a case's customer; or of those who wait for a cause, one text each.

    Where few wait for the cause, others who wrote about it follow, the newest first. Raises `CaseNotFound`,
    `CauseNotFound`.
    """
    if subject.case_id is not None:
        case = uow.cases.get(subject.case_id)
        said = [
            (case, message.text)
            for message in uow.messages.of_case(case.id)
            if message.direction is Direction.IN and message.deleted_at is None
        ]
        return SubjectWords(name="", texts=said[-MAX_QUOTED:])
    cause_id = subject.cause_id or 0
    waiting = uow.causes.waiting(cause_id, limit=MAX_QUOTED)
    newest = ((case, newest_live_message(uow.messages.of_case(case.id))) for case in waiting)
    texts = [(case, message.text) for case, message in newest if message is not None]
    waits = {case.id for case in waiting}
    for case_id, message_id in uow.causes.newest_messages(cause_id, limit=2 * MAX_QUOTED):
        message = uow.messages.get(message_id)
        if case_id not in waits and message.deleted_at is None:
            texts.append((uow.cases.get(case_id), message.text))
    return SubjectWords(name=uow.causes.get(cause_id).name, texts=texts[:MAX_QUOTED])
