"""Check that a case was not changed by others; each check raises a `Refused` or a `StaleCase`."""

from domain.cases.case import Case
from domain.errors import ChangedSince, StaleCase
from storage.unit_of_work import UnitOfWork


def require_current(uow: UnitOfWork, case: Case, *, version: int | None, user_id: str) -> None:
    """Raise `ChangedSince` where anybody else changed the case since the card was drawn at `version`.

    `None` skips the check.
    """
    if version is None or version == case.version:
        return
    changes = [entry for entry in uow.audit.since_version(case.id, version) if entry.actor != user_id]
    if changes:
        raise ChangedSince(changes)


def require_unchanged(uow: UnitOfWork, case: Case) -> None:
    """Raise `StaleCase` where the case was changed since it was loaded, to avoid acting on a torn read.

    Without it the second of two clicks would be refused because of the first one's own answer.
    """
    if uow.cases.get(case.id).version != case.version:
        raise StaleCase(f"case {case.id} was changed while it was read", case_id=case.id)
