"""Mail notices to subscribers over the sandbox's mail server: each once, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from adapters.email.smtp import SmtpConnection
from domain.delivery.effects import Job
from domain.delivery.outage_effects import MailBatch, SendConfirmation
from domain.delivery.outcomes import Outcome
from domain.outages.notices import NoticeKind
from domain.outages.outage import Outage
from domain.outages.subscribers import MAX_MAIL_ATTEMPTS, Choice, MailState, SubscriberState
from handlers.delivery.performers import subscriber_mails
from handlers.desk import Desk
from handlers.outages.mailings import start_mailing
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.outages.subscribers import confirm, subscribe, unsubscribe
from sandbox.faults import Fault
from sandbox.mail import PostOffice
from storage.engine import Store
from storage.subscriber_tables import notice_mails
from tests.adapters.email.places import MailServer, closed_port, sandbox_server
from tests.handlers.made import NOW, do, queued
from tests.handlers.outages.made import SAM_MAY
from tests.handlers.outages.mail_world import (
    Mailer,
    announced,
    parsed,
    progress,
    publications,
    state_of,
    subscribed,
    updated,
)

_IN_DOUBT = (
    select(func.count()).select_from(notice_mails).where(notice_mails.c.state == MailState.SENDING.value)
)


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with sandbox_server() as made:
        yield made


def office(server: MailServer) -> PostOffice:
    assert server.office is not None
    return server.office


def inbox(server: MailServer, address: str) -> list[EmailMessage]:
    return [parsed(mail.content) for mail in office(server).mailbox(address).inbox.mails]


def arrived(server: MailServer) -> dict[str, int]:
    """Count the mails of each address that has any."""
    counts = {one: len(office(server).mailbox(one).inbox.mails) for one in office(server).addresses}
    return {one: count for one, count in counts.items() if count}


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def test_each_gets_one_mail_in_their_language_and_updates_in_its_thread(
    store: Store, desk: Desk, server: MailServer
) -> None:
    subscribed(store, "ana", "ben", "cem")
    subscribed(store, "dora", language="de")
    subscribed(store, "finn", language="fi")
    subscribed(store, "pay", components=["Payments"])
    subscribed(store, "login", components=["Login"])
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    await mailer.run()
    wanted = ("ana", "ben", "cem", "dora", "finn", "pay")
    assert arrived(server) == dict.fromkeys((f"{name}@example.com" for name in wanted), 1)
    assert "Zahlungen schlagen fehl." in text(inbox(server, "dora@example.com")[0])
    assert "Payments fail." in text(inbox(server, "finn@example.com")[0])
    assert progress(store, outage) == {"mailed": 6, "total": 6, "counts": {}, "waiting": None}
    subscribed(store, "new")
    updated(store, desk, outage)
    await mailer.run()
    first, second = inbox(server, "ana@example.com")
    assert second["References"] == second["In-Reply-To"] == first["Message-ID"]
    assert second["Subject"] == f"Re: {first['Subject']}"
    [late] = inbox(server, "new@example.com")
    assert late["References"] is None
    await email.close()


def test_who_was_told_of_a_component_is_told_what_became_of_it(store: Store, desk: Desk) -> None:
    subscribed(store, "pay", components=["Payments"])
    subscribed(store, "card", components=["Cards"])
    subscribed(store, "login", components=["Login"])
    subscribed(store, "all")
    outage = announced(store, desk)
    updated(store, desk, outage, "Only cards.", components=["Cards"])
    updated(store, desk, outage, "It works.", kind=NoticeKind.RESOLUTION, components=["Cards"])
    wanted = [("Payments",), ("Payments", "Cards"), ("Payments", "Cards")]
    assert audiences(store, outage) == list(zip(wanted, (2, 3, 3), strict=True))
    assert audiences(store, announced(store, desk)) == [(("Payments",), 2)], "each outage by itself"


def test_once_a_notice_named_no_component_everybody_is_told(store: Store, desk: Desk) -> None:
    subscribed(store, "pay", components=["Payments"])
    subscribed(store, "login", components=["Login"])
    outage = announced(store, desk)
    updated(store, desk, outage, "All fails.", components=[])
    updated(store, desk, outage, "Only cards.", components=["Cards"])
    assert audiences(store, outage) == [(("Payments",), 1), ((), 2), ((), 2)]


def audiences(store: Store, outage: Outage) -> list[tuple[tuple[str, ...], int]]:
    """Start the mailings of an outage; return the components of each, and how many it goes to."""
    with store.unit_of_work() as uow:
        started = []
        for one in uow.publications.of_outage(outage.id):
            start_mailing(uow, one, now=NOW)
            mailing = uow.mailings.lock(one.id)
            started.append((mailing.components, mailing.total))
        return started


async def test_many_more_than_a_batch_are_all_mailed_once(
    store: Store, desk: Desk, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriber_mails, "MAX_BATCH", 7)
    subscribed(store, *(f"s{n}" for n in range(30)))
    email = server.email()
    outage = announced(store, desk)
    await Mailer.of(desk, email).run()
    assert arrived(server) == {f"s{n}@example.com": 1 for n in range(30)}
    assert progress(store, outage)["mailed"] == 30
    await email.close()


async def test_addresses_that_do_not_exist_are_taken_off_and_the_rest_is_mailed(
    store: Store, desk: Desk, server: MailServer
) -> None:
    subscribed(store, "ana", "nobody@nowhere.example", "ben", "cem")
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    await mailer.run()
    assert len(arrived(server)) == 3
    assert progress(store, outage)["counts"] == {"refused": 1}
    assert state_of(store, "nobody@nowhere.example") is SubscriberState.BOUNCED
    updated(store, desk, outage)
    await mailer.run()
    assert progress(store, outage) == {"mailed": 3, "total": 3, "counts": {}, "waiting": None}
    await email.close()


async def test_a_refusal_for_a_policy_takes_nobody_off(store: Store, desk: Desk, server: MailServer) -> None:
    subscribed(store, "ana")
    office(server).faults.add(Fault("smtp:RCPT", "status", status=550, body="5.7.1 Spam"))
    email = server.email()
    outage = announced(store, desk)
    await Mailer.of(desk, email).run()
    assert progress(store, outage)["counts"] == {"refused": 1}
    assert state_of(store, "ana@example.com") is SubscriberState.CONFIRMED
    await email.close()


async def test_a_mail_of_unknown_outcome_is_told_and_never_sent_again(
    store: Store, desk: Desk, server: MailServer
) -> None:
    subscribed(store, *(f"s{n}" for n in range(9)))
    office(server).faults.add(Fault("smtp:DATA", "lost-after"))
    office(server).faults.add(Fault("smtp:DATA", "lost-before"))
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    await mailer.run()
    mailer.clock.advance(hours=1)
    await mailer.run()
    assert set(arrived(server).values()) == {1}
    assert len(arrived(server)) == 8
    assert progress(store, outage) == {"mailed": 9, "total": 9, "counts": {"unsure": 2}, "waiting": None}
    await email.close()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("smtp:RCPT", "status", status=450, body="4.2.0 later"),
        Fault("smtp:DATA", "status", status=451, body="4.3.0 later"),
        Fault("smtp:MAIL", "status", status=451, body="4.3.0 later"),
        Fault("smtp:RCPT", "lost-before"),
    ],
)
async def test_what_was_not_taken_for_now_is_sent_later(
    store: Store, desk: Desk, server: MailServer, fault: Fault
) -> None:
    subscribed(store, *(f"s{n}" for n in range(6)))
    office(server).faults.add(replace(fault))
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    await mailer.run()
    assert len(arrived(server)) < 6
    mailer.clock.advance(minutes=2)
    await mailer.run()
    assert arrived(server) == {f"s{n}@example.com": 1 for n in range(6)}
    assert progress(store, outage)["mailed"] == progress(store, outage)["total"] == 6
    await email.close()


@pytest.mark.parametrize("call", ["smtp:RCPT", "smtp:DATA"])
async def test_what_is_never_taken_is_given_up_and_the_mailing_ends(
    store: Store, desk: Desk, server: MailServer, call: str
) -> None:
    subscribed(store, "ana")
    office(server).faults.add(Fault(call, "status", times=100, status=451, body="4.3.0 later"))
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    for _ in range(MAX_MAIL_ATTEMPTS):
        await mailer.run()
        mailer.clock.advance(hours=1)
    assert progress(store, outage) == {"mailed": 1, "total": 1, "counts": {"refused": 1}, "waiting": None}
    assert state_of(store, "ana@example.com") is SubscriberState.CONFIRMED
    await email.close()


async def test_a_mail_server_that_is_away_is_told_on_the_board_and_waited_for(
    store: Store, desk: Desk, server: MailServer
) -> None:
    subscribed(store, "ana", "ben")
    away = server.email(smtp_url=f"smtp://127.0.0.1:{closed_port()}")
    outage = announced(store, desk)
    await Mailer.of(desk, away).run()
    assert "cannot be reached" in progress(store, outage)["waiting"]
    email = server.email()
    mailer = Mailer.of(desk, email)
    mailer.clock.advance(minutes=1)
    await mailer.run()
    assert len(arrived(server)) == 2
    assert progress(store, outage) == {"mailed": 2, "total": 2, "counts": {}, "waiting": None}
    await away.close()
    await email.close()


async def test_without_a_way_to_mail_it_waits(store: Store, desk: Desk) -> None:
    subscribed(store, "ana")
    outage = announced(store, desk)
    await Mailer.of(desk, None).run()
    assert progress(store, outage)["waiting"] == "e-mail is not set up here any more"


async def test_a_pause_stops_the_middle_of_a_batch(
    store: Store, desk: Desk, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(store, *(f"s{n}" for n in range(12)))
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    taken = office(server).send

    def pausing(*given: object) -> None:
        taken(*given)  # type: ignore[arg-type]
        do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)

    with monkeypatch.context() as patched:
        patched.setattr(office(server), "send", pausing)
        await mailer.run()
    assert 1 <= len(arrived(server)) <= subscriber_mails.WAVE
    assert progress(store, outage)["waiting"] == "all sending is paused"
    do(store, resume_sending, actor=SAM_MAY, now=NOW)
    await mailer.run()
    assert arrived(server) == {f"s{n}@example.com": 1 for n in range(12)}
    await email.close()


async def test_who_leaves_while_the_mail_waits_gets_none(
    store: Store, desk: Desk, server: MailServer
) -> None:
    [ana, _] = subscribed(store, "ana", "ben")
    office(server).faults.add(Fault("smtp:MAIL", "lost-before", times=2))
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    await mailer.run()
    do(store, unsubscribe, subscriber_id=ana, now=NOW)
    mailer.clock.advance(hours=1)
    await mailer.run()
    assert arrived(server) == {"ben@example.com": 1}
    assert progress(store, outage) == {"mailed": 1, "total": 1, "counts": {}, "waiting": None}
    await email.close()


async def test_a_list_without_subscribers_is_done_at_once(
    store: Store, desk: Desk, server: MailServer
) -> None:
    email = server.email()
    outage = announced(store, desk)
    await Mailer.of(desk, email).run()
    assert progress(store, outage) == {"mailed": 0, "total": 0, "counts": {}, "waiting": None}
    assert len(publications(store, outage)) == 1
    await email.close()


async def test_two_copies_of_the_bot_mail_nobody_twice(store: Store, desk: Desk, server: MailServer) -> None:
    subscribed(store, *(f"s{n}" for n in range(40)))
    email = server.email()
    mailer = Mailer.of(desk, email)
    outage = announced(store, desk)
    await mailer.start()
    [publication] = publications(store, outage)
    batch = Job(
        id=1,
        effect=MailBatch(publication.id, 1),
        generation=1,
        attempts=1,
        checks=0,
        reconciling=False,
        created_at=NOW,
    )
    await asyncio.gather(*(mailer.batches.perform(batch) for _ in range(3)))
    await mailer.run()
    assert arrived(server) == {f"s{n}@example.com": 1 for n in range(40)}
    assert progress(store, outage) == {"mailed": 40, "total": 40, "counts": {}, "waiting": None}
    await email.close()


async def test_a_slow_pace_does_not_hold_a_batch_up(
    store: Store, desk: Desk, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.handlers.outages.mail_world.RATE", 0.01)
    subscribed(store, *(f"s{n}" for n in range(12)))
    email = server.email()
    outage = announced(store, desk)
    async with asyncio.timeout(10):
        await Mailer.of(desk, email).run()
    assert progress(store, outage)["mailed"] == 12
    await email.close()


@pytest.mark.parametrize(("per_second", "in_advance"), [(20.0, 0), (100_000.0, subscriber_mails.WAVE)])
async def test_at_a_fast_pace_the_next_mails_are_prepared_but_no_more_are_in_doubt(
    store: Store,
    desk: Desk,
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    per_second: float,
    in_advance: int,
) -> None:
    monkeypatch.setattr("tests.handlers.outages.mail_world.RATE", per_second)
    many = 2 * subscriber_mails.WAVE
    subscribed(store, *(f"s{n}" for n in range(many)))
    prepared: list[str] = []
    begin, finish = SmtpConnection.begin, SmtpConnection.finish
    seen: list[tuple[int, int]] = []

    async def beginning(connection: SmtpConnection, recipient: str, sender: str) -> object:
        prepared.append(recipient)
        return await begin(connection, recipient, sender)

    async def finishing(connection: SmtpConnection, content: bytes, recipient: str) -> Outcome:
        with store.engine.connect() as reading:
            in_doubt = reading.execute(_IN_DOUBT).scalar_one()
        seen.append((len(prepared), in_doubt))
        return await finish(connection, content, recipient)

    monkeypatch.setattr(SmtpConnection, "begin", beginning)
    monkeypatch.setattr(SmtpConnection, "finish", finishing)
    email = server.email()
    announced(store, desk)
    await Mailer.of(desk, email).run()
    assert len(seen) == len(arrived(server)) == many
    assert seen[0][0] == subscriber_mails.WAVE + in_advance
    assert max(in_doubt for _, in_doubt in seen) == subscriber_mails.WAVE
    await email.close()


@pytest.mark.parametrize(("per_second", "size"), [(0.01, 8), (1, 15), (10, 150), (100_000, 1000)])
def test_a_batch_is_15_seconds_of_mails_within_bounds(per_second: float, size: int) -> None:
    assert subscriber_mails.batch_size(per_second) == size
    pace = subscriber_mails.batch_pace(per_second)
    assert pace.interval.total_seconds() == pytest.approx(size / per_second)


async def test_who_has_confirmed_already_gets_no_mail_that_asks_for_it(
    store: Store, desk: Desk, server: MailServer
) -> None:
    for name in ("ana", "ben"):
        address = f"{name}@example.com"
        do(store, subscribe, address=address, choice=Choice(language="en"), nonce=name, now=NOW)
    [ana] = [
        one for one in do(store, lambda uow: list(uow.subscribers.all())) if one.address == "ana@example.com"
    ]
    assert do(store, confirm, subscriber_id=ana.id, nonce=ana.nonce, components=(), now=NOW)
    await Mailer.of(desk, server.email()).run()
    assert arrived(server) == {"ben@example.com": 1}
    # Nothing failed: there was nothing to ask any more.
    assert [row["state"] for row in queued(store, SendConfirmation.kind)] == ["sent", "sent"]
