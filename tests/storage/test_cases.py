"""Store and query cases, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases.case import Case, CaseState
from domain.errors import CaseNotFound, StaleCase
from domain.intake.posts import Author
from storage.engine import Store
from tests.storage.made import ANA, NOW, SECOND, a_case, a_full_case, a_message, stored

ACCOUNT = ("x", "1")


def ids(cases: list[Case]) -> list[int]:
    return [case.id for case in cases]


def test_every_field_of_a_case_is_stored(store: Store) -> None:
    [bare, full] = stored(store, a_case(), a_full_case())
    assert bare == replace(a_case(), id=bare.id)
    assert full == replace(a_full_case(), id=full.id)
    with store.unit_of_work() as uow:
        assert [uow.cases.get(bare.id), uow.cases.get(full.id)] == [bare, full]


def test_add_many_returns_ids_in_order(store: Store) -> None:
    cases = stored(store, *(a_case(conversation_id=str(number)) for number in range(250)))
    assert ids(cases) == sorted(ids(cases))
    with store.unit_of_work() as uow:
        for case in cases:
            assert uow.cases.get(case.id) == case
        assert uow.cases.add_many([]) == []


def test_a_missing_case_raises_case_not_found(store: Store) -> None:
    with store.unit_of_work() as uow:
        with pytest.raises(CaseNotFound):
            uow.cases.get(4)
        with pytest.raises(CaseNotFound):
            uow.cases.save(a_case(id=4))


def test_find_a_case_by_its_card(store: Store) -> None:
    [one, two] = stored(store, a_case(), a_case())
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(one.id, channel="C1", ts="1.1", digest="d")
        uow.cases.record_card_location(two.id, channel="C1", ts="1.2", digest="d")
        found = uow.cases.at_card("C1", "1.2")
        assert found is not None
        assert found.id == two.id
        assert uow.cases.at_card("C2", "1.2") is None
        assert uow.cases.at_card("C1", "") is None


def test_save_increments_the_version_and_writes_every_field(store: Store) -> None:
    [case] = stored(store)
    changed = replace(
        a_full_case(), id=case.id, author=Author(id="77", handle="anna", name="Anna", followers=13)
    )
    with store.unit_of_work() as uow:
        saved = uow.cases.save(changed)
        assert saved == replace(changed, version=2)
        assert uow.cases.get(case.id) == replace(
            saved, card_channel=None, card_ts=None, card_digest=None, thread_audit_id=0
        )


def test_saving_a_stale_case_is_refused(store: Store) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        uow.cases.save(replace(case, claimed_by="U1"))
    with pytest.raises(StaleCase), store.unit_of_work() as uow:
        uow.cases.save(replace(case, claimed_by="U2"))
    with store.unit_of_work() as uow:
        assert uow.cases.get(case.id).claimed_by == "U1"


def test_one_stale_case_rolls_back_the_whole_transaction(store: Store) -> None:
    first, second = stored(store, a_case(), a_case())
    with store.unit_of_work() as uow:
        uow.cases.save(second)
    with pytest.raises(StaleCase), store.unit_of_work() as uow:
        uow.cases.save_many([second, first])
    with store.unit_of_work() as uow:
        assert uow.cases.get(first.id).version == 1
        second = uow.cases.get(second.id)
        assert ids(uow.cases.save_many([second, first])) == ids([second, first])


def test_saving_an_older_copy_keeps_the_card_location(store: Store) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C2", ts="3.4", digest="abc")
        uow.cases.record_thread_position(case.id, audit_id=17)
    with store.unit_of_work() as uow:
        uow.cases.save(case)
        found = uow.cases.get(case.id)
    assert (found.card_channel, found.card_ts, found.card_digest, found.thread_audit_id) == (
        "C2",
        "3.4",
        "abc",
        17,
    )
    assert found.version == 2


def test_an_exception_rolls_back_the_transaction(store: Store) -> None:
    def fail() -> None:
        with store.unit_of_work() as uow:
            uow.cases.add_many([a_case()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.unit_of_work() as uow:
        assert uow.cases.counts()["open"] == 0


def test_the_queue_is_ordered_by_rank_then_age(store: Store) -> None:
    low, high, tie, *_ = stored(
        store,
        a_case(waiting_since=NOW - SECOND),
        a_case(waiting_since=NOW - 9 * SECOND),
        a_case(waiting_since=NOW - 9 * SECOND),
        a_case(waiting_since=NOW - 99 * SECOND, claimed_by="U1"),
        a_case(waiting_since=NOW - 99 * SECOND, state=CaseState.WAITING),
        a_case(waiting_since=NOW - 99 * SECOND, state=CaseState.RESOLVED),
    )
    with store.unit_of_work() as uow:
        assert ids(uow.cases.unclaimed(limit=10)) == ids([high, tie, low])
        assert ids(uow.cases.unclaimed(limit=2)) == ids([high, tie])
        assert uow.cases.next_unclaimed() == high


def test_an_empty_queue_has_no_next(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert uow.cases.next_unclaimed() is None


def test_foldable_returns_the_authors_recent_active_cases(store: Store) -> None:
    older, newer, *_ = stored(
        store,
        a_case(last_message_at=NOW - SECOND),
        a_case(last_message_at=NOW, state=CaseState.SNOOZED),
        a_case(last_message_at=NOW - timedelta(days=9)),
        a_case(state=CaseState.RESOLVED),
        a_case(author=replace(ANA, id="78")),
        a_case(account_id="2"),
        a_case(network="mastodon"),
    )
    with store.unit_of_work() as uow:
        found = uow.cases.foldable(*ACCOUNT, [ANA.id, "none"], since=NOW - SECOND)
        assert ids(found) == ids([newer, older])
        assert uow.cases.foldable(*ACCOUNT, [], since=NOW) == []


def test_in_conversations_returns_all_but_dismissed_cases(store: Store) -> None:
    resolved, *_ = stored(
        store,
        a_case(state=CaseState.RESOLVED),
        a_case(state=CaseState.DISMISSED),
        a_case(last_message_at=NOW - timedelta(days=9)),
        a_case(conversation_id="1"),
        a_case(account_id="2"),
    )
    with store.unit_of_work() as uow:
        assert uow.cases.in_conversations(*ACCOUNT, ["900", "x"], since=NOW) == [resolved]


def test_claimed_by_returns_open_cases_first(store: Store) -> None:
    waiting, low, high, *_ = stored(
        store,
        a_case(claimed_by="U1", state=CaseState.WAITING, waiting_since=NOW - 9 * SECOND),
        a_case(claimed_by="U1", waiting_since=NOW - SECOND),
        a_case(claimed_by="U1", waiting_since=NOW - 2 * SECOND),
        a_case(claimed_by="U1", state=CaseState.RESOLVED),
        a_case(claimed_by="U2"),
    )
    with store.unit_of_work() as uow:
        assert ids(uow.cases.claimed_by("U1", limit=9)) == ids([high, low, waiting])
        assert len(uow.cases.claimed_by("U1", limit=2)) == 2


def test_due_before_returns_the_soonest_first(store: Store) -> None:
    later, sooner, *_ = stored(
        store,
        a_case(reply_due=NOW + 2 * SECOND),
        a_case(reply_due=NOW + SECOND),
        a_case(reply_due=NOW + 3 * SECOND),
        a_case(reply_due=None, first_replied_at=NOW),
        a_case(reply_due=NOW, state=CaseState.SNOOZED),
    )
    with store.unit_of_work() as uow:
        assert ids(uow.cases.due_before(NOW + 3 * SECOND, limit=9)) == ids([sooner, later])


def test_snoozed_cases_due_to_wake_and_cases_waiting_for_the_customer(store: Store) -> None:
    asleep = {"state": CaseState.SNOOZED}
    late, early, _, waiting = stored(
        store,
        a_case(snoozed_until=NOW, **asleep),
        a_case(snoozed_until=NOW - SECOND, **asleep),
        a_case(snoozed_until=NOW + SECOND, **asleep),
        a_case(state=CaseState.WAITING),
    )
    with store.unit_of_work() as uow:
        assert ids(uow.cases.wake_due(NOW, limit=9)) == ids([early, late])
        assert ids(uow.cases.waiting_for_customer(limit=9)) == ids([waiting])


def test_cases_of_an_author_are_listed_and_counted(store: Store) -> None:
    first, second, *_ = stored(
        store,
        a_case(opened_at=NOW - timedelta(days=40)),
        a_case(state=CaseState.DISMISSED),
        a_case(author=replace(ANA, id="78")),
    )
    with store.unit_of_work() as uow:
        assert ids(uow.cases.of_author(*ACCOUNT, ANA.id, limit=9)) == ids([second, first])
        assert uow.cases.count_of_author(*ACCOUNT, ANA.id, since=NOW - timedelta(days=30)) == 1


def test_count_cases_by_state(store: Store) -> None:
    stored(
        store,
        a_case(),
        a_case(),
        a_case(claimed_by="U1"),
        a_case(state=CaseState.WAITING),
        a_case(state=CaseState.RESOLVED),
    )
    with store.unit_of_work() as uow:
        assert uow.cases.counts() == {"open": 3, "waiting": 1, "snoozed": 0, "unclaimed": 2}


def test_find_requires_every_word_in_messages_or_the_name(store: Store) -> None:
    ana, olga, old = stored(
        store,
        a_case(),
        a_case(author=Author(id="8", handle="olga_99", name="Ольга Œuvre")),
        a_case(state=CaseState.RESOLVED),
    )
    with store.unit_of_work() as uow:
        uow.messages.add_many(
            [
                a_message(ana.id, "1", text="100% of my card is GESPERRT, Übung"),
                a_message(ana.id, "2", text="and the refund?"),
                a_message(olga.id, "3", text="100 cards"),
                a_message(old.id, "4", text="refund me\\now"),
            ],
            network="x",
            account_id="1",
        )
        find = uow.case_search.find
        assert ids(find(["refund"], limit=9)) == ids([old, ana])
        assert ids(find(["refund"], limit=1)) == ids([old])
        assert ids(find(["gesperrt", "REFUND", "ngata"], limit=9)) == ids([ana])
        assert ids(find(["übung"], limit=9)) == ids([ana])
        assert ids(find(["ОЛЬГА"], limit=9)) == ids([olga])
        assert ids(find(["100%"], limit=9)) == ids([ana])
        assert ids(find(["a_9"], limit=9)) == ids([olga])
        assert ids(find(["d_9"], limit=9)) == []
        assert ids(find(["me\\now"], limit=9)) == ids([old])
        assert ids(find(["card", "olga"], limit=9)) == ids([olga])
