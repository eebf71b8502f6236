"""Translate a customer's message for the agents, and keep the translation with it."""

from datetime import datetime

from domain.assistance.assistant import Translation, TranslationRequest
from domain.assistance.forms import CaseRequest
from domain.assistance.machine_texts import MachineText, TextKind, text_digest, translation_content
from domain.cases.messages import Message
from domain.model_calls import NoAnswer
from handlers.assistance.requests import names_of, record_request
from storage.unit_of_work import UnitOfWork


def translation_request(
    uow: UnitOfWork, *, case_id: int, message_id: int, language: str, user_id: str, now: datetime
) -> TranslationRequest:
    """Build the request to translate a message, and record who asked; raises `NoAnswer` if it is gone."""
    message = live_message(uow, case_id, message_id)
    if message is None:
        raise NoAnswer("that message is not here any more")
    record_request(uow, case_id, CaseRequest.TRANSLATE.value, user_id=user_id, now=now, message_id=message_id)
    return TranslationRequest(text=message.text, language=language, known=names_of(uow.cases.get(case_id)))


def save_translation(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    request: TranslationRequest,
    translation: Translation,
    user_id: str,
    now: datetime,
) -> bool:
    """Keep the translation; return `False` where the message was edited or deleted since it was requested."""
    message = live_message(uow, case_id, message_id)
    if message is None or message.text != request.text:
        return False
    uow.machine_texts.save(
        MachineText(
            case_id=case_id,
            message_id=message_id,
            kind=TextKind.TRANSLATION,
            language=request.language,
            source=text_digest(request.text),
            content=translation_content(translation),
            provenance=translation.provenance,
            requested_by=user_id,
            created_at=now,
        )
    )
    return True


def live_message(uow: UnitOfWork, case_id: int, message_id: int) -> Message | None:
    """Load a message of the case; `None` if there is none such, or it is deleted."""
    # Locked as by a deletion of the message, which then comes before us, or erases what we keep.
    uow.cases.lock([case_id])
    case = uow.cases.get(case_id)
    try:
        message = uow.messages.get(message_id)
    except LookupError:
        return None
    return message if message.case_id == case.id and message.deleted_at is None else None
