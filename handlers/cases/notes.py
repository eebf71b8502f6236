"""Write internal notes."""

from datetime import datetime

from domain.cases.case import Case
from domain.cases.notes import MAX_LENGTH, EmptyNote, Note
from domain.records.audit import Action
from handlers.cases.transitions import save_change
from storage.unit_of_work import UnitOfWork


def add_note(uow: UnitOfWork, *, case_id: int, text: str, user_id: str, now: datetime) -> Case:
    """Add a note to the case, also to a closed one. Raises `EmptyNote`."""
    text = text.strip()[:MAX_LENGTH]
    if not text:
        raise EmptyNote
    case = uow.cases.get(case_id)
    uow.notes.add(Note(case_id=case.id, author=user_id, text=text, at=now))
    return save_change(uow, case, actor=user_id, action=Action.NOTE_ADDED, now=now)
