"""Redact a post that is gone from its network: empty the message and everything that quotes it."""

from datetime import datetime
from functools import partial

from domain.cases.case import Case
from domain.cases.case_assessment import statements_of
from domain.cases.case_lifecycle import reassess_without
from domain.cases.messages import Direction
from domain.delivery.effects import DraftReply
from domain.delivery.outcomes import Failed
from domain.delivery.thread_effects import RedrawThread
from domain.intake.redaction import is_post, redacted, without_post
from domain.knowledge.reply_drafts import is_quote_of
from domain.policy import Policy
from domain.records.audit import QUOTING, SYSTEM, Action, ThreadPost
from handlers.cases.alerts import alert, channel_name
from handlers.cases.card_routing import MESSAGE_GONE
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import follow_messages
from storage.unit_of_work import UnitOfWork


def redact_post(uow: UnitOfWork, *, message_id: int, policy: Policy, now: datetime) -> bool:
    """Redact a message and what quotes it: audit entries, suggestions, drafts, a model's texts, examples.

    Returns `False`, and does nothing, if it is redacted already. Queues updates of the card and of the
    thread's posts that quote it. If the case was to answer this post, another one takes its place; if none is
    left, the reply block says that the post is gone, and nobody waits for an answer.
    """
    case_id = uow.messages.get(message_id).case_id
    # Before anything is read: what keeps a text of the message, and does not save the case, locks it, too.
    uow.cases.lock([case_id])
    case = uow.cases.get(case_id)
    message = uow.messages.get(message_id)
    if message.deleted_at is not None:
        return False
    before = statements_of(case, uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES))
    uow.messages.save(redacted(message, now))
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    uow.audit.redact(case.id, message.id, now=now)
    uow.suggestions.delete_from(case.id, message.id)
    uow.machine_texts.erase(case.id, message.id)
    uow.vectors.delete(message.id)
    uow.examples.delete_of_message(message.id)
    uow.reply_choices.delete_of_message(message.id)
    if message.text:
        uow.saved_replies.delete_examples(partial(is_quote_of, message.text))
        uow.marks.count_erasure(now)  # a form that is open may quote it
    uow.outbox.delete_results(DraftReply(case.id, m.id) for m in messages if m.id >= message.id)
    left = statements_of(case, messages)
    saved = save_change(
        uow,
        reassess_without(without_post(case, message, messages), before, left, policy),
        actor=SYSTEM,
        action=Action.POST_GONE,
        now=now,
        message_id=message.id,
    )
    follow_messages(uow, saved, messages, now=now)
    uow.outbox.add(
        [RedrawThread(case.id, post.ts) for post in uow.thread_posts.about_message(case.id, message.id)],
        now=now,
    )
    _alert_abandoned_cards(uow, policy, case, now=now)
    return True


def redact_reply_target(uow: UnitOfWork, *, message_id: int, policy: Policy, now: datetime) -> None:
    """Redact the post that our reply `message_id` answers, after the network reported it as deleted.

    A post that was edited since has another revision id and may still exist: the daily deletion sweep
    decides.
    """
    reply = uow.messages.get(message_id)
    for message in uow.messages.of_case(reply.case_id, limit=MAX_CASE_MESSAGES):
        if is_post(message, reply.reply_to_id) and message.revision_id in (None, reply.reply_to_id):
            redact_post(uow, message_id=message.id, policy=policy, now=now)


def record_thread_post(uow: UnitOfWork, *, post: ThreadPost, now: datetime) -> None:
    """Store a post of a case's thread; redraw it if a message that it quotes was redacted meanwhile."""
    uow.thread_posts.add(post)
    entries = uow.audit.of_case(post.case_id, after=post.first_audit_id - 1)
    quoted_ids = [
        e.message_id for e in entries if e.id <= post.last_audit_id and e.action in QUOTING and e.message_id
    ]
    if any(uow.messages.get(message_id).deleted_at is not None for message_id in quoted_ids):
        uow.outbox.add([RedrawThread(post.case_id, post.ts)], now=now)


def alert_not_redrawn(
    uow: UnitOfWork,
    policy: Policy,
    *,
    case_id: int,
    failure: Failed,
    now: datetime,
    channel: str | None = None,
) -> None:
    """Alert that a Slack message which may quote a redacted post cannot be updated: delete it by hand.

    The message is in `channel`, by default the card's. Does nothing if the message no longer exists, or if no
    post of the case was redacted.
    """
    if failure.code == MESSAGE_GONE:
        return
    messages = uow.messages.of_case(case_id, limit=MAX_CASE_MESSAGES)
    if not any(m.direction is Direction.IN and m.deleted_at is not None for m in messages):
        return
    case = uow.cases.get(case_id)
    _alert_still_quoted(
        uow, policy, case, channel or case.card_channel or case.channel, failure.reason, now=now
    )


def _alert_abandoned_cards(uow: UnitOfWork, policy: Policy, case: Case, *, now: datetime) -> None:
    """Alert of old cards that still show the post, in closed channels that the card has left."""
    for entry in uow.audit.of_case(case.id, limit=MAX_CASE_MESSAGES):
        if entry.action is Action.ROUTE_FAILED and entry.detail.get("stood_there"):
            _alert_still_quoted(
                uow, policy, case, str(entry.detail["channel"]), str(entry.detail["reason"]), now=now
            )


def _alert_still_quoted(
    uow: UnitOfWork, policy: Policy, case: Case, channel: str, reason: str, *, now: datetime
) -> None:
    text = (
        f"A post by {case.author.mention} is gone from the network, but a message about it in {channel_name(channel)} may still show it "
        f"and cannot be changed: {reason}. Open the channel again if it is closed, and delete that message by hand."
    )
    alert(uow, policy, text, dedupe_key=f"still_quoted:{case.id}:{channel}", now=now)
