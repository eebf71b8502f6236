"""Keep a mail apart from an open case while nobody knows whether the customer wrote it."""

from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.handoffs.handoff import Handoff, normalize_address
from domain.intake.private_messages import IncomingMessage, SenderCheck, check_files
from domain.intake.sender_proof import doubt_of
from domain.intake.unproven_mails import Doubt, UnprovenMail
from domain.records.audit import SYSTEM, Action, Entry
from domain.venues import Venue
from handlers.cases.cards import refresh_card
from handlers.cases.transitions import notify
from storage.unit_of_work import UnitOfWork

#: Whom we have answered within this time is known.
KNOWN_FOR = timedelta(days=365)


def doubt_about(uow: UnitOfWork, mail: IncomingMessage, handoff: Handoff) -> Doubt | None:
    """Return why a message may not be taken for words of the hand-off's customer; `None` where it may."""
    answered = uow.messages.ours_by_external_id(mail.answers) if mail.answers else []
    return doubt_of(mail, handoff, answered, _addresses(uow, handoff))


def is_stranger(uow: UnitOfWork, message: IncomingMessage, *, now: datetime) -> bool:
    """Return whether this is a mail of whose sender nothing is known.

    That is one whom our mail server does not confirm, or whom we have not answered within a year.
    """
    if message.venue is not Venue.EMAIL:
        return False
    if message.sender_check is not SenderCheck.PASSED or message.address is None:
        return True
    address = normalize_address(message.venue, message.address)
    handoffs = uow.handoffs.by_address(message.venue, address, since=now - KNOWN_FOR)
    return all(uow.cases.get(handoff.case_id).first_replied_at is None for handoff in handoffs)


def keep_apart(
    uow: UnitOfWork, mail: IncomingMessage, case: Case, handoff: Handoff, doubt: Doubt, *, now: datetime
) -> None:
    """Store the mail beside the case, show it in the thread, and tell the assignee of the first that waits.

    The case stays as it is: it is not assessed anew, no wait begins, and nothing quotes the mail.
    """
    is_first = not uow.unproven_mails.count_waiting(case.id)
    stored = uow.unproven_mails.add(
        UnprovenMail(
            id=0,
            case_id=case.id,
            handoff_id=handoff.id,
            network=mail.network,
            account_id=mail.account_id,
            external_id=mail.external_id,
            address=mail.address or mail.author.id,
            name=mail.author.name,
            subject=mail.subject,
            text=mail.text,
            original=mail.original,
            at=min(mail.at, now),
            doubt=doubt,
            files=check_files(mail.files),
        )
    )
    entry = Entry(
        at=now,
        actor=SYSTEM,
        action=Action.UNPROVEN_MAIL_RECEIVED,
        case_id=case.id,
        version=case.version,
        detail={"mail": stored.id},
    )
    uow.audit.add_many([entry])
    refresh_card(uow, case, actor=SYSTEM, now=now)
    if is_first:
        notify(uow, case, case.claimed_by, Action.UNPROVEN_MAIL_RECEIVED, actor=SYSTEM, now=now)


def _addresses(uow: UnitOfWork, handoff: Handoff) -> list[str]:
    """Return where the hand-off's customer reads our mail; of a chat, where its transcripts went."""
    if handoff.venue is Venue.EMAIL:
        return [handoff.address] if handoff.address is not None else []
    return [transcript.address for transcript in uow.transcripts.of_handoff(handoff.id)]
