"""Update a stored post that its network lists again: apply an edit, or store a stronger match reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.case_assessment import newest_live_message, statements_of, wants_suggestion
from domain.cases.case_lifecycle import apply_edit, with_reply_target
from domain.cases.messages import Direction, Message
from domain.delivery.effects import UpdateCard
from domain.intake.posts import Post, revision_order
from domain.records.audit import SYSTEM, Action
from domain.triage.drafts import Source
from handlers.cases.rules_of_engagement import used_texts
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def update_stored_post(
    uow: UnitOfWork, message: Message, post: Post, classifier: Classifier, now: datetime
) -> bool:
    """Update a stored post that is listed again; return whether it was edited."""
    if message.deleted_at is not None:
        return False
    if message.revision_id == post.revision_id:
        _raise_match_reason(uow, message, post, now)
        return False
    return _apply_edit(uow, message, post, classifier, now)


def _raise_match_reason(uow: UnitOfWork, message: Message, post: Post, now: datetime) -> None:
    """Store a stronger match reason of a stored post, and whether it can be replied to after all.

    A post may be found by search before it is listed among the mentions, or the other way round.
    """
    known, found = message.match_reason, post.match_reason
    if known is None or found is None or not found.is_stronger_than(known):
        return
    case = uow.cases.get(message.case_id)
    # Read the message again, after the case, as for an edit.
    if uow.messages.get(message.id).deleted_at is not None:
        return
    uow.messages.save(replace(message, match_reason=found, reply_block=post.reply_block))
    uow.cases.save(with_reply_target(case, post))
    uow.outbox.add([UpdateCard(case.id)], now=now, priority=case.sort_key)


def _apply_edit(uow: UnitOfWork, message: Message, post: Post, classifier: Classifier, now: datetime) -> bool:
    """Store a newer revision of a post, and assess its case again; return whether the revision was newer."""
    if revision_order(post.revision_id) <= revision_order(message.revision_id or ""):
        return False
    case = uow.cases.get(message.case_id)
    # Read the message again, after the case: an edit must not restore a post that was redacted meanwhile.
    if uow.messages.get(message.id).deleted_at is not None:
        return False
    changed = replace(
        message,
        text=post.text,
        revision_id=post.revision_id,
        reply_block=post.reply_block,
        match_reason=post.match_reason,
        edited_at=now,
        assessment=classifier.assess(post),
    )
    uow.messages.save(changed)
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    [edited] = statements_of(case, [m for m in messages if m.direction is Direction.OUT] + [changed])
    saved = save_change(
        uow,
        apply_edit(
            case,
            message.revision_id,
            post,
            edited,
            classifier.policy,
            others=statements_of(case, [m for m in messages if m.id != message.id]),
        ),
        actor=SYSTEM,
        action=Action.CUSTOMER_EDITED,
        now=now,
        message_id=message.id,
        detail={"before": message.text},
    )
    _suggest_again(uow, saved, changed, messages, classifier, now)
    return True


def _suggest_again(
    uow: UnitOfWork,
    case: Case,
    edited: Message,
    messages: Sequence[Message],
    classifier: Classifier,
    now: datetime,
) -> None:
    """Suggest a reply to the edited post where it is the customer's newest message."""
    newest = newest_live_message(messages)
    if newest is None or newest.id != edited.id or edited.assessment is None:
        return
    *earlier, statement = statements_of(case, messages)
    is_wanted, current = wants_suggestion(statement, earlier), uow.suggestions.latest(case.id)
    if is_wanted and current is not None and current.source is Source.MODEL:
        return  # a draft is asked for once for each message
    uow.suggestions.delete_from(case.id, edited.id)
    if is_wanted:
        suggestion = classifier.suggest(
            replace(statement.assessment, language=case.assessment.language),
            edited.text,
            case.author.name,
            case_id=case.id,
            message_id=edited.id,
            now=now,
            used=used_texts(uow, case.account_id, now),
        )
        uow.suggestions.add_many([suggestion] if suggestion else [])
