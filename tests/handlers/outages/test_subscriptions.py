"""Ask for a subscription and confirm it: what strangers do meanwhile changes neither."""

from dataclasses import replace
from typing import Any

import pytest

from domain.outages.subscribers import Choice, SubscriberState, link_nonce
from handlers.outages.subscribers import (
    ASK_AGAIN_AFTER,
    choice_to_confirm,
    confirm,
    import_subscribers,
    subscribe,
)
from storage.engine import Store
from tests.handlers.made import NOW, do
from tests.handlers.outages.mail_world import state_of
from tests.handlers.outages.test_races import meanwhile

ANA = "ana@example.com"
COMPONENTS = ["Payments", "Log in"]
MINE = Choice(language="de", components=("Payments",))
STRANGERS = Choice(language="ja")
LATER = NOW + ASK_AGAIN_AFTER


def an_id(store: Store) -> int:
    with store.unit_of_work() as uow:
        return uow.subscribers.by_address([ANA])[ANA].id


def imported(store: Store, choice: Choice) -> None:
    do(
        store,
        import_subscribers,
        rows=[(ANA, choice)],
        is_confirmed=False,
        by="sam",
        new_nonce=lambda: "of-the-file",
        now=NOW,
    )


def test_who_confirms_while_a_stranger_asks_again_stays_subscribed(store: Store) -> None:
    do(store, subscribe, address=ANA, choice=MINE, nonce="n" * 22, now=NOW)
    link = link_nonce("n" * 22, "n" * 6, MINE)
    ana = an_id(store)
    with meanwhile(store) as (uow, other):
        assert confirm(uow, subscriber_id=ana, nonce=link, components=COMPONENTS, now=LATER)
        asked = other(subscribe, address=ANA, choice=STRANGERS, nonce="s" * 22, now=LATER)
    asked.result(30)
    assert state_of(store, ANA) is SubscriberState.CONFIRMED
    with store.unit_of_work() as uow:
        assert uow.subscribers.get(ana).choice == MINE


@pytest.mark.parametrize("corrected", [MINE, Choice(language="de", components=("Log in",))])
def test_a_stranger_does_not_choose_for_an_address_that_was_imported(store: Store, corrected: Choice) -> None:
    """The link of an imported address confirms what the file says, also where that was corrected since."""
    imported(store, MINE)
    do(store, subscribe, address=ANA, choice=STRANGERS, nonce="s" * 22, now=LATER)
    imported(store, corrected)
    ana = an_id(store)
    link: dict[str, Any] = {
        "subscriber_id": ana,
        "nonce": "of-the-file",
        "components": COMPONENTS,
        "now": LATER,
    }
    assert do(store, choice_to_confirm, **link) == corrected
    assert do(store, confirm, **link)
    with store.unit_of_work() as uow:
        assert uow.subscribers.get(ana).choice == corrected


def test_a_link_without_a_choice_confirms_what_was_asked_on_the_page(store: Store) -> None:
    """As those that were mailed before links had one, and whoever is subscribed changes their choice by."""
    imported(store, MINE)
    ana = an_id(store)
    assert do(store, confirm, subscriber_id=ana, nonce="of-the-file", components=COMPONENTS, now=NOW)
    with store.unit_of_work() as uow:
        known = uow.subscribers.get(ana)
        uow.subscribers.save(replace(known, asked=STRANGERS, asked_at=LATER, nonce="old"))
    assert do(store, confirm, subscriber_id=ana, nonce="old", components=COMPONENTS, now=LATER)
    with store.unit_of_work() as uow:
        assert uow.subscribers.get(ana).choice == STRANGERS
