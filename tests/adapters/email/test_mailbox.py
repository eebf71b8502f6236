"""Read a mailbox on the sandbox's server and on dovecot: each mail once, from the cursor, nothing changed."""

import asyncio
import imaplib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from adapters.email import Email, imap
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later
from domain.intake.email import AutomaticEmail, MailboxPage
from domain.intake.private_messages import IncomingMessage
from domain.intake.streams import SourceError, SourceFault
from sandbox.faults import Fault
from tests.adapters.email.made import NOW, US, a_letter, an_outgoing_mail
from tests.adapters.email.places import MailServer, closed_port, sandbox_server


@pytest.fixture
async def email(server: MailServer) -> AsyncIterator[Email]:
    """Our adapter, connected to the server."""
    made = server.email()
    yield made
    await made.close()


def letter(number: int, text: str = "hello") -> bytes:
    return a_letter(text, Message_ID=f"<{number}@example.com>").as_bytes()


async def put(server: MailServer, *contents: bytes) -> None:
    for content in contents:
        await asyncio.to_thread(server.put, content)


def ids(delivered: MailboxPage) -> list[str]:
    return [a.content.external_id for a in delivered.mails if isinstance(a.content, IncomingMessage)]


def client_of(server: MailServer) -> imaplib.IMAP4:
    url = urlsplit(server.imap_url)
    client = imaplib.IMAP4(url.hostname or "", url.port or 0)
    client.login(unquote(url.username or ""), unquote(url.password or ""))
    return client


def delete_mails(server: MailServer, uids: list[int]) -> None:
    """Delete these mails from the mailbox, as another program may at any time."""
    if server.office is not None:
        inbox = server.office.brand.inbox
        inbox.mails = [mail for mail in inbox.mails if mail.uid not in uids]
        return
    with client_of(server) as client:
        client.select("INBOX")
        for uid in uids:
            client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
        client.expunge()


async def test_earlier_mails_are_skipped_and_new_ones_are_read_once(server: MailServer, email: Email) -> None:
    await put(server, letter(1), letter(2))
    if server.office is not None:
        another = server.email()
        assert ids(await another.read("1:0", NOW)) == ["1@example.com", "2@example.com"]
        await another.close()
    start = (await email.read(None, None)).position
    await put(server, letter(3, "third"), letter(4))
    then = await email.read(start, NOW)
    assert ids(then)[-2:] == ["3@example.com", "4@example.com"]
    assert (await email.read(then.position, NOW)).mails == ()
    assert (await email.read(then.mails[0].position, NOW)).position == then.position
    third = await email.fetch(then.mails[-2].position)
    assert third == then.mails[-2], "one that had to wait is read again by its place"
    assert await email.fetch("1:999999") is None


async def test_what_came_after_the_first_start_is_read_by_a_later_one(
    server: MailServer, email: Email
) -> None:
    """The first one may have ended before it reached the server."""
    began = datetime.now(UTC)
    await put(server, letter(1))
    later = server.email()
    later._inbox._since = began + timedelta(hours=1)
    assert ids(await later.read(None, None)) == []
    assert ids(await later.read(None, began)) == ["1@example.com"]
    await later.close()


async def test_an_absence_with_our_subject_is_a_program_s(server: MailServer, email: Email) -> None:
    start = (await email.read(None, None)).position
    subject = "Nicht im Büro: Your conversation with Acme Support"
    await put(server, a_letter("Bis 7.12.", To=US.reply_address(12), Subject=subject).as_bytes())
    assert isinstance((await email.read(start, NOW)).mails[-1].content, AutomaticEmail)


async def test_no_mail_is_marked_as_read(server: MailServer, email: Email) -> None:
    start = (await email.read(None, None)).position
    await put(server, letter(1))
    assert ids(await email.read(start, NOW)) == ["1@example.com"]
    if server.office is not None:
        assert server.office.brand.inbox.mails[0].flags == set()
        return

    def flags() -> str:
        with client_of(server) as client:
            client.select("INBOX", readonly=True)
            return str(client.fetch("1", "(FLAGS)"))

    assert "Seen" not in await asyncio.to_thread(flags)


async def test_many_mails_are_read_in_pages(
    server: MailServer, email: Email, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_BATCH", 2)
    start = (await email.read(None, None)).position
    await put(server, *(letter(n) for n in range(5)))
    seen: list[str] = []
    reached, portions = start, 0
    async with asyncio.timeout(30):
        while len(seen) < 5:
            delivered = await email.read(reached, NOW)
            assert len(delivered.mails) <= 2
            seen += ids(delivered)
            reached, portions = delivered.position, portions + delivered.more
    assert portions >= 2
    assert seen == [f"{n}@example.com" for n in range(5)]


async def test_mails_deleted_between_search_and_fetch_do_not_delay_later_ones(
    server: MailServer, email: Email, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_BATCH", 2)
    start = (await email.read(None, None)).position
    await put(server, *(letter(n) for n in range(5)))
    search = imap.ImapMailbox.uids_after

    def search_and_delete(mailbox: imap.ImapMailbox, *given: Any) -> list[int]:  # noqa: ANN401 - as it is called
        found = search(mailbox, *given)
        delete_mails(server, found[:2])
        monkeypatch.setattr(imap.ImapMailbox, "uids_after", search)
        return found

    monkeypatch.setattr(imap.ImapMailbox, "uids_after", search_and_delete)
    gone = await email.read(start, NOW)
    assert (ids(gone), gone.more) == ([], True)
    then = await email.read(gone.position, NOW)
    assert (ids(then), then.more) == (["2@example.com", "3@example.com"], True)
    assert ids(await email.read(then.position, NOW)) == ["4@example.com"]


async def test_idle_ends_when_a_mail_arrives(server: MailServer, email: Email) -> None:
    start = (await email.read(None, None)).position
    waiting = asyncio.create_task(email.wait(60))
    await put(server, letter(1))
    async with asyncio.timeout(30):
        await waiting
        while not (came := ids(await email.read(start, NOW))):
            await email.wait(60)
    assert came == ["1@example.com"]


@pytest.mark.parametrize("first", [False, True])
async def test_idle_ends_at_once_for_a_mail_that_arrived_before_it(
    server: MailServer, email: Email, first: bool
) -> None:
    if server.office is not None:
        server.office.reports_before_idle = first
    start = (await email.read(None, None)).position
    for number in range(1, 4):
        await put(server, letter(number))
        async with asyncio.timeout(20):
            await email.wait(60)
        delivered = await email.read(start, NOW)
        assert ids(delivered) == [f"{number}@example.com"]
        start = delivered.position


async def test_idle_can_be_cancelled(email: Email) -> None:
    await email.read(None, None)
    waiting = asyncio.create_task(email.wait(60))
    email.stop()
    with pytest.raises(SourceError, match="closed"):
        async with asyncio.timeout(30):
            await waiting


async def test_a_connection_that_ends_while_it_is_listened_to_is_told_of(
    server: MailServer, email: Email
) -> None:
    await email.read(None, None)
    waiting = asyncio.create_task(email.wait(60))
    mailbox = email._inbox._mailbox
    assert mailbox is not None
    mailbox._client.socket().shutdown(socket.SHUT_RD)
    with pytest.raises(SourceError) as caught:
        async with asyncio.timeout(30):
            await waiting
    assert caught.value.fault is SourceFault.UNAVAILABLE
    assert (await email.read("1:0", NOW)).more is False


async def test_a_mail_that_is_too_large_is_read_at_its_beginning(
    server: MailServer, email: Email, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MAX_MAIL_BYTES", 50_000)
    monkeypatch.setattr(imap, "PARTIAL_MAIL_BYTES", 5_000)
    mail = a_letter("The film is attached.")
    mail.add_attachment(b"x" * 200_000, maintype="video", subtype="mp4", filename="film.mp4")
    start = (await email.read(None, None)).position
    await put(server, mail.as_bytes(), letter(2))
    [large, small] = (await email.read(start, NOW)).mails
    assert isinstance(large.content, IncomingMessage)
    assert large.content.text == "The film is attached."
    assert [f.refused for f in large.content.files] == [
        "the mail is too large, so its files were not fetched"
    ]
    assert isinstance(small.content, IncomingMessage)


async def test_a_lost_connection_is_made_anew(server: MailServer, email: Email) -> None:
    start = (await email.read(None, None)).position
    mailbox = email._inbox._mailbox
    assert mailbox is not None
    mailbox._client.shutdown()
    await put(server, letter(1))
    with pytest.raises(SourceError) as caught:
        await email.read(start, NOW)
    assert caught.value.fault is SourceFault.UNAVAILABLE
    assert ids(await email.read(start, NOW)) == ["1@example.com"]


async def test_a_wrong_password_is_refused_in_words_without_it(server: MailServer) -> None:
    url = urlsplit(server.imap_url)
    wrong = server.email(imap_url=f"imap://{url.username}:not-this-9@{url.hostname}:{url.port}")
    with pytest.raises(SourceError) as caught:
        await wrong.read(None, None)
    assert caught.value.fault is SourceFault.REFUSED
    assert "IMAP_URL" in str(caught.value)
    assert "not-this-9" not in str(caught.value)
    await wrong.close()


async def test_a_connection_lost_at_the_login_is_not_a_wrong_password() -> None:
    async with sandbox_server() as server:
        assert server.office is not None
        server.office.faults.add(Fault("imap:LOGIN", "lost-before"))
        email = server.email()
        with pytest.raises(SourceError) as caught:
            await email.read(None, None)
        assert caught.value.fault is SourceFault.UNAVAILABLE
        assert (await email.read(None, None)).mails == ()
        await email.close()


async def test_a_refused_idle_is_told_of_and_the_mailbox_is_read_on() -> None:
    async with sandbox_server() as server:
        assert server.office is not None
        server.office.faults.add(Fault("imap:IDLE", "status"))
        email = server.email()
        start = (await email.read(None, None)).position
        with pytest.raises(SourceError) as caught:
            await email.wait(60)
        assert caught.value.fault is SourceFault.BAD_REQUEST
        await put(server, letter(1))
        assert ids(await email.read(start, NOW)) == ["1@example.com"]
        await email.close()


async def test_a_server_that_is_away_is_told_of() -> None:
    async with sandbox_server() as server:
        away = server.email(imap_url=f"imap://a:b@127.0.0.1:{closed_port()}")
        with pytest.raises(SourceError) as caught:
            await away.read(None, None)
        assert caught.value.fault is SourceFault.UNAVAILABLE
        await away.close()


async def test_mails_are_found_again_after_a_new_uidvalidity() -> None:
    async with sandbox_server() as server:
        assert server.office is not None
        email = server.email()
        start = (await email.read(None, None)).position
        await put(server, letter(1), letter(2))
        reached = (await email.read(start, NOW)).position
        server.office.brand.inbox.renumber()
        await put(server, letter(3))
        await email.close()
        later = server.email()
        again = await later.read(reached, NOW)
        assert ids(again) == ["1@example.com", "2@example.com", "3@example.com"]
        assert again.position == "2:3"
        await later.close()


async def test_an_empty_mailbox_with_a_new_uidvalidity_is_read_from_its_start(
    server: MailServer, email: Email
) -> None:
    emptied = await email.read("7:5", NOW)
    assert (emptied.mails, emptied.position.partition(":")[2]) == ((), "0")
    assert not emptied.position.startswith("7:")
    await put(server, letter(1), letter(2), letter(3))
    assert ids(await email.read(emptied.position, NOW)) == [f"{n}@example.com" for n in (1, 2, 3)]


async def found(email: Email) -> Finding:
    return await email.find(an_outgoing_mail(), NOW)


async def test_a_sent_mail_is_found_in_the_sent_folder(server: MailServer, email: Email) -> None:
    own = a_letter(From=US.address, Message_ID=f"<{US.message_id(41)}>").as_bytes()
    other = a_letter(From=US.address, Message_ID=f"<{US.message_id(7)}>").as_bytes()
    nothing_kept = await found(email)
    assert isinstance(nothing_kept, Failed)
    assert "keeps no copies" in nothing_kept.reason
    await asyncio.to_thread(server.put_sent, other)
    assert isinstance(await found(email), Absent)
    await asyncio.to_thread(server.put_sent, own)
    assert await found(email) == Done({"id": US.message_id(41)})


async def test_a_check_that_is_not_possible_now_is_postponed() -> None:
    async with sandbox_server() as server:
        away = server.email(imap_url=f"imap://a:b@127.0.0.1:{closed_port()}")
        assert isinstance(await found(away), Later)
        await away.close()


async def test_check_says_whether_both_servers_let_us_in(server: MailServer, email: Email) -> None:
    out, in_ = await email.probe()
    assert in_.ok is True
    assert out.ok is (server.office is not None)
    if server.office is None:
        assert "SMTP_URL" in out.remedy
