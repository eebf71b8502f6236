"""Store what agents chose for what they alone see."""

from datetime import datetime

from domain.records.audit import Action, Entry
from storage.unit_of_work import UnitOfWork


def choose_blur(uow: UnitOfWork, *, user_id: str, blurs: bool, now: datetime) -> None:
    """Store whether abuse is blurred for the agent."""
    uow.preferences.save_blur_abuse(user_id, blurs=blurs)
    action = Action.ABUSE_BLURRED if blurs else Action.ABUSE_SHOWN
    uow.audit.add_many([Entry(at=now, actor=user_id, action=action, case_id=None, version=None)])


def blur_choice(uow: UnitOfWork, *, user_id: str) -> bool | None:
    """Return whether the agent has abuse blurred; `None` if they made no choice."""
    return uow.preferences.blur_abuse(user_id)
