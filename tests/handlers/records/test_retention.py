"""Erase what is older than the settings allow, in small windows, and keep what figures are computed from."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.cases.case import CaseState
from domain.cases.messages import Direction
from domain.intake.completeness import MentionDay
from domain.intake.unproven_mails import UnprovenMail
from domain.records.audit import Action
from domain.records.erasure import is_erased
from domain.records.legal_hold import LegalHold
from domain.records.retention import Retention
from domain.reports.filters import Filters
from domain.venues import Venue
from handlers.cases.resolution import resolve
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.records.chain import chain_entries, verify_chain
from handlers.records.retention import expire_people
from handlers.timers import records
from handlers.timers.records import expire_content
from storage.engine import Store
from storage.retention import Window
from storage.tables import cases as case_table
from storage.tables import messages as message_table
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import (
    ANA,
    BEN,
    NOW,
    POLICY,
    SAM,
    a_stored_case,
    case_of,
    do,
    messages,
    queued,
    trail,
)
from tests.handlers.trackers.made import an_issue, stored
from tests.storage.made import a_file, a_handoff, a_message, an_unproven_mail

DAY = timedelta(days=1)
#: Columns of messages and cases that hold nothing of a customer, from which figures are computed.
FACTS = (
    *(
        message_table.c[name]
        for name in ("direction", "venue", "created_at", "external_id", "delivery", "sent_at")
    ),
    *(
        message_table.c[name]
        for name in ("language", "situation", "urgency", "sentiment", "case_id", "sent_by")
    ),
    *(case_table.c[name] for name in ("network", "state", "language", "situation", "urgency", "opened_at")),
    *(
        case_table.c[name]
        for name in ("first_replied_at", "closed_at", "closed_by", "author_followers", "channel")
    ),
)


def keeping(desk: Desk, *, after: timedelta, **kept: timedelta) -> AppContext:
    """Build a context whose settings keep these kinds of content so long, at a time after `NOW`."""
    clock = ManualClock(NOW + after)
    return a_context(desk, policy=replace(POLICY, retention=Retention(**kept)), clock=clock)


def closed(store: Store, text: str, **more: object) -> int:
    """Store a case with a card, and resolve it; return its id."""
    case = a_stored_case(store, text, **more)  # type: ignore[arg-type]
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C0SUPPORT", ts=f"{case.id}.5", digest="")
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    return case.id


def facts(store: Store) -> list[tuple[object, ...]]:
    query = select(*FACTS).join_from(message_table, case_table).order_by(message_table.c.id)
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def texts(store: Store, case_id: int) -> list[str]:
    return [message.text for message in messages(store, case_id)]


async def test_words_go_when_their_time_is_over_and_facts_stay(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "WINDOW", 2)
    old, still_open = (
        closed(store, "@acme my zebra never came"),
        a_stored_case(store, "@acme zebra!", author=BEN).id,
    )
    held = closed(store, "@acme zebra in court", author=replace(BEN, id="99", handle="cem"))
    with store.unit_of_work() as uow:
        uow.records.holds.put(LegalHold(case_id=held, reason="court", placed_by=SAM, placed_at=NOW))
        ours = a_message(old, None, direction=Direction.OUT, text="Dear zebra", author_id="1")
        uow.messages.add_many([ours], network="x", account_id="1")
    before = facts(store)
    await expire_content(keeping(desk, after=29 * DAY, posts=30 * DAY))
    assert texts(store, old) == ["@acme my zebra never came", "Dear zebra"]
    await expire_content(keeping(desk, after=31 * DAY, posts=30 * DAY))
    assert texts(store, old) == ["", ""]
    assert texts(store, still_open) == ["@acme zebra!"]
    assert texts(store, held) == ["@acme zebra in court"]
    assert facts(store) == before
    author = case_of(store, old).author
    assert is_erased(author.id)
    assert (author.handle, author.name, author.followers) == ("", "", ANA.followers)
    assert case_of(store, held).author.handle == "cem"
    assert case_of(store, still_open).author == BEN
    assert [row for row in queued(store, "update_card") if row["payload"]["case_id"] == old]
    assert trail(store, old)[-1].action is Action.CONTENT_EXPIRED
    while do(store, chain_entries):
        pass
    assert verify_chain(store)[0].fault is None


async def test_an_author_stays_known_as_long_as_a_case_of_theirs_has_words(desk: Desk, store: Store) -> None:
    old = closed(store, "@acme my zebra never came")
    later = closed(store, "@acme my zebra again", now=NOW + 20 * DAY)
    issues = [an_issue(store, case_of(store, case_id), number) for number, case_id in enumerate((old, later))]
    await expire_content(keeping(desk, after=31 * DAY, posts=30 * DAY))
    assert texts(store, old) == [""]
    assert [stored(store, issue.id).title for issue in issues] == ["", "The app eats payments"]
    assert case_of(store, old).author == case_of(store, later).author == ANA
    await expire_content(keeping(desk, after=51 * DAY, posts=30 * DAY))
    both = {case_of(store, case_id).author for case_id in (old, later)}
    assert len(both) == 1
    assert is_erased(both.pop().id)


async def test_each_kind_has_its_own_time(desk: Desk, store: Store) -> None:
    case_id = closed(store, "@acme my zebra never came")
    with store.unit_of_work() as uow:
        mail, chat = uow.messages.add_many(
            [
                a_message(case_id, "m1", venue=Venue.EMAIL, text="zebra by mail"),
                a_message(case_id, "c1", venue=Venue.CHAT, text="zebra in a chat"),
            ],
            network="email",
            account_id="help@acme.example",
        )
        [file] = uow.files.add_many([a_file(case_id, mail.id, "zebra.png", content=b"zebra")])
    await expire_content(keeping(desk, after=9 * DAY, mails=8 * DAY, chats=10 * DAY))
    assert texts(store, case_id) == ["@acme my zebra never came", "", "zebra in a chat"]
    await expire_content(keeping(desk, after=9 * DAY, files=8 * DAY))
    with store.unit_of_work() as uow:
        assert (uow.files.get(file.id).content, uow.files.get(file.id).size) == (None, 3)
        assert uow.messages.get(chat.id).text == "zebra in a chat"
    assert queued(store, "delete_thread_files")
    assert case_of(store, case_id).author == ANA


async def test_old_entries_tell_what_was_done_but_not_by_whom(desk: Desk, store: Store) -> None:
    case_id = closed(store, "@acme my zebra never came")
    do(store, chain_entries)
    before = [(entry.at, entry.action, entry.version) for entry in trail(store, case_id)]
    await expire_content(keeping(desk, after=9 * DAY, audit=8 * DAY))
    entries = trail(store, case_id)
    assert [(entry.at, entry.action, entry.version) for entry in entries] == before
    assert {entry.actor for entry in entries} == {"erased", "system"}
    assert {str(entry.detail) for entry in entries} == {"{}"}
    check, _ = verify_chain(store)
    assert (check.fault, check.erased) == (None, 1)


async def test_nothing_is_erased_without_settings(desk: Desk, store: Store) -> None:
    case_id = closed(store, "@acme my zebra never came")
    await expire_content(keeping(desk, after=9999 * DAY))
    assert texts(store, case_id) == ["@acme my zebra never came"]
    assert case_of(store, case_id).author == ANA


def test_who_comes_back_while_people_are_erased_keeps_their_name(postgres: Store) -> None:
    case_id = closed(postgres, "@acme my zebra never came")
    with postgres.unit_of_work() as uow:
        uow.records.erasure.erase_words([message.id for message in uow.messages.of_case(case_id)], now=NOW)
    with ThreadPoolExecutor(1) as threads:
        with postgres.unit_of_work() as uow:
            uow.cases.lock([case_id])
            case = uow.cases.get(case_id)
            uow.cases.save(replace(case, state=CaseState.OPEN, closed_by=None, closed_at=None))
            erasing = threads.submit(do, postgres, expire_people, window=Window(0, case_id), now=NOW)
            _wait_until_locked_out(postgres)
        assert erasing.result(timeout=5) == 0
    assert case_of(postgres, case_id).author == ANA


def _wait_until_locked_out(store: Store) -> None:
    with store.engine.connect() as connection:
        for _ in range(200):
            if connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
            time.sleep(0.01)
    pytest.fail("nothing waits for the case")


async def test_as_many_unproven_mails_as_a_flood_brings_expire_in_one_day(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.records.retention.WINDOW", 2)
    case_id = closed(store, "one")
    with store.unit_of_work() as uow:
        there = uow.handoffs.add(a_handoff(case_id, "n1", venue=Venue.EMAIL))
        for number in range(5):
            mail = an_unproven_mail(case_id, there.id)
            uow.unproven_mails.add(replace(mail, external_id=f"<{number}@nobody.example>"))
    await expire_content(keeping(desk, after=DAY * 40, mails=DAY * 30))
    with store.unit_of_work() as uow:
        assert uow.unproven_mails.expired(NOW + DAY * 40, limit=1) == []


async def test_unproven_mails_expire_with_the_mails_of_closed_cases(store: Store, desk: Desk) -> None:
    def beside(case_id: int) -> UnprovenMail:
        with store.unit_of_work() as uow:
            there = uow.handoffs.add(a_handoff(case_id, f"n{case_id}", venue=Venue.EMAIL))
            return uow.unproven_mails.add(an_unproven_mail(case_id, there.id))

    gone, kept, held = (
        closed(store, "one"),
        a_stored_case(store, "two", author=BEN).id,
        closed(store, "three"),
    )
    mails = [beside(case_id) for case_id in (gone, kept, held)]
    with store.unit_of_work() as uow:
        uow.records.holds.put(LegalHold(case_id=held, reason="a lawsuit", placed_by=SAM, placed_at=NOW))
    await expire_content(keeping(desk, after=DAY * 40, mails=DAY * 30))
    with store.unit_of_work() as uow:
        assert [uow.unproven_mails.get(mail.id) is None for mail in mails] == [True, False, False]
    assert trail(store, gone)[-1].action is Action.CONTENT_EXPIRED


async def test_the_ids_of_posts_that_could_not_be_read_expire_and_still_count(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.records.retention.WINDOW", 2)
    old, new = f"{NOW - 40 * DAY:%Y-%m-%d}", f"{NOW - 10 * DAY:%Y-%m-%d}"
    with store.unit_of_work() as uow:
        for day, ids in ((old, ["1", "2", "3"]), (new, ["4"])):
            uow.completeness.save(
                MentionDay(day=day, network="x", account_id="1", looked_from=NOW, looked_until=NOW)
            )
            uow.completeness.add_unreadable("x", "1", ids, day=day)
    for _ in range(2):
        await expire_content(keeping(desk, after=timedelta(), posts=30 * DAY))
    with store.engine.connect() as connection:
        kept = [row[0] for row in connection.execute(text("SELECT post_id FROM unreadable_posts"))]
    assert sorted(is_erased(post_id) for post_id in kept) == [False, True, True, True]
    assert "4" in kept
    with store.unit_of_work() as uow:
        assert uow.completeness.of_period([old, new], Filters()).unreadable == 4
