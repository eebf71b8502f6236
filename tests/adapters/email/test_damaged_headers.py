"""Read mails whose headers are damaged, or written as the standard forbids."""

import pytest

from adapters.email.incoming import read
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import NOW, US
from tests.growth import assert_linear

FROM, TO = b"From: Lina Sund <lina@example.org>", f"To: {US.reply_address(12)}".encode()
TEXT = b"Both lamps are broken."
OURS = f"<{US.message_id(41)}>".encode()


def found_in(*lines: bytes) -> IncomingMessage:
    found = read(b"\r\n".join(lines), NOW, US)
    assert isinstance(found, IncomingMessage), found
    return found


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize(
    "odd",
    [
        b"Scanned By: Gateway 7",
        b"so Delivered-To: lina@example.org",
        b"no field at all",
        b">From lina@example.org Sat Nov 21 10:31:00 2026",
    ],
)
def test_a_line_that_is_no_field_hides_no_field_below_it(odd: bytes, at: int) -> None:
    head = [FROM, TO, b"Subject: Two lamps"]
    head.insert(at, odd)
    found = found_in(*head, b"", TEXT)
    assert (found.address, found.handoff_id, found.subject) == ("lina@example.org", 12, "Two lamps")
    assert found.text == TEXT.decode()


def test_an_empty_line_above_the_header_hides_no_field() -> None:
    found = found_in(b"", FROM, TO, b"Subject: Two lamps", b"", TEXT)
    assert (found.address, found.handoff_id, found.text) == ("lina@example.org", 12, TEXT.decode())


def test_a_space_before_the_colon_hides_no_field() -> None:
    found = found_in(b"Subject : Two lamps", FROM, b"To :" + TO[3:], b"Date : today", b"", TEXT)
    assert (found.address, found.handoff_id, found.subject) == ("lina@example.org", 12, "Two lamps")


@pytest.mark.parametrize(
    "text", [TEXT, b"From: Lund\r\nTo: Malmo\r\nSubject to change, please.", b"I sent it.\r\nDate: 3 May"]
)
def test_a_text_that_no_empty_line_separates_is_not_lost(text: bytes) -> None:
    found = found_in(FROM, TO, b"Date: Sat, 21 Nov 2026 10:31:00 +0000", b"Subject: x", b"Hello,", text)
    assert found.text == b"\n".join([b"Hello,", *text.split(b"\r\n")]).decode()
    assert found.address == "lina@example.org"


def test_each_of_several_headers_is_searched_for_the_mail_that_is_answered() -> None:
    plain = b"To: support@acme.example"
    found = found_in(FROM, plain, b"References: <a@b.example>", b"References: " + OURS, b"", TEXT)
    assert US.message_id(41) in found.answers


@pytest.mark.parametrize(("name", "charset"), [("Жук", "windows-1251"), ("Łoś", "iso-8859-2")])
def test_a_raw_header_is_in_the_charset_of_the_text(name: str, charset: str) -> None:
    raw = f"From: {name} <z@example.org>".encode(charset)
    kind = f"Content-Type: text/plain; charset={charset}".encode()
    assert found_in(raw, TO, kind, b"", TEXT).author.name == name


@pytest.mark.parametrize("written", ["quoted printable", "Quoted-Printable;", "quoted_printable", "'base64'"])
def test_a_transfer_encoding_is_known_by_its_letters(written: str) -> None:
    coded = b"TMOkbXA=" if "64" in written else b"L=C3=A4mp"
    encoding = f"Content-Transfer-Encoding: {written}".encode()
    found = found_in(FROM, TO, b"Content-Type: text/plain; charset=utf-8", encoding, b"", coded)
    assert found.text == "Lämp"


def test_a_boundary_that_is_not_named_is_the_first_line() -> None:
    parts = (
        b"--=_a1",
        b"Content-Type: text/plain",
        b"",
        TEXT,
        b"--=_a1",
        b'Content-Type: image/png; name="lamp.png"',
        b"Content-Transfer-Encoding: base64",
        b"",
        b"iVBORw0KGgoAAAANSUhEUg==",
        b"--=_a1--",
    )
    found = found_in(FROM, TO, b"Content-Type: multipart/mixed", b"", *parts)
    assert (found.text, [file.name for file in found.files]) == (TEXT.decode(), ["lamp.png"])


@pytest.mark.parametrize("piece", ["a", "a ", "X- ", "--", "a\r\n", "to :x\r\n", "--a\r\n"])
def test_reading_damaged_headers_is_linear(piece: str) -> None:
    head = FROM + b"\r\nContent-Type: multipart/mixed\r\n"
    assert_linear(
        lambda text: read(head + text.encode() + b"\r\nTo: x\r\n\r\n" + text.encode(), NOW, US), piece
    )
