"""Ingest one mail and move the cursor in one transaction: its case gets it, or somebody is told of it."""

from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.intake.email import AutomaticEmail, ReceivedEmail, UnreadableEmail, UnreadableReason
from domain.intake.posts import Page
from domain.intake.private_messages import IncomingMessage
from domain.intake.stream_names import INBOX
from domain.intake.streams import Stream
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action, Entry
from handlers.cases.alerts import alert
from handlers.cases.cards import refresh_card
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.intake.case_matching import match_answered_case, match_case
from handlers.intake.private_messages import ingest_private_message
from handlers.intake.stream_health import record_success
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

#: What is wrong with a mail that has no case, and what to do.
_UNREADABLE = {
    UnreadableReason.MALFORMED: (
        "could not be read",
        "Look at it in the mailbox, and report what is odd about it.",
    ),
    UnreadableReason.NO_SENDER: (
        "names nobody who could be answered",
        "Look at it in the mailbox, and answer it from there if you know who wrote it.",
    ),
    UnreadableReason.OUR_OWN_NAME: (
        "says that it is from us, and names no customer",
        "If a group or a form sends it, have that name the customer in Reply-To.",
    ),
}


def ingest_email(
    uow: UnitOfWork, received: ReceivedEmail, *, account: Account, classifier: Classifier, now: datetime
) -> bool:
    """Ingest a mail that is not a bounce; return whether it was a customer's and new."""
    content = received.content
    is_new = False
    if isinstance(content, IncomingMessage):
        was_apart = _stands_apart(uow, content)
        message = ingest_private_message(uow, content, classifier=classifier, account=account, now=now)
        is_new = message is not None or (not was_apart and _stands_apart(uow, content))
    elif isinstance(content, UnreadableEmail):
        _alert_unreadable(uow, content, account, classifier.policy, now)
    elif isinstance(content, AutomaticEmail):
        _record_automatic(uow, content, classifier.policy, now)
    record_mailbox_read(
        uow, account=account, position=received.position, added=is_new, policy=classifier.policy, now=now
    )
    return is_new


def _stands_apart(uow: UnitOfWork, mail: IncomingMessage) -> bool:
    return uow.unproven_mails.is_known(mail.network, mail.account_id, mail.external_id)


def said_before(uow: UnitOfWork, mail: IncomingMessage, *, policy: Policy, now: datetime) -> list[str]:
    """Return what was said in the mail's case before, the newest first: a reply quotes it."""
    case, _ = match_case(uow, mail, window=policy.match_window, now=now)
    if case is None:
        return []
    earlier = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    return [text for message in reversed(earlier) for text in (message.text, message.original) if text]


def begin_mailbox(uow: UnitOfWork, *, account: Account, at: datetime) -> None:
    """Store since when mail is to be read, where the mailbox was never read: its server may be away."""
    uow.accounts.save(account)
    cursor = uow.cursors.get(account.network, account.id, INBOX)
    if cursor.since_id is None and cursor.read_at is None:
        uow.cursors.save(replace(cursor, read_at=at))


def record_mailbox_read(
    uow: UnitOfWork, *, account: Account, position: str, added: bool, policy: Policy, now: datetime
) -> None:
    """Move the mailbox's cursor to `position`.

    `added`: the mail there was a customer's and new. `position` is as in `ReceivedEmail.position`.
    """
    stream = Stream(account=account, name=INBOX, label="")
    record_success(uow, stream=stream, page=Page(newest_id=position), policy=policy, now=now)
    cursor = uow.cursors.get(account.network, account.id, INBOX)
    arrived_at = now if added or cursor.arrived_at is None else cursor.arrived_at
    uow.cursors.save(replace(cursor, since_id=position, read_at=now, arrived_at=arrived_at))


def _alert_unreadable(
    uow: UnitOfWork,
    mail: UnreadableEmail,
    account: Account,
    policy: Policy,
    now: datetime,
) -> None:
    """Alert of the first such mail of a sender in an hour: a loop may bring thousands."""
    what, remedy = _UNREADABLE[mail.why]
    text = (
        f"A mail to {account.handle} {what}, so it has no card: it is from “{mail.sender}”, about "
        f"“{mail.subject}”. {remedy} If more of the kind come within the hour, they are in the mailbox, too."
    )
    alert(uow, policy, text, dedupe_key=f"unread:{account.id}:{mail.why}:{mail.sender}", now=now)


def _record_automatic(uow: UnitOfWork, mail: AutomaticEmail, policy: Policy, now: datetime) -> None:
    """Show what a program answered as a line of the case's thread: no wait begins, a closed case stays so."""
    case = match_answered_case(uow, mail.handoff_id, mail.answers, since=now - policy.match_window)
    if case is None or _is_recorded(uow, case.id, mail.external_id):
        return
    detail = {
        "sender": mail.sender,
        "subject": mail.subject,
        "text": mail.text,
        "external_id": mail.external_id,
    }
    action = Action.AUTOMATIC_MAIL_RECEIVED
    entry = Entry(at=now, actor=SYSTEM, action=action, case_id=case.id, version=case.version, detail=detail)
    uow.audit.add_many([entry])
    refresh_card(uow, case, actor=SYSTEM, now=now)


def _is_recorded(uow: UnitOfWork, case_id: int, external_id: str) -> bool:
    """Return whether this mail is in the case already, as after the mailbox was read again."""
    return any(entry.detail.get("external_id") == external_id for entry in uow.audit.of_case(case_id))
