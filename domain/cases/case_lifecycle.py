"""Open a case from a post, fold further posts and edits into it, mark it answered."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case, CaseEvent, CaseState, next_state
from domain.cases.case_assessment import Statement, assess_case, statements_of
from domain.cases.messages import Message
from domain.cases.routes import Route, RouteFacts
from domain.cases.routing import UNROUTED, Routing
from domain.cases.service_levels import ServiceLevels
from domain.cases.waits import WaitKind
from domain.intake.posts import Post, ReplyBlock, revision_order
from domain.policy import Policy
from domain.triage.assessment import Assessment
from domain.triage.situations import Situation


def open_case(
    account: Account,
    post: Post,
    assessment: Assessment,
    policy: Policy,
    now: datetime,
    *,
    customer_tags: Collection[str] = (),
) -> Case:
    """Create a case from its first post, and route it; its `id` is 0.

    A `created_at` in the future is clamped to `now`.
    """
    since = min(post.created_at, now)
    route = policy.route(
        RouteFacts(
            assessment=assessment,
            text=post.text,
            network=account.network,
            account=account.handle,
            customer_tags=customer_tags,
        )
    )
    channel = policy.channel_of(route)
    due = policy.service_levels.answer_due(
        WaitKind.FIRST, assessment, now, channel=channel, tags=customer_tags
    )
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
        channel=channel,
        conversation_id=post.conversation_id,
        reply_to_id=post.revision_id,
        waiting_since=since,
        reply_due=due.at,
        reply_block=post.reply_block,
        routing=_routing(route, tuple(customer_tags)),
    )


def rerouted(case: Case, route: Route | None, policy: Policy) -> Case:
    """Route the case anew, by a rule or without one; when the answer is due follows from its channel."""
    known = case.routing
    routing = replace(_routing(route, known.customer_tags), is_stranger=known.is_stranger)
    moved = replace(case, channel=policy.channel_of(route), routing=routing)
    return replace(moved, reply_due=answer_due(moved, moved.assessment, policy.service_levels))


def _routing(route: Route | None, customer_tags: tuple[str, ...]) -> Routing:
    if route is None:
        return replace(UNROUTED, customer_tags=customer_tags)
    return Routing(rule=route.name, group=route.group, rank_step=route.rank_step, customer_tags=customer_tags)


def add_post(
    case: Case,
    post: Post,
    assessment: Assessment,
    policy: Policy,
    now: datetime,
    *,
    earlier: Sequence[Statement],
) -> Case:
    """Fold another post into the case, and reopen it where it was closed.

    The case is assessed anew by the post and the `earlier` statements, and waiting time counts from the first
    unanswered one. A case that was closed starts waiting from this post and loses its claim, because its
    former assignee may be off duty.
    """
    since, was_active = min(post.created_at, now), case.state.is_active
    waiting_since = min(case.waiting_since or since, since) if was_active else since
    is_private = post.match_reason is None
    newest = Statement(text=post.text, at=since, assessment=assessment, is_private=is_private)
    assessed = assess_case([*earlier, newest])
    if assessed is not None:
        assessment = assessed.assessment
        waiting_since = max(waiting_since, assessed.unanswered_since)
    due = answer_due(replace(case, waiting_since=waiting_since), assessment, policy.service_levels)
    return replace(
        with_reply_target(case, post),
        author=post.author,
        state=next_state(case.state, CaseEvent.CUSTOMER_WROTE),
        assessment=assessment,
        last_message_at=max(case.last_message_at, since),
        waiting_since=waiting_since,
        reopened_at=reopened_at(case, since),
        reply_due=_changed_due(case, assessment, due) if was_active else due,
        claimed_by=case.claimed_by if was_active else None,
        claimed_at=case.claimed_at if was_active else None,
        snoozed_until=None,
        closed_by=None,
        closed_at=None,
    )


def answer_due(case: Case, assessment: Assessment, levels: ServiceLevels) -> datetime | None:
    """Compute when the customer is to be answered, with this assessment of the case; see `Case.reply_due`."""
    if case.waiting_since is None:
        return None
    kind = WaitKind.FIRST if case.first_replied_at is None else WaitKind.NEXT
    since = max(case.opened_at, case.waiting_since)
    return levels.answer_due(
        kind, assessment, since, channel=case.channel, tags=case.routing.customer_tags
    ).at


def _changed_due(case: Case, assessment: Assessment, due: datetime | None) -> datetime | None:
    """Return when the answer is due: not later than before, unless the urgency has fallen or it is spam."""
    if assessment.urgency < case.assessment.urgency or assessment.situation is Situation.SPAM:
        return due
    return min((at for at in (case.reply_due, due) if at is not None), default=None)


def reassess(case: Case, statements: Sequence[Statement], policy: Policy) -> Case:
    """Assess the case anew by its statements; unchanged where all are answered."""
    assessed = assess_case(statements)
    if assessed is None:
        return case
    waiting_since = case.waiting_since and max(case.waiting_since, assessed.unanswered_since)
    waiting = replace(case, waiting_since=waiting_since)
    due = answer_due(waiting, assessed.assessment, policy.service_levels)
    return replace(
        waiting,
        assessment=assessed.assessment,
        reply_due=_changed_due(case, assessed.assessment, due),
    )


def reassess_without(
    case: Case, before: Sequence[Statement], left: Sequence[Statement], policy: Policy
) -> Case:
    """Assess the case anew without a statement that is gone: of those `before`, the others are `left`.

    Where it was the last unanswered one of an active case, nobody waits for an answer any more.
    """
    if not case.state.is_active or assess_case(before) is None or assess_case(left) is not None:
        return reassess(case, left, policy)
    return replace(case, waiting_since=None, reply_due=None, raised_at=None)


def without_gone_wait(case: Case, messages: Iterable[Message]) -> Case:
    """Return a closed case as it is to be reopened; `messages` are all of it.

    What is deleted changes no closed case. Where that was all that waited for an answer, nobody waits.
    """
    messages = list(messages)
    before = [replace(m, deleted_at=None) if _is_gone_since(m, case.closed_at) else m for m in messages]
    if assess_case(statements_of(case, before)) is None or assess_case(statements_of(case, messages)):
        return case
    return replace(case, waiting_since=None, reply_due=None, raised_at=None)


def _is_gone_since(message: Message, closed_at: datetime | None) -> bool:
    return message.deleted_at is not None and closed_at is not None and message.deleted_at >= closed_at


def apply_correction(
    case: Case, assessment: Assessment, statements: Sequence[Statement], policy: Policy
) -> Case:
    """Apply the corrected `assessment` of a message; `statements` are all of the case, that one included.

    Where all are answered, the case is about what the person said.
    """
    if assess_case(statements) is not None:
        return reassess(case, statements, policy)
    return replace(case, assessment=replace(assessment, language=case.assessment.language, request=None))


def reopened_at(case: Case, now: datetime) -> datetime | None:
    """Compute `Case.reopened_at` for a customer message at `now`; the first return counts."""
    if case.state.is_active and case.reopened_at is not None:
        return case.reopened_at
    was_finished = case.first_replied_at is not None or not case.state.is_active
    return now if was_finished else None


def apply_edit(
    case: Case,
    before: str | None,
    post: Post,
    edited: Statement,
    policy: Policy,
    *,
    others: Sequence[Statement],
) -> Case:
    """Apply an edit of the post whose revision was `before`, now `edited`; `others` are the other statements.

    The case is assessed anew. An edit of a post that is answered already may only raise the urgency.
    """
    if case.reply_to_id == before:
        case = replace(case, reply_to_id=post.revision_id, reply_block=post.reply_block)
    if not edited.is_answered:
        return reassess(case, [*others, edited], policy)
    if edited.assessment.urgency <= case.assessment.urgency:
        return case
    due = answer_due(case, edited.assessment, policy.service_levels)
    return replace(case, assessment=edited.assessment, reply_due=_changed_due(case, edited.assessment, due))


def mark_answered(
    case: Case,
    unanswered_since: datetime | None,
    now: datetime,
    *,
    statements: Sequence[Statement] = (),
    levels: ServiceLevels,
) -> Case:
    """Mark the case as replied to.

    `unanswered_since` is when the customer first wrote after that reply, `None` where they have not; then
    the case is assessed by the unanswered ones of the `statements`.
    """
    assessed = assess_case(statements)
    answered = replace(
        case,
        assessment=case.assessment if assessed is None else assessed.assessment,
        first_replied_at=case.first_replied_at or now,
        waiting_since=unanswered_since,
        reopened_at=None if unanswered_since is None else case.reopened_at,
        raised_at=None,
        last_message_at=now,
    )
    return replace(answered, reply_due=answer_due(answered, answered.assessment, levels))


def start_waiting(case: Case, now: datetime, levels: ServiceLevels) -> Case:
    """Have the customer wait from `now` on, unless they wait already."""
    if case.waiting_since is not None:
        return case
    waiting = replace(case, waiting_since=now)
    return replace(waiting, reply_due=answer_due(waiting, case.assessment, levels))


def asked_by_press(case: Case, now: datetime, levels: ServiceLevels) -> Case:
    """Have the customer wait, who asks by a press on our page `now`. The state is left as it is."""
    return replace(
        start_waiting(case, now, levels),
        reopened_at=reopened_at(case, now),
        snoozed_until=None,
        closed_by=None,
        closed_at=None,
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
