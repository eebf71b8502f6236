"""Take an unproven mail into its case, or out of it, as a person says who wrote it."""

from datetime import datetime

from domain.cases.case import Case
from domain.delivery.thread_effects import RedrawThread
from domain.handoffs.email_addresses import same_address
from domain.handoffs.handoff import Handoff
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage
from domain.intake.unproven_mails import MailDecided, MailGone, UnprovenMail, Verdict
from domain.records.audit import Action, ThreadPost
from domain.venues import Venue
from handlers.cases.transitions import save_change
from handlers.intake.private_messages import ingest_vouched, private_stream
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def get_unproven(uow: UnitOfWork, *, mail_id: int) -> UnprovenMail:
    """Return the mail with the contents of its files; raises `MailGone`."""
    mail = uow.unproven_mails.get(mail_id)
    if mail is None:
        raise MailGone
    return mail


def say_it_is_them(
    uow: UnitOfWork, *, mail_id: int, user_id: str, classifier: Classifier, now: datetime
) -> None:
    """Take the mail into its case, as the customer's words of when it came. Pressed twice it is done once.

    Raises `MailGone`, and `MailDecided` where somebody said that it is not them.
    """
    mail, case = _load(uow, mail_id)
    if not _decide(uow, mail, case, Verdict.CUSTOMER, Action.UNPROVEN_MAIL_ACCEPTED, user_id, now):
        return
    handoff, message = uow.handoffs.get(mail.handoff_id), _message(mail)
    # A copy that our mail server confirms may be part of the case already.
    if not uow.messages.known(private_stream(message), message.account_id, [message.external_id]):
        ingest_vouched(uow, message, case.id, handoff, classifier=classifier, now=now)


def say_it_is_not(
    uow: UnitOfWork, *, mail_id: int, user_id: str, classifier: Classifier, now: datetime
) -> None:
    """Leave the mail out of the case for good. Pressed twice it is done once.

    One from another address than the customer's opens a case of its sender's. Raises `MailGone`, and
    `MailDecided` where somebody said that it is them.
    """
    mail, case = _load(uow, mail_id)
    if not _decide(uow, mail, case, Verdict.SOMEBODY_ELSE, Action.UNPROVEN_MAIL_REFUSED, user_id, now):
        return
    if not _has_their_address(mail, uow.handoffs.get(mail.handoff_id)):
        ingest_vouched(uow, _message(mail), None, None, classifier=classifier, now=now)


def _load(uow: UnitOfWork, mail_id: int) -> tuple[UnprovenMail, Case]:
    """Load the mail as nobody else can decide about it: whoever does has locked its case."""
    case_id = get_unproven(uow, mail_id=mail_id).case_id
    uow.cases.lock({case_id})
    return get_unproven(uow, mail_id=mail_id), uow.cases.get(case_id)


def _decide(
    uow: UnitOfWork,
    mail: UnprovenMail,
    case: Case,
    verdict: Verdict,
    action: Action,
    user_id: str,
    now: datetime,
) -> bool:
    """Store what a person says, and record it; return whether nobody had said the same before."""
    if mail.verdict is verdict:
        return False
    if not uow.unproven_mails.decide(mail.id, verdict, by=user_id, now=now):
        raise MailDecided(mail.verdict, mail.decided_by)
    save_change(uow, case, actor=user_id, action=action, now=now, detail={"mail": mail.id})
    uow.outbox.add([RedrawThread(case.id, post.ts) for post in _posts(uow, mail)], now=now)
    return True


def _posts(uow: UnitOfWork, mail: UnprovenMail) -> list[ThreadPost]:
    """Return the thread messages that show the mail with its buttons."""
    shown = [
        entry.id
        for entry in uow.audit.of_case(mail.case_id)
        if entry.action is Action.UNPROVEN_MAIL_RECEIVED and entry.detail.get("mail") == mail.id
    ]
    posts = uow.thread_posts.of_case(mail.case_id)
    return [post for post in posts if any(post.first_audit_id <= one <= post.last_audit_id for one in shown)]


def _has_their_address(mail: UnprovenMail, handoff: Handoff) -> bool:
    return handoff.address is not None and same_address(mail.address, handoff.address)


def _message(mail: UnprovenMail) -> IncomingMessage:
    return IncomingMessage(
        venue=Venue.EMAIL,
        network=mail.network,
        account_id=mail.account_id,
        external_id=mail.external_id,
        author=Author(id=mail.address, handle=mail.address, name=mail.name),
        text=mail.text,
        at=mail.at,
        address=mail.address,
        files=mail.files,
        subject=mail.subject,
        original=mail.original,
    )
