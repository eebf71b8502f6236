"""Forget posts that other posts quote or answer, once they are deleted or their author is erased."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from domain.cases.messages import Message
from domain.delivery.effects import UpdateCard
from domain.delivery.thread_effects import RedrawThread
from domain.intake.post_context import without_references
from storage.unit_of_work import UnitOfWork


def shown_references(message: Message) -> list[str]:
    """Return the ids of the posts of others that are shown with a message."""
    return [one.id for one in message.context.references if one.is_shown and not one.is_ours]


def forget_references(
    uow: UnitOfWork,
    *,
    message_id: int,
    now: datetime,
    post_ids: Collection[str] = (),
    author_ids: Collection[str] = (),
) -> bool:
    """Forget posts by id or author in the context of a message; return whether there was any.

    Call it with the message's case locked. Queues updates of the card and of the thread's posts that show it.
    """
    message = uow.messages.get(message_id)
    context = without_references(message.context, post_ids, author_ids)
    if context == message.context:
        return False
    uow.messages.save(replace(message, context=context))
    shown = uow.thread_posts.about_message(message.case_id, message.id)
    redraws = [RedrawThread(message.case_id, post.ts) for post in shown]
    uow.outbox.add([UpdateCard(message.case_id), *redraws], now=now)
    return True
