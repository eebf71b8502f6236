"""Believe reports about our mails from our own servers and to signed addresses, and from nobody else."""

from dataclasses import replace

import pytest

from adapters.email.incoming import read
from adapters.email.message_ids import EmailIdentity
from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import AutomaticEmail, Bounce, IgnoredEmail
from tests.adapters.email.made import NOW, US

IDENTITY = replace(
    US,
    authserv_id="mx.acme.example",
    bounces="bounces@acme.example",
    reporters=frozenset({"googlemail.com", "staff@hotmail.example", "mailer-daemon@relay.acme.example"}),
)
OURS = US.message_id(41)
VERP = IDENTITY.envelope_sender(OURS)


def report(
    to: str = "support@acme.example",
    sender: str = "MAILER-DAEMON@mx.example",
    *,
    said: str = "",
    about: str = OURS,
    identity: EmailIdentity = IDENTITY,
    kind: str = "delivery-status",
) -> Bounce | IgnoredEmail:
    """Read a report about a mail of ours; `said` is the domain that our server confirms."""
    header = f"Authentication-Results: mx.acme.example; dmarc=pass header.from={said}\r\n" if said else ""
    fields = (
        "Final-Recipient: rfc822; ana@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        if kind == "delivery-status"
        else "Feedback-Type: abuse\r\nUser-Agent: x\r\n"
    )
    mail = (
        f"{header}From: {sender}\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="=r"\r\n\r\n'
        f"--=r\r\nContent-Type: message/{kind}\r\n\r\nReporting-MTA: dns; mx\r\n\r\n{fields}\r\n"
        f"--=r\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{about}>\r\n\r\nx\r\n--=r--\r\n"
    )
    if kind != "delivery-status":
        mail = mail.replace("Reporting-MTA: dns; mx\r\n\r\n", "")
    found = read(mail.encode(), NOW, identity)
    assert isinstance(found, Bounce | IgnoredEmail)
    return found


def proven(found: Bounce | IgnoredEmail) -> bool:
    assert isinstance(found, Bounce)
    return found.is_proven


def test_each_mail_is_sent_from_an_address_of_its_own() -> None:
    assert VERP.startswith("bounces+bm41-")
    assert VERP.endswith("@acme.example")
    assert IDENTITY.reported_id(VERP.upper()) == OURS
    notice = US.notice_message_id(3, 44)
    assert IDENTITY.reported_id(IDENTITY.envelope_sender(notice)) == notice
    assert US.envelope_sender(OURS) == US.address, "nothing is changed where no address for it is set"
    assert IDENTITY.envelope_sender("n1.confirm@acme.example") == "bounces@acme.example"
    assert len(IDENTITY.envelope_sender(US.notice_message_id(10**17, 10**17)).partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "address",
    [
        "bounces@acme.example",
        "bounces+bm41-aaaaaaaaaaaaaaaa@acme.example",
        VERP.replace("bm41", "bm42"),
        VERP.replace("acme", "evil"),
        VERP.replace("bounces", "support"),
        US.reply_address(41),
    ],
)
def test_an_address_that_we_did_not_sign_proves_nothing(address: str) -> None:
    assert IDENTITY.reported_id(address) is None
    assert not proven(report(address))


@pytest.mark.parametrize("kind", ["delivery-status", "feedback-report"])
def test_a_report_to_a_signed_address_is_proven_and_is_about_that_mail(kind: str) -> None:
    found = report(VERP, about=US.message_id(99), kind=kind)
    assert isinstance(found, Bounce)
    assert (found.is_proven, found.message_ids) == (True, [OURS])
    assert not proven(report(kind=kind)), "our Message-ID alone may be anybody's"


@pytest.mark.parametrize(
    ("sender", "said", "is_proven"),
    [
        ("MAILER-DAEMON@acme.example", "acme.example", True),
        ("postmaster@acme.example", "acme.example", True),
        ("MAILER-DAEMON@relay.acme.example", "relay.acme.example", True),
        ("mailer-daemon@googlemail.com", "googlemail.com", True),
        ("staff@hotmail.example", "hotmail.example", True),
        ("MAILER-DAEMON@acme.example", "", False),
        ("MAILER-DAEMON@acme.example", "evil.example", False),
        ("MAILER-DAEMON@evil.example", "evil.example", False),
        ("mallory@acme.example", "acme.example", False),
        ("mallory@hotmail.example", "hotmail.example", False),
        ("mailer-daemon@googlemail.com.evil.example", "googlemail.com.evil.example", False),
    ],
)
def test_a_report_of_our_own_server_is_proven_where_our_receiving_server_confirms_it(
    sender: str, said: str, is_proven: bool
) -> None:
    assert proven(report(sender=sender, said=said)) is is_proven


def test_what_a_program_answers_to_the_envelope_sender_is_of_that_mails_case() -> None:
    away = f"From: ana@example.com\r\nTo: {VERP}\r\nSubject: Out of office\r\n"
    found = read(f"{away}Auto-Submitted: auto-replied\r\n\r\nBack on Monday".encode(), NOW, IDENTITY)
    assert isinstance(found, AutomaticEmail)
    assert found.answers == [OURS]


def test_a_report_about_an_earlier_mail_is_read_and_not_proven() -> None:
    found = report(identity=replace(US, authserv_id=""))
    assert isinstance(found, Bounce)
    assert (found.is_proven, found.message_ids, found.kind) == (False, [OURS], BounceKind.PERMANENT)
