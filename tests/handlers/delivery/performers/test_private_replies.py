"""Deliver private replies by the real performer to a fake venue.

Failures before sending are failures; only those during sending are in doubt.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from adapters.slack.people import Person
from domain.cases.files import File
from domain.cases.messages import Delivery, Message
from domain.delivery.effects import EFFECTS
from domain.delivery.outcomes import RECIPIENT_UNREACHABLE, Absent, Done, Failed, Finding, Outcome, Unknown
from domain.errors import DeskError
from domain.handoffs.handoff import HandoffState
from domain.replies.outgoing_message import CodeRecipient, OutgoingMessage
from domain.replies.private_limits import OutgoingAttachment
from domain.venues import Venue
from handlers.delivery.loop import Delivery as Deliverer
from handlers.delivery.loop import Dispatcher
from handlers.delivery.performers.private_replies import PrivateReplySender
from handlers.desk import Desk
from handlers.handoffs.arrival import return_to_public
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, turn, unpaced
from tests.handlers.handoffs.made import LATER, handoff_of, in_private, offered, private_reply
from tests.handlers.made import ACME, ANA, SAM, do, messages, networks, queued

SHOT = OutgoingAttachment(source="F1", name="shot.png", media_type="image/png", size=4)


@dataclass
class FakeVenueClient:
    """A venue with scripted `outcomes` and `findings`, then success and `Absent`."""

    venue: Venue = Venue.DM
    own_id: str | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    parcels: list[OutgoingMessage] = field(default_factory=list)
    on_send: Callable[[], None] = lambda: None

    def id_of(self, parcel: OutgoingMessage) -> str | None:
        assert parcel.message.venue is self.venue
        return self.own_id

    async def send(self, parcel: OutgoingMessage) -> Outcome:
        self.parcels.append(parcel)
        self.on_send()
        return self.outcomes.pop(0) if self.outcomes else Done({"id": "55"})

    async def find(self, parcel: OutgoingMessage, since: datetime) -> Finding:
        assert parcel.agent_name
        assert since.tzinfo is not None
        return self.findings.pop(0) if self.findings else Absent()


CODE_RECIPIENT = CodeRecipient(handle="@acme", url="https://x.example/compose")


@dataclass
class PrivateReplyHarness:
    """A desk with one venue and the source of downloaded files; `faults` are raised by downloads in turn."""

    desk: Desk
    client: FakeVenueClient = field(default_factory=FakeVenueClient)
    clock: ManualClock = field(default_factory=lambda: ManualClock(LATER))
    faults: list[Exception] = field(default_factory=list)

    async def settle(self, *, has_venue: bool = True) -> None:
        """Deliver what is due."""
        client: Any = self.client if has_venue else None
        direct, mail = (client, None) if self.client.venue is Venue.DM else (True, client)
        ctx = a_context(
            self.desk, networks=networks(direct=direct), email=mail, directory=self, download=self._fetch
        )
        sender = PrivateReplySender(ctx)
        performers = dict.fromkeys(EFFECTS, ScriptedPerformer()) | {"send_private": sender}
        delivery = Deliverer(
            self.desk,
            Dispatcher(performers=performers, paces=unpaced, owner="me"),
            self.clock,
            sole_worker=False,
        )
        while await turn(delivery):
            pass

    async def _fetch(self, file: File) -> bytes:
        if self.faults:
            raise self.faults.pop(0)
        return f"of {file.source}".encode()

    async def person(self, user_id: str) -> Person:
        """Look up a person, as the directory does."""
        return Person(name={SAM: "Sam O."}[user_id])


@pytest.fixture
def harness(desk: Desk) -> PrivateReplyHarness:
    return PrivateReplyHarness(desk)


def last(store: Store, message: Message) -> Message:
    [now] = [one for one in messages(store, message.case_id) if one.id == message.id]
    return now


def state(store: Store) -> str:
    return str(queued(store, "send_private")[-1]["state"])


async def test_a_message_goes_with_its_file_and_the_agents_name(
    store: Store, harness: PrivateReplyHarness
) -> None:
    case, there = in_private(store)
    message = private_reply(store, case, files=[SHOT])
    await harness.settle()
    [parcel] = harness.client.parcels
    assert (parcel.agent_name, parcel.handoff, parcel.message) == ("Sam O.", there, message)
    assert parcel.code_recipient == CODE_RECIPIENT
    assert [(file.name, file.content) for file in parcel.files] == [("shot.png", b"of F1")]
    sent = last(store, message)
    assert (sent.delivery, sent.external_id, sent.sent_at, sent.delivered_at) == (
        Delivery.SENT,
        "55",
        LATER,
        LATER,
    )
    with store.unit_of_work() as uow:
        assert uow.files.get(parcel.files[0].id).content == b"of F1"


async def test_our_own_id_is_stored_before_it_leaves(store: Store, harness: PrivateReplyHarness) -> None:
    case, _ = in_private(store, venue=Venue.EMAIL)
    message = private_reply(store, case)
    seen: list[str | None] = []
    harness.client = FakeVenueClient(Venue.EMAIL, "<ours@acme.example>", outcomes=[Done({})])
    harness.client.on_send = lambda: seen.append(last(store, message).external_id)
    await harness.settle()
    assert seen == ["<ours@acme.example>"]
    assert harness.client.parcels[0].message.external_id == "<ours@acme.example>"
    assert last(store, message).external_id == "<ours@acme.example>"


@pytest.mark.parametrize("code", ["", RECIPIENT_UNREACHABLE])
async def test_a_failure_is_in_words_and_nothing_is_in_doubt(
    store: Store, harness: PrivateReplyHarness, code: str
) -> None:
    case, there = in_private(store)
    message = private_reply(store, case)
    harness.client.outcomes = [Failed("their inbox is closed to us", code)]
    await harness.settle()
    failed = last(store, message)
    assert (failed.delivery, failed.error) == (Delivery.FAILED, "their inbox is closed to us")
    assert handoff_of(store, there.id).unreachable_at == (LATER if code else None)


async def test_a_venue_that_is_no_longer_set_up_is_said_to_be(
    store: Store, harness: PrivateReplyHarness
) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case)
    await harness.settle(has_venue=False)
    assert last(store, message).error == "Direct message is no longer set up here"


async def test_nothing_goes_to_who_has_opted_out_since(store: Store, harness: PrivateReplyHarness) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case)
    with store.unit_of_work() as uow:
        uow.opt_outs.add("x", ACME.id, ANA.id, text="STOP", now=LATER)
    await harness.settle()
    assert harness.client.parcels == []
    assert last(store, message).error == "the customer has asked not to be written to in private"


async def test_a_file_that_cannot_be_had_fails_the_message(
    store: Store, harness: PrivateReplyHarness
) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case, files=[SHOT])
    harness.faults = [DeskError("“shot.png” is not in Slack any more")]
    await harness.settle()
    assert harness.client.parcels == []
    assert last(store, message).error == "“shot.png” is not in Slack any more"


async def test_a_fault_before_it_left_is_tried_again_and_asks_nobody(
    store: Store, harness: PrivateReplyHarness
) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case, files=[SHOT])
    harness.faults = [ConnectionError("no route")]
    await harness.settle()
    assert (last(store, message).delivery, state(store)) == (Delivery.QUEUED, "queued")
    harness.clock.advance(minutes=1)
    await harness.settle()
    assert len(harness.client.parcels) == 1
    assert last(store, message).delivery is Delivery.SENT


async def test_what_is_in_doubt_is_looked_for_and_found(store: Store, harness: PrivateReplyHarness) -> None:
    case, _ = in_private(store)
    message = private_reply(store, case)
    harness.client.outcomes = [Unknown("the line broke")]
    await harness.settle()
    assert last(store, message).delivery is Delivery.UNSURE
    harness.client.findings = [Done({"id": "77"})]
    harness.clock.advance(minutes=1)
    await harness.settle()
    found = last(store, message)
    assert (found.delivery, found.external_id, len(harness.client.parcels)) == (Delivery.SENT, "77", 1)


async def test_what_was_sent_is_not_sent_by_another_try(store: Store, harness: PrivateReplyHarness) -> None:
    """Killed between sending and committing; meanwhile a person said that it was sent."""
    case, _ = in_private(store)
    message = private_reply(store, case)
    with store.unit_of_work() as uow:
        uow.messages.save(replace(message, delivery=Delivery.SENT, external_id="55"))
    await harness.settle()
    assert harness.client.parcels == []
    assert state(store) == "sent"


async def test_the_first_message_at_a_venue_opens_it_once_it_is_sent(
    store: Store, harness: PrivateReplyHarness
) -> None:
    case, _ = in_private(store)
    do(store, return_to_public, case_id=case.id, user_id=SAM, now=LATER)
    offer = offered(store, case, Venue.DM, sent=False)
    await harness.settle()
    assert harness.client.parcels[0].handoff == offer
    assert handoff_of(store, offer.id).state is HandoffState.ARRIVED
