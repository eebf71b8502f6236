"""Ingest reports about our mails: fail what bounced, stop after complaints, end subscriptions."""

from datetime import datetime

from domain.accounts import Account
from domain.cases.messages import Delivery
from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import Bounce, Unsubscription
from domain.outages.subscribers import SubscriberState
from domain.policy import Policy
from domain.venues import Venue
from handlers.chat.transcript import record_transcript_failed
from handlers.delivery.unproven_reports import alert_unproven_report
from handlers.intake.email import record_mailbox_read
from handlers.outages.mailings import record_notice_bounced
from handlers.outages.subscribers import unsubscribe
from handlers.replies.mail_reports import record_complaint, record_partly_bounced
from handlers.replies.results import record_bounced
from storage.unit_of_work import UnitOfWork

_ENDS = {
    BounceKind.PERMANENT: SubscriberState.BOUNCED,
    BounceKind.TRANSIENT: None,
    BounceKind.COMPLAINT: SubscriberState.COMPLAINED,
}


class NotSentYet(Exception):
    """The bounced mail's own delivery result is not committed yet. Retry shortly."""


def ingest_bounce(
    uow: UnitOfWork,
    bounce: Bounce,
    *,
    account: Account,
    position: str,
    wait_for_sent: bool,
    policy: Policy,
    now: datetime,
) -> None:
    """Fail our reply or transcript that bounced, if any, and move the mailbox's cursor to `position`.

    A notice that bounced, or was complained of, may end the subscription. A report that is not proven changes
    nothing, and is told. Raises `NotSentYet` where `wait_for_sent` is true and the reply is still queued.
    """
    if not bounce.is_proven:
        alert_unproven_report(uow, bounce, policy, now=now)
        record_mailbox_read(uow, account=account, position=position, added=False, policy=policy, now=now)
        return
    is_notice = record_notice_bounced(
        uow, message_ids=bounce.message_ids, reason=bounce.reason, ends=_ENDS[bounce.kind], now=now
    )
    if not is_notice:
        _record_report(uow, bounce, wait_for_sent=wait_for_sent, now=now)
    record_mailbox_read(uow, account=account, position=position, added=False, policy=policy, now=now)


def ingest_unsubscription(
    uow: UnitOfWork,
    asked: Unsubscription,
    *,
    account: Account,
    position: str,
    policy: Policy,
    now: datetime,
) -> None:
    """End a subscription as a mail asks for, and move the mailbox's cursor to `position`."""
    unsubscribe(uow, subscriber_id=asked.subscriber_id, now=now)
    record_mailbox_read(uow, account=account, position=position, added=False, policy=policy, now=now)


def _record_report(uow: UnitOfWork, bounce: Bounce, *, wait_for_sent: bool, now: datetime) -> None:
    replies = [m for m in uow.messages.ours_by_external_id(bounce.message_ids) if m.venue is Venue.EMAIL]
    if replies:
        if wait_for_sent and replies[0].delivery is Delivery.QUEUED:
            raise NotSentYet
        _record_reply_report(uow, replies[0].id, bounce, now)
    elif bounce.kind is not BounceKind.COMPLAINT:
        for transcript in uow.transcripts.by_external_id(bounce.message_ids):
            record_transcript_failed(uow, transcript_id=transcript.id, reason=bounce.reason, now=now)


def _record_reply_report(uow: UnitOfWork, message_id: int, bounce: Bounce, now: datetime) -> None:
    if bounce.kind is BounceKind.COMPLAINT:
        record_complaint(uow, message_id=message_id, now=now)
    elif bounce.reached:
        record_partly_bounced(
            uow,
            message_id=message_id,
            reason=bounce.reason,
            reached=bounce.reached,
            recipients=bounce.recipients,
            now=now,
        )
    else:
        record_bounced(uow, message_id=message_id, reason=bounce.reason, now=now)
