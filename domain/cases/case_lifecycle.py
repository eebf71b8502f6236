"""How a case begins with a post, and what further posts and edits make of it."""

from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case, CaseEvent, CaseState, next_state
from domain.intake.posts import Post, ReplyBlock, revision_order
from domain.policy import Policy
from domain.triage.assessment import Assessment


def open_case(account: Account, post: Post, assessment: Assessment, policy: Policy, now: datetime) -> Case:
    """A case that begins with this post; its `id` is 0. A post from the future is one of now."""
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
    """The case with one more post: the gravest reading counts, waiting runs from the first unanswered word.

    A closed case that comes back waits anew, and is anybody's: whoever had it may be asleep.
    """
    gravest = max(case.assessment, assessment, key=_gravity)
    since, was_active = min(post.created_at, now), case.state.is_active
    waiting_since = (case.waiting_since if was_active else None) or since
    due = policy.first_reply_due(gravest, max(case.opened_at, waiting_since))
    return replace(
        _answering(case, post),
        author=post.author,
        state=next_state(case.state, CaseEvent.CUSTOMER_WROTE),
        assessment=gravest,
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
    """Compute `Case.reopened_at` for a case whose customer writes now: the first time that they came back counts."""
    if case.state.is_active and case.reopened_at is not None:
        return case.reopened_at
    was_done = case.first_replied_at is not None or not case.state.is_active
    return now if was_done else None


def apply_edit(case: Case, before: str | None, post: Post, assessment: Assessment, policy: Policy) -> Case:
    """The case whose post was `before` and now says otherwise: that may make it graver, never milder."""
    if case.reply_to_id == before:
        case = replace(case, reply_to_id=post.revision_id, reply_block=post.reply_block)
    if _gravity(assessment) <= _gravity(case.assessment):
        return case
    due = policy.first_reply_due(assessment, max(case.opened_at, case.waiting_since or case.opened_at))
    return replace(
        case,
        assessment=assessment,
        first_reply_due=min(case.first_reply_due or due, due),
    )


def mark_answered(case: Case, unanswered_since: datetime | None, now: datetime) -> Case:
    """The case once an answer of ours is out: it waits from the customer's first word after that answer, if there is any."""
    return replace(
        case,
        first_replied_at=case.first_replied_at or now,
        waiting_since=unanswered_since,
        reopened_at=None if unanswered_since is None else case.reopened_at,
        last_message_at=now,
    )


def _answering(case: Case, post: Post) -> Case:
    """The case with the post that an answer would reply to: the newest of those that let us, else the newest. A private message is none."""
    if post.reply_block is ReplyBlock.NO_POST:
        return case
    can_now, could_before = post.reply_block is None, case.reply_block is None
    is_newest = revision_order(post.revision_id) >= revision_order(case.reply_to_id)
    if is_newest if can_now == could_before else can_now:
        return replace(
            case,
            reply_to_id=post.revision_id,
            reply_block=post.reply_block,
            conversation_id=post.conversation_id,
        )
    return case


def _gravity(assessment: Assessment) -> int:
    return int(assessment.urgency)
