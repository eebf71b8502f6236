"""Interleave two transactions of use cases of outages: what one has not committed, the other cannot see."""

import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from domain.delivery.effects import SendPublicReply
from domain.errors import Refused
from domain.outages.destinations import Destinations
from domain.outages.lifecycle import Actor, NoticePending, NoticeSettled
from domain.outages.notices import Notice, NoticeKind, NoticeState, PublicationState
from handlers.desk import Desk
from handlers.outages.notices import approve_notice, draft_notice, submit_notice
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.outages.results import record_publication_unsure, record_published, settle_publication
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import KAI, NOW, a_stored_case, do, queued
from tests.handlers.outages.made import (
    ANYTHING,
    MIA_MAY,
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    an_outage,
    content,
    deliver,
    destinations,
    sent,
)
from tests.handlers.outages.test_links import announced
from tests.handlers.outages.test_lock_order import HEAD_START, claimed
from tests.handlers.outages.test_results import announced as announced_at
from tests.handlers.outages.test_results import drafted
from tests.storage.outboxes import LEASE

KAI_MAY = Actor(user_id=KAI, rights=ANYTHING)
REPLY = SendPublicReply(1, 1, "x")


@contextmanager
def meanwhile(store: Store) -> Generator[tuple[UnitOfWork, Callable[..., Future[Any]]]]:
    """Yield a transaction, and what runs a use case in another one until it ends or waits for the first."""
    with ThreadPoolExecutor(1) as thread, store.unit_of_work() as uow:

        def other(act: Callable[..., object], *arguments: object, **given: object) -> Future[Any]:
            future = thread.submit(lambda: do(store, act, *arguments, **given))
            time.sleep(HEAD_START if store.workers > 1 else 0)
            return future

        yield uow, other


def test_what_is_queued_while_a_pause_begins_is_held_or_counted(store: Store) -> None:
    def queue(uow: UnitOfWork) -> None:
        uow.outbox.add([REPLY], now=NOW)

    with meanwhile(store) as (uow, other):
        paused = pause_sending(uow, holds_answers=True, actor=SAM_MAY, now=NOW)
        added = other(queue)
        sending = other(claimed)
    added.result(30)
    assert (paused.being_sent, sending.result(30)) == ({}, [])


def test_cards_of_what_is_held_while_the_pause_ends_are_updated(store: Store) -> None:
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        claimed(uow)  # the card
    do(store, pause_sending, holds_answers=True, actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        uow.outbox.add([replace(REPLY, case_id=case.id)], now=NOW)
    with meanwhile(store) as (uow, other):
        assert claimed(uow) == []
        resumed = other(resume_sending, actor=MIA_MAY, now=NOW)
    assert resumed.result(30) is not None
    assert [row["payload"] for row in queued(store, "update_card")] == [{"case_id": case.id}]


def test_what_a_person_saw_does_not_undo_the_receipt_that_a_check_just_found(store: Store) -> None:
    outage_id = announced(store)
    with store.unit_of_work() as uow:
        [publication] = uow.publications.of_outage(outage_id)
        record_publication_unsure(uow, publication_id=publication.id, reason="no answer", now=NOW)
    with meanwhile(store) as (uow, other):
        uow.outages.lock([outage_id])
        record_published(
            uow, publication_id=publication.id, result={"id": "p7", "url": "https://page.example/7"}, now=NOW
        )
        settled = other(
            settle_publication, publication_id=publication.id, is_there=True, actor=MIA_MAY, now=NOW
        )
    with pytest.raises(Refused, match="known by now"):
        settled.result(30)
    with store.unit_of_work() as uow:
        found = uow.publications.get(publication.id)
    assert (found.state, found.external_id, found.url) == (
        PublicationState.SENT,
        "p7",
        "https://page.example/7",
    )


def test_of_two_who_draft_at_once_one_is_told_of_the_other(store: Store) -> None:
    outage_id = announced(store)
    given: dict[str, Any] = {"outage_id": outage_id, "kind": NoticeKind.UPDATE, "now": NOW}
    with meanwhile(store) as (uow, other):
        draft_notice(uow, content=content("We know why."), actor=SAM_MAY, **given)
        second = other(draft_notice, content=content("It is the bank."), actor=MIA_MAY, **given)
    with pytest.raises(NoticePending):
        second.result(30)
    with store.unit_of_work() as uow:
        pending = [one for one in uow.notices.of_outage(outage_id) if one.state is NoticeState.DRAFT]
    assert len(pending) == 1


async def test_a_resolution_that_is_approved_while_an_update_is_claimed_comes_after_it(
    store: Store, desk: Desk
) -> None:
    page = ListDestination()
    where = destinations(page=page)
    outage_id = announced_at(store, where)
    await deliver(desk, where)
    sent(store, drafted(store, outage_id, NoticeKind.UPDATE, "We know why."), where)
    resolution = drafted(store, outage_id, NoticeKind.RESOLUTION, "It works again.")
    with meanwhile(store) as (uow, other):
        jobs = uow.outbox.claim(
            now=NOW, lease=LEASE, owner="other", limit=50, paces=lambda _destination: None
        )
        [update] = [job for job in jobs if job.effect.kind == "send_notice"]
        resolved = other(send_and_approve, notice=resolution, where=where)
    resolved.result(30)
    await deliver(desk, where)
    assert [text for text, _, _ in page.published] == ["Payments fail"], "the update is on its way"
    with store.unit_of_work() as uow:
        uow.lock_subject(update.effect)
        uow.outbox.postpone(update, now=NOW, due=NOW, reason="429", counts=False)
    await deliver(desk, where)
    assert [text for text, _, _ in page.published] == ["Payments fail", "We know why.", "It works again."]


def send_and_approve(uow: UnitOfWork, *, notice: Notice, where: Destinations) -> None:
    """Have Sam submit the notice, and Mia approve it, in one transaction."""
    given: dict[str, Any] = {"notice_id": notice.id, "seen": notice.digest, "destinations": where, "now": NOW}
    submit_notice(uow, policy=OUTAGE_POLICY, actor=SAM_MAY, **given)
    approve_notice(uow, actor=MIA_MAY, **given)


def test_of_two_approvers_whose_transactions_overlap_the_second_is_told(store: Store) -> None:
    where = destinations(page=ListDestination())
    outage, notice = an_outage(store)
    given: dict[str, Any] = {"notice_id": notice.id, "seen": notice.digest, "destinations": where, "now": NOW}
    do(store, submit_notice, policy=OUTAGE_POLICY, actor=SAM_MAY, **given)
    with meanwhile(store) as (uow, other):
        approve_notice(uow, actor=MIA_MAY, **given)
        second = other(approve_notice, actor=KAI_MAY, **given)
    with pytest.raises(NoticeSettled):
        second.result(30)
    with store.unit_of_work() as uow:
        [approved] = uow.notices.of_outage(outage.id)
        assert (approved.state, approved.approved_by) == (NoticeState.APPROVED, MIA_MAY.user_id)
        assert len(uow.publications.of_outage(outage.id)) == 1
