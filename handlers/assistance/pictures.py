"""Have the pictures of a customer's message read, and assess the message by what is written in them, too."""

from dataclasses import replace
from datetime import datetime

from domain.assistance.assistant import PictureReading, PictureRequest
from domain.assistance.forms import CaseRequest
from domain.assistance.machine_texts import MachineText, TextKind, reading_content, text_digest
from domain.assistance.pictures import readable_pictures
from domain.cases.case_assessment import statements_of
from domain.cases.case_lifecycle import reassess
from domain.model_calls import NoAnswer
from domain.records.audit import Action
from handlers.assistance.requests import names_of, record_request
from handlers.assistance.translations import live_message
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.triage.classify import Classifier, Text
from handlers.triage.suggest_again import suggest_again
from storage.unit_of_work import UnitOfWork


def picture_request(
    uow: UnitOfWork, *, case_id: int, message_id: int, language: str, user_id: str, now: datetime
) -> PictureRequest:
    """Build the request to read a message's pictures, and record who asked.

    Raises `NoAnswer` if they are gone.
    """
    message = live_message(uow, case_id, message_id)
    files = uow.files.of_messages([message_id]).get(message_id, [])
    pictures = [uow.files.get(file.id).content for file in readable_pictures(files)]
    contents = tuple(content for content in pictures if content is not None)
    if message is None or not contents:
        raise NoAnswer("that picture is not here any more")
    request = CaseRequest.READ_PICTURES.value
    record_request(uow, case_id, request, user_id=user_id, now=now, message_id=message_id)
    return PictureRequest(
        pictures=contents, text=message.text, language=language, known=names_of(uow.cases.get(case_id))
    )


def save_reading(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    request: PictureRequest,
    reading: PictureReading,
    classifier: Classifier,
    user_id: str,
    now: datetime,
) -> bool:
    """Keep what was read, and assess the message and its case with it; the suggestion follows.

    What a person said of the message stays. Returns `False`, and keeps nothing, where the message was edited
    or deleted since.
    """
    message = live_message(uow, case_id, message_id)
    if message is None or message.text != request.text:
        return False
    uow.machine_texts.save(
        MachineText(
            case_id=case_id,
            message_id=message_id,
            kind=TextKind.PICTURES,
            language=request.language,
            source=text_digest(request.text),
            content=reading_content(reading),
            provenance=reading.provenance,
            requested_by=user_id,
            created_at=now,
        )
    )
    case = uow.cases.get(case_id)
    before = message.assessment or case.assessment
    words = "\n".join(part for part in (message.text, reading.shows, reading.error) if part)
    [(assessment, _)] = classifier.classify([Text(words, before.language, case.author.followers)])
    if before.is_corrected or assessment.urgency < before.urgency:
        return True
    changed = replace(message, assessment=assessment)
    uow.messages.save(changed)
    messages = uow.messages.of_case(case_id, limit=MAX_CASE_MESSAGES)
    saved = save_change(
        uow,
        reassess(case, statements_of(case, messages), classifier.policy),
        actor=user_id,
        action=Action.PICTURES_READ,
        now=now,
        message_id=message_id,
    )
    suggest_again(uow, saved, replace(changed, text=words), messages, classifier, now)
    return True
