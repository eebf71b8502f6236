"""Send by SMTP: the outcome of each response, and of a lost connection."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from adapters.email import Email
from adapters.email.server_urls import parse_server_url
from adapters.email.smtp import _client
from domain.delivery.outcomes import Done, Failed, Later, Outcome, Unknown
from sandbox.faults import Fault
from tests.adapters.email.made import ANA, US, a_handoff, an_outgoing_mail
from tests.adapters.email.places import MailServer, closed_port, recording_smtp_server, sandbox_server

SENT = Done({"id": US.message_id(41)})


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with sandbox_server() as made:
        yield made


async def outcome(email: Email, address: str | None = ANA, text: str = "Hello Ana") -> Outcome:
    """Send once; return the outcome."""
    try:
        return await email.send(an_outgoing_mail(text, handoff=a_handoff(address)))
    finally:
        await email.close()


def arrived(server: MailServer, address: str = ANA) -> int:
    assert server.office is not None
    return len(server.office.mailbox(address).inbox.mails)


async def test_a_mail_arrives_under_its_own_id(server: MailServer) -> None:
    assert await outcome(server.email()) == SENT
    assert server.office is not None
    [mail] = server.office.mailbox(ANA).inbox.mails
    assert message_from_bytes(mail.content)["Message-ID"] == f"<{US.message_id(41)}>"


@pytest.mark.parametrize(("step", "words"), [("smtp:MAIL", "to send from"), ("smtp:RCPT", "mail to")])
async def test_check_tries_to_send_and_says_what_is_refused(
    server: MailServer, step: str, words: str
) -> None:
    email = server.email()
    assert server.office is not None
    [taken, _] = await email.probe()
    assert (taken.ok, "the login" in taken.detail) == (True, True)
    server.office.faults.add(Fault(step, "status", status=553, body="5.7.1 not yours"))
    [refused, _] = await email.probe()
    await email.close()
    assert (refused.ok, words in refused.detail, "553 5.7.1 not yours" in refused.detail) == (
        False,
        True,
        True,
    )
    assert "EMAIL_FROM" in refused.remedy
    assert arrived(server, US.address) == 0, "nothing is sent"


async def test_another_server_gets_it_byte_for_byte() -> None:
    text = "Über alles:\n.\n..two dots\nFrom here\n" + "long " * 400
    async with recording_smtp_server() as post, sandbox_server() as server:
        assert await outcome(server.email(smtp_url=post.url), text=text) == SENT
    [envelope] = post.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (US.address, [ANA])
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").startswith(text)


@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        ("RCPT", "550 5.1.1 User unknown", Failed),
        ("RCPT", "451 4.7.1 Greylisted, try later", Later),
        ("DATA", "554 5.7.1 This looks like spam", Failed),
        ("DATA", "452 4.3.1 No room", Later),
    ],
)
async def test_what_another_server_refuses_is_told_in_its_words(
    step: str, answer: str, kind: type[Failed] | type[Later]
) -> None:
    async with recording_smtp_server() as post, sandbox_server() as server:
        post.says[step] = answer
        came_to = await outcome(server.email(smtp_url=post.url))
    assert isinstance(came_to, kind)
    assert answer in came_to.reason
    assert ANA in came_to.reason
    assert post.taken == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("smtp:MAIL", "lost-before"), Later),
        (Fault("smtp:RCPT", "lost-before"), Later),
        (Fault("smtp:RCPT", "status", status=421, body="4.3.2 shutting down"), Later),
        (Fault("smtp:RCPT", "status", status=550, body="5.1.1 nobody"), Failed),
        (Fault("smtp:DATA", "status", status=451, body="4.3.0 later"), Later),
        (Fault("smtp:DATA", "lost-before"), Unknown),
        (Fault("smtp:DATA", "lost-after"), Unknown),
    ],
)
async def test_a_failure_means_what_is_known_of_it(
    server: MailServer, fault: Fault, kind: type[object]
) -> None:
    assert server.office is not None
    server.office.faults.add(fault)
    assert isinstance(await outcome(server.email()), kind)
    assert arrived(server) == (fault.mode == "lost-after")


async def test_a_mail_in_doubt_is_found_or_known_not_to_be_there(server: MailServer) -> None:
    assert server.office is not None
    server.office.faults.add(Fault("smtp:DATA", "lost-after"))
    email = server.email()
    parcel = an_outgoing_mail()
    assert isinstance(await email.send(parcel), Unknown)
    assert await email.find(parcel, parcel.message.created_at) == SENT
    other = replace(parcel, message=replace(parcel.message, id=99))
    assert type(await email.find(other, parcel.message.created_at)).__name__ == "Absent"
    await email.close()


async def test_a_wrong_login_is_not_tried_again_and_not_told(server: MailServer) -> None:
    assert server.office is not None
    wrong = f"smtp://support%40acme.example:not-this-9@127.0.0.1:{server.office.smtp_port}"
    came_to = await outcome(server.email(smtp_url=wrong))
    assert isinstance(came_to, Failed)
    assert "SMTP_URL" in came_to.reason
    assert "not-this-9" not in came_to.reason


async def test_a_server_that_is_away_is_tried_later(server: MailServer) -> None:
    assert isinstance(await outcome(server.email(smtp_url=f"smtp://127.0.0.1:{closed_port()}")), Later)


async def test_without_an_address_nothing_is_sent(server: MailServer) -> None:
    assert isinstance(await outcome(server.email(), None), Failed)


async def test_beyond_this_machine_nothing_is_said_without_tls() -> None:
    far = _client(parse_server_url("smtp://user:word@mail.example.com"))
    assert (far._start_tls_on_connect, far.use_tls, far.validate_certs, far.port) == (True, False, True, 587)
    tls = _client(parse_server_url("smtps://user:word@mail.example.com"))
    assert (tls.use_tls, tls.validate_certs, tls.port) == (True, True, 465)


async def test_a_connection_that_is_given_up_within_a_mail_sends_nothing_as_its_content(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.email.smtp._QUIT_SECONDS", 120.0)
    email = server.email()
    assert email.subscriber_mails is not None
    [connection] = email.subscriber_mails.connections(1)
    assert await connection.begin(ANA) is None
    async with asyncio.timeout(30):  # a QUIT would wait for an answer that never comes
        await connection.quit()
    assert await connection.begin(ANA) is None
    assert await connection.finish(b"Subject: next\r\n\r\nNext\r\n.\r\n", ANA) == Done()
    await connection.quit()
    await email.close()
    assert arrived(server) == 1
