"""Build the request for a model's draft reply, and store the draft as the case's suggestion."""

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

MAX_GROUNDINGS = 4
MAX_EARLIER_MESSAGES = 5


def draft_request(
    uow: UnitOfWork, *, case_id: int, message_id: int, classifier: Classifier, networks: Networks
) -> DraftRequest | None:
    """Build the request for a draft that answers the message.

    `None` if the customer has written since, or the case is closed or cannot be answered publicly.
    """
    case = uow.cases.get(case_id)
    messages = _messages_for_draft(uow, case, message_id)
    if not messages:
        return None
    # Without the customer's name, for privacy: the model gets, and may repeat, nothing personal but the
    # posts.
    newest = messages[-1]
    assessment = newest.assessment or case.assessment
    options = classifier.options(assessment, newest.text, "", limit=MAX_GROUNDINGS)
    return DraftRequest(
        text=newest.text,
        language=assessment.language,
        brand=classifier.policy.brand,
        network=case.network,
        limit=networks.count(case.network, "").limit,
        counting_rule=networks.profile(case.network).counting_rule,
        groundings=tuple(Grounding(name=o.name, title=o.title, text=o.text) for o in options),
        earlier=tuple(message.text for message in messages[:-1][-MAX_EARLIER_MESSAGES:]),
    )


def save_draft(
    uow: UnitOfWork,
    *,
    case_id: int,
    message_id: int,
    draft: Mapping[str, Any],
    asked_at: datetime,
    now: datetime,
) -> None:
    """Store the model's draft as the case's suggestion.

    The case keeps its version, so that the buttons of its cards stay valid. Drops a draft whose message is no
    longer the customer's last: a newer suggestion fits better. Erases, also from the outbox, a draft that was
    requested (at `asked_at`) before a post of the case was redacted: it may quote that post.
    """
    case = uow.cases.get(case_id)
    deletions = (message.deleted_at for message in uow.messages.of_case(case_id))
    if any(deleted_at is not None and deleted_at >= asked_at for deleted_at in deletions):
        uow.outbox.delete_results([DraftReply(case_id, message_id)])
        return
    if not _messages_for_draft(uow, case, message_id):
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
        created_at=now,
        model=draft["model"],
        grounded_in=draft["grounded_in"],
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


def _messages_for_draft(uow: UnitOfWork, case: Case, message_id: int) -> list[Message]:
    """Return the customer's public messages if `message_id` is the last and answerable; otherwise none."""
    # The draft answers publicly: private messages must not reach the model.
    public = [
        m
        for m in uow.messages.of_case(case.id)
        if m.direction is Direction.IN and m.deleted_at is None and not m.venue.is_private
    ]
    is_last = bool(public) and public[-1].id == message_id
    return public if is_last and case.state.is_active and case.reply_block is None else []
