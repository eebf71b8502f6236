"""Store the trainings of the heads on the desk's examples, with the heads of the newest accepted one."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text, true, update

from domain.knowledge.desk_examples import Comparison, ExamplesState, Training
from storage.dialects import is_sqlite
from storage.knowledge_tables import trainings
from storage.types import AnyRow

_t = trainings.c
_LOCK = text("LOCK TABLE trainings IN SHARE ROW EXCLUSIVE MODE")
_ADD = insert(trainings)
_DROP_HEADS = update(trainings).where(_t.heads.is_not(None)).values(heads=None)
_LATEST = select(trainings).order_by(_t.id.desc()).limit(1)
_CURRENT = (
    select(trainings)
    .where(_t.accepted == true(), _t.base == bindparam("its_base"))
    .order_by(_t.id.desc())
    .limit(1)
)


class Trainings:
    """The trainings, and the heads that are in use."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Lock the trainings until the end of the transaction, so that none is stored meanwhile."""
        if not is_sqlite(self._connection):
            self._connection.execute(_LOCK)

    def add(self, training: Training) -> None:
        """Insert the training; the heads of an accepted one replace those of the earlier ones."""
        if training.accepted:
            self._connection.execute(_DROP_HEADS)
        self._connection.execute(_ADD, _row_of(training))

    def latest(self) -> Training | None:
        """Return the newest training, whether it was accepted or not."""
        row = self._connection.execute(_LATEST).one_or_none()
        return None if row is None else _training_from(row)

    def current(self, base: str) -> Training | None:
        """Return the newest accepted training that started from these heads."""
        row = self._connection.execute(_CURRENT, {"its_base": base}).one_or_none()
        return None if row is None else _training_from(row)


def _row_of(training: Training) -> dict[str, Any]:
    return {
        "at": training.at,
        "asked_by": training.asked_by,
        "base": training.base,
        "examples": training.learnt_from.count,
        "newest_example_at": training.learnt_from.newest_at,
        "accepted": training.accepted,
        "comparisons": [asdict(comparison) for comparison in training.comparisons],
        "heads": training.heads if training.accepted else None,
    }


def _training_from(row: AnyRow) -> Training:
    return Training(
        at=row.at,
        asked_by=row.asked_by,
        base=row.base,
        learnt_from=ExamplesState(row.examples, row.newest_example_at),
        accepted=row.accepted,
        comparisons=tuple(Comparison(**comparison) for comparison in row.comparisons),
        heads=row.heads,
    )
