"""Show contact data that is masked, with an entry in the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Direction
from domain.errors import Refused
from domain.records.audit import Action, Entry
from domain.records.contact_data import find_contacts
from handlers.cases.transitions import save_change
from handlers.cases.views import view_case
from handlers.intake.private_files import unshared_files
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """What the customer of a case can be reached by; `hidden_files` are not shared in the thread yet."""

    case: Case
    found: list[str]
    hidden_files: int


def show_contacts(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> Contacts:
    """Return the contact data in the customer's words and addresses, and record who saw it."""
    view = view_case(uow, case_id=case_id, now=now)
    handoffs = [one.address for one in (view.handoff, view.offered) if one is not None]
    inbound = [message for message in view.messages if message.direction is Direction.IN]
    words = [
        text or ""
        for message in inbound
        for text in (
            message.author_id,
            message.subject,
            message.text,
            message.original,
            message.context.pointed_at,
        )
    ]
    author = view.case.author
    texts = [author.handle, author.name, *handoffs, *words]
    entry = Entry(at=now, actor=user_id, action=Action.CONTACTS_SHOWN, case_id=case_id, version=None)
    uow.audit.add_many([entry])
    return Contacts(
        case=view.case,
        found=find_contacts("\n".join(filter(None, texts))),
        hidden_files=len(unshared_files(uow, view.case)),
    )


def show_files(uow: UnitOfWork, *, case_id: int, user_id: str, now: datetime) -> Case:
    """Have the files that came so far shared in the case's thread. Raises `Refused` where all of them are."""
    case = uow.cases.get(case_id)
    if not unshared_files(uow, case):
        raise Refused("Nothing was done: the thread shows all files.")
    shown = save_change(uow, case, actor=user_id, action=Action.FILES_SHOWN, now=now)
    uow.outbox.add(unshared_files(uow, shown), now=now, priority=shown.sort_key)
    return shown


def are_files_shown(uow: UnitOfWork, case_id: int, since: datetime) -> bool:
    """Return whether somebody had the files of the case shared at `since` or later."""
    entries = uow.audit.of_case(case_id)
    return any(entry.action is Action.FILES_SHOWN and entry.at >= since for entry in entries)
