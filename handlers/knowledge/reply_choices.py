"""Record which saved reply an answer came from, so that the next customers are answered by it."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.case_assessment import newest_live_message
from domain.cases.messages import Message
from domain.cases.shown_words import words_to_answer
from domain.knowledge.reply_choices import ReplyChoice, ReplyUse, use_of
from domain.triage.drafts import Source, Suggestion
from domain.triage.encoder import EncoderError
from domain.triage.features import encodable
from handlers.cases.views import MAX_CARD_MESSAGES
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


def record_choice(
    uow: UnitOfWork, case: Case, answer: Message, *, started_from: str, classifier: Classifier, now: datetime
) -> None:
    """Store the choice behind a public answer, whose text `started_from` a saved reply; empty: from none.

    It counts once the answer is sent. Nothing is stored where the customer's words are gone.
    """
    newest = newest_live_message(uow.messages.of_case(case.id, limit=MAX_CARD_MESSAGES))
    if newest is None:
        return
    reply = next((reply for reply in classifier.replies if reply.name == started_from), None)
    texts = classifier.wordings(reply, case.assessment.language, case.author.name) if reply else []
    use = use_of(answer.text, texts)
    choice = ReplyChoice(
        case_id=case.id,
        message_id=newest.id,
        answer_id=answer.id,
        suggested=_suggested_reply(uow, newest),
        chosen=started_from if use is not ReplyUse.THROWN_AWAY else "",
        is_edited=use is ReplyUse.EDITED,
        created_at=now,
    )
    uow.reply_choices.add(_with_vector(choice, words_to_answer(newest), classifier))


def _suggested_reply(uow: UnitOfWork, message: Message) -> str:
    """Return the name of the saved reply that was suggested for the message; empty where none was."""
    chosen = uow.suggestions.latest(message.case_id)
    if not isinstance(chosen, Suggestion) or chosen.message_id != message.id:
        return ""
    return chosen.name if chosen.source is Source.SAVED_REPLY else ""


def _with_vector(choice: ReplyChoice, text: str, classifier: Classifier) -> ReplyChoice:
    if classifier.trained is None:
        return choice
    encoder = classifier.trained.encoder
    try:
        [vector] = encoder.encode([encodable(text)])
    except EncoderError as error:
        log.warning("an answer is learnt from without a vector: %s", error)
        return choice
    return replace(choice, encoder=encoder.name, vector=vector)


def forget_old_choices(uow: UnitOfWork, *, retention: timedelta, now: datetime) -> int:
    """Delete what was learnt from answers longer ago than `retention`; return how many."""
    return uow.reply_choices.prune(before=now - retention)
