"""Correct how a message was read, and keep the correction as an example."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.case_assessment import deciding_message, statements_of
from domain.cases.case_lifecycle import apply_correction
from domain.cases.messages import Message
from domain.errors import Refused
from domain.knowledge.desk_examples import correction_example
from domain.policy import Policy
from domain.records.audit import Action
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement, corrected, judgement_of
from domain.triage.situations import Situation
from handlers.cases.resolution import dismiss
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import follow_messages
from handlers.triage.suggest import drop_suggestion
from storage.unit_of_work import UnitOfWork

_SPAM = Judgement(situation=Situation.SPAM, urgency=Urgency.LOW, request=False)
POST_IS_GONE = "Nothing was changed: the customer has deleted what they wrote."


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """The message that is corrected, and how it is read now."""

    case: Case
    message: Message
    judgement: Judgement


def open_correction(uow: UnitOfWork, *, case_id: int) -> CorrectionForm:
    """Load the form for the message that says what the case is about.

    Raises `Refused` where there is none.
    """
    case = uow.cases.get(case_id)
    message = deciding_message(case, uow.messages.of_case(case_id, limit=MAX_CASE_MESSAGES))
    if message is None:
        raise Refused(POST_IS_GONE)
    judgement = judgement_of(message.assessment or case.assessment)
    return CorrectionForm(case, message, replace(judgement, language=case.assessment.language))


def correct(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    judgement: Judgement,
    user_id: str,
    policy: Policy,
    now: datetime,
) -> Case:
    """Correct how the message was read: its case, card and suggestion follow, and an example is stored.

    A later correction of the message replaces the earlier one. Closed cases stay closed. Raises `Refused`
    where the message was deleted.
    """
    case = uow.cases.get(case_id)
    message = uow.messages.get(message_id)
    if message.deleted_at is not None or message.case_id != case.id:
        raise Refused(POST_IS_GONE)
    read = message.assessment or case.assessment
    assessment = corrected(read, judgement)
    changed = replace(message, assessment=assessment)
    uow.messages.save(changed)
    read_language = case.assessment.language
    case = _in_language(uow, case, judgement.language or read_language)
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    earlier = uow.examples.of_message(message.id)
    example = correction_example(message, read, assessment, user_id=user_id, now=now)
    if earlier is not None:
        example = replace(example, read_situation=earlier.read_situation, read_urgency=earlier.read_urgency)
    uow.examples.put(example)
    saved = save_change(
        uow,
        apply_correction(case, assessment, statements_of(case, messages), policy),
        actor=user_id,
        action=Action.CORRECTED,
        now=now,
        message_id=message.id,
        detail={
            "situation": assessment.situation.value,
            "urgency": assessment.urgency.value,
            "request": judgement.request,
            "read_situation": read.situation.value,
            "read_urgency": read.urgency.value,
            **_language_detail(read_language, case.assessment.language),
        },
    )
    follow_messages(uow, saved, messages, now=now)
    drop_suggestion(uow, saved, uow.messages.get(changed.id), messages)
    return saved


def mark_as_spam(
    uow: UnitOfWork, *, case_id: int, version: int | None, user_id: str, policy: Policy, now: datetime
) -> Case:
    """Close the case as not a request, and correct what it is about to spam.

    Idempotent, and raises, as `dismiss` does; `Refused` where the message was deleted.
    """
    was_active = uow.cases.get(case_id).state.is_active
    case = dismiss(uow, case_id=case_id, version=version, user_id=user_id, now=now)
    if not was_active:
        return case
    form = open_correction(uow, case_id=case.id)
    return correct(
        uow,
        case_id=case.id,
        message_id=form.message.id,
        judgement=_SPAM,
        user_id=user_id,
        policy=policy,
        now=now,
    )


def _in_language(uow: UnitOfWork, case: Case, language: str) -> Case:
    """Have what was read in the case's language read in another; return the case in it, not yet saved."""
    if language == case.assessment.language:
        return case
    for message in uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES):
        read = message.assessment
        if read is not None and read.language == case.assessment.language:
            uow.messages.save(replace(message, assessment=replace(read, language=language)))
    return replace(case, assessment=replace(case.assessment, language=language))


def _language_detail(before: str, now: str) -> dict[str, str]:
    return {"language": now, "read_language": before} if now != before else {}
