"""Read hostile mails within bounds of time and memory."""

import time
import tracemalloc

import pytest

from adapters.email.incoming import read
from adapters.email.mime import parse, parts
from domain.intake.email import Bounce, IgnoredEmail, UnreadableEmail
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import NOW, US

#: Seconds for a slow and busy machine; without bounds these take minutes, or all memory.
SECONDS = 20.0
HEAD = b"From: eve@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def nested(depth: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )
    return HEAD + opened + b"Content-Type: text/plain\r\n\r\nat the bottom\r\n"


def many_parts(count: int) -> bytes:
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * count


def as_html(html: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\r\n\r\n" + html


HOSTILE = {
    "deep": nested(50),
    "bottomless": nested(5_000),
    "many parts": many_parts(300_000),
    "mail in mail in mail": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3_000 + b"x",
    "a header of megabytes": b"From: eve@example.com\r\nSubject: "
    + b"=?utf-8?q?=C3=A4?= " * 200_000
    + b"\r\n\r\nx",
    "a crowd of recipients": b"From: eve@example.com\r\nTo: " + b"a@b.example, " * 200_000 + b"\r\n\r\nx",
    "brackets": b"From: " + b"(" * 500_000 + b"eve@example.com\r\n\r\nx",
    "quotes within a line": HEAD + b"\r\nOn " + b"a " * 500_000 + b"wrote:",
    "a tower of quotes": HEAD + b"\r\n" + b"> " * 500_000,
    "a hundred thousand lines": HEAD + b"\r\n" + b"Am schrieb schrieb schrieb schrieb\r\n" * 100_000,
    "tags that never end": as_html(b"<a " * 300_000),
    "tags within tags": as_html(b"<blockquote><div>" * 100_000),
    "marks": as_html(b"&" * 1_000_000),
    "comments": as_html(b"<!--" * 200_000),
    "references": HEAD + b"References: " + b"<a@b.example> " * 100_000 + b"\r\n\r\nx",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_it_is_read_within_a_bound(name: str) -> None:
    begun = time.process_time()
    assert isinstance(read(HOSTILE[name], NOW, US), IncomingMessage | Bounce | IgnoredEmail | UnreadableEmail)
    assert time.process_time() - begun < SECONDS


def test_parts_are_bounded_in_number_and_depth() -> None:
    assert len(list(parts(parse(HOSTILE["many parts"])))) <= 200
    assert len(list(parts(parse(HOSTILE["deep"])))) <= 200


def test_of_many_texts_and_invitations_only_the_first_are_read() -> None:
    event = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:no %d\r\nEND:VEVENT\r\nEND:VCALENDAR"
    pages = [b"text/html\r\n\r\n" + b"<p>page %d</p>" % number * 2_000 for number in range(100)]
    calendars = [b"text/calendar\r\n\r\n" + event % number for number in range(100)]
    body = b"".join(b"--b\r\nContent-Type: " + part + b"\r\n" for part in [*calendars, *pages])
    found = read(HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + body, NOW, US)
    assert isinstance(found, IncomingMessage)
    assert found.text.count("Calendar entry") == 4


def test_of_a_mail_that_cannot_be_taken_apart_somebody_is_told() -> None:
    found = read(nested(390), NOW, US)
    assert isinstance(found, IncomingMessage | UnreadableEmail)
    if isinstance(found, UnreadableEmail):
        assert (found.subject, found.sender) == ("x", "eve@example.com")


def test_a_large_mail_takes_a_few_times_its_size_in_memory() -> None:
    mail = (
        HEAD
        + b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"UEsDBAAA" * 1_500_000
    )
    tracemalloc.start()
    try:
        assert isinstance(read(mail, NOW, US), IncomingMessage)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 12 * len(mail)


@pytest.mark.parametrize("charset", [b"utf-8\xa0", b"utf\x008", b'"\xff"', b"=?utf-8?q?=C3?=", b"a" * 70_000])
@pytest.mark.parametrize(
    "kind", [b"text/plain", b"text/html", b"multipart/report", b"message/feedback-report", b"image/png"]
)
@pytest.mark.parametrize("encoding", [b"8bit", b"base64", b"quoted-printable", b"x-uuencode"])
def test_a_charset_that_is_no_name_loses_nothing(kind: bytes, charset: bytes, encoding: bytes) -> None:
    """Python decodes what is no multipart by it, and raises other errors than for an unknown name."""
    content_type = b"Content-Type: %s; charset=%s\r\nContent-Transfer-Encoding: %s\r\n" % (
        kind,
        charset,
        encoding,
    )
    inner = content_type + "\r\nZahlung für Größe 4711 geht nicht\r\n".encode()
    text = HEAD.replace(b"MIME", b"Message-ID: <a@example.com>\r\nMIME")
    for mail in (
        text + inner,
        text + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + inner + b"\r\n--b--\r\n",
        text + b"Content-Type: message/rfc822\r\n\r\n" + text + inner,
    ):
        found = read(mail, NOW, US)
        if kind.startswith(b"text") and encoding == b"8bit":
            assert isinstance(found, IncomingMessage)
            assert "Zahlung für Größe 4711 geht nicht" in found.text
