"""Mail a notice to the subscribers of the e-mail list, batch by batch; each of them once.

A mail's row is written before anything is sent, and marked durably as being sent right before its content
is. What is marked when a sender dies is unsure, and never sent again; everything else goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.delivery.outage_effects import MailBatch, UpdateBoard
from domain.outages.notices import Notice, NoticeState, Publication
from domain.outages.stated_facts import facts_of
from domain.outages.subscribers import (
    MAX_MAIL_ATTEMPTS,
    Mailing,
    MailResult,
    MailState,
    NoticeMail,
    Progress,
    SubscriberState,
)
from handlers.outages.subscribers import end_subscription
from storage.unit_of_work import UnitOfWork

RETRY_AFTER = timedelta(minutes=1)  # doubled with each attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The next mails of a mailing. `next_due` is when one that waits for a new attempt is due."""

    mails: Sequence[NoticeMail]
    next_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A mail that the mail server did not take, before its content was sent.

    `may_retry`: it may take it later. `is_address_dead`: there is no such mailbox.
    """

    mail: NoticeMail
    reason: str
    may_retry: bool = False
    is_address_dead: bool = False


def start_mailing(uow: UnitOfWork, publication: Publication, *, now: datetime) -> None:
    """Start the mailing of a publication, once.

    It goes to subscribers of what the notice names and of what earlier ones named: who was told that a
    component fails is told that it works again.
    """
    if uow.mailings.find(publication.id) is not None:
        return
    components = _components_until(uow, uow.notices.get(publication.notice_id))
    total, last_id = uow.subscribers.count_wanting(components)
    mailing = Mailing(
        publication_id=publication.id,
        outage_id=publication.outage_id,
        components=components,
        total=total,
        position=0,
        last_id=last_id,
        started_at=now,
    )
    uow.mailings.start(mailing)
    _tell(uow, mailing, now=now)
    uow.outbox.add([MailBatch(publication.id, 1)], now=now)


def next_batch(
    uow: UnitOfWork,
    *,
    publication_id: int,
    limit: int,
    message_id_of: Callable[[int, int], str],
    now: datetime,
) -> Batch:
    """Queue mails for the next subscribers, and return at most `limit` that are due.

    Those that wait for a new attempt come first. `message_id_of` makes a Message-ID from the ids of the
    publication and the subscriber.
    """
    mailing = uow.mailings.lock(publication_id)
    uow.mailings.settle_interrupted(publication_id, now)
    uow.mailings.drop_ended(publication_id)
    waiting = len(uow.mailings.queued(mailing, limit, now))
    if waiting < limit and mailing.position < mailing.last_id:
        position = uow.mailings.add(mailing, limit - waiting, message_id_of, now)
        mailing = replace(mailing, position=position)
        uow.mailings.save(mailing)
    mails = uow.mailings.queued(mailing, limit, now)
    return Batch(mails=mails, next_due=uow.mailings.next_due(publication_id) if not mails else None)


def begin_mails(
    uow: UnitOfWork,
    *,
    mail_ids: Sequence[int],
    results: Sequence[MailResult],
    refusals: Sequence[Refusal],
    now: datetime,
) -> set[int] | None:
    """Record what became of the mails before, and mark these as being sent. Commit it durably.

    Returns those that may be sent, and that no other copy of the bot is sending; `None` while all sending is
    paused.
    """
    sent = [one.mail_id for one in results if one.state is MailState.SENT]
    others = [one for one in results if one.state is not MailState.SENT]
    record_results(uow, results=others, refusals=refusals, now=now)
    begun = uow.mailings.begin(mail_ids, sent=sent, now=now)
    return None if not begun and uow.pauses.current() is not None else begun


def record_results(
    uow: UnitOfWork, *, results: Sequence[MailResult], refusals: Sequence[Refusal], now: datetime
) -> None:
    """Record what became of mails; an address that does not exist is taken off."""
    uow.mailings.finish(results, now)
    for refusal in refusals:
        mail = refusal.mail
        if refusal.may_retry and mail.attempts + 1 < MAX_MAIL_ATTEMPTS:
            uow.mailings.requeue(mail.id, now + retry_delay(mail.attempts), refusal.reason)
            continue
        uow.mailings.refuse(mail.id, refusal.reason)
        if refusal.is_address_dead:
            end_subscription(uow, subscriber_id=mail.subscriber_id, state=SubscriberState.BOUNCED, now=now)


def retry_delay(attempts: int) -> timedelta:
    """Return how long a mail waits after the mail server did not take it, by its attempts before."""
    factor: int = 2**attempts
    return RETRY_AFTER * factor


def record_batch(uow: UnitOfWork, *, publication_id: int, number: int, now: datetime) -> None:
    """Tell how far the mailing is, and queue its next batch, or finish it."""
    mailing = uow.mailings.lock(publication_id)
    if mailing.finished_at is not None:
        return
    if mailing.position >= mailing.last_id and uow.mailings.next_due(publication_id) is None:
        uow.mailings.settle_interrupted(publication_id, now)
        counts = uow.mailings.counts(publication_id)
        mailing = replace(mailing, finished_at=now, total=Progress.of(counts, 0).mailed)
        uow.mailings.save(mailing)
    else:
        uow.outbox.add([MailBatch(publication_id, number + 1)], now=now)
    _tell(uow, mailing, now=now)


def record_waiting(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Tell how far the mailing is, and why it does not go on now."""
    _tell(uow, uow.mailings.lock(publication_id), waiting=reason, now=now)


def record_notice_bounced(
    uow: UnitOfWork,
    *,
    message_ids: Sequence[str],
    reason: str,
    ends: SubscriberState | None,
    now: datetime,
) -> bool:
    """Record that a notice came back or was complained of; return whether one of them is a notice.

    `ends` is the state in which the subscription ends; `None` where it may be temporary: then it ends after
    `MAX_SOFT_BOUNCES`.
    """
    found = uow.mailings.by_message_id(message_ids)
    for mail_id, subscriber_id, publication_id in found[:1]:
        is_new = ends is SubscriberState.COMPLAINED or uow.mailings.record_bounced(mail_id, reason)
        if not is_new and ends is None:
            continue
        end_subscription(uow, subscriber_id=subscriber_id, state=ends, now=now)
        _tell(uow, uow.mailings.lock(publication_id), now=now)
    return bool(found)


def _components_until(uow: UnitOfWork, notice: Notice) -> tuple[str, ...]:
    """Return the components of all notices up to this one; none, which is everybody, if one names none."""
    present = facts_of(uow.outages.get(notice.outage_id))
    named = [
        (one.facts or present).components
        for one in uow.notices.of_outage(notice.outage_id)
        if one.id <= notice.id and one.state is NoticeState.APPROVED
    ]
    if not all(named):
        return ()
    return tuple(dict.fromkeys(name for components in named for name in components))


def _tell(uow: UnitOfWork, mailing: Mailing, *, now: datetime, waiting: str | None = None) -> None:
    """Write the progress to the publication, and have the board updated."""
    publication = uow.publications.get(mailing.publication_id)
    progress = Progress.of(uow.mailings.counts(mailing.publication_id), mailing.total, waiting)
    data = {**publication.data, "progress": progress.payload()}
    if data != publication.data:
        uow.publications.save(replace(publication, data=data))
        uow.outbox.add([UpdateBoard(mailing.outage_id)], now=now)
