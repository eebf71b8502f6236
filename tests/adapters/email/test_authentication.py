"""Believe our own receiving server about a sender, and nobody else who writes the same header."""

import time
from dataclasses import replace

import pytest

from adapters.email.authentication import sender_check
from adapters.email.incoming import read
from adapters.email.mime import parse
from domain.intake.email import UnreadableEmail, UnreadableReason
from domain.intake.private_messages import IncomingMessage, SenderCheck
from tests.adapters.email.made import NOW, US

OURS = "mx.acme.example"
PASSED, FAILED, NONE = SenderCheck.PASSED, SenderCheck.FAILED, SenderCheck.NONE
IDENTITY = replace(US, authserv_id=OURS)


def checked(
    *headers: str, sender: str = "From: Ana <ana@example.com>", authserv_id: str = OURS
) -> SenderCheck:
    """Return what is found out about a mail with these headers on top of its From."""
    mail = "\r\n".join([*headers, sender, "To: support@acme.example", "", "Hello"])
    return sender_check(parse(mail.encode()), replace(US, authserv_id=authserv_id))


def says(result: str, server: str = OURS) -> str:
    return f"Authentication-Results: {server}; {result}"


PASSES = says("dmarc=pass header.from=example.com")


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ("dmarc=pass header.from=example.com", PASSED),
        ("spf=none smtp.mailfrom=x@y; dkim=pass header.d=example.com; dmarc=pass (p=NONE) header.from=example.com", PASSED),
        ("dmarc=pass (p=REJECT sp=REJECT\r\n dis=NONE)\r\n header.from=example.com", PASSED),
        ("DMARC/1 = PASS action=none header.from=Example.COM;compauth=pass reason=100", PASSED),
        ("dmarc=fail (p=NONE) header.from=example.com", FAILED),
        ("dmarc=none header.from=example.com", NONE),
        ("dmarc=temperror header.from=example.com", NONE),
        ("dmarc=pass header.from=evil.example", NONE),
        ("dmarc=pass", NONE),
        ("dmarc=pass header.from=evil.example header.from=example.com", NONE),
        ("dmarc=fail header.from=example.com; dmarc=pass header.from=example.com", NONE),
        ("spf=pass; dkim=pass header.d=example.com header.from=example.com", NONE),
        ("none", NONE),
        ("", NONE),
        # What the sender of a mail may put there: an envelope address, a greeting, a comment.
        ('spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.com"@evil.example', NONE),
        ("spf=pass (helo dmarc=pass header.from=example.com; dmarc=pass header.from=example.com)", NONE),
        ('spf=pass (helo=a") smtp.mailfrom=") ; dmarc=pass header.from=example.com ("@evil.example; dkim="', NONE),
        ('dkim=fail header.i="; dmarc=fail header.from=example.com', NONE),
    ],
)  # fmt: skip
def test_a_dmarc_result_counts_for_the_domain_in_from(result: str, found: SenderCheck) -> None:
    assert checked(says(result)) is found


@pytest.mark.parametrize(
    "headers",
    [
        [says("dmarc=fail header.from=example.com"), PASSES],
        [says("spf=pass"), PASSES],
        [says("dmarc=pass header.from=example.com", "mx.evil.example"), PASSES],
        [says("dmarc=pass header.from=example.com", "mx.evil.example")],
        [says("dmarc=pass header.from=example.com", f"x.{OURS}")],
        ["Authentication-Results: dmarc=pass header.from=example.com"],
        [f"X-Authentication-Results: {OURS}; dmarc=pass header.from=example.com"],
    ],
)
def test_only_the_topmost_header_of_our_own_server_counts(headers: list[str]) -> None:
    assert checked(*headers) is not PASSED


def test_without_a_server_of_our_own_no_header_counts() -> None:
    assert checked(PASSES, authserv_id="") is NONE
    assert checked("Authentication-Results: ; dmarc=pass header.from=example.com", authserv_id="") is NONE


@pytest.mark.parametrize(
    "sender",
    [
        "From: Ana <ana@example.com>\r\nFrom: mallory@evil.example",
        "From: ana@example.com, mallory@example.com",
        "From: ana@example.com, mallory@evil.example",
        "From: mallory@evil.example",
        "Subject: nobody",
    ],
)
def test_a_mail_of_several_authors_has_none_that_was_checked(sender: str) -> None:
    assert checked(PASSES, sender=sender) is NONE


def letter(sender: str) -> IncomingMessage | UnreadableEmail:
    """Read a mail whose DMARC result is for example.com."""
    mail = f"{PASSES}\r\nFrom: {sender}\r\nTo: support@acme.example\r\nSubject: Hi\r\n\r\nHello"
    found = read(mail.encode(), NOW, IDENTITY)
    assert isinstance(found, IncomingMessage | UnreadableEmail)
    return found


def test_a_name_that_is_an_address_is_neither_shown_nor_checked() -> None:
    found = letter("kira@example.org <mallory@example.com>")
    assert isinstance(found, IncomingMessage)
    assert (found.author.id, found.author.name, found.address) == ("mallory@example.com",) * 3
    assert found.sender_check is PASSED, "it is mallory's address that was checked"


@pytest.mark.parametrize(
    "name", ["Acme Support", "ACME  support", "\uff21cme Support", "Ac\u200bme Support", "Acme Support (Ana)", "support\uff20acme.example"]
)  # fmt: skip
def test_a_name_that_pretends_to_be_us_is_not_shown(name: str) -> None:
    found = letter(f'"{name}" <mallory@example.com>')
    assert isinstance(found, IncomingMessage)
    assert found.author.name == "mallory@example.com"


@pytest.mark.parametrize(
    ("ours", "sender"),
    [
        ("support@m\xfcller.example", "support@xn--mller-kva.example"),
        ("support@xn--mller-kva.example", "support@m\xfcller.example"),
        ("support@acme.example", "support@\uff41cme.example"),
        ("support@acme.example", "Support+12-abcdefghijklmnop@ACME\uff0eexample"),
        ("support@acme.example", "support@acme\u3002example"),
    ],
)
def test_our_own_address_is_recognised_in_disguise(ours: str, sender: str) -> None:
    mail = f"From: Us <{sender}>\r\nTo: {ours}\r\nSubject: Copy\r\n\r\nHello"
    found = read(mail.encode(), NOW, replace(US, address=ours))
    assert isinstance(found, UnreadableEmail)
    assert found.why is UnreadableReason.OUR_OWN_NAME


def test_a_token_is_found_however_our_domain_is_written() -> None:
    identity = replace(US, address="support@m\xfcller.example")
    token = identity.reply_address(12).replace("m\xfcller", "xn--mller-kva")
    assert identity.handoff_of(token) == 12


def test_a_long_header_takes_no_longer_than_its_length() -> None:
    def seconds(length: int) -> float:
        mail = parse((says("(" * length) + "\r\nFrom: a@example.com\r\n\r\nx").encode())
        began = time.process_time()
        for _ in range(20):
            sender_check(mail, IDENTITY)
        return time.process_time() - began

    seconds(1000)
    assert seconds(60_000) < 60 * max(seconds(1000), 0.001)
