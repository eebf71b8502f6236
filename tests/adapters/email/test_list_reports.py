"""Read what comes back of mails to subscribers: bounces by kind, complaints, and mails that unsubscribe."""

import pytest

from adapters.email.incoming import read
from domain.intake.bounce_reasons import BounceKind, bounce_kind
from domain.intake.email import Bounce, IgnoredEmail, Unsubscription
from tests.adapters.email.made import ANA, NOW, US

NOTICE = US.notice_message_id(9, 7)


@pytest.mark.parametrize(
    ("diagnostic", "kind"),
    [
        ("5.1.1 smtp; 550 5.1.1 The mailbox does not exist", BounceKind.PERMANENT),
        ("5.0.0 smtp; 550 5.1.1 no such user", BounceKind.PERMANENT),
        ("5.0.0 smtp; 550 user unknown", BounceKind.PERMANENT),
        ("5.2.1 disabled", BounceKind.PERMANENT),
        ("5.1.2 no such domain", BounceKind.PERMANENT),
        ("smtp; 550 no such user", BounceKind.PERMANENT),
        ("5.2.2 smtp; 552 5.2.2 mailbox full", BounceKind.TRANSIENT),
        ("5.7.1 smtp; 550 5.7.1 looks like spam", BounceKind.TRANSIENT),
        ("5.7.1 smtp; 550 5.7.1 No such user!", BounceKind.PERMANENT),  # Yandex
        ("5.7.1 smtp; 550 5.7.1 unknown user, or blocked by policy", BounceKind.TRANSIENT),
        ("4.4.7 smtp; delivery time expired", BounceKind.TRANSIENT),
        ("4.1.1 greylisted", BounceKind.TRANSIENT),
        ("5.1.8 bad sender", BounceKind.TRANSIENT),
        ("host 10.5.1.1 said 421", BounceKind.TRANSIENT),
        ("", BounceKind.TRANSIENT),
        ("5.0.0 smtp; 550 Mailbox is full / Blocks limit exceeded", BounceKind.TRANSIENT),
        ("5.0.0 smtp; 550 User quota exceeded", BounceKind.TRANSIENT),
        ("smtp; 550 5.1.1 mailbox full", BounceKind.TRANSIENT),
        ("smtp; 550 This message was classified as SPAM", BounceKind.TRANSIENT),
        ("smtp; 550 Blocked - see https://bl.example/192.0.2.10", BounceKind.TRANSIENT),
        ("smtp; 550 not accepted due to domain's DMARC policy", BounceKind.TRANSIENT),
        ("smtp; 450 mailbox unavailable", BounceKind.TRANSIENT),
        ("smtp; 554 dd This user doesn't have a yahoo.com account", BounceKind.PERMANENT),
        ("smtp; 554 dd Not a valid recipient", BounceKind.PERMANENT),
        ("5.4.1 Recipient address rejected: Access denied", BounceKind.PERMANENT),
        ("5.4.4 X-Postfix; Host or domain name not found", BounceKind.PERMANENT),
        ("5.1.0 jo@example.org User unknown", BounceKind.PERMANENT),
    ],
)
def test_only_a_mailbox_that_does_not_exist_is_gone_for_good(diagnostic: str, kind: BounceKind) -> None:
    assert bounce_kind(diagnostic) is kind


def a_report(kind: str, fields: str, message_id: str = NOTICE) -> bytes:
    part = "delivery-status" if kind == "delivery-status" else "feedback-report"
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {US.address}\r\nSubject: Report\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="=r"\r\n\r\n'
        "--=r\r\nContent-Type: text/plain\r\n\r\nThis is a report.\r\n"
        f"--=r\r\nContent-Type: message/{part}\r\n\r\n{fields}\r\n"
        "--=r\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: {US.address}\r\nMessage-ID: <{message_id}>\r\nSubject: Payments fail\r\n\r\nWe are sorry.\r\n"
        "--=r--\r\n"
    ).encode()


def test_a_bounce_of_a_notice_names_it_and_its_kind() -> None:
    fields = (
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: failed\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 nobody\r\n"
    )
    bounce = read(a_report("delivery-status", fields), NOW, US)
    assert isinstance(bounce, Bounce)
    assert (bounce.message_ids[0], bounce.kind) == (NOTICE, BounceKind.PERMANENT)


@pytest.mark.parametrize("feedback", ["abuse", "Abuse", "opt-out"])
def test_a_complaint_names_the_mail_that_it_is_about(feedback: str) -> None:
    fields = f"Feedback-Type: {feedback}\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\n"
    complaint = read(a_report("feedback-report", fields), NOW, US)
    assert isinstance(complaint, Bounce)
    assert (complaint.message_ids[0], complaint.kind) == (NOTICE, BounceKind.COMPLAINT)


@pytest.mark.parametrize(
    ("feedback", "message_id"), [("not-spam", NOTICE), ("abuse", "else@example.com"), ("", NOTICE)]
)
def test_other_feedback_is_ignored(feedback: str, message_id: str) -> None:
    report = a_report("feedback-report", f"Feedback-Type: {feedback}\r\nVersion: 1\r\n", message_id)
    read_as = read(report, NOW, US)
    if message_id == NOTICE:
        assert isinstance(read_as, IgnoredEmail)
    else:
        assert isinstance(read_as, Bounce)
        assert read_as.message_ids == [message_id], "what it names is looked for, and not found"


def a_mail(to: str, extra: str = "") -> bytes:
    return (
        f"From: {ANA}\r\nTo: {to}\r\nSubject: unsubscribe\r\nMessage-ID: <1@example.com>\r\n{extra}\r\n"
    ).encode()


@pytest.mark.parametrize("extra", ["", "Auto-Submitted: auto-generated\r\n"])
def test_a_mail_to_the_address_that_unsubscribes_does_so(extra: str) -> None:
    address = US.unsubscribe_address(7).upper()
    assert read(a_mail(address, extra), NOW, US) == Unsubscription(subscriber_id=7)


def test_a_forged_address_unsubscribes_nobody() -> None:
    forged = US.unsubscribe_address(7).replace("+u7-", "+u8-")
    assert not isinstance(read(a_mail(forged), NOW, US), Unsubscription)
