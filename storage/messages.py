"""Store the messages of cases."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
    update,
)

from domain.cases.messages import Delivery, Direction, Message
from domain.cases.search import folded
from domain.intake.posts import MatchReason, ReplyBlock
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from storage.bulk_insert import BulkInsert
from storage.post_contexts import context_from, media_from, post_columns
from storage.record_ids import with_ids
from storage.tables import messages
from storage.types import AnyRow, AnySelect

_c = messages.c
_all = select(*(column for column in _c if column.name not in {"network", "account_id", "search_text"}))
_inbound = (
    _c.direction == Direction.IN.value,
    _c.network == bindparam("network"),
    _c.account_id == bindparam("account_id"),
)

_KNOWN = _all.where(*_inbound, _c.external_id.in_(bindparam("post_ids", expanding=True)))
_INSERT = BulkInsert(messages)
_GET = _all.where(_c.id == bindparam("message_id"))
_SAVE = update(messages).where(_c.id == bindparam("message_id"))
_BY_CLIENT_KEY = _all.where(_c.client_key == bindparam("client_key"))
_OURS_BY_EXTERNAL_ID = _all.where(
    _c.direction == Direction.OUT.value, _c.external_id.in_(bindparam("external_ids", expanding=True))
).order_by(_c.id.desc())


def sent_unseen(row: FromClause) -> list[ColumnElement[bool]]:
    """Return the conditions on our messages of a hand-off that were sent and that nobody has seen yet."""
    return [
        row.c.case_id == bindparam("case_id"),
        row.c.handoff_id == bindparam("handoff_id"),
        row.c.direction == Direction.OUT.value,
        row.c.delivery == Delivery.SENT.value,
        row.c.delivered_at.is_(None),
    ]


_UNSEEN = _all.where(*sent_unseen(messages), _c.id <= bindparam("up_to")).order_by(_c.id)
_OF_CASE = (
    _all.where(_c.case_id == bindparam("case_id"))
    .order_by(_c.created_at.desc(), _c.id.desc())
    .limit(bindparam("most"))
)
_ranked = select(
    _c.id,
    func.row_number().over(partition_by=_c.case_id, order_by=(_c.created_at.desc(), _c.id.desc())).label("n"),
).where(_c.case_id.in_(bindparam("case_ids", expanding=True)))
_newest = _ranked.subquery()
_OF_CASES = (
    _all.join(_newest, _newest.c.id == _c.id)
    .where(_newest.c.n <= bindparam("most"))
    .order_by(_c.created_at, _c.id)
)
_LATEST_REPLY = (
    _all.where(_c.case_id == bindparam("case_id"), _c.direction == Direction.OUT.value)
    .order_by(case((_c.delivery == Delivery.UNSURE.value, 0), else_=1), _c.created_at.desc(), _c.id.desc())
    .limit(1)
)
_live = (
    *_inbound,
    _c.venue == Venue.PUBLIC.value,
    _c.id > bindparam("after_id"),
    _c.deleted_at.is_(None),
    _c.external_id.is_not(None),
    _c.created_at >= bindparam("since"),
)
_LIVE_POSTS = _all.where(*_live).order_by(_c.id).limit(bindparam("most"))
_COUNT_LIVE_POSTS = select(func.count()).select_from(messages).where(*_live)
_ours_since = (
    _c.direction == Direction.OUT.value,
    _c.account_id == bindparam("account_id"),
    _c.venue == Venue.PUBLIC.value,
    _c.delivery != Delivery.FAILED.value,
    or_(_c.created_at >= bindparam("since"), _c.sent_at >= bindparam("since")),
)
_OUR_TEXT = select(true()).where(*_ours_since, _c.text == bindparam("said")).limit(1)
_OUR_TEXTS = select(_c.text).where(*_ours_since).distinct()


class Messages:
    """The messages of all cases, the customers' and ours."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, network: str, account_id: str, post_ids: Iterable[str]) -> dict[str, Message]:
        """Return the stored customer messages with these post ids, by post id (deduplication)."""
        found = self._list(_KNOWN, network=network, account_id=account_id, post_ids=list(post_ids))
        return {message.external_id: message for message in found if message.external_id}

    def add_many(self, messages: Sequence[Message], *, network: str, account_id: str) -> list[Message]:
        """Insert messages (their `id` is ignored) and return them, in order, with ids.

        A customer's post id is unique for its network and account.
        """
        if not messages:
            return []
        rows = [
            _row_of(message)
            | {
                "case_id": message.case_id,
                "network": network,
                "account_id": account_id,
                "direction": message.direction.value,
            }
            for message in messages
        ]
        ids = _INSERT.add(self._connection, rows)
        return with_ids(messages, ids)

    def get(self, message_id: int) -> Message:
        """Return the message; raises `LookupError`."""
        row = self._connection.execute(_GET, {"message_id": message_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no message {message_id}")
        return message_from(row)

    def save(self, message: Message) -> None:
        """Update a message; raises `LookupError` where it is not stored."""
        if self._connection.execute(_SAVE, _row_of(message) | {"message_id": message.id}).rowcount != 1:
            raise LookupError(f"there is no message {message.id}")

    def by_client_key(self, client_key: str) -> Message | None:
        """Return our message with this client key (idempotency key of a form)."""
        return next(iter(self._list(_BY_CLIENT_KEY, client_key=client_key)), None)

    def ours_by_external_id(self, external_ids: Iterable[str]) -> list[Message]:
        """Return our messages with one of these external ids, newest first."""
        return self._list(_OURS_BY_EXTERNAL_ID, external_ids=list(external_ids))

    def unseen(self, case_id: int, *, handoff_id: int, up_to: int) -> list[Message]:
        """Return our sent messages of this hand-off with ids up to `up_to` that are not seen yet, by id."""
        return self._list(_UNSEEN, case_id=case_id, handoff_id=handoff_id, up_to=up_to)

    def of_case(self, case_id: int, *, limit: int = 50) -> list[Message]:
        """Return the case's newest `limit` messages, oldest first."""
        return self._list(_OF_CASE, case_id=case_id, most=limit)[::-1]

    def of_cases(self, case_ids: Iterable[int], *, limit: int) -> dict[int, list[Message]]:
        """Return the newest `limit` messages of each of these cases, by case, oldest first."""
        found: dict[int, list[Message]] = {}
        for message in self._list(_OF_CASES, case_ids=list(case_ids), most=limit):
            found.setdefault(message.case_id, []).append(message)
        return found

    def latest_reply(self, case_id: int) -> Message | None:
        """Return our newest message in the case; one with an unsure outcome comes before all others."""
        return next(iter(self._list(_LATEST_REPLY, case_id=case_id)), None)

    def live_posts(
        self, network: str, account_id: str, *, since: datetime, after_id: int, limit: int
    ) -> list[Message]:
        """Return customers' public posts since `since` with a higher id, not known to be deleted, by id."""
        return self._list(
            _LIVE_POSTS, network=network, account_id=account_id, since=since, after_id=after_id, most=limit
        )

    def count_live_posts(self, network: str, account_id: str, *, since: datetime, after_id: int) -> int:
        """Count all posts that `live_posts` would return."""
        values = {"network": network, "account_id": account_id, "since": since, "after_id": after_id}
        return int(self._connection.scalar(_COUNT_LIVE_POSTS, values) or 0)

    def with_words(self, case_ids: Sequence[int], words: Sequence[str]) -> list[Message]:
        """Return the messages of these cases that contain one of the words (folded), newest first."""
        contained = [_c.search_text.contains(word, autoescape=True) for word in words]
        if not case_ids or not contained:
            return []
        query = _all.where(_c.case_id.in_(case_ids), or_(*contained)).order_by(_c.id.desc())
        return [message_from(row) for row in self._connection.execute(query)]

    def our_text_since(self, account_id: str, text: str, since: datetime) -> bool:
        """Return whether this exact text was sent, or queued, publicly since `since` (duplicate check)."""
        values = {"account_id": account_id, "said": text, "since": since}
        return self._connection.scalar(_OUR_TEXT, values) is not None

    def our_texts_since(self, account_id: str, since: datetime) -> frozenset[str]:
        """Return the texts that were sent, or queued, publicly since `since`."""
        return frozenset(self._connection.scalars(_OUR_TEXTS, {"account_id": account_id, "since": since}))

    def _list(self, query: AnySelect, **values: object) -> list[Message]:
        return [message_from(row) for row in self._connection.execute(query, values)]


def _row_of(message: Message) -> dict[str, Any]:
    return {
        "venue": message.venue.value,
        "author_id": message.author_id,
        "author_name": message.author_name,
        "text": message.text,
        "created_at": message.created_at,
        "external_id": message.external_id,
        "revision_id": message.revision_id,
        "url": message.url,
        "reply_to_id": message.reply_to_id,
        "reply_block": message.reply_block.value if message.reply_block else None,
        "match_reason": message.match_reason.value if message.match_reason else None,
        "edited_at": message.edited_at,
        "deleted_at": message.deleted_at,
        "delivery": message.delivery.value if message.delivery else None,
        "sent_by": message.sent_by,
        "sent_at": message.sent_at,
        "error": message.error,
        "client_key": message.client_key,
        "attempt": message.attempt,
        "rules_version": message.rules_version,
        "delivered_at": message.delivered_at,
        "thread_ts": message.thread_ts,
        "thread_channel": message.thread_channel,
        "subject": message.subject,
        "original": message.original,
        "handoff_id": message.handoff_id,
        "sender_authenticated": message.sender_authenticated,
        **post_columns(message),
        "search_text": folded(message.text, message.subject or ""),
        **_assessment_row(message.assessment),
    }


def _assessment_row(assessment: Assessment | None) -> dict[str, Any]:
    if assessment is None:
        return dict.fromkeys(("language", "situation", "urgency", "reasons", "sentiment", "request"))
    return {
        "language": assessment.language,
        "situation": assessment.situation.value,
        "urgency": assessment.urgency.value,
        "reasons": assessment.reasons,
        "sentiment": assessment.sentiment,
        "request": assessment.request,
    }


def message_from(row: AnyRow) -> Message:
    """Return the message of a row with all columns."""
    return Message(
        id=row.id,
        case_id=row.case_id,
        direction=Direction(row.direction),
        venue=Venue(row.venue),
        author_id=row.author_id,
        author_name=row.author_name,
        text=row.text,
        created_at=row.created_at,
        external_id=row.external_id,
        revision_id=row.revision_id,
        url=row.url,
        reply_to_id=row.reply_to_id,
        reply_block=ReplyBlock(row.reply_block) if row.reply_block else None,
        match_reason=MatchReason(row.match_reason) if row.match_reason else None,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        delivery=Delivery(row.delivery) if row.delivery else None,
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        error=row.error,
        client_key=row.client_key,
        attempt=row.attempt,
        rules_version=row.rules_version,
        delivered_at=row.delivered_at,
        thread_ts=row.thread_ts,
        thread_channel=row.thread_channel,
        subject=row.subject,
        original=row.original,
        handoff_id=row.handoff_id,
        sender_authenticated=row.sender_authenticated,
        assessment=_assessment_from(row),
        media=media_from(row.media),
        context=context_from(row.context),
    )


def _assessment_from(row: AnyRow) -> Assessment | None:
    if row.situation is None:
        return None
    read = (row.language, Situation(row.situation), Urgency(row.urgency), tuple(row.reasons), row.sentiment)
    return Assessment(*read, request=row.request)
