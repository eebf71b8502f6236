"""Store the examples that the desk has taught, one for each message at most."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from domain.knowledge.desk_examples import DeskExample, ExamplesState, Origin, TaughtExample
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from storage.knowledge_tables import examples
from storage.reply_choices import CHOICES, State
from storage.saved_replies import REVISION
from storage.tables import messages
from storage.types import AnyRow

_e = examples.c
_FIELDS = [field.name for field in fields(DeskExample) if field.name != "id"]
_ADD = insert(examples)
_OF_MESSAGE = select(examples).where(_e.message_id == bindparam("its_message"))
_DELETE_OF_MESSAGE = delete(examples).where(_e.message_id == bindparam("its_message"))
_DELETE_DISMISSALS = delete(examples).where(
    _e.case_id == bindparam("its_case"), _e.origin == Origin.DISMISSAL.value
)
_GET = select(examples).where(_e.id == bindparam("its_id"))
_DELETE = delete(examples).where(_e.id == bindparam("its_id"))
_DELETE_ALL = delete(examples)
_DELETE_BEFORE = delete(examples).where(_e.at < bindparam("before"))
_STATE = select(func.count(), func.max(_e.at))
_STATES = select(func.count(), func.max(_e.at), REVISION.scalar_subquery()).select_from(examples)
_STATES_WITH_CHOICES = _STATES.add_columns(*(one.scalar_subquery() for one in CHOICES))
_WITH_TEXTS = (
    select(examples, messages.c.text, messages.c.language)
    .join(messages, messages.c.id == _e.message_id)
    .order_by(_e.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_BY_ORIGIN = select(_e.origin, func.count()).group_by(_e.origin)
_number = func.count()
_BY_PERSON = select(_e.taught_by, _number).group_by(_e.taught_by).order_by(_number.desc(), _e.taught_by)


class Examples:
    """The examples of the whole desk."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, example: DeskExample) -> None:
        """Insert the example (its `id` is ignored); it replaces the message's earlier one."""
        self.delete_of_message(example.message_id)
        self._connection.execute(_ADD, _row_of(example))

    def of_message(self, message_id: int) -> DeskExample | None:
        """Return the message's example."""
        row = self._connection.execute(_OF_MESSAGE, {"its_message": message_id}).one_or_none()
        return None if row is None else _example_from(row)

    def delete_of_message(self, message_id: int) -> None:
        """Delete the message's example."""
        self._connection.execute(_DELETE_OF_MESSAGE, {"its_message": message_id})

    def delete_dismissals(self, case_id: int) -> None:
        """Delete the examples of the case that came by its dismissal."""
        self._connection.execute(_DELETE_DISMISSALS, {"its_case": case_id})

    def get(self, example_id: int) -> DeskExample | None:
        """Return the example."""
        row = self._connection.execute(_GET, {"its_id": example_id}).one_or_none()
        return None if row is None else _example_from(row)

    def delete(self, example_id: int) -> None:
        """Delete the example."""
        self._connection.execute(_DELETE, {"its_id": example_id})

    def delete_all(self) -> int:
        """Delete all examples; return how many there were."""
        return self._connection.execute(_DELETE_ALL).rowcount

    def delete_before(self, before: datetime) -> int:
        """Delete the examples that were taught before `before`; return how many there were."""
        return self._connection.execute(_DELETE_BEFORE, {"before": before}).rowcount

    def newest_with_texts(self, limit: int, *, skip: int = 0) -> list[TaughtExample]:
        """Return the newest `limit` examples after `skip` newer ones, with the texts of their messages.

        The newest come first.
        """
        rows = self._connection.execute(_WITH_TEXTS, {"most": limit, "skipped": skip})
        return [
            TaughtExample(example=_example_from(row), text=row.text, language=row.language or "")
            for row in rows
        ]

    def state(self) -> ExamplesState:
        """Identify the set of all examples."""
        count, newest_at = self._connection.execute(_STATE).one()
        return ExamplesState(int(count), newest_at)

    def state_with_replies(self) -> tuple[ExamplesState, int]:
        """Return `state` and the revision of the saved replies, by one statement."""
        count, newest_at, revision = self._connection.execute(_STATES).one()
        return ExamplesState(int(count), newest_at), int(revision or 0)

    def state_with_choices(self) -> tuple[ExamplesState, int, State]:
        """Return `state_with_replies` and the state of the answers that were sent, by one statement."""
        count, newest_at, revision, sent, sent_at = self._connection.execute(_STATES_WITH_CHOICES).one()
        return ExamplesState(int(count), newest_at), int(revision or 0), State(int(sent), sent_at)

    def counts(self) -> dict[Origin, int]:
        """Count the examples of each origin."""
        return {Origin(origin): int(count) for origin, count in self._connection.execute(_BY_ORIGIN)}

    def by_person(self) -> Sequence[tuple[str, int]]:
        """Count the examples of each person, by user id, the most first."""
        return [(person, int(count)) for person, count in self._connection.execute(_BY_PERSON)]


def _row_of(example: DeskExample) -> dict[str, Any]:
    return {name: getattr(example, name) for name in _FIELDS} | {
        "origin": example.origin.value,
        "situation": example.situation and example.situation.value,
        "urgency": example.urgency.value,
        "read_situation": example.read_situation.value,
        "read_urgency": example.read_urgency.value,
    }


def _example_from(row: AnyRow) -> DeskExample:
    return DeskExample(
        id=row.id,
        case_id=row.case_id,
        message_id=row.message_id,
        origin=Origin(row.origin),
        situation=Situation(row.situation) if row.situation is not None else None,
        urgency=Urgency(row.urgency),
        request=row.request,
        read_situation=Situation(row.read_situation),
        read_urgency=Urgency(row.read_urgency),
        taught_by=row.taught_by,
        at=row.at,
    )
