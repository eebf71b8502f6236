"""Poll the mailbox: one transaction per mail, deduplicated, and no mail blocks those behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from domain.accounts import Account
from domain.cases.messages import Delivery
from domain.intake import sender_limit
from domain.intake.email import (
    AutomaticEmail,
    Bounce,
    IgnoredEmail,
    MailboxPage,
    ReceivedEmail,
    UnreadableEmail,
    UnreadableReason,
)
from domain.intake.own_name import OwnName
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage, SenderCheck
from domain.intake.quoted_text import MailText
from domain.intake.stream_names import INBOX
from domain.intake.streams import SourceError, SourceFault
from domain.records.audit import Action
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.delivery import bounces
from handlers.desk import Desk
from handlers.intake import email as email_module
from handlers.intake.deferred_mails import defer_email
from handlers.intake.poison import skip_email
from handlers.intake.private_messages import ingest_private_message
from handlers.intake.stream_health import get_account, get_cursor
from handlers.replies.private import PrivateReply, load_outgoing, send_private_reply
from handlers.replies.results import record_sent
from handlers.timers import email as email_timer
from handlers.timers.email import EmailPoller
from handlers.timers.stream_poller import StreamPoller
from storage.deferred_mails import DeferredMail
from storage.engine import Store
from tests.handlers.context import RULES, a_live_classifier
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import (
    NOW,
    POLICY,
    SAM,
    alerts,
    case_of,
    cases,
    do,
    messages,
    networks,
    queued,
    trail,
)

US = Account(network="email", id="support@acme.example", handle="support@acme.example", name="Acme Support")
OURS = "m1.signed@acme.example"


@dataclass
class FakeMailbox:
    """A mailbox that holds `held`; `troubles` are raised first, in turn."""

    held: list[ReceivedEmail] = field(default_factory=list)
    troubles: list[SourceError] = field(default_factory=list)
    calls: list[str | None] = field(default_factory=list)
    waits: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    at_once: int = 100
    read_ats: list[datetime | None] = field(default_factory=list)

    async def read(self, position: str | None, read_at: datetime | None) -> MailboxPage:
        assert read_at in (None, NOW)
        self.calls.append(position)
        self.read_ats.append(read_at)
        if self.troubles:
            raise self.troubles.pop(0)
        reached = int(position or 0)
        left = [one for one in self.held if int(one.position) > reached]
        end = left[: self.at_once][-1].position if left else str(reached)
        return MailboxPage(mails=left[: self.at_once], position=end, more=len(left) > self.at_once)

    async def fetch(self, position: str) -> ReceivedEmail | None:
        return next((one for one in self.held if one.position == position), None)

    async def wait(self, seconds: float) -> None:
        assert seconds > 0
        if not self.waits:
            raise SourceError(SourceFault.UNAVAILABLE, "gone")
        await self.waits.pop(0)()


def a_letter(
    place: int,
    text: str = "My payment fails.",
    *,
    who: str = "ana@example.com",
    check: SenderCheck = SenderCheck.NONE,
    handoff_id: int | None = None,
) -> ReceivedEmail:
    heard = IncomingMessage(
        venue=Venue.EMAIL,
        network="email",
        account_id=US.id,
        external_id=f"{place}@example.com",
        author=Author(id=who, handle=who, name="Ana Ruiz"),
        text=text,
        at=NOW,
        address=who,
        subject="Payment",
        handoff_id=handoff_id,
        sender_check=check,
    )
    return ReceivedEmail(position=str(place), content=heard)


def an_intake(desk: Desk, mailbox: FakeMailbox, *, every: float = 30.0, per_minute: int = 20) -> EmailPoller:
    poller = StreamPoller(
        desk=desk, account=US, label="", policy=POLICY, clock=ManualClock(), pause=timedelta(minutes=15)
    )
    return EmailPoller(
        poller=poller,
        mailbox=mailbox,
        classifier=a_live_classifier(desk, poller.clock),
        every=timedelta(seconds=every),
        per_minute=per_minute,
    )


def place(store: Store) -> str | None:
    return do(store, get_cursor, account=US, stream=INBOX).since_id


def answered(store: Store, text: str = "Which error?") -> int:
    """Claim Ana's case and send a mail; return its id."""
    [case] = cases(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    said = PrivateReply(case_id=case.id, user_id=SAM, text=text, client_key="k1")
    do(store, send_private_reply, said, rules=RULES, networks=networks(), now=NOW)
    sent = messages(store, case.id)[-1]
    with store.unit_of_work() as uow:
        uow.messages.save(replace(sent, external_id=OURS))
    return sent.id


async def test_a_mailbox_that_was_never_reached_is_read_from_the_first_start_on(
    store: Store, desk: Desk
) -> None:
    away = SourceError(SourceFault.UNAVAILABLE, "gone")
    mailbox = FakeMailbox([a_letter(1)], troubles=[away, away])
    for _ in range(2):
        assert await an_intake(desk, mailbox).read() == 0
    [first, second] = mailbox.read_ats
    assert (first, second, place(store)) == (None, NOW, None), "the next start knows when the first one was"
    assert await an_intake(desk, mailbox).read() == 1


async def test_what_one_sender_writes_too_fast_waits_and_holds_nobody_up(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, check = "mallory@example.com", SenderCheck.PASSED
    flood = [a_letter(number, f"No. {number}", who=who, check=check) for number in range(1, 7)]
    mailbox = FakeMailbox([*flood, a_letter(7, who="bo@example.com")])
    intake = an_intake(desk, mailbox, per_minute=2)
    assert await intake.read() == 3
    assert (place(store), [len(messages(store, case.id)) for case in cases(store)]) == ("7", [2, 1])
    [told] = alerts(store)
    assert told.startswith("mallory@example.com sends more than 2 mails a minute")
    mailbox.held.remove(flood[3])
    monkeypatch.setattr(sender_limit, "WINDOW", timedelta())
    restarted = an_intake(desk, mailbox, per_minute=2)
    assert await restarted.read() == 3
    assert place(store) == "7"
    waited = [one.text for one in messages(store, cases(store)[0].id)]
    assert waited == ["No. 1", "No. 2", "No. 3", "No. 5", "No. 6"]
    assert "is no longer where it was" in alerts(store)[1]
    assert await restarted.read() == 0


async def test_nobody_can_make_a_customers_own_mails_wait_by_mails_in_their_name(
    store: Store, desk: Desk
) -> None:
    ana = "ana@example.com"
    flood = [a_letter(number, f"No. {number}") for number in range(1, 4)]
    away = AutomaticEmail(sender=ana, subject="Away", text="", external_id="a1", handoff_id=None, answers=[])
    programs = [ReceivedEmail(position=str(number), content=away) for number in range(4, 7)]
    proven = a_letter(7, "It is me", check=SenderCheck.PASSED)
    answers = [
        a_letter(8, "An answer", handoff_id=9),
        a_letter(9, "A forged one", check=SenderCheck.FAILED, handoff_id=9),
    ]
    intake = an_intake(desk, FakeMailbox([*flood, *programs, proven, *answers]), per_minute=2)
    await intake.read()
    with store.unit_of_work() as uow:
        waiting = uow.deferred_mails.senders(US.id)
    assert waiting == {f"{ana} (not proven)", f"{ana} (a program, or unreadable)"}
    [case] = cases(store)
    assert "It is me" in [one.text for one in messages(store, case.id)]


async def test_mails_open_cases_and_the_cursor_moves_with_each(store: Store, desk: Desk) -> None:
    mailbox = FakeMailbox(
        [a_letter(1), a_letter(2, "Hello again"), a_letter(3, who="bo@example.com")], at_once=2
    )
    intake = an_intake(desk, mailbox)
    assert await intake.read() == 3
    assert (place(store), mailbox.calls) == ("3", [None, "2"])
    assert await intake.read() == 0
    assert [len(messages(store, case.id)) for case in cases(store)] == [1, 1]
    of_ana = cases(store)[0].id
    with store.unit_of_work() as uow:
        assert uow.unproven_mails.count_waiting(of_ana) == 1, "From alone proves nobody"
    mailbox.held.insert(0, a_letter(1))
    with store.unit_of_work() as uow:
        uow.cursors.save(replace(uow.cursors.get(US.network, US.id, INBOX), since_id="0"))
    assert await intake.read() == 0, "what comes twice is heard once"


async def test_an_empty_page_does_not_delay_the_mails_after_it(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = FakeMailbox([a_letter(3)])
    real = mailbox.read

    async def read_nothing(position: str | None, read_at: datetime | None) -> MailboxPage:
        return (
            MailboxPage(mails=(), position="2", more=True)
            if position is None
            else await real(position, read_at)
        )

    monkeypatch.setattr(mailbox, "read", read_nothing)
    assert await an_intake(desk, mailbox).read() == 1
    assert (place(store), mailbox.calls) == ("3", ["2"])


async def test_our_address_is_stored_though_the_mailbox_is_unavailable(store: Store, desk: Desk) -> None:
    await an_intake(desk, FakeMailbox(troubles=[SourceError(SourceFault.UNAVAILABLE, "gone")])).read()
    assert do(store, get_account, network="email") == US


async def test_an_ignored_mail_moves_the_cursor_and_opens_no_case(store: Store, desk: Desk) -> None:
    mailbox = FakeMailbox(
        [ReceivedEmail(position="1", content=IgnoredEmail(why="it is our own", subject="Copy"))]
    )
    assert await an_intake(desk, mailbox).read() == 0
    assert (place(store), cases(store), alerts(store)) == ("1", [], [])


async def test_an_unreadable_mail_raises_an_alert(store: Store, desk: Desk) -> None:
    mailbox = FakeMailbox(
        [ReceivedEmail(position="1", content=UnreadableEmail(subject="Odd", sender="eve@example.com"))]
    )
    await an_intake(desk, mailbox).read()
    [told] = alerts(store)
    assert "eve@example.com" in told
    assert "“Odd”" in told


async def test_a_mail_that_comes_back_fails_ours_and_tells_the_assignee(store: Store, desk: Desk) -> None:
    mailbox = FakeMailbox([a_letter(1)])
    intake = an_intake(desk, mailbox)
    await intake.read()
    message_id = answered(store)
    do(store, record_sent, message_id=message_id, result={"id": OURS}, now=NOW)
    answered_before = len(queued(store, "tell_person"))
    for number in (2, 3):
        mailbox.held.append(
            ReceivedEmail(
                position=str(number),
                content=Bounce(is_proven=True, message_ids=["x@y.example", OURS], reason="it came back: 550"),
            )
        )
    await intake.read()
    [case] = cases(store)
    failed = messages(store, case.id)[-1]
    assert (failed.delivery, failed.error) == (Delivery.FAILED, "it came back: 550")
    assert case_of(store, case.id).waiting_since == NOW
    assert [entry.action for entry in trail(store, case.id)].count(Action.REPLY_FAILED) == 1
    assert len(queued(store, "tell_person")) == answered_before + 1
    mailbox.held.append(
        ReceivedEmail(position="4", content=Bounce(is_proven=True, message_ids=["none@of.ours"], reason="x"))
    )
    await intake.read()
    assert place(store) == "4"


async def test_a_loop_of_mails_in_our_name_is_told_of_once(store: Store, desk: Desk) -> None:
    senders = [US.id, US.id, US.id, "form@acme.example"]
    unread = [
        UnreadableEmail(subject="Copy", sender=who, why=UnreadableReason.OUR_OWN_NAME) for who in senders
    ]
    held = [ReceivedEmail(position=str(at), content=mail) for at, mail in enumerate(unread, start=1)]
    await an_intake(desk, FakeMailbox(held)).read()
    assert len([text for text in alerts(store) if "says that it is from us" in text]) == 2
    assert (place(store), cases(store)) == ("4", [])


async def test_a_quote_without_any_mark_is_known_by_what_was_said_before(store: Store, desk: Desk) -> None:
    mailbox = FakeMailbox([a_letter(1)])
    intake = an_intake(desk, mailbox)
    await intake.read()
    asked = "Hello Ana,\nwhich error does the app show you now?\nAnd which phone do you use for it?"
    answered(store, asked)
    letter = a_letter(2, whole := f"Error 51.\n\nACME napsal:\n{asked}")
    assert isinstance(letter.content, IncomingMessage)
    mail = MailText(whole=whole, attached="", subject="Re: Payment", own=OwnName(US.id, US.name))
    mailbox.held.append(replace(letter, content=replace(letter.content, mail=mail, answers=[OURS])))
    await intake.read()
    [case] = cases(store)
    assert messages(store, case.id)[-1].text == "Error 51."


async def test_a_bounce_of_a_mail_that_is_not_settled_yet_waits(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_timer, "BOUNCE_RETRY_SECONDS", 0.01)
    mailbox = FakeMailbox([a_letter(1)])
    intake = an_intake(desk, mailbox)
    await intake.read()
    message_id = answered(store)
    mailbox.held.append(
        ReceivedEmail(position="2", content=Bounce(is_proven=True, message_ids=[OURS], reason="it came back"))
    )
    real, looks = bounces.ingest_bounce, [0]

    def look(uow: object, bounce: object, **more: object) -> None:
        looks[0] += 1
        if looks[0] == 3:
            record_sent(uow, message_id=message_id, result={"id": OURS}, now=NOW)  # type: ignore[arg-type]  # as the intake gives it
        real(uow, bounce, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(email_timer, "ingest_bounce", look)
    await intake.read()
    assert looks == [3]
    with store.unit_of_work() as uow:
        assert load_outgoing(uow, message_id=message_id).message.delivery is Delivery.FAILED


async def test_a_mail_that_fails_to_ingest_is_skipped_after_three_attempts(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = FakeMailbox([a_letter(1), a_letter(2, "behind it", who="bo@example.com")])
    intake = an_intake(desk, mailbox)

    def fail_to_ingest(uow: object, heard: IncomingMessage, **more: object) -> object:
        if heard.external_id == "1@example.com":
            raise KeyError("a fault of ours")
        return ingest_private_message(uow, heard, **more)  # type: ignore[arg-type]  # as the intake gives it

    monkeypatch.setattr(email_module, "ingest_private_message", fail_to_ingest)
    for _ in range(2):
        assert await intake.read() == 0
        assert place(store) is None
    assert await intake.read() == 1
    assert (place(store), len(cases(store))) == ("2", 1)
    assert any("could not be stored and has no card (KeyError)" in told for told in alerts(store))
    assert any(row["key"].startswith(f"alert:skipped:{US.id}:1:") for row in queued(store, "alert"))


def test_what_is_skipped_or_has_to_wait_is_behind_the_cursor(store: Store) -> None:
    do(store, skip_email, a_letter(1), account=US, policy=POLICY, why="KeyError", now=NOW)
    assert place(store) == "1"
    waits = DeferredMail(position="2", sender="ana@example.com")
    do(store, defer_email, waits, account=US, per_minute=2, policy=POLICY, now=NOW)
    assert place(store) == "2"


async def test_a_full_disk_passes_over_no_mail(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = FakeMailbox([a_letter(1)])
    intake = an_intake(desk, mailbox)

    def fail_to_store(*_: object, **more: object) -> object:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as full:
        full.setattr(email_module, "ingest_private_message", fail_to_store)
        for _ in range(5):
            assert await intake.read() == 0
    assert place(store) is None
    assert await intake.read() == 1
    assert len(cases(store)) == 1


async def test_a_refused_login_pauses_the_stream_and_raises_one_alert(store: Store, desk: Desk) -> None:
    refused = SourceError(SourceFault.REFUSED, "the mail server does not accept the login in IMAP_URL.")
    mailbox = FakeMailbox([a_letter(1)], troubles=[refused])
    intake = an_intake(desk, mailbox)
    assert await intake.read_and_wait() == 0
    assert await intake.read_and_wait() == 0
    assert len(mailbox.calls) == 1
    [told] = alerts(store)
    assert told.startswith(
        "Reading mails of support@acme.example has paused: the mail server does not accept the login"
    )


async def test_a_mail_that_arrives_during_idle_is_read_in_the_same_run(store: Store, desk: Desk) -> None:
    mailbox = FakeMailbox([a_letter(1)])

    async def comes() -> None:
        mailbox.held.append(a_letter(2, who="bo@example.com"))

    async def never() -> None:
        await asyncio.sleep(0)

    mailbox.waits = [comes, never]
    assert await an_intake(desk, mailbox).read_and_wait() == 2
    assert mailbox.calls == [None, "1", "2"]
