"""Choose the reply that is suggested for a case's newest message, once somebody is to see it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.case_assessment import needs_suggestion, newest_live_message
from domain.cases.messages import Message
from domain.cases.shown_words import asked_before, words_to_answer
from domain.cases.views import CaseView
from domain.replies.right_venue import needed_move
from domain.triage.drafts import NoSuggestion, Source, Suggestion
from handlers.cases.preconditions import require_unchanged
from handlers.cases.rules_of_engagement import used_texts
from handlers.cases.views import current_suggestion
from handlers.triage.classify import Classifier
from handlers.triage.outage_wordings import OutageWordings
from storage.unit_of_work import UnitOfWork


def with_suggestion(
    uow: UnitOfWork,
    view: CaseView,
    classifier: Classifier,
    now: datetime,
    outage_wordings: OutageWordings | None = None,
) -> CaseView:
    """Choose and store the suggestion where that is due; raises `StaleCase` if the case changed since.

    Who only asks again ("any news?") gets what answers the words that they ask about.
    """
    if view.suggestion_due is None:
        return view
    # Waits for whoever else chooses, drafts or redacts in this case, and then reads what they did.
    uow.cases.lock([view.case.id])
    require_unchanged(uow, view.case)
    chosen, due = current_suggestion(uow, view.case, view.messages, now)
    if due is not None:
        asked = asked_before(view.case, due, view.messages) or due
        message = replace(due, assessment=asked.assessment)
        words = words_to_answer(asked)
        chosen = choose_suggestion(uow, view.case, message, words, classifier, now, outage_wordings)
    return replace(view, suggestion=chosen, suggestion_due=None)


def choose_suggestion(
    uow: UnitOfWork,
    case: Case,
    message: Message,
    words: str,
    classifier: Classifier,
    now: datetime,
    outage_wordings: OutageWordings | None = None,
) -> Suggestion | None:
    """Choose the reply to the `words` of a message, and store it; or that none was chosen.

    The approved wording of the outage that the case is linked to comes before a saved reply.
    """
    classifier.refresh(uow)
    used = used_texts(uow, case.account_id, now)
    approved = outage_wordings.suggest(uow, case, message, used=used, now=now) if outage_wordings else None
    needed = needed_move(case, classifier.guidance, classifier.without_direct)
    suggestion = approved or classifier.suggest(
        replace(message.assessment or case.assessment, language=case.assessment.language),
        words,
        case.author.name,
        case_id=case.id,
        message_id=message.id,
        now=now,
        used=used,
        in_private=message.venue.is_private,
        move=None if message.venue.is_private else needed,
    )
    uow.suggestions.add(suggestion or NoSuggestion(case_id=case.id, message_id=message.id, created_at=now))
    return suggestion


def drop_suggestion(uow: UnitOfWork, case: Case, message: Message, messages: Sequence[Message]) -> bool:
    """Drop the suggestion for a message that is assessed anew, where it is the customer's newest.

    `messages` are all of the case, as they are stored now. A model's draft stays where a reply is still
    wanted. Returns whether a suggestion has to be chosen again.
    """
    newest = newest_live_message(messages)
    if newest is None or newest.id != message.id:
        return False
    is_needed = needs_suggestion(case, message, messages)
    current = uow.suggestions.latest(case.id)
    if is_needed and isinstance(current, Suggestion) and current.source is Source.MODEL:
        return False  # a draft is asked for once for each message
    uow.suggestions.delete_from(case.id, message.id)
    return is_needed
