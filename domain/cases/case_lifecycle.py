"""Open a case from a post, fold further posts and edits into it, mark it answered."""

from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case, CaseEvent, CaseState, next_state
from domain.intake.posts import Post, ReplyBlock, revision_order
from domain.policy import Policy
from domain.triage.assessment import Assessment


def open_case(account: Account, post: Post, assessment: Assessment, policy: Policy, now: datetime) -> Case:
    """Create a case from its first post; its `id` is 0. A `created_at` in the future is clamped to `now`."""
    since = min(post.created_at, now)
    return Case(
        id=0,
        version=1,
        network=account.network,
        account_id=account.id,
        author=post.author,
        state=CaseState.OPEN,
        assessment=assessment,
        opened_at=now,
        last_message_at=since,
        channel=policy.channel_for(assessment),
        conversation_id=post.conversation_id,
        reply_to_id=post.revision_id,
        waiting_since=since,
        first_reply_due=policy.first_reply_due(assessment, now),
        reply_block=post.reply_block,
    )


def add_post(case: Case, post: Post, assessment: Assessment, policy: Policy, now: datetime) -> Case:
    """Fold another post into the case, and reopen it where it was closed.

    The most urgent assessment wins, and waiting time counts from the first unanswered message. A case that
    was closed starts waiting from this post and loses its claim, because its former assignee may be off duty.
    """
    most_urgent = max(case.assessment, assessment, key=_urgency_of)
    since, was_active = min(post.created_at, now), case.state.is_active
    waiting_since = (case.waiting_since if was_active else None) or since
    due = policy.first_reply_due(most_urgent, max(case.opened_at, waiting_since))
    return replace(
        with_reply_target(case, post),
        author=post.author,
        state=next_state(case.state, CaseEvent.CUSTOMER_WROTE),
        assessment=most_urgent,
        last_message_at=max(case.last_message_at, since),
        waiting_since=waiting_since,
        reopened_at=reopened_at(case, since),
        first_reply_due=min(case.first_reply_due or due, due) if was_active else due,
        claimed_by=case.claimed_by if was_active else None,
        claimed_at=case.claimed_at if was_active else None,
        snoozed_until=None,
        closed_by=None,
        closed_at=None,
    )


def reopened_at(case: Case, now: datetime) -> datetime | None:
    """Compute `Case.reopened_at` for a customer message at `now`; the first return counts."""
    if case.state.is_active and case.reopened_at is not None:
        return case.reopened_at
    was_finished = case.first_replied_at is not None or not case.state.is_active
    return now if was_finished else None


def apply_edit(case: Case, before: str | None, post: Post, assessment: Assessment, policy: Policy) -> Case:
    """Apply an edit of the post whose revision was `before`. It may raise the urgency, never lower it."""
    if case.reply_to_id == before:
        case = replace(case, reply_to_id=post.revision_id, reply_block=post.reply_block)
    if _urgency_of(assessment) <= _urgency_of(case.assessment):
        return case
    due = policy.first_reply_due(assessment, max(case.opened_at, case.waiting_since or case.opened_at))
    return replace(
        case,
        assessment=assessment,
        first_reply_due=min(case.first_reply_due or due, due),
    )


def mark_answered(case: Case, unanswered_since: datetime | None, now: datetime) -> Case:
    """Mark the case as replied to.

    `unanswered_since` is when the customer first wrote after that reply, `None` where they have not.
    """
    return replace(
        case,
        first_replied_at=case.first_replied_at or now,
        waiting_since=unanswered_since,
        reopened_at=None if unanswered_since is None else case.reopened_at,
        last_message_at=now,
    )


def with_reply_target(case: Case, post: Post) -> Case:
    """Update the reply target: the newest post that can be replied to, else the newest post.

    A private message (`NO_POST`) is never a reply target.
    """
    if post.reply_block is ReplyBlock.NO_POST:
        return case
    can_reply, could_reply = post.reply_block is None, case.reply_block is None
    is_newest = revision_order(post.revision_id) >= revision_order(case.reply_to_id)
    if is_newest if can_reply == could_reply else can_reply:
        return replace(
            case,
            reply_to_id=post.revision_id,
            reply_block=post.reply_block,
            conversation_id=post.conversation_id,
        )
    return case


def _urgency_of(assessment: Assessment) -> int:
    return int(assessment.urgency)
