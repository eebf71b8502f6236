"""Deliver a transcript: its Message-ID is stored before it is sent, and a doubtful send is reconciled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

from domain.chat.transcript import TranscriptEmail
from domain.delivery.effects import EFFECTS
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome, Unknown
from handlers.chat.transcript import request_transcript
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers.transcripts import TranscriptSender
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.chat.made import ANA_BY_MAIL, COOKIE, a_chat, a_requested_transcript
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, turn, unpaced
from tests.handlers.handoffs.made import LATER
from tests.handlers.made import SAM, do, queued


@dataclass
class FakeTranscriptMailer:
    """A mailer with scripted `outcomes` and `findings`, then success and `Absent`."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    letters: list[TranscriptEmail] = field(default_factory=list)
    looks: int = 0
    on_send: Callable[[], None] = lambda: None

    def id_of(self, letter: TranscriptEmail) -> str:
        return f"t{letter.transcript.id}@acme.example"

    async def send(self, letter: TranscriptEmail) -> Outcome:
        self.letters.append(letter)
        self.on_send()
        return self.outcomes.pop(0) if self.outcomes else Done()

    async def find(self, letter: TranscriptEmail) -> Finding:
        assert letter.transcript.external_id is not None
        self.looks += 1
        return self.findings.pop(0) if self.findings else Absent()


async def first_name(user_id: str) -> str:
    return {SAM: "Sam"}[user_id]


async def settle(desk: Desk, mailer: FakeTranscriptMailer | None, clock: ManualClock) -> None:
    """Deliver what is due."""

    email = SimpleNamespace(transcripts=mailer) if mailer is not None else None
    ctx = a_context(desk, email=email, directory=SimpleNamespace(first_name=first_name))
    performers = dict.fromkeys(EFFECTS, ScriptedPerformer()) | {"send_transcript": TranscriptSender(ctx)}
    delivery = Delivery(
        desk, Dispatcher(performers=performers, paces=unpaced, owner="me"), clock, sole_worker=False
    )
    while await turn(delivery):
        pass


def state(store: Store) -> str:
    return str(queued(store, "send_transcript")[-1]["state"])


async def test_it_is_written_for_who_asked_for_it(store: Store, desk: Desk) -> None:
    a_chat(store)
    asked = {"secret_hash": COOKIE, "address": ANA_BY_MAIL, "page_language": "fr", "time_zone": "Asia/Tokyo"}
    do(store, request_transcript, **asked, now=LATER)
    mailer = FakeTranscriptMailer()
    await settle(desk, mailer, ManualClock(LATER))
    [letter] = mailer.letters
    assert (letter.page_language, letter.time_zone) == ("fr", "Asia/Tokyo")


async def test_it_leaves_under_an_id_that_is_stored_with_the_agents_name(store: Store, desk: Desk) -> None:
    a_chat(store)
    asked, mailer, clock = a_requested_transcript(store), FakeTranscriptMailer(), ManualClock(LATER)
    stored: list[str | None] = []

    def look() -> None:
        with store.unit_of_work() as uow:
            stored.append(uow.transcripts.get(asked.id).external_id)

    mailer.on_send = look
    await settle(desk, mailer, clock)
    [letter] = mailer.letters
    assert stored == [f"t{asked.id}@acme.example"]
    assert letter.names == {SAM: "Sam"}
    assert state(store) == "sent"
    with store.unit_of_work() as uow:
        assert uow.transcripts.get(asked.id).sent_at == LATER


async def test_what_is_in_doubt_is_looked_for_and_sent_again_only_when_it_surely_is_not_there(
    store: Store, desk: Desk
) -> None:
    a_chat(store)
    a_requested_transcript(store)
    mailer, clock = FakeTranscriptMailer(outcomes=[Unknown("the line broke")]), ManualClock(LATER)
    await settle(desk, mailer, clock)
    assert state(store) == "unsure"
    for _ in range(3):
        clock.advance(minutes=3)
        await settle(desk, mailer, clock)
    assert (len(mailer.letters), mailer.looks) == (1, 3), (
        "a folder that is filled late proves nothing at once"
    )
    clock.advance(minutes=3)
    await settle(desk, mailer, clock)
    clock.advance(minutes=3)
    await settle(desk, mailer, clock)
    assert (len(mailer.letters), state(store)) == (2, "sent")


async def test_what_is_found_was_sent(store: Store, desk: Desk) -> None:
    a_chat(store)
    a_requested_transcript(store)
    mailer, clock = (
        FakeTranscriptMailer(outcomes=[Unknown("the line broke")], findings=[Done()]),
        ManualClock(LATER),
    )
    await settle(desk, mailer, clock)
    clock.advance(minutes=1)
    await settle(desk, mailer, clock)
    assert (len(mailer.letters), state(store)) == (1, "sent")


async def test_a_refusal_and_a_mailbox_that_is_gone_are_told(store: Store, desk: Desk) -> None:
    a_chat(store)
    asked = a_requested_transcript(store)
    await settle(desk, FakeTranscriptMailer(outcomes=[Failed("550 nobody")]), ManualClock(LATER))
    with store.unit_of_work() as uow:
        assert uow.transcripts.get(asked.id).error == "550 nobody"
    again = a_requested_transcript(store)
    await settle(desk, None, ManualClock(LATER))
    with store.unit_of_work() as uow:
        assert uow.transcripts.get(again.id).error == "E-mail is no longer set up here"
