"""Erase the text of a deleted post (redaction), and choose another post to reply to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction, Message
from domain.intake.post_context import NO_CONTEXT
from domain.intake.posts import ReplyBlock
from domain.venues import Venue


def redacted(message: Message, now: datetime) -> Message:
    """Erase the text of a message, its media, context and assessment; author, time and ids are kept."""
    return replace(message, text="", media=(), context=NO_CONTEXT, assessment=None, deleted_at=now)


def is_post(message: Message, post_id: str | None) -> bool:
    """Return whether the message is the customer's public post with that id, in any known revision."""
    is_post = message.direction is Direction.IN and message.venue is Venue.PUBLIC
    return is_post and post_id in (message.revision_id, message.external_id)


def without_post(case: Case, deleted: Message, messages: Sequence[Message]) -> Case:
    """Update the case's reply target after the post `deleted` was removed. `messages` are oldest first.

    Where `deleted` was the target, it is replaced by the newest unanswered post, and one that can be replied
    to takes precedence. An answered post is never chosen, because networks may allow one reply to each post.
    """
    if not is_post(deleted, case.reply_to_id):
        return case
    candidates = _unanswered(messages)
    if not candidates:
        return replace(case, reply_block=ReplyBlock.GONE)
    best = next((message for message in candidates if message.reply_block is None), candidates[0])
    return replace(case, reply_to_id=best.revision_id or str(best.external_id), reply_block=best.reply_block)


def _unanswered(messages: Sequence[Message]) -> list[Message]:
    """List the customer's posts that are not deleted and newer than our last reply, newest first."""
    public = [m for m in messages if m.venue is Venue.PUBLIC]
    last_answered = max((m.id for m in public if m.delivery is Delivery.SENT), default=0)
    posts = [m for m in public if m.direction is Direction.IN and m.deleted_at is None]
    return [m for m in reversed(posts) if m.id > last_answered and m.external_id is not None]
