"""Poll direct messages: ingest each once with its files, alert on errors, apply opt-outs and codes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.prompts.sentences import load_sentences
from domain.accounts import Account
from domain.cases.case import CaseState
from domain.cases.messages import Delivery, Direction, Message
from domain.handoffs.code_answers import CodeWords, is_code_answer
from domain.handoffs.handoff import Handoff, HandoffState, Proof, may_read
from domain.handoffs.opt_out import OptOutWords
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingAttachment, IncomingFile, IncomingMessage, IncomingPage
from domain.intake.stream_names import DIRECT_MESSAGES
from domain.intake.streams import Cursor, SourceError, SourceFault
from domain.records.audit import Action
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.venues import Venue
from handlers.desk import Desk
from handlers.handoffs.code_answers import record_code_answer_sent
from handlers.intake import direct_messages
from handlers.intake.private_messages import ingest_private_message
from handlers.intake.stream_health import get_cursor
from handlers.timers.direct_messages import DirectMessagePoller
from handlers.timers.stream_poller import StreamPoller
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.context import a_live_classifier
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import (
    ACME,
    ANA,
    BEN,
    NOW,
    POLICY,
    a_stored_case,
    alerts,
    case_of,
    cases,
    do,
    messages,
    queued,
    trail,
)
from tests.source import ROOT

PAUSE = timedelta(minutes=15)
WORDS = OptOutWords.of(["stop"], ["start"])
CODE_WORDS = CodeWords(load_sentences(ROOT / "prompts" / "verification.toml", DEFAULT_FORMS))
PICTURE = IncomingFile(name="a.png", media_type="image/png", content=b"png")


@dataclass
class FakeInbox:
    """Return or raise `pages` in turn; nothing new after that."""

    pages: list[IncomingPage | Exception] = field(default_factory=list)
    calls: list[str | None] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    async def read(self, account: Account, since_id: str | None) -> IncomingPage:
        assert account == ACME
        self.calls.append(since_id)
        page = self.pages.pop(0) if self.pages else IncomingPage(newest_id=since_id)
        if isinstance(page, Exception):
            raise page
        return page

    async def fetch(self, attachment: IncomingAttachment) -> IncomingFile:
        self.fetched.append(attachment.name)
        return replace(PICTURE, name=attachment.name, refused=attachment.address or None)


def an_intake(desk: Desk, inbox: FakeInbox, clock: ManualClock) -> DirectMessagePoller:
    poller = StreamPoller(desk=desk, account=ACME, label="X", policy=POLICY, clock=clock, pause=PAUSE)
    classifier = a_live_classifier(desk, clock)
    return DirectMessagePoller(
        poller=poller, inbox=inbox, classifier=classifier, opt_out_words=WORDS, code_words=CODE_WORDS
    )


def a_direct(event_id: int = 901, text: str = "hello", author: Author = ANA) -> IncomingMessage:
    return IncomingMessage(
        venue=Venue.DM,
        network=ACME.network,
        account_id=ACME.id,
        external_id=str(event_id),
        author=author,
        text=text,
        at=NOW,
        address=author.id,
    )


def a_page(*heard: IncomingMessage, **more: Any) -> IncomingPage:  # noqa: ANN401 - any of the fields
    newest = max((one.external_id for one in heard), key=int, default="1")
    return IncomingPage(messages=heard, newest_id=newest, **more)


async def poll(desk: Desk, *pages: IncomingPage | Exception, clock: ManualClock | None = None) -> list[int]:
    """Return how many messages were new in each poll."""
    intake = an_intake(desk, FakeInbox(list(pages)), clock or ManualClock())
    return [await intake.read() for _ in pages]


def cursor(store: Store) -> Cursor:
    return do(store, get_cursor, account=ACME, stream=DIRECT_MESSAGES)


def handoffs(uow: UnitOfWork, case_id: int) -> Sequence[Handoff]:
    return uow.handoffs.of_case(case_id)


def has_opted_out(uow: UnitOfWork, author: Author = ANA) -> bool:
    return uow.opt_outs.has(ACME.network, ACME.id, author.id)


def offer(uow: UnitOfWork, case_id: int, venue: Venue, state: HandoffState, code: str = "Q7K2PX") -> Handoff:
    uow.cases.save(uow.cases.get(case_id))
    return uow.handoffs.add(
        Handoff(
            id=0,
            case_id=case_id,
            venue=venue,
            state=state,
            offered_at=NOW,
            offered_by="U0SAM",
            expires_at=NOW + timedelta(hours=24),
            nonce=f"n{case_id}",
            code=code,
        )
    )


async def test_a_direct_message_joins_its_authors_case_or_opens_one(store: Store, desk: Desk) -> None:
    known = a_stored_case(store)
    added = await poll(
        desk, a_page(a_direct(901, "it is me again"), a_direct(902, "hi there", BEN)), a_page()
    )
    assert added == [2, 0]
    [other] = [case for case in cases(store) if case.id != known.id]
    assert [(m.text, m.venue) for m in messages(store, known.id)][-1] == ("it is me again", Venue.DM)
    assert other.author == BEN
    [handoff] = do(store, handoffs, known.id)
    assert (handoff.venue, handoff.state, handoff.proof) == (
        Venue.DM,
        HandoffState.ARRIVED,
        Proof.SAME_ACCOUNT,
    )
    assert cursor(store).arrived_at == NOW
    assert alerts(store) == []


async def test_a_duplicate_is_stored_once_and_its_files_are_fetched_once(store: Store, desk: Desk) -> None:
    attached = {
        "901": [IncomingAttachment(name="a.png"), IncomingAttachment(name="b.mp4", address="it is a film")]
    }
    page = a_page(a_direct(901, ""), attached=attached)
    inbox = FakeInbox([page, page])
    intake = an_intake(desk, inbox, ManualClock())
    assert [await intake.read(), await intake.read(), await intake.read()] == [1, 0, 0]
    assert inbox.calls == [None, "901", "901"]
    assert inbox.fetched == ["a.png", "b.mp4"]
    [case] = cases(store)
    [message] = messages(store, case.id)

    def files(uow: UnitOfWork) -> list[str]:
        return [file.name for file in uow.files.of_messages([message.id])[message.id]]

    assert do(store, files) == ["a.png"]
    [opened] = [entry for entry in trail(store, case.id) if entry.action is Action.CASE_OPENED]
    assert opened.detail["refused"] == [{"name": "b.mp4", "why": "it is a film"}]


async def test_no_more_files_are_fetched_than_may_come_with_a_message(desk: Desk) -> None:
    inbox = FakeInbox(
        [a_page(a_direct(901), attached={"901": [IncomingAttachment(name=f"{n}.png") for n in range(50)]})]
    )
    await an_intake(desk, inbox, ManualClock()).read()
    assert len(inbox.fetched) == 5


async def test_the_cursor_moves_only_when_everything_is_stored(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = FakeInbox([a_page(a_direct(901), a_direct(902, author=BEN))] * 2)
    intake = an_intake(desk, inbox, ManualClock())
    real = intake._ingest

    async def breaks(heard: IncomingMessage, page: IncomingPage) -> bool:
        if heard.external_id == "902":
            raise OSError("the disk is full")
        return await real(heard, page)

    monkeypatch.setattr(intake, "_ingest", breaks)
    assert await intake.read() == 0
    assert cursor(store).since_id is None
    assert len(cases(store)) == 1
    [told] = alerts(store)
    assert (
        "Direct messages of @acme on X could not be read so far: what came could not be stored (OSError)"
        in told
    )
    monkeypatch.undo()
    assert await intake.read() == 1
    assert cursor(store).since_id == "902"


async def test_a_message_that_fails_to_ingest_is_skipped_after_three_attempts(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_page(a_direct(901), a_direct(902, author=BEN))
    intake = an_intake(desk, FakeInbox([page] * 5), ManualClock())

    def fail_to_ingest(uow: UnitOfWork, heard: IncomingMessage, **more: Any) -> object:  # noqa: ANN401 - as the intake gives it
        if heard.external_id == "901":
            raise KeyError("a fault of ours")
        return ingest_private_message(uow, heard, **more)

    monkeypatch.setattr(direct_messages, "ingest_private_message", fail_to_ingest)
    for _ in range(2):
        assert await intake.read() == 0
        assert cursor(store).since_id is None
    assert await intake.read() == 1
    assert cursor(store).since_id == "902"
    assert [case.author for case in cases(store)] == [BEN]
    told = [one for one in alerts(store) if "has no card (KeyError)" in one]
    assert len(told) == 1
    assert told[0].startswith("A direct message to @acme on X from @")
    assert "Its id is 901." in told[0]
    assert [row["key"] for row in queued(store, "alert") if "901" in row["key"]] == [
        f"alert:skipped:x:{ACME.id}:901"
    ]
    # X keeps listing the newest message for some time.
    assert await intake.read() == 0
    assert [one for one in alerts(store) if "has no card" in one] == told
    monkeypatch.undo()
    assert await intake.read() == 1, "what can be stored after all is"


async def test_a_message_whose_files_cannot_be_fetched_yet_is_not_skipped(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_page(a_direct(901), attached={"901": [IncomingAttachment(name="a.png")]})
    inbox = FakeInbox([page] * 5)
    intake = an_intake(desk, inbox, ManualClock())

    async def away(_attachment: IncomingAttachment) -> IncomingFile:
        raise SourceError(SourceFault.UNAVAILABLE, "X is away")

    monkeypatch.setattr(inbox, "fetch", away)
    assert [await intake.read() for _ in range(4)] == [0] * 4
    assert cursor(store).since_id is None
    monkeypatch.undo()
    assert await intake.read() == 1


@pytest.mark.parametrize("trouble", [SourceFault.REFUSED, SourceFault.OUT_OF_CREDIT, SourceFault.USAGE_CAP])
async def test_a_fault_pauses_the_stream_and_alerts_once_until_it_works_again(
    store: Store, desk: Desk, trouble: SourceFault
) -> None:
    error = SourceError(trouble, "X says no")
    inbox, clock = FakeInbox([error, error, a_page(a_direct())]), ManualClock()
    intake = an_intake(desk, inbox, clock)
    await intake.read()
    await intake.read()
    assert len(inbox.calls) == 1
    clock.advance(minutes=16)
    await intake.read()
    [told] = alerts(store)
    assert told.startswith("Reading direct messages of @acme on X has paused: X says no. ")
    clock.advance(minutes=16)
    assert await intake.read() == 1
    assert "Reading direct messages of @acme on X works again" in alerts(store)[1]


async def test_a_rate_limit_is_waited_out_without_an_alert(store: Store, desk: Desk) -> None:
    clock = ManualClock()
    until = NOW + timedelta(minutes=9)
    inbox = FakeInbox([SourceError(SourceFault.RATE_LIMIT, "slow down", resume_at=until), a_page(a_direct())])
    intake = an_intake(desk, inbox, clock)
    await intake.read()
    clock.advance(minutes=8)
    assert await intake.read() == 0
    clock.advance(minutes=2)
    assert await intake.read() == 1
    assert alerts(store) == []


async def test_skipped_messages_and_gaps_raise_alerts(store: Store, desk: Desk) -> None:
    await poll(desk, a_page(a_direct(901), skipped=("900", "?"), gap=True))
    skipped, gap = alerts(store)
    assert skipped.startswith("2 direct messages for @acme on X could not be read and have no card: 900, ?")
    assert gap.startswith("Some direct messages of @acme on X may be missing")


# --- opt-outs ---------------------------------------------------------------------------------


async def test_an_opt_out_is_kept_until_it_is_revoked(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    await poll(desk, a_page(a_direct(901, "Stop!")))
    assert do(store, has_opted_out)
    assert not do(store, has_opted_out, BEN)
    await poll(desk, a_page(a_direct(902, "please stop charging me"), a_direct(903, "STOP")))
    await poll(desk, a_page(a_direct(904, "start")))
    assert not do(store, has_opted_out)
    await poll(desk, a_page(a_direct(905, "start")))
    opted = [entry for entry in trail(store, case.id) if entry.action is Action.OPTED_OUT]
    assert [entry.detail for entry in opted] == [
        {"said": "Stop!", "back": False},
        {"said": "start", "back": True},
    ]
    said = {one.id: one.text for one in messages(store, case.id)}
    assert [said.get(entry.message_id or 0) for entry in opted] == ["Stop!", "start"]
    assert len(messages(store, case.id)) == 6, "the agent sees what was said all the same"


async def test_a_message_with_a_file_is_no_opt_out(store: Store, desk: Desk) -> None:
    await poll(desk, a_page(a_direct(901, "stop"), attached={"901": [IncomingAttachment(name="sign.png")]}))
    assert not do(store, has_opted_out)


# --- codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("venue", "state"),
    [(Venue.CHAT, HandoffState.ARRIVED), (Venue.EMAIL, HandoffState.OFFERED)],
)
async def test_a_code_verifies_where_the_conversation_is_and_leaves_it_there(
    store: Store, desk: Desk, venue: Venue, state: HandoffState
) -> None:
    case = a_stored_case(store)
    text = "my code is q7k-2px."
    do(store, offer, case.id, venue, state)
    page = a_page(a_direct(901, text))
    assert await poll(desk, page, page) == [1, 0]
    [handoff] = do(store, handoffs, case.id)
    assert (handoff.venue, handoff.state, handoff.proof) == (venue, state, Proof.CODE)
    assert handoff.address is None
    assert [m.text for m in messages(store, case.id) if m.direction is Direction.IN][-1] == text
    assert case_of(store, case.id).state is CaseState.OPEN


async def test_any_other_message_moves_the_conversation_to_where_it_was_written(
    store: Store, desk: Desk
) -> None:
    case = a_stored_case(store)
    do(store, offer, case.id, Venue.EMAIL, HandoffState.ARRIVED)
    await poll(desk, a_page(a_direct(901, "XQ7K2PX")))
    mail, direct = do(store, handoffs, case.id)
    assert (mail.state, mail.proof) == (HandoffState.REPLACED, None)
    assert (direct.venue, direct.state) == (Venue.DM, HandoffState.ARRIVED)


async def test_a_direct_message_does_not_end_an_open_chat(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    do(store, offer, case.id, Venue.CHAT, HandoffState.ARRIVED)
    await poll(desk, a_page(a_direct(901, "Hi, this is me")))
    [chat] = do(store, handoffs, case.id)
    assert (chat.state, chat.proof) == (HandoffState.ARRIVED, None), "and proves nothing of who is there"
    said = messages(store, case.id)[-1]
    assert (said.text, said.venue, said.handoff_id) == ("Hi, this is me", Venue.DM, None)


@pytest.mark.parametrize("venue", [Venue.EMAIL, Venue.CHAT])
async def test_a_wrong_code_moves_nothing_and_is_audited(store: Store, desk: Desk, venue: Venue) -> None:
    case = a_stored_case(store)
    do(store, offer, case.id, venue, HandoffState.ARRIVED, "424242")
    await poll(desk, a_page(a_direct(901, "424 243")))
    [handoff] = do(store, handoffs, case.id)
    assert (handoff.state, handoff.proof) == (HandoffState.ARRIVED, None)
    assert [entry.action for entry in trail(store, case.id)][-1] is Action.CODE_WRONG
    await poll(desk, a_page(a_direct(902, "sorry, 424242")))
    [handoff] = do(store, handoffs, case.id)
    assert (handoff.state, handoff.proof) == (HandoffState.ARRIVED, Proof.CODE)


async def test_a_relayed_code_is_taken_back_by_its_sender(store: Store, desk: Desk) -> None:
    """Whoever opened the public link first had Ana send the code that the page showed them."""
    case = a_stored_case(store)
    do(store, offer, case.id, Venue.CHAT, HandoffState.ARRIVED, "424242")
    await poll(desk, a_page(a_direct(901, "No.")))
    await poll(desk, a_page(a_direct(902, "424242")), a_page(a_direct(903, "424242")))
    told = messages(store, case.id)[-2:]
    [answer] = [one for one in told if one.direction is Direction.OUT]
    assert "in a chat on our page that was opened on 2026-11-21 " in answer.text
    assert "If that is not you, answer NO." in answer.text
    assert (answer.venue, answer.sent_by) == (Venue.DM, None)
    assert [row["payload"]["message_id"] for row in queued(store, "send_private")] == [answer.id]
    chat = next(one for one in do(store, handoffs, case.id) if one.venue is Venue.CHAT)
    assert chat.proof is Proof.CODE
    assert not may_read(chat, answer), "whoever is in the chat does not see it"
    waiting = case_of(store, case.id).waiting_since
    do(store, settled, answer)
    [sent] = [one for one in messages(store, case.id) if one.id == answer.id]
    assert (sent.delivery, sent.external_id, sent.delivered_at) == (Delivery.SENT, "77", NOW)
    assert case_of(store, case.id).waiting_since == waiting, "it is no answer to what they asked"
    await poll(desk, a_page(a_direct(904, "No!")))
    chat = next(one for one in do(store, handoffs, case.id) if one.venue is Venue.CHAT)
    assert (chat.proof, chat.state) == (None, HandoffState.RETURNED)
    assert Action.VERIFICATION_DENIED in [entry.action for entry in trail(store, case.id)]


def settled(uow: UnitOfWork, answer: Message) -> None:
    record_code_answer_sent(uow, uow.messages.get(answer.id), {"id": "77"}, now=NOW)


async def test_a_no_to_something_else_denies_nothing(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    do(store, offer, case.id, Venue.CHAT, HandoffState.ARRIVED, "424242")
    await poll(desk, a_page(a_direct(901, "424242")), a_page(a_direct(902, "No luck, it still fails")))
    late = ManualClock()
    late.advance(hours=25)
    await poll(desk, a_page(a_direct(903, "no")), clock=late)
    chat = next(one for one in do(store, handoffs, case.id) if one.venue is Venue.CHAT)
    assert chat.proof is Proof.CODE


async def test_a_no_that_says_more_is_asked_about_once_and_ends_nothing(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    do(store, offer, case.id, Venue.CHAT, HandoffState.ARRIVED, "424242")
    await poll(desk, a_page(a_direct(901, "424242")), a_page(a_direct(902, "No, it still fails")))
    chat = next(one for one in do(store, handoffs, case.id) if one.venue is Venue.CHAT)
    assert (chat.proof, chat.state) == (Proof.CODE, HandoffState.ARRIVED)
    told, asked = (one for one in messages(store, case.id) if one.direction is Direction.OUT)
    assert "answer only NO" in asked.text
    assert is_code_answer(asked), "it is no answer to what they asked"
    assert not may_read(chat, asked)
    do(store, settled, told)
    do(store, settled, asked)
    await poll(desk, a_page(a_direct(903, "No, really, it does not work")))
    assert len([one for one in messages(store, case.id) if one.direction is Direction.OUT]) == 2
    await poll(desk, a_page(a_direct(904, "NO")))
    chat = next(one for one in do(store, handoffs, case.id) if one.venue is Venue.CHAT)
    assert (chat.proof, chat.state) == (None, HandoffState.RETURNED)


async def test_another_accounts_code_verifies_nobody(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    do(store, offer, case.id, Venue.CHAT, HandoffState.ARRIVED)
    await poll(desk, a_page(a_direct(901, "Q7K2PX", BEN)))
    [handoff] = do(store, handoffs, case.id)
    assert not handoff.is_verified


async def test_a_handoff_without_a_code_is_verified_by_no_message(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    do(store, offer, case.id, Venue.CHAT, HandoffState.ARRIVED, "")
    await poll(desk, a_page(a_direct(901, "")))
    assert not do(store, handoffs, case.id)[0].is_verified


async def test_one_skipped_message_is_told_in_the_singular(store: Store, desk: Desk) -> None:
    await poll(desk, a_page(a_direct(901), skipped=("900",)))
    [told] = alerts(store)
    assert told.startswith(
        "1 direct message for @acme on X could not be read and has no card: 900. Look at it"
    )
