"""A customer's post is gone from its network: its words are taken out of everything here, in one transaction."""

from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Direction
from domain.delivery.effects import DraftReply, RedrawThread
from domain.delivery.outcomes import Failed
from domain.intake.redaction import is_of, redacted, without_post
from domain.policy import Policy
from domain.records.audit import QUOTING, SYSTEM, Action, ThreadPost
from handlers.cases.card_routing import MESSAGE_GONE, alert, channel_name
from handlers.cases.transitions import save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from storage.unit_of_work import UnitOfWork


def redact_post(uow: UnitOfWork, *, message_id: int, policy: Policy, now: datetime) -> bool:
    """Empty the message, and whatever quotes it; says whether there was anything left to empty.

    The card and the thread follow, and the case says that the post is gone where nothing else is left to answer.
    """
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    # Read after the case: whoever changes the message from here on changes the case too, and saving it tells.
    message = uow.messages.get(message_id)
    if message.deleted_at is not None:
        return False
    uow.messages.save(redacted(message, now))
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    uow.audit.forget_words(case.id, message.id)
    uow.suggestions.forget(case.id, message.id)
    uow.outbox.forget_results(DraftReply(case.id, m.id) for m in messages if m.id >= message.id)
    save_change(
        uow,
        without_post(case, message, messages),
        actor=SYSTEM,
        action=Action.POST_GONE,
        now=now,
        message_id=message.id,
    )
    uow.outbox.add(
        [RedrawThread(case.id, post.ts) for post in uow.thread_posts.telling(case.id, message.id)], now=now
    )
    _tell_left_behind(uow, policy, case, now=now)
    return True


def redact_reply_target(uow: UnitOfWork, *, message_id: int, policy: Policy, now: datetime) -> None:
    """The network says that the post which our message answers is gone.

    A post that was edited since is another revision's, and left to the daily look.
    """
    ours = uow.messages.get(message_id)
    for message in uow.messages.of_case(ours.case_id, limit=MAX_CASE_MESSAGES):
        if is_of(message, ours.reply_to_id) and message.revision_id in (None, ours.reply_to_id):
            redact_post(uow, message_id=message.id, policy=policy, now=now)


def record_redrawn(uow: UnitOfWork, *, post: ThreadPost, now: datetime) -> None:
    """A message stands in the thread. What it quotes may have gone while it was on its way: it is drawn anew then."""
    uow.thread_posts.add(post)
    entries = uow.audit.of_case(post.case_id, after=post.first - 1)
    quoted = [e.message_id for e in entries if e.id <= post.last and e.action in QUOTING and e.message_id]
    if any(uow.messages.get(message_id).deleted_at is not None for message_id in quoted):
        uow.outbox.add([RedrawThread(post.case_id, post.ts)], now=now)


def not_redrawn(
    uow: UnitOfWork,
    policy: Policy,
    *,
    case_id: int,
    failure: Failed,
    now: datetime,
    channel: str | None = None,
) -> None:
    """Slack does not let us change a message that may quote a post which is gone: somebody must take it away by hand.

    The message stands in `channel`, or where the card does.
    """
    if failure.code == MESSAGE_GONE:
        return
    messages = uow.messages.of_case(case_id, limit=MAX_CASE_MESSAGES)
    if not any(m.direction is Direction.IN and m.deleted_at is not None for m in messages):
        return
    case = uow.cases.get(case_id)
    _tell_still_quoted(
        uow, policy, case, channel or case.card_channel or case.channel, failure.reason, now=now
    )


def _tell_left_behind(uow: UnitOfWork, policy: Policy, case: Case, *, now: datetime) -> None:
    """Where the case's card has moved away from a channel that was closed to us, its old card there still shows the post."""
    for entry in uow.audit.of_case(case.id, limit=MAX_CASE_MESSAGES):
        if entry.action is Action.ROUTE_FAILED and entry.detail.get("stood_there"):
            _tell_still_quoted(
                uow, policy, case, str(entry.detail["channel"]), str(entry.detail["reason"]), now=now
            )


def _tell_still_quoted(
    uow: UnitOfWork, policy: Policy, case: Case, channel: str, reason: str, *, now: datetime
) -> None:
    text = (
        f"A post by @{case.author.handle} is gone from the network, but a message about it in {channel_name(channel)} may still show it "
        f"and cannot be changed: {reason}. Open the channel again if it is closed, and delete that message by hand."
    )
    alert(uow, policy, text, once=f"still_quoted:{case.id}:{channel}", now=now)
