"""Ingest a delivery status notification (RFC 3464): fail our mail that bounced."""

from datetime import datetime

from domain.accounts import Account
from domain.cases.messages import Delivery
from domain.intake.email import Bounce
from domain.policy import Policy
from domain.venues import Venue
from handlers.chat.transcript import record_transcript_failed
from handlers.intake.email import record_mailbox_read
from handlers.replies.results import record_bounced
from storage.unit_of_work import UnitOfWork


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

    Raises `NotSentYet` where `wait_for_sent` is true and the reply is still queued.
    """
    replies = [m for m in uow.messages.ours_by_external_id(bounce.message_ids) if m.venue is Venue.EMAIL]
    if replies:
        if wait_for_sent and replies[0].delivery is Delivery.QUEUED:
            raise NotSentYet
        record_bounced(uow, message_id=replies[0].id, reason=bounce.reason, now=now)
    else:
        for transcript in uow.transcripts.by_external_id(bounce.message_ids):
            record_transcript_failed(uow, transcript_id=transcript.id, reason=bounce.reason, now=now)
    record_mailbox_read(uow, account=account, position=position, added=False, policy=policy, now=now)
