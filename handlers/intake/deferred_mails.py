"""Have mails of a sender who writes too many at once wait in the mailbox, and ingest them later."""

from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.intake.email import ReceivedEmail
from domain.intake.stream_names import INBOX
from domain.policy import Policy
from handlers.cases.alerts import alert
from handlers.intake.email import ingest_email, record_mailbox_read
from handlers.triage.classify import Classifier
from storage.deferred_mails import DeferredMail
from storage.unit_of_work import UnitOfWork

#: Senders whose mails are looked at in one turn.
BATCH = 50


def senders_who_wait(uow: UnitOfWork, *, account: Account) -> frozenset[str]:
    """Return the senders of whom a mail waits: what they send next waits behind it."""
    return uow.deferred_mails.senders(account.id)


def waiting_mails(uow: UnitOfWork, *, account: Account) -> list[DeferredMail]:
    """Return the mail of each sender that has waited longest."""
    return uow.deferred_mails.oldest(account.id, limit=BATCH)


def defer_email(
    uow: UnitOfWork, mail: DeferredMail, *, account: Account, per_minute: int, policy: Policy, now: datetime
) -> None:
    """Have a mail wait, move the cursor past it, and alert on-call of its sender, once an hour."""
    uow.deferred_mails.add(account.id, mail, now)
    text = (
        f"{mail.sender} sends more than {per_minute} mails a minute to {account.handle}. The rest waits in the mailbox and is "
        "read bit by bit; mails of others are read as ever. If it is a program, stop it there, or filter it in the mailbox."
    )
    alert(uow, policy, text, dedupe_key=f"many:{account.id}:{mail.sender}", now=now)
    record_mailbox_read(uow, account=account, position=mail.position, added=False, policy=policy, now=now)


def ingest_deferred(
    uow: UnitOfWork, received: ReceivedEmail, *, account: Account, classifier: Classifier, now: datetime
) -> bool:
    """Ingest a mail that has waited, and leave the cursor where it is; return whether it was new."""
    cursor = uow.cursors.get(account.network, account.id, INBOX)
    uow.deferred_mails.remove(account.id, received.position)
    here = replace(received, position=cursor.since_id or received.position)
    return ingest_email(uow, here, account=account, classifier=classifier, now=now)


def drop_deferred(
    uow: UnitOfWork, mail: DeferredMail, *, account: Account, why: str, policy: Policy, now: datetime
) -> None:
    """Alert of a mail that has waited and cannot be ingested, for `why`."""
    uow.deferred_mails.remove(account.id, mail.position)
    text = (
        f"A mail of {mail.sender} to {account.handle} that had to wait has no card: {why}. Look for it in the mailbox, and "
        "answer it from there."
    )
    alert(uow, policy, text, dedupe_key=f"dropped:{account.id}:{mail.position}", now=now)
