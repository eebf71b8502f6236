"""Record in the audit trail what an agent asked a model for."""

from datetime import datetime

from domain.cases.case import Case
from domain.records.audit import Action, Entry
from storage.unit_of_work import UnitOfWork


def record_request(
    uow: UnitOfWork,
    case_id: int,
    request: str,
    *,
    user_id: str,
    now: datetime,
    message_id: int | None = None,
) -> None:
    """Record that the agent asked a model for `request`. The case keeps its version."""
    entry = Entry(
        at=now,
        actor=user_id,
        action=Action.MODEL_ASKED,
        case_id=case_id,
        version=uow.cases.get(case_id).version,
        message_id=message_id,
        detail={"request": request},
    )
    uow.audit.add_many([entry])


def names_of(case: Case) -> tuple[str, ...]:
    """Return the customer's name and handle, which are masked before anything is sent to a model."""
    return tuple(name for name in (case.author.name, case.author.handle) if name)
