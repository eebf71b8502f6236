"""The mailbox's timer: one mail a transaction, nothing twice, nothing lost, and no mail that keeps those behind it waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from domain.audit import Action
from domain.mail import Arrival, Bounce, Delivered, Ignored, Unread
from domain.messages import Delivery
from domain.ports import Account
from domain.posts import Author
from domain.private import Heard
from domain.sources import SourceError, Trouble
from domain.venues import Venue
from handlers import mailing
from handlers.claims import claim
from handlers.desk import Desk
from handlers.hearing import hear
from handlers.private import Said, pack, say
from handlers.sending import reply_sent
from handlers.streams import INBOX, get_cursor, known_account
from handlers.timers import mail as mail_module
from handlers.timers.mail import MailIntake
from handlers.timers.turns import Turns
from storage.engine import SqlStore
from tests.handlers.made import (
    NOW,
    POLICY,
    SAM,
    a_reader,
    alerts,
    case_of,
    cases,
    do,
    messages,
    queued,
    trail,
)
from tests.handlers.timers.scripted import Hands

US = Account(network="email", id="support@acme.example", handle="support@acme.example", name="Acme Support")
OURS = "m1.signed@acme.example"


@dataclass
class Box:
    """A mailbox that holds `held`; `troubles` are raised first, in turn."""

    held: list[Arrival] = field(default_factory=list)
    troubles: list[SourceError] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    waits: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    at_once: int = 100

    async def read(self, place: str | None, read_at: datetime | None) -> Delivered:
        assert read_at in (None, NOW)
        self.asked.append(place)
        if self.troubles:
            raise self.troubles.pop(0)
        reached = int(place or 0)
        left = [one for one in self.held if int(one.place) > reached]
        end = left[: self.at_once][-1].place if left else str(reached)
        return Delivered(arrivals=left[: self.at_once], place=end, more=len(left) > self.at_once)

    async def wait(self, seconds: float) -> None:
        assert seconds > 0
        if not self.waits:
            raise SourceError(Trouble.UNAVAILABLE, "gone")
        await self.waits.pop(0)()


def a_letter(place: int, text: str = "My payment fails.", *, who: str = "ana@example.com") -> Arrival:
    heard = Heard(
        venue=Venue.EMAIL,
        network="email",
        account_id=US.id,
        external_id=f"{place}@example.com",
        author=Author(id=who, handle=who, name="Ana Ruiz"),
        text=text,
        at=NOW,
        address=who,
        subject="Payment",
    )
    return Arrival(place=str(place), content=heard)


def an_intake(desk: Desk, box: Box, *, every: float = 30.0) -> MailIntake:
    turns = Turns(desk=desk, account=US, policy=POLICY, clock=Hands(), pause=timedelta(minutes=15))
    return MailIntake(turns=turns, mailbox=box, reader=a_reader(), every=timedelta(seconds=every))


def place(store: SqlStore) -> str | None:
    return do(store, get_cursor, account=US, stream=INBOX).since_id


def answered(store: SqlStore) -> int:
    """Ana's case with a mail of ours that is under way; the mail's id."""
    [case] = cases(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    said = Said(case_id=case.id, user_id=SAM, text="Which error?", client_key="k1")
    do(store, say, said, now=NOW)
    sent = messages(store, case.id)[-1]
    with store.unit_of_work() as uow:
        uow.messages.save(replace(sent, external_id=OURS))
    return sent.id


async def test_letters_open_cases_and_the_cursor_moves_with_each(store: SqlStore, desk: Desk) -> None:
    box = Box([a_letter(1), a_letter(2, "Hello again"), a_letter(3, who="bo@example.com")], at_once=2)
    intake = an_intake(desk, box)
    assert await intake.read() == 3
    assert (place(store), box.asked) == ("3", [None, "2"])
    assert await intake.read() == 0
    assert [len(messages(store, case.id)) for case in cases(store)] == [2, 1]
    box.held.insert(0, a_letter(1))
    with store.unit_of_work() as uow:
        uow.cursors.save(replace(uow.cursors.get(US.network, US.id, INBOX), since_id="0"))
    assert await intake.read() == 0, "what comes twice is heard once"


async def test_a_portion_of_which_nothing_is_left_keeps_nothing_behind_it_waiting(
    store: SqlStore, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box([a_letter(3)])
    real = box.read

    async def emptied(place: str | None, read_at: datetime | None) -> Delivered:
        return Delivered(arrivals=(), place="2", more=True) if place is None else await real(place, read_at)

    monkeypatch.setattr(box, "read", emptied)
    assert await an_intake(desk, box).read() == 1
    assert (place(store), box.asked) == ("3", ["2"])


async def test_our_address_is_known_though_the_mailbox_is_away(store: SqlStore, desk: Desk) -> None:
    await an_intake(desk, Box(troubles=[SourceError(Trouble.UNAVAILABLE, "gone")])).read()
    assert do(store, known_account, network="email") == US


async def test_what_is_no_letter_moves_the_cursor_and_makes_nothing(store: SqlStore, desk: Desk) -> None:
    box = Box([Arrival(place="1", content=Ignored(why="it is our own", subject="Copy"))])
    assert await an_intake(desk, box).read() == 0
    assert (place(store), cases(store), alerts(store)) == ("1", [], [])


async def test_what_cannot_be_read_is_told_of(store: SqlStore, desk: Desk) -> None:
    box = Box([Arrival(place="1", content=Unread(subject="Odd", sender="eve@example.com"))])
    await an_intake(desk, box).read()
    [told] = alerts(store)
    assert "eve@example.com" in told
    assert "“Odd”" in told


async def test_a_mail_that_comes_back_fails_ours_and_tells_the_claimer(store: SqlStore, desk: Desk) -> None:
    box = Box([a_letter(1)])
    intake = an_intake(desk, box)
    await intake.read()
    message_id = answered(store)
    do(store, reply_sent, message_id=message_id, result={"id": OURS}, now=NOW)
    told_before = len(queued(store, "tell_person"))
    for number in (2, 3):
        box.held.append(
            Arrival(
                place=str(number),
                content=Bounce(message_ids=["x@y.example", OURS], reason="it came back: 550"),
            )
        )
    await intake.read()
    [case] = cases(store)
    failed = messages(store, case.id)[-1]
    assert (failed.delivery, failed.error) == (Delivery.FAILED, "it came back: 550")
    assert case_of(store, case.id).waiting_since == NOW
    assert [entry.action for entry in trail(store, case.id)].count(Action.REPLY_FAILED) == 1
    assert len(queued(store, "tell_person")) == told_before + 1
    box.held.append(Arrival(place="4", content=Bounce(message_ids=["none@of.ours"], reason="x")))
    await intake.read()
    assert place(store) == "4"


async def test_a_mail_that_comes_back_before_it_is_known_to_be_out_waits_for_that(
    store: SqlStore, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_module, "TOO_SOON_SECONDS", 0.01)
    box = Box([a_letter(1)])
    intake = an_intake(desk, box)
    await intake.read()
    message_id = answered(store)
    box.held.append(Arrival(place="2", content=Bounce(message_ids=[OURS], reason="it came back")))
    real, looks = mailing._take_bounce, [0]

    def look(uow: object, bounce: object, **more: object) -> None:
        looks[0] += 1
        if looks[0] == 3:
            reply_sent(uow, message_id=message_id, result={"id": OURS}, now=NOW)  # type: ignore[arg-type]  # as the intake gives it
        real(uow, bounce, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(mailing, "_take_bounce", look)
    await intake.read()
    assert looks == [3]
    with store.unit_of_work() as uow:
        assert pack(uow, message_id=message_id).message.delivery is Delivery.FAILED


async def test_a_mail_that_the_desk_stumbles_over_is_passed_over_at_the_third_time(
    store: SqlStore, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box([a_letter(1), a_letter(2, "behind it", who="bo@example.com")])
    intake = an_intake(desk, box)

    def stumble(uow: object, heard: Heard, **more: object) -> object:
        if heard.external_id == "1@example.com":
            raise KeyError("a fault of ours")
        return hear(uow, heard, **more)  # type: ignore[arg-type]  # as the intake gives it

    monkeypatch.setattr(mailing, "hear", stumble)
    for _ in range(2):
        assert await intake.read() == 0
        assert place(store) is None
    assert await intake.read() == 1
    assert (place(store), len(cases(store))) == ("2", 1)
    assert any("could not be stored and has no card (KeyError)" in told for told in alerts(store))


async def test_a_refused_login_pauses_and_is_told_once(store: SqlStore, desk: Desk) -> None:
    refused = SourceError(Trouble.REFUSED, "the mail server does not accept the login in IMAP_URL.")
    box = Box([a_letter(1)], troubles=[refused])
    intake = an_intake(desk, box)
    assert await intake.turn() == 0
    assert await intake.turn() == 0
    assert len(box.asked) == 1
    [told] = alerts(store)
    assert told.startswith(
        "Reading mails of support@acme.example has paused: the mail server does not accept the login"
    )


async def test_what_comes_while_it_listens_is_read_within_the_turn(store: SqlStore, desk: Desk) -> None:
    box = Box([a_letter(1)])

    async def comes() -> None:
        box.held.append(a_letter(2, who="bo@example.com"))

    async def never() -> None:
        await asyncio.sleep(0)

    box.waits = [comes, never]
    assert await an_intake(desk, box).turn() == 2
    assert box.asked == [None, "1", "2"]
