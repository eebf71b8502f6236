"""Ingest one mail and move the cursor in one transaction: append it to its case, or alert if unreadable."""

from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.intake.email import ReceivedEmail, UnreadableEmail
from domain.intake.posts import Page
from domain.intake.private_messages import IncomingMessage
from domain.intake.stream_names import INBOX
from domain.intake.streams import Stream
from domain.policy import Policy
from handlers.cases.alerts import alert
from handlers.intake.private_messages import ingest_private_message
from handlers.intake.stream_health import record_success
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


def ingest_email(
    uow: UnitOfWork, received: ReceivedEmail, *, account: Account, classifier: Classifier, now: datetime
) -> bool:
    """Ingest a mail that is not a bounce; return whether it was a customer's and new."""
    content = received.content
    message = None
    if isinstance(content, IncomingMessage):
        message = ingest_private_message(uow, content, classifier=classifier, account=account, now=now)
    elif isinstance(content, UnreadableEmail):
        _alert_unreadable(uow, content, received, account, classifier.policy, now)
    is_new = message is not None
    record_mailbox_read(
        uow, account=account, position=received.position, added=is_new, policy=classifier.policy, now=now
    )
    return is_new


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
    received: ReceivedEmail,
    account: Account,
    policy: Policy,
    now: datetime,
) -> None:
    text = (
        f"A mail to {account.handle} could not be read and has no card: it is from “{mail.sender}”, about "
        f"“{mail.subject}”. Look at it in the mailbox, and report what is odd about it."
    )
    alert(uow, policy, text, dedupe_key=f"unread:{account.id}:{received.position}", now=now)
