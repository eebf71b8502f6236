"""What is left when a customer's post is gone from its network: none of its words, and perhaps an older post to answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction, Message
from domain.intake.posts import ReplyBlock
from domain.venues import Venue


def redacted(message: Message, now: datetime) -> Message:
    """The message without its words. Who wrote when, and where it stood, stays."""
    return replace(message, text="", deleted_at=now)


def is_of(message: Message, post_id: str | None) -> bool:
    """Whether this is the customer's post with that id, in any revision that we know of. A private message is none, whatever its id."""
    is_post = message.direction is Direction.IN and message.venue is Venue.PUBLIC
    return is_post and post_id in (message.revision_id, message.external_id)


def without_post(case: Case, gone: Message, messages: Sequence[Message]) -> Case:
    """The case as it stands without a post of its `messages`, which are oldest first.

    Where it was the one to answer, the newest post that has no answer yet takes its place, one that lets us answer before one
    that does not. A post that was answered does not: X allows one reply to each.
    """
    if not is_of(gone, case.reply_to_id):
        return case
    left = _unanswered(messages)
    if not left:
        return replace(case, reply_block=ReplyBlock.GONE)
    best = next((message for message in left if message.reply_block is None), left[0])
    return replace(case, reply_to_id=best.revision_id or str(best.external_id), reply_block=best.reply_block)


def _unanswered(messages: Sequence[Message]) -> list[Message]:
    """The customer's posts that are there and newer than our last answer, newest first."""
    public = [m for m in messages if m.venue is Venue.PUBLIC]
    answered = max((m.id for m in public if m.delivery is Delivery.SENT), default=0)
    theirs = [m for m in public if m.direction is Direction.IN and m.deleted_at is None]
    return [m for m in reversed(theirs) if m.id > answered and m.external_id is not None]
