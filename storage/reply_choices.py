"""Store which saved reply each public answer came from: what retrieval learns from, and the figures."""

import struct
from array import array
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from domain.knowledge.reply_choices import ReplyChoice
from domain.triage.encoder import Vector
from storage.knowledge_tables import reply_choices
from storage.tables import messages
from storage.types import AnyRow

_c = reply_choices.c
_ADD = insert(reply_choices)
_SET_SENT = (
    update(reply_choices).where(_c.answer_id == bindparam("of_answer")).values(sent_at=bindparam("at"))
)
_DELETE = delete(reply_choices).where(
    or_(_c.message_id == bindparam("message_id"), _c.answer_id == bindparam("message_id"))
)
_PRUNE = delete(reply_choices).where(_c.created_at < bindparam("before"))
#: The number of answers that were sent, and when the newest was.
CHOICES = (select(func.count(_c.sent_at)), select(func.max(_c.sent_at)))
_STATE = select(func.count(_c.sent_at), func.max(_c.sent_at))
_customer = messages.alias("customer")
_answer = messages.alias("answer")
_SENT = (
    select(reply_choices, _customer.c.text.label("asked"), _answer.c.text.label("answered"))
    .join(_customer, _customer.c.id == _c.message_id)
    .join(_answer, _answer.c.id == _c.answer_id)
    .where(_c.sent_at.is_not(None))
    .order_by(_c.sent_at.desc(), _c.id.desc())
    .limit(bindparam("most"))
)
_LEARNABLE = _SENT.where(or_(_c.chosen != "", and_(_c.suggested != "", _c.suggested != _c.chosen)))


@dataclass(frozen=True, slots=True)
class State:
    """Changes whenever a choice is sent, fails after all, or is deleted."""

    count: int
    newest: datetime | None


class ReplyChoices:
    """The choices of all answers."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, choice: ReplyChoice) -> None:
        """Insert a choice; it counts from when its answer is sent."""
        row = {
            "case_id": choice.case_id,
            "message_id": choice.message_id,
            "answer_id": choice.answer_id,
            "suggested": choice.suggested,
            "chosen": choice.chosen,
            "is_edited": choice.is_edited,
            "encoder": choice.encoder,
            "vector": _packed(choice.vector),
            "created_at": choice.created_at,
            "sent_at": choice.sent_at,
        }
        self._connection.execute(_ADD, row)

    def set_sent(self, answer_id: int, at: datetime | None) -> None:
        """Record that the answer was sent, or with `None` that it was not after all."""
        self._connection.execute(_SET_SENT, {"of_answer": answer_id, "at": at})

    def state(self) -> State:
        """Return what tells whether `sent` has changed; cheap."""
        count, newest = self._connection.execute(_STATE).one()
        return State(count, newest)

    def sent(self, *, limit: int) -> list[ReplyChoice]:
        """Return the choices of the newest answers that were sent, with the texts of both sides."""
        return [_choice_from(row) for row in self._connection.execute(_SENT, {"most": limit})]

    def learnable(self, *, limit: int) -> list[ReplyChoice]:
        """Return those that used, or threw away, a saved reply; as `sent`."""
        return [_choice_from(row) for row in self._connection.execute(_LEARNABLE, {"most": limit})]

    def delete_of_message(self, message_id: int) -> None:
        """Delete what was learnt from this message of the customer, or by this answer."""
        self._connection.execute(_DELETE, {"message_id": message_id})

    def prune(self, *, before: datetime) -> int:
        """Delete the choices from before a moment; return how many."""
        return self._connection.execute(_PRUNE, {"before": before}).rowcount


def _packed(vector: "Vector | None") -> bytes | None:
    """Pack a vector as 16-bit floats, little-endian: half the size, and as good to compare by."""
    return None if vector is None else struct.pack(f"<{len(vector)}e", *vector)


def _unpacked(packed: bytes | None) -> "Vector | None":
    return None if packed is None else array("f", struct.unpack(f"<{len(packed) // 2}e", packed))


def _choice_from(row: AnyRow) -> ReplyChoice:
    return ReplyChoice(
        case_id=row.case_id,
        message_id=row.message_id,
        answer_id=row.answer_id,
        suggested=row.suggested,
        chosen=row.chosen,
        is_edited=row.is_edited,
        encoder=row.encoder,
        vector=_unpacked(row.vector),
        created_at=row.created_at,
        sent_at=row.sent_at,
        asked=row.asked,
        answered=row.answered,
        id=row.id,
    )
