"""Suggest a reply to a message that is assessed anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.case_assessment import newest_live_message, statements_of, wants_suggestion
from domain.cases.messages import Message
from domain.triage.drafts import Source
from handlers.cases.rules_of_engagement import used_texts
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def suggest_again(
    uow: UnitOfWork,
    case: Case,
    message: Message,
    messages: Sequence[Message],
    classifier: Classifier,
    now: datetime,
) -> None:
    """Suggest a reply to a message that is assessed anew, where it is the customer's newest.

    None is suggested in private after the first message. `messages` are all of the case, as they are stored
    now.
    """
    newest = newest_live_message(messages)
    if newest is None or newest.id != message.id or message.assessment is None:
        return
    *earlier, statement = statements_of(case, messages)
    is_later_in_private = message.venue.is_private and bool(earlier)
    is_wanted = wants_suggestion(statement, earlier) and not is_later_in_private
    current = uow.suggestions.latest(case.id)
    if is_wanted and current is not None and current.source is Source.MODEL:
        return  # a draft is asked for once for each message
    uow.suggestions.delete_from(case.id, message.id)
    if is_wanted:
        classifier.refresh(uow)
        suggestion = classifier.suggest(
            replace(statement.assessment, language=case.assessment.language),
            message.words,
            case.author.name,
            case_id=case.id,
            message_id=message.id,
            now=now,
            used=used_texts(uow, case.account_id, now),
            in_private=message.venue.is_private,
        )
        uow.suggestions.add_many([suggestion] if suggestion else [])
