"""Read mails whose headers are damaged, or written as the standard forbids."""

from base64 import b64encode

import pytest

from adapters.email.damaged_headers import with_folded_parameters
from adapters.email.incoming import read
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import ANA, NOW, US
from tests.growth import assert_linear

FROM, TO = b"From: Lina Sund <lina@example.org>", f"To: {US.reply_address(12)}".encode()
TEXT = b"Both lamps are broken."
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
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


def test_a_space_before_the_first_field_hides_nobody() -> None:
    found = found_in(b" " + FROM, TO, b"Subject: Two lamps", b"", TEXT)
    assert (found.address, found.handoff_id, found.text) == ("lina@example.org", 12, TEXT.decode())


@pytest.mark.parametrize(
    "kind",
    [
        b'Content-Type: text/plain; name="message.txt"',
        b"Content-Type: text/plain\r\nContent-Disposition: attachment",
        b'Content-Type: text/html; name="a.html"\r\nContent-Disposition: attachment; filename="a.html"',
        b'Content-Disposition: attachment; filename="message.txt"',
    ],
)
def test_a_text_that_is_the_whole_mail_is_shown_whatever_it_is_called(kind: bytes) -> None:
    found = found_in(FROM, TO, b"Subject: x", kind, b"", TEXT)
    assert (found.text, found.files) == (TEXT.decode(), [])


@pytest.mark.parametrize("kind", [b"X-ZIP", b"text/csv", b"application/zip"])
def test_a_file_that_is_the_whole_mail_stays_one(kind: bytes) -> None:
    found = found_in(FROM, TO, b"Subject: x", b"Content-Type: " + kind + b'; name="a.zip"', b"", TEXT)
    assert [file.name for file in found.files] == ["a.zip"]


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_parameters_without_a_space_before_them_hide_nothing(end: bytes) -> None:
    lines = [
        b"Content-Type: multipart/mixed;",
        b'boundary="b"',
        FROM,
        TO,
        b"Subject: x",
        b"",
        b"--b",
        b"content-type: text/plain; ",
        b"charset=utf-8;",
        b"format=flowed",
        b"Content-Transfer-Encoding: base64",
        b"",
        b64encode("Größe 12 flickers.".encode()),
        b"--b",
        b"Content-Type: image/png;",
        b'name="a.png"',
        b"Content-Disposition: attachment;",
        b'filename="lamp.png"',
        b"Content-Transfer-Encoding: base64",
        b"",
        b64encode(PICTURE),
        b"--b--",
    ]
    found = read(end.join(lines), NOW, US)
    assert isinstance(found, IncomingMessage)
    assert (found.address, found.text) == ("lina@example.org", "Größe 12 flickers.")
    assert [(file.name, file.content) for file in found.files] == [("lamp.png", PICTURE)]


def test_lines_of_a_text_that_look_like_parameters_stay() -> None:
    text = b"My code:\r\na = 1;\r\nname = 2;\r\ncharset=3;"
    assert found_in(FROM, TO, b"Subject: x", b"", text).text == text.decode().replace("\r", "")


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


@pytest.mark.parametrize("piece", ["Content-Type: a;\nname=b;\n", "name=b;\n", ";\nname=", ";", "; \n"])
def test_the_time_for_parameters_is_linear_in_the_length(piece: str) -> None:
    assert_linear(lambda text: with_folded_parameters(b"Content-Type: a;\n" + text.encode()), piece)


@pytest.mark.parametrize(
    "field", ["Content-Type: text/plain; name=", "Content-Disposition: attachment; filename="]
)
@pytest.mark.parametrize("piece", [";", "&gt;", "; a=b", '\\";'])
def test_reading_parameters_is_linear(field: str, piece: str) -> None:
    """Python's own parser takes a minute for 400 kB of semicolons within quotes."""
    begins = f"From: {ANA}\nTo: {US.address}\nMIME-Version: 1.0\n{field}"
    assert_linear(lambda text: read(f'{begins}"{text}"\n\nHello\n'.encode(), NOW, US), piece)


def test_a_file_s_name_in_many_pieces_is_read() -> None:
    pieces = "".join(f"; filename*{number}={number % 10}" for number in range(60))
    raw = f"From: {ANA}\nTo: {US.address}\nContent-Type: image/png\nContent-Disposition: attachment{pieces}\n\n\x89PNG"
    found = read(raw.encode("latin-1"), NOW, US)
    assert isinstance(found, IncomingMessage)
    assert found.files[0].name.startswith("0123456789" * 6)
