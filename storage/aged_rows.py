"""Delete rows that nobody needs once they are old, and that would else grow for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Table,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
)

from domain.outages.subscribers import MailState
from storage.completeness_tables import mention_days, unreadable_posts
from storage.digest_tables import digests
from storage.flood_tables import spend
from storage.knowledge_tables import trainings
from storage.subscriber_tables import mailings, notice_mails
from storage.tables import chat_sessions

_before: BindParameter[Any] = bindparam("before")
_day: BindParameter[Any] = bindparam("day")
_newest_of_plan = select(func.max(digests.c.id)).group_by(digests.c.key)
_newest_session = select(func.max(chat_sessions.c.id)).group_by(chat_sessions.c.handoff_id)
_newest_training = select(func.max(trainings.c.id))
_ended = select(mailings.c.publication_id).where(
    or_(
        mailings.c.finished_at < _before,
        and_(mailings.c.finished_at.is_(None), mailings.c.started_at < _before),
    )
)
_UNDER_WAY = [MailState.QUEUED.value, MailState.SENDING.value]


def _limited(table: Table, key: Column[Any], old: ColumnElement[bool]) -> tuple[Table, Delete]:
    first = select(key).where(old).order_by(key).limit(bindparam("most"))
    return table, delete(table).where(key.in_(first.scalar_subquery()))


#: What is deleted of each table. Figures are computed from none of it.
AGED: Mapping[Table, Delete] = dict(
    (
        # A browser that was away for so long has no session any more; the newest one says that the link was
        # used. See `domain.chat.session`.
        _limited(
            chat_sessions,
            chat_sessions.c.id,
            and_(chat_sessions.c.last_seen_at < _before, chat_sessions.c.id.not_in(_newest_session)),
        ),
        _limited(
            notice_mails,
            notice_mails.c.id,
            and_(notice_mails.c.publication_id.in_(_ended), notice_mails.c.state.not_in(_UNDER_WAY)),
        ),
        _limited(
            digests, digests.c.id, and_(digests.c.booked_at < _before, digests.c.id.not_in(_newest_of_plan))
        ),
        _limited(
            trainings,
            trainings.c.id,
            and_(
                trainings.c.at < _before,
                trainings.c.heads.is_(None),
                trainings.c.id.not_in(_newest_training),
            ),
        ),
        (spend, delete(spend).where(spend.c.day < _day)),
        (mention_days, delete(mention_days).where(mention_days.c.day < _day)),
        (unreadable_posts, delete(unreadable_posts).where(unreadable_posts.c.day < _day)),
    )
)


def prune_aged(connection: Connection, *, before: datetime, limit: int) -> Sequence[int]:
    """Delete up to `limit` rows of each table that are older than `before`; return how many of each."""
    values = {"before": before, "day": f"{before:%Y-%m-%d}", "most": limit}
    return [connection.execute(statement, values).rowcount for statement in AGED.values()]
