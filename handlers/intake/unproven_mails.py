"""Keep a mail apart from an open case while nobody knows whether the customer wrote it, and remind of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.handoffs.handoff import Handoff, normalize_address
from domain.intake.private_messages import IncomingMessage, SenderCheck, check_files
from domain.intake.sender_proof import doubt_of
from domain.intake.unproven_mails import Doubt, UnprovenMail
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action, Entry
from domain.venues import Venue
from handlers.cases.cards import refresh_card
from handlers.cases.transitions import notify
from handlers.intake.case_matching import match_case
from storage.unit_of_work import UnitOfWork

#: Whom we have answered within this time is known.
KNOWN_FOR = timedelta(days=365)
#: How long after a mail came, and after each reminder, people are reminded of it.
FIRST_REMINDER, NEXT_REMINDER = timedelta(minutes=15), timedelta(hours=4)


def find_place(
    uow: UnitOfWork, incoming: IncomingMessage, policy: Policy, now: datetime
) -> tuple[Case | None, Handoff | None, Doubt | None]:
    """Return the case of the message, with what makes it doubtful; no case where one must be opened.

    What is doubtful in a closed case is looked for in an open one of its sender's: each mail that answers the
    closed one from another address would open one more otherwise.
    """
    for tried in (incoming, replace(incoming, handoff_id=None, answers=())):
        case, handoff = match_case(uow, tried, window=policy.match_window, now=now)
        doubt = _doubt_about(uow, incoming, handoff) if handoff is not None else None
        if case is None or doubt is None or case.state.is_active:
            return case, handoff, doubt
    return None, None, None


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
    uow: UnitOfWork,
    mail: IncomingMessage,
    case: Case,
    handoff: Handoff,
    doubt: Doubt,
    *,
    policy: Policy,
    now: datetime,
) -> None:
    """Store the mail beside the case, show it in the thread, and tell of the first that waits.

    The case stays as it is: it is not assessed anew, no wait begins, and nothing quotes the mail. So the
    assignee is told, and reminded; where nobody has the case, on-call, unless the case waits for an answer
    anyway.
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
        others = policy.alert_channel if case.waiting_since is None else None
        _notify(uow, case, case.claimed_by or others, f"mail-{stored.id}", now)


def remind_of_unproven(uow: UnitOfWork, *, policy: Policy, now: datetime) -> None:
    """Remind of mails that wait for a person's word: whoever has the case, else on-call. Idempotent."""
    for mail_id, case_id, at in uow.unproven_mails.all_waiting():
        if (waited := now - at) >= FIRST_REMINDER:
            number = (waited - FIRST_REMINDER) // NEXT_REMINDER
            case = uow.cases.get(case_id)
            person = case.claimed_by or policy.alert_channel
            _notify(uow, case, person, f"mail-{mail_id}-{number}", now)


def _doubt_about(uow: UnitOfWork, mail: IncomingMessage, handoff: Handoff) -> Doubt | None:
    """Return why a message may not be taken for words of the hand-off's customer; `None` where it may."""
    if mail.venue is not Venue.EMAIL:
        return None
    answered = uow.messages.ours_by_external_id(mail.answers) if mail.answers else []
    return doubt_of(mail, handoff, answered, _addresses(uow, handoff))


def _notify(uow: UnitOfWork, case: Case, person: str | None, occasion: str, now: datetime) -> None:
    action = Action.UNPROVEN_MAIL_RECEIVED
    notify(uow, case, person, action, actor=SYSTEM, now=now, occasion=occasion)


def _addresses(uow: UnitOfWork, handoff: Handoff) -> list[str]:
    """Return where the hand-off's customer reads our mail; of a chat, where its transcripts went.

    And those from which they wrote, as a person has said. None where the first who answers is the customer.
    """
    if handoff.venue is Venue.EMAIL:
        known = [handoff.address] if handoff.address is not None else []
    else:
        known = [transcript.address for transcript in uow.transcripts.of_handoff(handoff.id)]
    return [*known, *uow.unproven_mails.vouched_addresses(handoff.case_id)] if known else []
