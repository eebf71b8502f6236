"""Update a stored post that its network lists again: an edit, a stronger match reason, or withholding."""

from dataclasses import replace
from datetime import datetime

from domain.cases.case_assessment import statements_of
from domain.cases.case_lifecycle import apply_edit, with_reply_target
from domain.cases.messages import Direction, Message
from domain.intake.posts import Post, revision_order
from domain.records.audit import SYSTEM, Action
from domain.triage.correction import changes_words
from handlers.cases.cards import update_card
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import follow_messages
from handlers.triage.classify import Classifier
from handlers.triage.suggest import drop_suggestion
from handlers.triage.vectors import keep_vectors
from storage.unit_of_work import UnitOfWork


def update_stored_post(
    uow: UnitOfWork, message: Message, post: Post, classifier: Classifier, now: datetime
) -> bool:
    """Update a stored post that is listed again; return whether it was edited."""
    if message.deleted_at is not None:
        return False
    if message.revision_id == post.revision_id and not _is_shown_again(message, post):
        _raise_match_reason(uow, message, post, now)
        _note_withholding(uow, message, post, now)
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
    message = uow.messages.get(message.id)
    if message.deleted_at is not None:
        return
    uow.messages.save(replace(message, match_reason=found, reply_block=post.reply_block))
    uow.cases.save(with_reply_target(case, post))
    update_card(uow, case, actor=SYSTEM, now=now)


def _is_shown_again(message: Message, post: Post) -> bool:
    """Whether the network gives the words of a post now that it withheld before."""
    return message.is_withheld and bool(post.text)


def _note_withholding(uow: UnitOfWork, message: Message, post: Post, now: datetime) -> None:
    """Store that a post is withheld since it was stored; its words, which are known, stay."""
    withheld = post.context.withheld
    if withheld is None or withheld == message.context.withheld:
        return
    case = uow.cases.get(message.case_id)
    message = uow.messages.get(message.id)
    if message.deleted_at is not None:
        return
    uow.messages.save(replace(message, context=replace(message.context, withheld=withheld)))
    update_card(uow, case, actor=SYSTEM, now=now)


def _apply_edit(uow: UnitOfWork, message: Message, post: Post, classifier: Classifier, now: datetime) -> bool:
    """Store a newer revision of a post, and assess its case again; return whether the revision was newer.

    A post that is shown again, after it was withheld, is stored the same way.
    What a person said of the post stays true of an edit that does not change its words.
    """
    is_newer = revision_order(post.revision_id) > revision_order(message.revision_id or "")
    if not is_newer and message.revision_id != post.revision_id:
        return False
    case = uow.cases.get(message.case_id)
    # Read the message again, after the case: an edit must not restore a post that was redacted meanwhile, nor
    # lose what a person said of it.
    message = uow.messages.get(message.id)
    if message.deleted_at is not None:
        return False
    is_kept = message.assessment is not None and message.assessment.is_corrected
    is_kept = is_kept and not changes_words(message.words, post.words)
    if not is_kept:
        uow.examples.delete_of_message(message.id)
    changed = replace(
        message,
        text=post.text,
        media=post.media,
        context=post.context,
        revision_id=post.revision_id,
        reply_block=post.reply_block,
        match_reason=post.match_reason,
        edited_at=now if is_newer else message.edited_at,
        assessment=message.assessment if is_kept else classifier.assess(post),
    )
    uow.messages.save(changed)
    uow.vectors.delete(message.id)
    keep_vectors(uow, classifier, [changed])
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
    follow_messages(uow, saved, messages, now=now)
    drop_suggestion(uow, saved, changed, messages)
    return True
