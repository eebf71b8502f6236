"""Build the links to the private venues, and say why there is none."""

from dataclasses import replace

import pytest

from domain.handoffs.handoff import HandoffState, Proof
from domain.handoffs.venue_choice import NotSetUp, Obstacle, Reachability
from domain.networks import Networks
from domain.replies.outgoing_message import new_private_reply
from domain.venues import Venue
from handlers.desk import Desk
from handlers.handoffs.venues import reachability, venue_choices
from storage.engine import Store
from tests.domain.made import a_case, a_handoff
from tests.handlers.context import a_context
from tests.handlers.handoffs.made import LATER, handoff_venues, incoming_message, ingest_message
from tests.handlers.made import PROFILE, SAM, a_stored_case, do, networks

CASE = a_case()


@pytest.mark.parametrize(
    ("connected", "why_not"),
    [
        (Networks({}, [PROFILE]), "X is not connected: its settings are missing."),
        (Networks({}, [replace(PROFILE, capabilities=frozenset())]), "X has no direct messages."),
        (networks(direct=None), "Direct messages are switched off: dm.enabled in switchboard.toml."),
    ],
    ids=["not connected", "none there", "switched off"],
)
def test_a_network_says_why_it_has_no_direct_messages(connected: Networks, why_not: str) -> None:
    set_up = handoff_venues(networks=connected)
    assert set_up.link(CASE, Venue.DM, "n") is None
    assert set_up.missing_link_reason(CASE, Venue.DM) == why_not


def test_our_direct_message_is_not_one_of_theirs(store: Store) -> None:
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        ours = new_private_reply(case, Venue.DM, "Hi", by=SAM, client_key="k", now=LATER)
        uow.messages.add_many([ours], network=case.network, account_id=case.account_id)
        assert not reachability(uow, case).wrote_by_dm
    ingest_message(store, incoming_message())
    assert do(store, reachability, case).wrote_by_dm


def test_another_venue_says_what_its_settings_lack() -> None:
    set_up = handoff_venues(links={}, unavailable_reasons={Venue.CHAT: "It needs PUBLIC_URL."})
    assert set_up.link(CASE, Venue.CHAT, "n") is None
    assert set_up.missing_link_reason(CASE, Venue.CHAT) == "It needs PUBLIC_URL."
    assert set_up.missing_link_reason(CASE, Venue.EMAIL) == "It is not set up."


def test_a_link_leads_to_our_page_on_the_network_of_the_case_or_carries_the_nonce() -> None:
    assert handoff_venues().link(CASE, Venue.DM, "n") == "https://x.example/compose"
    assert handoff_venues().link(CASE, Venue.CHAT, "n") == "https://acme.example/chat#n"


def test_what_is_set_up_depends_on_the_network() -> None:
    assert handoff_venues().set_up_for("x") == {Venue.DM, Venue.EMAIL, Venue.CHAT}
    assert handoff_venues(networks=networks(direct=None)).set_up_for("x") == {Venue.EMAIL, Venue.CHAT}
    assert handoff_venues(links={}).set_up_for("email") == frozenset()


def test_cards_and_forms_know_what_is_set_up(desk: Desk) -> None:
    ctx = replace(a_context(desk), venues=handoff_venues(networks=networks(direct=None), links={}))
    assert ctx.our_account("x").private_venues == frozenset()


def test_the_way_back_to_public_is_listed_last() -> None:
    there = a_handoff(Venue.CHAT, HandoffState.ARRIVED, proof=Proof.AGENT)
    choices = venue_choices(Reachability(case=CASE, handoffs=[there]), handoff_venues(links={}))
    assert {choice.venue.value: choice.unavailable_reason for choice in choices} == {
        "dm": None,
        "email": NotSetUp("It is not set up."),
        "chat": Obstacle.ALREADY_THERE,
        "public": None,
    }
    assert choices[-1].venue is Venue.PUBLIC
    assert [choice.venue.value for choice in venue_choices(Reachability(case=CASE), handoff_venues())] == [
        "dm",
        "email",
        "chat",
    ]
