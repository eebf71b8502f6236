"""Have the pictures of a customer's message read, and assess the message by what is written in them, too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.assistance.assistant import PictureReading, PictureRequest
from domain.assistance.forms import CaseRequest
from domain.assistance.machine_texts import MachineText, TextKind, reading_content, text_digest
from domain.assistance.pictures import public_pictures, readable_pictures, reading_source
from domain.cases.case_assessment import statements_of
from domain.cases.case_lifecycle import reassess
from domain.model_calls import NoAnswer
from domain.records.audit import Action
from handlers.assistance.requests import names_of, record_request
from handlers.assistance.translations import live_message
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import follow_messages
from handlers.triage.classify import Classifier
from handlers.triage.suggest import choose_suggestion, drop_suggestion
from handlers.triage.trained_heads import Text
from storage.unit_of_work import UnitOfWork


def pictures_to_fetch(uow: UnitOfWork, *, case_id: int, message_id: int) -> tuple[str, Sequence[str]]:
    """Return the network of the case, and the addresses of the message's pictures there: those of a post."""
    message = live_message(uow, case_id, message_id)
    return uow.cases.get(case_id).network, public_pictures(message) if message is not None else []


def picture_request(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    fetched: Sequence[bytes],
    language: str,
    user_id: str,
    now: datetime,
) -> PictureRequest:
    """Build the request to read a message's pictures, and record who asked.

    `fetched` are those of a post; those of a private message are stored. Raises `NoAnswer` if they are gone.
    """
    message = live_message(uow, case_id, message_id)
    files = uow.files.of_messages([message_id]).get(message_id, [])
    stored = [uow.files.get(file.id).content for file in readable_pictures(files)]
    contents = (*fetched, *(content for content in stored if content is not None))
    if message is None or not contents:
        raise NoAnswer("that picture is not here any more")
    request = CaseRequest.READ_PICTURES.value
    record_request(uow, case_id, request, user_id=user_id, now=now, message_id=message_id)
    return PictureRequest(
        pictures=contents,
        text=message.words,
        source=reading_source(message),
        language=language,
        known=names_of(uow.cases.get(case_id)),
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
    if message is None or reading_source(message) != request.source:
        return False
    uow.machine_texts.save(
        MachineText(
            case_id=case_id,
            message_id=message_id,
            kind=TextKind.PICTURES,
            language=request.language,
            source=text_digest(request.source),
            content=reading_content(reading),
            provenance=reading.provenance,
            requested_by=user_id,
            created_at=now,
        )
    )
    case = uow.cases.get(case_id)
    before = message.assessment or case.assessment
    words = "\n".join(part for part in (message.words, reading.shows, reading.error) if part)
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
    follow_messages(uow, saved, messages, now=now)
    if drop_suggestion(uow, saved, changed, messages):
        choose_suggestion(uow, saved, changed, words, classifier, now)
    return True
