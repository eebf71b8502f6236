"""Asking a model for a draft, and keeping what it gave beside the saved reply that stands without it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.messages import Direction, Message
from domain.delivery.effects import DraftReply, UpdateCard
from domain.networks import Networks
from domain.records.audit import SYSTEM, Action, Entry
from domain.triage.drafts import DraftRequest, Grounding, Source, Suggestion
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

GROUNDINGS_AT_MOST = 4
EARLIER_AT_MOST = 5


def draft_request(
    uow: UnitOfWork, *, case_id: int, message_id: int, classifier: Classifier, networks: Networks
) -> DraftRequest | None:
    """What to ask for; `None` where the customer has written since, or the case is closed or cannot be answered."""
    case = uow.cases.get(case_id)
    asked = _still_asked(uow, case, message_id)
    if not asked:
        return None
    # The model is not told the customer's name: what it reads and what it may repeat hold nothing but the post.
    options = classifier.options(case.assessment, asked[-1].text, "", most=GROUNDINGS_AT_MOST)
    return DraftRequest(
        text=asked[-1].text,
        language=case.assessment.language,
        brand=classifier.policy.brand,
        network=case.network,
        limit=networks.count(case.network, "").limit,
        groundings=tuple(Grounding(name=o.name, title=o.title, text=o.text) for o in options),
        earlier=tuple(message.text for message in asked[:-1][-EARLIER_AT_MOST:]),
    )


def keep_draft(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    draft: Mapping[str, Any],
    asked_at: datetime,
    now: datetime,
) -> None:
    """Make the model's draft the case's suggestion. Not a change of the case: nobody's button goes stale over it.

    A draft that comes after the customer has written again is dropped: what was suggested since fits better.
    One that was asked for before a post of the case was removed is forgotten: it may quote that post.
    """
    case = uow.cases.get(case_id)
    gone = (message.deleted_at for message in uow.messages.of_case(case_id))
    if any(moment is not None and moment >= asked_at for moment in gone):
        uow.outbox.forget_results([DraftReply(case_id, message_id)])
        return
    if not _still_asked(uow, case, message_id):
        return
    suggestion = Suggestion(
        case_id=case_id,
        message_id=message_id,
        text=draft["text"],
        language=draft["language"],
        source=Source.MODEL,
        name=draft["prompt"],
        version=draft["prompt_version"],
        title="",
        made_at=now,
        model=draft["model"],
        stands_on=draft["stands_on"],
        missing=tuple(draft["missing"]),
    )
    uow.suggestions.add_many([suggestion])
    entry = Entry(
        at=now,
        actor=SYSTEM,
        action=Action.SUGGESTED,
        case_id=case_id,
        version=case.version,
        message_id=message_id,
        detail={"model": suggestion.model, "prompt": suggestion.name, "version": suggestion.version},
    )
    uow.audit.add_many([entry])
    uow.outbox.add([UpdateCard(case_id)], now=now, priority=case.sort_key)


def _still_asked(uow: UnitOfWork, case: Case, message_id: int) -> list[Message]:
    """What the customer has said, if this message is the last of it and can still be answered; else nothing."""
    theirs = [m for m in uow.messages.of_case(case.id) if m.direction is Direction.IN]
    # A draft is for everybody to read: what was said in private is not for the model.
    asked = [m for m in theirs if m.deleted_at is None and not m.venue.is_private]
    is_last = bool(asked) and asked[-1].id == message_id
    return asked if is_last and case.state.is_active and case.reply_block is None else []
