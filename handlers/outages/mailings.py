"""Mail a notice to the subscribers of the e-mail list, batch by batch; each of them once.

A mail's row is written before anything is sent, and marked durably as being sent right before its content
is. What is marked when a sender dies is unsure, and never sent again; everything else goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.delivery.outage_effects import MailBatch, UpdateBoard
from domain.outages.notices import (
    TAKEN_BACK,
    Notice,
    NoticeKind,
    NoticeState,
    Publication,
    PublicationState,
)
from domain.outages.stated_facts import facts_of
from domain.outages.subscribers import (
    EMAIL_LIST,
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

#: In a publication's data: that it is mailed to those alone who were mailed before.
HEARD_ONLY = "heard_only"
_ABOUT_EARLIER = frozenset({NoticeKind.CORRECTION, NoticeKind.RESOLUTION})
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
    component fails is told that it works again. Where the rest of an earlier mailing was taken back, see
    `goes_to_heard_only`.
    """
    if uow.mailings.find(publication.id) is not None:
        return
    notice = uow.notices.get(publication.notice_id)
    components = _components_until(uow, notice)
    heard_only = goes_to_heard_only(uow, notice)
    if heard_only:
        uow.publications.save(replace(publication, data={**publication.data, HEARD_ONLY: True}))
    total, last_id = uow.subscribers.count_wanting(
        components, heard_of=publication.outage_id if heard_only else None
    )
    mailing = Mailing(
        publication_id=publication.id,
        outage_id=publication.outage_id,
        components=components,
        total=total,
        position=0,
        last_id=last_id,
        started_at=now,
        heard_only=heard_only,
    )
    uow.mailings.start(mailing)
    _show_progress(uow, mailing, now=now)
    uow.outbox.add([MailBatch(publication.id, 1)], now=now)


def goes_to_heard_only(uow: UnitOfWork, notice: Notice) -> bool:
    """Return whether a notice is mailed to those alone to whom an earlier one of its outage was mailed.

    Those are a correction and the end, where each mailing before was taken back in part: who heard of nothing
    needs no correction, and is not told that it is over. An update is news to them, and goes to everybody.
    """
    if notice.kind not in _ABOUT_EARLIER:
        return False
    before = [
        one
        for one in uow.publications.of_outage(notice.outage_id)
        if one.destination == EMAIL_LIST and one.notice_id < notice.id and one.state is PublicationState.SENT
    ]
    had_all = [one for one in before if not one.rest_taken_back and not one.data.get(HEARD_ONLY)]
    return any(one.rest_taken_back for one in before) and not had_all


def take_back_rest(uow: UnitOfWork, publication: Publication, *, by: str, now: datetime) -> Progress | None:
    """Keep the rest of a mailing from being sent; `None` where nobody is left to be mailed.

    What is being sent at this moment arrives.
    """
    mailing = uow.mailings.find(publication.id)
    if mailing is None or mailing.finished_at is not None:
        return None
    dropped = uow.mailings.drop_queued(publication.id, TAKEN_BACK)
    if not dropped and mailing.position >= mailing.last_id:
        return None
    ended = replace(mailing, position=mailing.last_id, finished_at=now)
    uow.mailings.save(ended)
    return _show_progress(uow, ended, now=now, taken_back_by=by)


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
    mailing = _lock(uow, publication_id)
    uow.mailings.settle_interrupted(publication_id, now)
    if mailing.finished_at is not None:
        return Batch(mails=(), next_due=None)
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
    """Show how far the mailing is, and queue its next batch, or finish it."""
    mailing = uow.mailings.lock(publication_id)
    if mailing.finished_at is not None:  # what was being sent while the rest was taken back is not repeated
        uow.mailings.drop_queued(publication_id, TAKEN_BACK)
        _show_progress(uow, mailing, now=now)
        return
    if mailing.position >= mailing.last_id and uow.mailings.next_due(publication_id) is None:
        uow.mailings.settle_interrupted(publication_id, now)
        counts = uow.mailings.counts(publication_id)
        mailing = replace(mailing, finished_at=now, total=Progress.of(counts, 0).mailed)
        uow.mailings.save(mailing)
    else:
        uow.outbox.add([MailBatch(publication_id, number + 1)], now=now)
    _show_progress(uow, mailing, now=now)


def record_waiting(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Show how far the mailing is, and why it does not go on now."""
    _show_progress(uow, uow.mailings.lock(publication_id), waiting=reason, now=now)


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
        _show_progress(uow, uow.mailings.lock(publication_id), now=now)
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


def _lock(uow: UnitOfWork, publication_id: int) -> Mailing:
    mailing = uow.mailings.lock(publication_id)
    data = uow.publications.get(publication_id).data
    return replace(mailing, heard_only=bool(data.get(HEARD_ONLY)))


def _show_progress(
    uow: UnitOfWork,
    mailing: Mailing,
    *,
    now: datetime,
    waiting: str | None = None,
    taken_back_by: str | None = None,
) -> Progress:
    """Write the progress to the publication, and have the board updated; return it."""
    publication = uow.publications.get(mailing.publication_id)
    counts = uow.mailings.counts(mailing.publication_id)
    by = taken_back_by or publication.data.get("progress", {}).get("taken_back_by")
    progress = Progress.of(counts, mailing.total, waiting, by)
    data = {**publication.data, "progress": progress.payload()}
    if data != publication.data:
        uow.publications.save(replace(publication, data=data))
        uow.outbox.add([UpdateBoard(mailing.outage_id)], now=now)
    return progress
