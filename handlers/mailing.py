"""What comes into our mailbox becomes part of its case, fails a mail of ours, or is only noted; the reading moves on with the same commit."""

from dataclasses import replace
from datetime import datetime

from domain.mail import Arrival, Bounce, Unread
from domain.messages import Delivery
from domain.ports import Account, UnitOfWork
from domain.posts import Page
from domain.private import Heard
from domain.venues import Venue
from handlers.hearing import hear
from handlers.reading import Reader
from handlers.rerouting import alert
from handlers.sending import came_back
from handlers.streams import INBOX, note_reading
from handlers.transcripts import transcript_failed


class TooSoon(Exception):
    """The mail speaks of one of ours of which it is not known yet that it went out."""


def take_mail(
    uow: UnitOfWork, arrival: Arrival, *, account: Account, reader: Reader, patient: bool, now: datetime
) -> bool:
    """Take one mail; says whether it was a customer's that is new. Raises `TooSoon` where `patient`."""
    content = arrival.content
    is_new = False
    if isinstance(content, Heard):
        is_new = hear(uow, content, reader=reader, account=account, now=now) is not None
    elif isinstance(content, Bounce):
        _take_bounce(uow, content, patient=patient, now=now)
    elif isinstance(content, Unread):
        told = (
            f"A mail to {account.handle} could not be read and has no card: it is from “{content.sender}”, about "
            f"“{content.subject}”. Look at it in the mailbox, and report what is odd about it."
        )
        alert(uow, reader.policy, told, once=f"unread:{account.id}:{arrival.place}", now=now)
    note_mailbox_read(uow, account=account, place=arrival.place, added=is_new, reader=reader, now=now)
    return is_new


def pass_over(
    uow: UnitOfWork, arrival: Arrival, *, account: Account, reader: Reader, why: str, now: datetime
) -> None:
    """Leave out a mail that the desk stumbles over each time, so that those behind it are read; somebody is told."""
    told = (
        f"A mail to {account.handle} could not be stored and has no card ({why}). It is still in the mailbox: look at what came "
        "there just now, answer it from there, and report this with the log."
    )
    alert(uow, reader.policy, told, once=f"passed_over:{account.id}:{arrival.place}", now=now)
    note_mailbox_read(uow, account=account, place=arrival.place, added=False, reader=reader, now=now)


def note_mailbox_read(
    uow: UnitOfWork, *, account: Account, place: str, added: bool, reader: Reader, now: datetime
) -> None:
    """The mailbox has been read as far as `place`."""
    note_reading(
        uow, account=account, stream=INBOX, page=Page(newest_id=place), policy=reader.policy, now=now
    )
    cursor = uow.cursors.get(account.network, account.id, INBOX)
    arrived_at = now if added or cursor.arrived_at is None else cursor.arrived_at
    uow.cursors.save(replace(cursor, since_id=place, read_at=now, arrived_at=arrived_at))


def _take_bounce(uow: UnitOfWork, bounce: Bounce, *, patient: bool, now: datetime) -> None:
    """Fail the mail of ours that came back; nothing where it is none of ours."""
    found = [m for m in uow.messages.ours_by_external_id(bounce.message_ids) if m.venue is Venue.EMAIL]
    if not found:
        for transcript in uow.transcripts.by_external_id(bounce.message_ids):
            transcript_failed(uow, transcript_id=transcript.id, reason=bounce.reason, now=now)
        return
    if patient and found[0].delivery is Delivery.QUEUED:
        raise TooSoon
    came_back(uow, message_id=found[0].id, reason=bounce.reason, now=now)
