"""Store the files of private messages, and share them in the thread of their case."""

from collections.abc import Sequence
from datetime import datetime

from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.delivery.thread_effects import ShareFile
from domain.intake.private_messages import IncomingFile
from handlers.cases.views import MAX_CASE_MESSAGES
from storage.unit_of_work import UnitOfWork


def store_files(
    uow: UnitOfWork, case: Case, message: Message, files: Sequence[IncomingFile], *, now: datetime
) -> None:
    """Store the accepted files of a customer's message, and queue that they are shared in the thread."""
    accepted = [
        File(
            id=0,
            case_id=case.id,
            message_id=message.id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            created_at=now,
            content=file.content,
        )
        for file in files
        if file.refused is None
    ]
    effects = [ShareFile(file.id, case.id, case.channel) for file in uow.files.add_many(accepted)]
    if effects:
        uow.outbox.add(effects, now=now, priority=case.sort_key)


def unshared_files(uow: UnitOfWork, case: Case) -> list[ShareFile]:
    """Return effects that share the customer's files which are not in the thread yet."""
    incoming_ids = [
        m.id for m in uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES) if m.direction is Direction.IN
    ]
    files_by_message = uow.files.of_messages(incoming_ids)
    files = [file for message_files in files_by_message.values() for file in message_files]
    return [ShareFile(file.id, case.id, case.channel) for file in files if file.shared_at is None]
