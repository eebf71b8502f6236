"""Store the cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection, bindparam, exists, func, literal_column, select, update

import storage.case_indexes  # noqa: F401 - what is read here goes by them
from domain.cases.case import ACTIVE, Case, CaseState
from domain.errors import CaseNotFound, StaleCase
from domain.triage.ranking import rules_fingerprint
from storage.bulk_insert import BulkInsert
from storage.case_conditions import BY_RANK, IS_ACTIVE, UNCLAIMED
from storage.case_rows import CARD_COLUMNS, IDENTITY, RANK, case_from, row_of
from storage.dialects import is_sqlite
from storage.flood_tables import held_cards
from storage.record_ids import with_ids
from storage.tables import cases
from storage.types import AnyRow, AnySelect

_c = cases.c
_NOT_SAVED = frozenset((*IDENTITY, *CARD_COLUMNS))
_all = select(cases)
_of_account = (_c.network == bindparam("network"), _c.account_id == bindparam("account_id"))

_GET = _all.where(_c.id == bindparam("case_id"))
_AT_CARD = _all.where(_c.card_channel == bindparam("channel"), _c.card_ts == bindparam("ts"))
_INSERT = BulkInsert(cases)
_SAVE = update(cases).where(_c.id == bindparam("case_id"), _c.version == bindparam("read_version"))
_LOCK = (
    select(_c.id)
    .where(_c.id.in_(bindparam("case_ids", expanding=True)))
    .order_by(_c.id)
    .with_for_update(key_share=True)
)
_SAVE_CARD_COLUMNS = update(cases).where(_c.id == bindparam("case_id"))
_FOLDABLE = _all.where(
    *_of_account,
    _c.author_id.in_(bindparam("author_ids", expanding=True)),
    IS_ACTIVE,
    _c.last_message_at >= bindparam("since"),
).order_by(_c.last_message_at.desc(), _c.id.desc())
_IN_CONVERSATIONS = _all.where(
    *_of_account,
    _c.conversation_id.in_(bindparam("conversation_ids", expanding=True)),
    _c.state != CaseState.DISMISSED.value,
    _c.last_message_at >= bindparam("since"),
).order_by(_c.last_message_at.desc(), _c.id.desc())
_UNCLAIMED = _all.where(*UNCLAIMED).order_by(*BY_RANK).limit(bindparam("most"))
_CLAIMED_BY = (
    _all.where(_c.claimed_by == bindparam("user_id"), _c.state == bindparam("its_state"))
    .order_by(*BY_RANK)
    .limit(bindparam("most"))
)
_DUE_BEFORE = (
    _all.where(
        _c.state == literal_column(f"'{CaseState.OPEN}'"),  # as in the condition of the index
        _c.reply_due.is_not(None),
        _c.reply_due < bindparam("moment"),
    )
    .order_by(_c.reply_due, _c.id)
    .limit(bindparam("most"))
)
_WAITING = (
    _all.where(_c.state == literal_column(f"'{CaseState.WAITING}'"))
    .order_by(_c.last_message_at.desc(), _c.id.desc())
    .limit(bindparam("most"))
)
_WAKE_DUE = (
    _all.where(_c.state == CaseState.SNOOZED.value, _c.snoozed_until <= bindparam("moment"))
    .order_by(_c.snoozed_until, _c.id)
    .limit(bindparam("most"))
)
_WITHOUT_CARD = (
    _all.where(
        IS_ACTIVE,
        _c.card_ts.is_(None),
        _c.opened_at < bindparam("moment"),
        ~exists().where(held_cards.c.case_id == _c.id),
    )
    .order_by(*BY_RANK)
    .limit(bindparam("most"))
)
_OUTDATED_RANKS = (
    _all.where(IS_ACTIVE, _c.ranking_fingerprint.is_distinct_from(bindparam("rules")))
    .order_by(_c.id)
    .limit(bindparam("most"))
)
_of_author = (*_of_account, _c.author_id == bindparam("author_id"))
_OF_AUTHOR = _all.where(*_of_author).order_by(_c.id.desc()).limit(bindparam("most"))
_COUNT_OF_AUTHOR = (
    select(func.count()).select_from(cases).where(*_of_author, _c.opened_at >= bindparam("since"))
)
# A subquery for each: all of them in one group are sorted.
_COUNTS = select(
    *(
        select(func.count()).select_from(cases).where(*conditions).scalar_subquery().label(name)
        for name, conditions in {
            **{state.value: (_c.state == state.value,) for state in sorted(ACTIVE)},
            "unclaimed": UNCLAIMED,
        }.items()
    )
)


class Cases:
    """The cases. Saving one is optimistic: by compare-and-swap of its version."""

    __slots__ = ("_connection", "_locked", "_ranks", "_read")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: Ids of the cases that this transaction has locked, by a write or by `lock`.
        self._locked: set[int] = set()
        self._read: dict[int, Case] = {}
        #: The `RANK` columns as read, by case id: older rules may have computed them.
        self._ranks: dict[int, dict[str, Any]] = {}

    def get(self, case_id: int) -> Case:
        """Return the case; raises `CaseNotFound`."""
        row = self._connection.execute(_GET, {"case_id": case_id}).one_or_none()
        if row is None:
            raise CaseNotFound(case_id)
        return self.read(row)

    def read(self, row: AnyRow) -> Case:
        """Return the case of a row that was read; saving it writes what has changed since."""
        case = self._read[row.id] = case_from(row)
        self._ranks[row.id] = {"sort_key": row.sort_key, "ranking_fingerprint": row.ranking_fingerprint}
        return case

    def at_card(self, channel: str, ts: str) -> Case | None:
        """Return the case whose card is this message."""
        return next(iter(self._list(_AT_CARD, channel=channel, ts=ts)), None)

    def add_many(self, cases: Sequence[Case]) -> list[Case]:
        """Insert cases (their `id` is ignored) and return them, in order, with ids."""
        if not cases:
            return []
        ids = _INSERT.add(self._connection, [row_of(case) for case in cases])
        self._locked.update(ids)
        return with_ids(cases, ids)

    def lock(self, case_ids: Iterable[int]) -> None:
        """Lock cases, those that exist, until this transaction ends; before all else, against deadlocks."""
        missing = set(case_ids) - self._locked
        if missing and not is_sqlite(self._connection):
            self._connection.execute(_LOCK, {"case_ids": sorted(missing)})
            self._locked |= missing

    def save(self, case: Case) -> Case:
        """Update a case unless it was changed since it was read; increments its version.

        `IDENTITY` columns, and the location of card and thread, are not written: see `record_card_location`
        and `record_thread_position`. Raises `StaleCase`, and `CaseNotFound` where it does not exist.
        """
        saved, row = self.prepare_save(case)
        row |= {"case_id": case.id, "read_version": case.version}
        if self._connection.execute(_SAVE, row).rowcount != 1:
            self.raise_stale(case)
        return saved

    def prepare_save(self, case: Case) -> tuple[Case, dict[str, Any]]:
        """Return the case as its next version, and the columns to write, which lock it; see `save`."""
        saved = replace(case, version=case.version + 1)
        row = self._changes(saved)
        self._locked.add(case.id)
        self._read[case.id] = saved
        self._ranks.pop(case.id, None)
        return saved, row

    def raise_stale(self, case: Case) -> NoReturn:
        """Raise `CaseNotFound`, or `StaleCase` where the case was changed since it was read."""
        self.get(case.id)
        raise StaleCase(f"case {case.id} is no longer at version {case.version}", case_id=case.id)

    def _changes(self, saved: Case) -> dict[str, Any]:
        """Return the columns to write: all, or the changed ones where this transaction read that version."""
        row, read = row_of(saved), self._read.get(saved.id)
        before: dict[str, Any] = {}
        if read is not None and read.version + 1 == saved.version:
            before = row_of(read) | self._ranks.get(saved.id, {})
        return {
            name: value
            for name, value in row.items()
            if name not in _NOT_SAVED and (name not in before or value != before[name])
        }

    def save_many(self, cases: Sequence[Case]) -> list[Case]:
        """Save several cases, ordered by id so that two writers cannot deadlock."""
        saved = {case.id: self.save(case) for case in sorted(cases, key=lambda case: case.id)}
        return [saved[case.id] for case in cases]

    def rerank(self, *, limit: int) -> int:
        """Re-rank up to `limit` active cases that older rules ranked; returns how many.

        Versions stay. What was changed since it was read here is skipped: the present rules have ranked it.
        """
        outdated = self._list(_OUTDATED_RANKS, rules=rules_fingerprint(), most=limit)
        if outdated:
            self._connection.execute(_SAVE, [_rank_of(case) for case in outdated])
        return len(outdated)

    def record_card_location(self, case_id: int, *, channel: str, ts: str, digest: str) -> None:
        """Store where the card is and the digest of its content, without changing the case's version."""
        values = {"card_channel": channel, "card_ts": ts, "card_digest": digest}
        self._connection.execute(_SAVE_CARD_COLUMNS, {"case_id": case_id} | values)

    def record_thread_position(self, case_id: int, *, audit_id: int) -> None:
        """Store the id of the last audit entry shown in the thread, without changing the case's version."""
        self._connection.execute(_SAVE_CARD_COLUMNS, {"case_id": case_id, "thread_audit_id": audit_id})

    def foldable(
        self, network: str, account_id: str, author_ids: Iterable[str], *, since: datetime
    ) -> list[Case]:
        """Return these authors' active cases with a message since `since`, newest message first."""
        return self._list(
            _FOLDABLE, network=network, account_id=account_id, author_ids=list(author_ids), since=since
        )

    def in_conversations(
        self, network: str, account_id: str, conversation_ids: Iterable[str], *, since: datetime
    ) -> list[Case]:
        """Return their cases with a message since `since` that are not dismissed, newest message first."""
        return self._list(
            _IN_CONVERSATIONS,
            network=network,
            account_id=account_id,
            conversation_ids=list(conversation_ids),
            since=since,
        )

    def next_unclaimed(self) -> Case | None:
        """Return the open, unclaimed case that ranks highest.

        The order does not depend on the time, see `domain.triage.ranking`.
        """
        return next(iter(self.unclaimed(limit=1)), None)

    def unclaimed(self, *, limit: int) -> list[Case]:
        """Return open, unclaimed cases by rank."""
        return self._list(_UNCLAIMED, most=limit)

    def claimed_by(self, user_id: str, *, limit: int) -> list[Case]:
        """Return this person's active cases: open ones first, each group by rank."""
        # A query for each state reads the first rows of an index; one of all states reads all rows.
        found = {
            state: self._list(_CLAIMED_BY, user_id=user_id, its_state=state.value, most=limit)
            for state in ACTIVE
        }
        others = [*found[CaseState.WAITING], *found[CaseState.SNOOZED]]
        return [*found[CaseState.OPEN], *sorted(others, key=lambda case: (-case.sort_key, case.id))][:limit]

    def due_before(self, moment: datetime, *, limit: int) -> list[Case]:
        """Return open cases whose customer is to be answered before `moment`, soonest first."""
        return self._list(_DUE_BEFORE, moment=moment, most=limit)

    def waiting_for_customer(self, *, limit: int) -> list[Case]:
        """Return answered cases, newest message first."""
        return self._list(_WAITING, most=limit)

    def wake_due(self, now: datetime, *, limit: int) -> list[Case]:
        """Return snoozed cases that are due to wake."""
        return self._list(_WAKE_DUE, moment=now, most=limit)

    def without_card(self, opened_before: datetime, *, limit: int) -> list[Case]:
        """Return active cases opened before then that have no card and are not held back, by rank."""
        return self._list(_WITHOUT_CARD, moment=opened_before, most=limit)

    def of_author(self, network: str, account_id: str, author_id: str, *, limit: int) -> list[Case]:
        """Return this author's cases, newest first."""
        return self._list(_OF_AUTHOR, network=network, account_id=account_id, author_id=author_id, most=limit)

    def count_of_author(self, network: str, account_id: str, author_id: str, *, since: datetime) -> int:
        """Count the cases that this author opened since `since`."""
        values = {"network": network, "account_id": account_id, "author_id": author_id, "since": since}
        return int(self._connection.scalar(_COUNT_OF_AUTHOR, values) or 0)

    def counts(self) -> Mapping[str, int]:
        """Count the cases in each active state, and, as "unclaimed", the open ones without an assignee."""
        found = self._connection.execute(_COUNTS).mappings().one()
        return {str(name): int(count) for name, count in found.items()}

    def _list(self, query: AnySelect, **values: object) -> list[Case]:
        return [case_from(row) for row in self._connection.execute(query, values)]


def _rank_of(case: Case) -> dict[str, Any]:
    """Return the values of an update that changes only the case's rank."""
    row = row_of(case)
    return {name: row[name] for name in RANK} | {"case_id": case.id, "read_version": case.version}
