"""Erase content that is older than the settings allow, a window of ids in each transaction."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from domain.delivery.effect import Lane
from domain.delivery.effects import UpdateCard
from domain.delivery.erasure_effects import DeleteThreadFiles
from domain.delivery.thread_effects import RedrawThread
from domain.records.audit import SYSTEM, Action, Entry
from domain.records.erasure import ERASED
from domain.venues import Venue
from storage.retention import WINDOW, Window
from storage.unit_of_work import UnitOfWork


def newest_id(uow: UnitOfWork, *, table: str) -> int:
    """Return the newest id of a table."""
    return uow.records.expired.newest_id(table)


def expire_words(uow: UnitOfWork, *, window: Window, before: Mapping[Venue, datetime], now: datetime) -> int:
    """Erase the words of the messages of a window that have expired; return how many messages."""
    uow.cases.lock(case_id for _, case_id in uow.records.expired.messages(window, before))
    found = uow.records.expired.messages(window, before)
    if not found:
        return 0
    uow.records.erasure.erase_words([message_id for message_id, _ in found], now=now)
    uow.records.outbox.forget_results({case_id for _, case_id in found})
    _redraw(uow, _recorded(uow, found, now=now), now=now)
    return len(found)


def expire_files(uow: UnitOfWork, *, window: Window, before: datetime, now: datetime) -> int:
    """Erase the files of a window that have expired, in Slack once the case has no other; return how many."""
    uow.cases.lock(case_id for _, case_id in uow.records.expired.files(window, before))
    found = uow.records.expired.files(window, before)
    count = uow.records.erasure.erase_files({message_id for message_id, _ in found}, now=now)
    touched = _recorded(uow, found, now=now)
    for case_id in sorted({*touched} - uow.records.expired.with_files(touched)):
        case = uow.cases.get(case_id)
        if case.card_channel is not None and case.card_ts is not None:
            uow.outbox.add([DeleteThreadFiles(case_id, case.card_channel, case.card_ts)], now=now)
    return count


def expire_unproven_mails(uow: UnitOfWork, *, before: Mapping[Venue, datetime], now: datetime) -> int:
    """Erase the unproven mails of closed cases that have expired, a window of them; return how many."""
    if Venue.EMAIL not in before:
        return 0
    oldest = before[Venue.EMAIL]
    uow.cases.lock(case_id for _, case_id in uow.unproven_mails.expired(oldest, limit=WINDOW))
    found = uow.unproven_mails.expired(oldest, limit=WINDOW)
    uow.unproven_mails.delete(mail_id for mail_id, _ in found)
    _redraw(uow, _recorded(uow, found, now=now), now=now)
    return len(found)


def expire_people(uow: UnitOfWork, *, window: Window, now: datetime) -> int:
    """Erase whom cases are about, where no case of the same author has words left; return how many people."""
    uow.cases.lock(chain.from_iterable(uow.records.expired.people(window)))
    authors = uow.records.expired.people(window)
    for case_ids in authors:
        uow.records.erasure.erase_people(case_ids, pseudonym=f"{ERASED}{secrets.token_hex(8)}", now=now)
        _redraw(uow, case_ids, now=now)
    return len(authors)


def expire_unreadable(uow: UnitOfWork, *, before: datetime) -> int:
    """Erase the ids of posts that could not be read before a moment, a window of them; return how many."""
    return uow.completeness.expire_unreadable(before=before.date().isoformat(), limit=WINDOW)


def expire_entries(uow: UnitOfWork, *, window: Window, before: datetime, now: datetime) -> int:
    """Erase who acted, and details, of the audit entries of a window that have expired; return how many."""
    return uow.records.expired.erase_entries(window, before=before, now=now)


def prune_aged(uow: UnitOfWork, *, before: datetime, limit: int) -> Sequence[int]:
    """Delete rows that nobody needs once they are old, up to `limit` of each table; return how many."""
    return uow.records.expired.prune_aged(before=before, limit=limit)


def _redraw(uow: UnitOfWork, case_ids: Sequence[int], *, now: datetime) -> None:
    """Have cards and threads drawn anew, after everything that somebody waits for."""
    for case_id in uow.records.expired.with_cards(case_ids):
        posts = [RedrawThread(case_id, post.ts) for post in uow.thread_posts.of_case(case_id)]
        uow.outbox.add([UpdateCard(case_id), *posts], now=now, lane=Lane.BULK)


def _recorded(uow: UnitOfWork, found: Sequence[tuple[int, int]], *, now: datetime) -> list[int]:
    """Write into the audit trail that content of these cases has expired; return them."""
    touched = sorted({case_id for _, case_id in found})
    counts = {case_id: sum(one == case_id for _, one in found) for case_id in touched}
    uow.audit.add_many(
        [
            Entry(
                at=now,
                actor=SYSTEM,
                action=Action.CONTENT_EXPIRED,
                case_id=case_id,
                version=None,
                detail={"count": counts[case_id]},
            )
            for case_id in touched
        ]
    )
    return touched
