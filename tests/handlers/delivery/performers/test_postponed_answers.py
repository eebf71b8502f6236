"""Show on cards why answers are postponed: a rate limit, a network that is away, their turn."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from adapters.slack.people import Person
from domain.cases.case import Case
from domain.delivery.effects import SendPublicReply
from domain.delivery.outcomes import Absent, Done, Finding, Later, Outcome, Unknown
from domain.delivery.pacing import Pace
from domain.intake.posts import Author
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import unpaced
from tests.handlers.delivery.performers.test_cards import SUPPORT, DeliveryHarness, a_harness
from tests.handlers.delivery.performers.test_public_replies import OURS, ScriptedNetwork
from tests.handlers.handoffs.made import LATER, in_private, private_reply
from tests.handlers.made import HOUR, a_post, a_stored_case, arrive, cases, networks, queued
from tests.handlers.replies.test_results import answered
from tests.stories import shown

LIMITED = Later("X's rate limit is reached (HTTP 429)", wait=HOUR, pause_destination=True, counts=False)


@pytest.fixture
def network() -> ScriptedNetwork:
    return ScriptedNetwork()


@pytest.fixture
def harness(desk: Desk, network: ScriptedNetwork) -> DeliveryHarness:
    return a_harness(desk, networks(network))


def cards(harness: DeliveryHarness) -> list[str]:
    """Return all text of each card, the oldest first."""
    return [shown(dict(content)) for (at, _), content in harness.chat.messages.items() if at == SUPPORT]


def at(moment: datetime) -> str:
    return f"<!date^{int(moment.timestamp())}^"


async def two_cases(store: Store, harness: DeliveryHarness) -> list[Case]:
    """Store two cases with cards."""
    a_stored_case(store)
    arrive(store, a_post("9100", "@acme my parcel is late", author=Author(id="777", handle="bo", name="Bo")))
    await harness.settle()
    assert len(cards(harness)) == 2
    return cases(store)


async def test_a_rate_limit_is_told_on_every_card_that_waits_for_it_and_after_a_restart(
    store: Store, desk: Desk, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    first, second = await two_cases(store, harness)
    network.outcomes.append(LIMITED)
    answered(store, first)
    tried_at = harness.clock.moment
    await harness.settle()
    answered(store, second, text="Hi Bo", key="V2")
    await harness.settle()
    assert len(network.unnotified) == 1, "the second is not tried within the first one's rate limit"
    for card in cards(harness):
        assert "*Waits to be sent*" in card
        assert "X takes no more from us for now" in card
        assert f"goes out by itself {at(tried_at + HOUR)}" in card
        assert "Sending…" not in card

    ctx = a_context(desk, team_chat=harness.chat, clock=harness.clock, networks=networks(network))
    dispatcher = Dispatcher(performers=performers(ctx), paces=unpaced, owner="me")
    again = DeliveryHarness(
        Delivery(desk, dispatcher, harness.clock, sole_worker=True), harness.chat, harness.clock
    )
    arrive(store, a_post("9200", "@acme hello? anybody there?"))
    await again.settle()
    [changed] = [card for card in cards(again) if "anybody there" in card]
    assert "X takes no more from us for now" in changed
    assert f"goes out by itself {at(tried_at + HOUR)}" in changed
    again.clock.advance(hours=1)
    await again.settle()
    assert all("takes no more" not in card for card in cards(again))
    assert any(OURS in card for card in cards(again))


async def test_a_network_that_is_away_is_told_with_each_attempt_and_then_as_failed(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    case = a_stored_case(store)
    await harness.settle()
    network.outcomes += [Later("X cannot be reached (OSError)")] * 6
    answered(store, case)
    seen = set()
    for _ in range(80):
        await harness.settle()
        [card] = cards(harness)
        seen |= {number for number in range(2, 7) if f"(attempt {number} of 6)" in card}
        if "Not sent yet" in card:
            assert "X cannot be reached (OSError). It is tried again by itself" in card
        harness.clock.advance(seconds=2)
    assert {4, 5, 6} <= seen, "waits of less than five seconds need not be drawn"
    [card] = cards(harness)
    assert "⚠️ *Not sent:* X cannot be reached (OSError) (tried 6 times)" in card
    assert "Try again" in card


async def test_what_is_being_sent_again_after_a_doubt_says_why_it_waits(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    case = a_stored_case(store)
    await harness.settle()
    network.outcomes += [Unknown("the connection broke", responded=True), LIMITED]
    answered(store, case)
    for _ in range(12):
        await harness.settle()
        harness.clock.advance(minutes=1)
    assert not network.outcomes
    [card] = cards(harness)
    assert "X takes no more from us for now" in card
    assert "Not sure" not in card


async def test_an_answer_that_waits_for_our_own_pace_says_when_its_turn_comes(
    store: Store, desk: Desk, network: ScriptedNetwork
) -> None:
    def slowly(destination: str) -> Pace | None:
        return Pace(timedelta(minutes=2)) if destination == SendPublicReply(0, 0, "x").destination else None

    harness = a_harness(desk, networks(network), paces=slowly)
    first, second = await two_cases(store, harness)
    answered(store, first)
    sent_at = harness.clock.moment
    answered(store, second, text="Hi Bo", key="V2")
    await harness.settle()
    told = [card for card in cards(harness) if "Others go first" in card]
    assert len(told) == 1
    assert at(sent_at + timedelta(minutes=2)) in told[0]
    harness.clock.advance(minutes=2)
    await harness.settle()
    assert all(OURS in card for card in cards(harness))


@dataclass
class Venues:
    """A private venue with scripted outcomes."""

    venue: Venue = Venue.DM
    outcomes: list[Outcome] = field(default_factory=list)
    transcripts: None = None

    def id_of(self, outgoing: OutgoingMessage) -> None:
        assert outgoing.message.venue is self.venue

    async def send(self, outgoing: OutgoingMessage) -> Outcome:
        assert outgoing.message.text
        return self.outcomes.pop(0) if self.outcomes else Done({"id": "55"})

    async def find(self, outgoing: OutgoingMessage, since: object) -> Finding:
        assert outgoing.message.text
        assert since
        return Absent()


class Directory:
    """People who are all called Sam; nobody is an agent of the channel."""

    async def person(self, user_id: str) -> Person:
        assert user_id
        return Person(name="Sam O.")

    async def agents(self) -> frozenset[str]:
        return frozenset()

    async def names_of(self, user_ids: Collection[str]) -> list[str]:
        return [(await self.person(user_id)).name for user_id in user_ids]


@pytest.mark.parametrize("venue", [Venue.DM, Venue.EMAIL])
async def test_a_private_answer_says_why_it_waits_and_what_goes_before_it(
    store: Store, desk: Desk, venue: Venue
) -> None:
    client = Venues(venue)
    direct, mail = (client, None) if venue is Venue.DM else (True, client)
    harness = a_harness(desk, networks(ScriptedNetwork(), direct=direct), email=mail, directory=Directory())
    case, _ = in_private(store, venue=venue)
    harness.clock.moment = LATER
    await harness.settle()
    client.outcomes.append(Later("it cannot be reached (OSError)", wait=HOUR))
    private_reply(store, case, "One")
    await harness.settle()
    private_reply(store, case, "Two")
    await harness.settle()
    [card] = cards(harness)
    assert "Two" in card
    assert "*Not sent yet:* it cannot be reached (OSError)." in card
    assert "1 earlier answer of this conversation goes out before it." in card
    assert [row["state"] for row in queued(store, "send_private")] == ["queued", "queued"]
