"""Queue what a person did ahead of what the machine did."""

from domain.delivery.effect import Lane
from domain.delivery.effects import PostCard, UpdateCard
from domain.records.audit import SYSTEM
from handlers.cases.assignment import claim, release
from handlers.cases.cards import give_cards, refresh_card, update_card
from handlers.cases.open_forms import expire_forms, open_form
from storage.engine import Store
from tests.handlers.made import (
    BEN,
    HOUR,
    MINUTE,
    NOW,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    case_of,
    do,
    queued,
)


def lanes(store: Store, case_id: int) -> dict[str, int]:
    rows = [row for row in queued(store) if row["payload"].get("case_id") == case_id]
    return {row["kind"]: row["lane"] for row in rows if row["state"] == "queued"}


def with_card(store: Store, case_id: int) -> None:
    """Post the card of the case, and settle all that waits."""
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case_id, channel="C0SUPPORT", ts=f"{case_id}.1", digest="d")
        for job in uow.outbox.claim(now=NOW + HOUR, lease=MINUTE, owner="t", limit=50, paces=lambda _: None):
            uow.outbox.settle(job, now=NOW, result={})


def test_a_press_goes_before_what_the_customer_wrote(store: Store) -> None:
    pressed, written = a_stored_case(store), a_stored_case(store, author=BEN)
    for case in (pressed, written):
        with_card(store, case.id)
        with_card(store, case.id)
    arrive(store, a_post("7777", "@acme it still does not work", author=BEN), now=NOW + MINUTE)
    do(store, claim, case_id=pressed.id, user_id=SAM, now=NOW + MINUTE)
    assert lanes(store, written.id) == {"update_card": Lane.CARD, "post_thread": Lane.BULK}
    assert lanes(store, pressed.id) == {"update_card": Lane.AGENT, "post_thread": Lane.BULK}
    with store.unit_of_work() as uow:
        jobs = uow.outbox.claim(now=NOW + HOUR, lease=MINUTE, owner="t", limit=1, paces=lambda _: None)
    assert [job.effect for job in jobs] == [UpdateCard(pressed.id)]


def test_of_the_machines_updates_claimed_cards_go_first(store: Store) -> None:
    urgent = a_stored_case(store, "@acme the battery you sent is on fire")
    claimed = a_stored_case(store, "@acme nice bags", author=BEN)
    do(store, claim, case_id=claimed.id, user_id=SAM, now=NOW)
    for case in (urgent, claimed):
        for _ in range(3):
            with_card(store, case.id)
        with store.unit_of_work() as uow:
            update_card(uow, uow.cases.get(case.id), actor=SYSTEM, now=NOW)
    with store.unit_of_work() as uow:
        jobs = uow.outbox.claim(now=NOW + HOUR, lease=MINUTE, owner="t", limit=1, paces=lambda _: None)
    assert [job.effect for job in jobs] == [UpdateCard(claimed.id)]


def test_a_form_that_is_opened_goes_first_and_one_that_expires_does_not(store: Store) -> None:
    case = a_stored_case(store)
    for _ in range(3):
        with_card(store, case.id)
    do(store, open_form, case_of(store, case.id), user_id=SAM, now=NOW)
    assert lanes(store, case.id) == {"update_card": Lane.AGENT}
    with_card(store, case.id)
    do(store, expire_forms, now=NOW + HOUR)
    assert lanes(store, case.id) == {"update_card": Lane.CARD}


def test_a_claim_hurries_the_card_that_waits_to_be_posted(store: Store) -> None:
    case = a_stored_case(store)
    assert lanes(store, case.id) == {"post_card": Lane.CARD}
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    found = lanes(store, case.id)
    assert (found["post_card"], found["update_card"]) == (Lane.AGENT, Lane.AGENT)


def test_a_held_case_gets_its_card_from_a_person_and_nothing_from_the_machine(store: Store) -> None:
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        uow.held_cards.add_many(uow.outbox.withdraw_cards(case.channel), case.channel, now=NOW)
        refresh_card(uow, case, actor=SYSTEM, now=NOW)
    assert lanes(store, case.id) == {}
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    assert lanes(store, case.id) == {"post_card": Lane.AGENT}
    do(store, release, case_id=case.id, user_id=SAM, now=NOW)
    assert [row["key"] for row in queued(store, "post_card")] == [PostCard(case.id, case.channel).key]


def test_what_changes_on_a_card_that_is_held_back_takes_no_turn_of_the_edits(store: Store) -> None:
    """Slack allows 50 a minute: in a flood the cards that agents see would wait for those that are none."""
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        uow.held_cards.add_many(uow.outbox.withdraw_cards(case.channel), case.channel, now=NOW)
        update_card(uow, case, actor=SYSTEM, now=NOW)
        open_form(uow, case, user_id=SAM, now=NOW)
    assert lanes(store, case.id) == {}
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    with store.unit_of_work() as uow:
        update_card(uow, case, actor=SYSTEM, now=NOW)
    found = lanes(store, case.id)
    assert set(found) == {"post_card", "update_card"}, "the card that is on its way is drawn anew"


def test_a_card_is_given_once(store: Store) -> None:
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        uow.held_cards.add_many(uow.outbox.withdraw_cards(case.channel), case.channel, now=NOW)
        assert give_cards(uow, [case], now=NOW) == [case]
        assert give_cards(uow, [case], now=NOW) == []
