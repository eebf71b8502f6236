"""Know reports of mail servers that carry no mark of a program, and tell why a mail came back."""

from dataclasses import replace

import pytest

from adapters.email.incoming import read
from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import Bounce, IgnoredEmail
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import NOW, US, a_letter

OURS = US.message_id(41)
IDENTITY = replace(US, bounces="bounces@acme.example")
VERP = IDENTITY.envelope_sender(OURS)
COPY = f"\n\n------ Original message ------\nMessage-ID: <{OURS}>\nTo: nils@example.org\n"
GONE = "Unknown user: nils@example.org"


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "MAILER-DAEMON@mx.example"},
        {"From": '"Mail Delivery System" <mailer-daemon@mx.example>', "Return_Path": "<bounce@mx.example>"},
        {"From": "Mail_Daemon@mx.example"},
        {"From": "postmaster@mx.example", "Return_Path": "<MAILER-DAEMON>"},
        {"From": "Postmaster <postmaster@mx.example>", "Return_Path": "<MAILER-DAEMON@mx.example>"},
        {"From": "postmaster@mx.example", "Subject": "Undeliverable Mail"},
        {"From": "post_master@mx.example", "Subject": "Returned mail: see transcript"},
        {"From": "postmaster@mx.example", "Subject": "Unzustellbar: Ihre Unterhaltung"},
    ],
)
def test_a_report_without_a_program_s_mark_is_one(headers: dict[str, str]) -> None:
    found = read(a_letter(GONE + COPY, **headers).as_bytes(), NOW, IDENTITY)
    assert isinstance(found, Bounce)
    assert (found.kind, found.message_ids) == (BounceKind.PERMANENT, [OURS])
    assert "Unknown user" in found.reason
    assert not found.is_proven


def test_what_a_postmaster_writes_to_the_signed_envelope_sender_is_a_report() -> None:
    letter = a_letter("550 - no such user here", From="post.master@mx.example", To=VERP, Subject="Re: x")
    found = read(letter.as_bytes(), NOW, IDENTITY)
    assert isinstance(found, Bounce)
    assert (found.message_ids, found.is_proven) == ([OURS], True)


def test_a_daemon_s_mail_about_no_mail_of_ours_is_no_letter() -> None:
    raw = b"From: MAILER-DAEMON (Mail Delivery System)\r\nTo: support@acme.example\r\n\r\nIt is gone.\r\n"
    assert isinstance(read(raw, NOW, IDENTITY), IgnoredEmail)


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "postmaster@shop.example", "Subject": "Re: Your conversation"},
        {"From": "postmaster@shop.example", "Subject": "Fwd: Undeliverable: my order"},
        {"From": "daemon.mailer@shop.example", "Subject": "Undelivered parcel"},
    ],
)
def test_what_a_person_writes_as_postmaster_is_a_letter(headers: dict[str, str]) -> None:
    assert isinstance(
        read(a_letter("Where is parcel 12?", **headers).as_bytes(), NOW, IDENTITY), IncomingMessage
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "Your mail to nils@example.org was not delivered. " + "We are sorry for it. " * 15
            + "The other server answered: 554 5.7.0 Broken header (state 9).",
            "Broken header",
        ),
        ("The following address failed:\n\nnils@example.org\n\nMail size limit exceeded.", "size limit"),
        ("The message is too large for this mailbox.", "too large"),
    ],
)  # fmt: skip
def test_the_sentence_that_says_why_is_told(text: str, says: str) -> None:
    found = read(a_letter(text + COPY, From="mailer-daemon@mx.example").as_bytes(), NOW, IDENTITY)
    assert isinstance(found, Bounce)
    assert says in found.reason
    assert found.kind is BounceKind.TRANSIENT


def test_a_returned_part_of_our_mail_names_it() -> None:
    raw = (
        "From: MAILER-DAEMON@mx.example\nTo: support@acme.example\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nSorry\n--b\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; nils@example.org\n"
        "Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/partial\n\n"
        f"Message-ID: <{OURS}>\nSubject: x\n\nHello\n--b--\n"
    )
    found = read(raw.encode(), NOW, IDENTITY)
    assert isinstance(found, Bounce)
    assert found.message_ids == [OURS]
