"""Deliver public replies by the real performer; the card shows their current state and no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.delivery.decisions import MAX_CHECKS
from domain.delivery.effects import LinkReply
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, Outcome, Unknown
from domain.intake.post_context import Named, PostContext
from handlers.desk import Desk
from handlers.replies.doubts import settle_by_person
from handlers.replies.refused import retry_refused
from handlers.replies.retries import retry_reply
from storage.engine import Store
from tests.handlers.delivery.performers.test_cards import SUPPORT, DeliveryHarness, a_harness
from tests.handlers.made import (
    HOUR,
    MIA,
    a_post,
    a_stored_case,
    arrive,
    cases,
    do,
    messages,
    networks,
    queued,
)
from tests.handlers.replies.test_results import answered
from tests.handlers.timers.test_mentions import Network
from tests.stories import shown

OURS = "https://x.com/acme/status/55"
SENT = Done({"id": "55", "url": OURS})
DOUBT = "Not sure it was sent"


@dataclass
class ScriptedNetwork(Network):
    """A network with scripted `outcomes` and `findings`, then success and `Absent`."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unnotified: list[list[str]] = field(default_factory=list)

    async def reply(self, text: str, to_post_id: str, *, unnotified: Sequence[str] = ()) -> Outcome:
        assert text
        assert to_post_id
        self.unnotified.append(list(unnotified))
        return self.outcomes.pop(0) if self.outcomes else SENT

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: object) -> Finding:
        assert account.id
        assert text
        assert to_post_id
        assert since
        return self.findings.pop(0) if self.findings else Absent()


@pytest.fixture
def network() -> ScriptedNetwork:
    return ScriptedNetwork()


@pytest.fixture
def harness(desk: Desk, network: ScriptedNetwork) -> DeliveryHarness:
    return a_harness(desk, networks(network))


def card(harness: DeliveryHarness) -> str:
    """Return all text of the one card."""
    [content] = [dict(content) for (at, _), content in harness.chat.messages.items() if at == SUPPORT]
    return shown(content)


async def in_doubt(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork, *, had_response: bool
) -> tuple[Case, Message]:
    """Send an answer whose outcome is unknown; the card says so."""
    case = a_stored_case(store)
    await harness.settle()
    network.outcomes.append(Unknown("the connection broke", responded=had_response))
    message = answered(store, case)
    await harness.settle()
    assert DOUBT in card(harness)
    return case, message


async def until(harness: DeliveryHarness, holds: Callable[[], bool]) -> None:
    """Deliver minute by minute until `holds()`."""
    for _ in range(MAX_CHECKS + 8):
        if holds():
            return
        harness.clock.advance(minutes=1)
        await harness.settle()
    raise AssertionError(card(harness))


async def test_what_is_sent_again_by_itself_is_shown_as_waiting_and_then_as_sent(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    await in_doubt(store, harness, network, had_response=True)
    network.outcomes.append(Later("busy", wait=HOUR, counts=False))
    await until(harness, lambda: not network.outcomes)
    assert "*Waits to be sent*" in card(harness)
    assert "*Not sent yet:* busy." in card(harness)
    assert DOUBT not in card(harness)
    harness.clock.advance(hours=1)
    await until(harness, lambda: OURS in card(harness))
    assert DOUBT not in card(harness)


async def test_a_person_who_says_it_was_not_and_tries_again_leaves_no_doubt_on_the_card(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    _, message = await in_doubt(store, harness, network, had_response=False)
    await until(harness, lambda: queued(store, "send_reply")[0]["due_at"] is None)
    do(store, settle_by_person, message_id=message.id, sent=False, user_id=MIA, now=harness.clock.moment)
    await harness.settle()
    assert "Not sent" in card(harness)
    assert DOUBT not in card(harness)
    do(store, retry_reply, message_id=message.id, version=None, user_id=MIA, now=harness.clock.moment)
    await harness.settle()
    assert OURS in card(harness)
    assert DOUBT not in card(harness)


async def test_a_person_who_says_it_was_sent_sees_the_link_once_the_network_lists_it(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    case, message = await in_doubt(store, harness, network, had_response=False)
    do(store, settle_by_person, message_id=message.id, sent=True, user_id=MIA, now=harness.clock.moment)
    await harness.settle()
    assert "*Sent" in card(harness)
    assert OURS not in card(harness)
    network.findings.append(SENT)
    await until(harness, lambda: OURS in card(harness))
    assert messages(store, case.id)[-1].external_id == "55"


async def test_a_link_that_is_never_found_is_looked_for_only_so_often(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    _, message = await in_doubt(store, harness, network, had_response=False)
    do(store, settle_by_person, message_id=message.id, sent=True, user_id=MIA, now=harness.clock.moment)
    await until(harness, lambda: queued(store, "link_reply")[0]["state"] == "failed")
    assert queued(store, "link_reply")[0]["attempts"] == LinkReply.max_attempts
    assert "*Sent" in card(harness)


@pytest.mark.parametrize(("code", "many"), [("402", 1), ("401", 1), ("not_summoned", 0)])
async def test_what_failed_for_keys_or_credit_is_sent_again_once_the_network_answers(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork, code: str, many: int
) -> None:
    case = a_stored_case(store)
    await harness.settle()
    network.outcomes.append(Failed("X refuses it", code=code))
    answered(store, case)
    await harness.settle()
    assert "Not sent" in card(harness)
    assert do(store, retry_refused, network="x", now=harness.clock.moment) == many
    assert do(store, retry_refused, network="bluesky", now=harness.clock.moment) == 0
    await harness.settle()
    assert (OURS in card(harness)) is bool(many)


async def test_what_failed_before_the_customer_wrote_again_is_left_to_the_agents(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    case = a_stored_case(store)
    network.outcomes.append(Failed("X refuses it", code="402"))
    answered(store, case)
    await harness.settle()
    arrive(store, a_post("9101", "@acme it works now"))
    assert len(cases(store)) == 1
    assert do(store, retry_refused, network="x", now=harness.clock.moment) == 0


async def test_the_author_alone_is_notified(
    store: Store, harness: DeliveryHarness, network: ScriptedNetwork
) -> None:
    named = tuple(Named(str(number), f"name_{number}") for number in range(801, 812))
    arrive(store, a_post(context=PostContext(named=named)))
    answered(store, cases(store)[0])
    await harness.settle()
    assert network.unnotified == [[person.id for person in named]]
