"""A transcript's way through the outbox: its Message-ID is stored first, and what is in doubt is looked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

from domain.chat.transcript import TranscriptEmail
from domain.delivery.effects import EFFECTS
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome, Unknown
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers.transcripts import TranscriptSender
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.chat.made import a_chat, ask
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import Hands, Script, turn, unpaced
from tests.handlers.handoffs.made import LATER
from tests.handlers.made import SAM, queued


@dataclass
class Post:
    """What it answers stands in `outcomes` and `findings`, in turn; after that, it is sent and nothing is found."""

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


async def settle(desk: Desk, post: Post | None, clock: Hands) -> None:
    """Deliver what is due."""

    email = SimpleNamespace(transcripts=post) if post is not None else None
    ctx = a_context(desk, email=email, directory=SimpleNamespace(first_name=first_name))
    performers = dict.fromkeys(EFFECTS, Script()) | {"send_transcript": TranscriptSender(ctx)}
    delivery = Delivery(
        desk, Dispatcher(performers=performers, paces=unpaced, owner="me"), clock, sole_worker=False
    )
    while await turn(delivery):
        pass


def state(store: Store) -> str:
    return str(queued(store, "send_transcript")[-1]["state"])


async def test_it_leaves_under_an_id_that_is_stored_with_the_agents_name(store: Store, desk: Desk) -> None:
    a_chat(store)
    asked, post, clock = ask(store), Post(), Hands(LATER)
    stored: list[str | None] = []

    def look() -> None:
        with store.unit_of_work() as uow:
            stored.append(uow.transcripts.get(asked.id).external_id)

    post.on_send = look
    await settle(desk, post, clock)
    [letter] = post.letters
    assert stored == [f"t{asked.id}@acme.example"]
    assert letter.names == {SAM: "Sam"}
    assert state(store) == "sent"


async def test_what_is_in_doubt_is_looked_for_and_sent_again_only_when_it_surely_is_not_there(
    store: Store, desk: Desk
) -> None:
    a_chat(store)
    ask(store)
    post, clock = Post(outcomes=[Unknown("the line broke")]), Hands(LATER)
    await settle(desk, post, clock)
    assert state(store) == "unsure"
    for _ in range(3):
        clock.move(minutes=3)
        await settle(desk, post, clock)
    assert (len(post.letters), post.looks) == (1, 3), "a folder that is filled late proves nothing at once"
    clock.move(minutes=3)
    await settle(desk, post, clock)
    clock.move(minutes=3)
    await settle(desk, post, clock)
    assert (len(post.letters), state(store)) == (2, "sent")


async def test_what_is_found_was_sent(store: Store, desk: Desk) -> None:
    a_chat(store)
    ask(store)
    post, clock = Post(outcomes=[Unknown("the line broke")], findings=[Done()]), Hands(LATER)
    await settle(desk, post, clock)
    clock.move(minutes=1)
    await settle(desk, post, clock)
    assert (len(post.letters), state(store)) == (1, "sent")


async def test_a_refusal_and_a_mailbox_that_is_gone_are_told(store: Store, desk: Desk) -> None:
    a_chat(store)
    asked = ask(store)
    await settle(desk, Post(outcomes=[Failed("550 nobody")]), Hands(LATER))
    with store.unit_of_work() as uow:
        assert uow.transcripts.get(asked.id).error == "550 nobody"
    again = ask(store)
    await settle(desk, None, Hands(LATER))
    with store.unit_of_work() as uow:
        assert uow.transcripts.get(again.id).error == "E-mail is no longer set up here"
