"""Read parts that claim base64 and are damaged, or hold a plain text."""

from base64 import b64encode, encodebytes

import pytest

from adapters.email.base64_parts import content_of
from adapters.email.incoming import read
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import NOW, US
from tests.growth import assert_linear

HEAD = f"From: Lina Sund <lina@example.org>\r\nTo: {US.reply_address(12)}\r\nSubject: x\r\n".encode()
CODED = b"Content-Transfer-Encoding: base64\r\n"
TEXT = "The lamp above our table flickers since Sunday. Größe 12, red. What can we do?"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def found_in(body: bytes, kind: bytes = b"Content-Type: text/plain; charset=utf-8\r\n") -> IncomingMessage:
    found = read(HEAD + kind + CODED + b"\r\n" + body, NOW, US)
    assert isinstance(found, IncomingMessage)
    return found


def letters(text: str) -> bytes:
    return encodebytes(text.encode()).replace(b"=", b"").replace(b"\n", b"\r\n").rstrip()


@pytest.mark.parametrize("text", [TEXT, TEXT + " ", TEXT + "!!"])
@pytest.mark.parametrize("more", [b"", b"I", b"II", b"\r\nI\r\n", b"=\r\nI", b"==", b"\r\n-"])
def test_a_damaged_end_loses_no_words(text: str, more: bytes) -> None:
    assert found_in(letters(text) + more).text.startswith(TEXT)


def test_a_damaged_end_of_html_and_of_a_file_loses_neither() -> None:
    html = b64encode(f"<html><body><p>{TEXT}</p></body></html> ".encode()).rstrip(b"=") + b"I"
    assert found_in(html, b"Content-Type: text/html; charset=utf-8\r\n").text == TEXT
    found = found_in(encodebytes(PICTURE + b"abc").strip() + b"I", b"Content-Type: image/png; name=a.png\r\n")
    assert [(file.name, file.content) for file in found.files] == [("a.png", PICTURE + b"abc")]


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "Hello\n\nthe lamp flickers, and nobody answers.",
        "Thank\nyou very much for the new lamp",
        "The lamp flickers.",
        "Refund please",
        "Hello\r\n\r\nthe lamp\r\nflickers",
    ],
)
def test_a_plain_text_that_claims_base64_is_shown(text: str) -> None:
    assert found_in(text.encode()).text == text.replace("\r\n", "\n")


@pytest.mark.parametrize("below", [b"", b"\r\n", b"\r\n\r\n", b"\r\n_______________________\r\n"])
def test_a_short_line_of_base64_is_decoded(below: bytes) -> None:
    assert found_in(b64encode(b"It leaks, again.") + below).text == "It leaks, again."


@pytest.mark.parametrize("piece", ["=", "A", "\n", " ", "AAAA\n", "A=\n", "AAA=A\n"])
def test_the_time_is_linear_in_the_length(piece: str) -> None:
    assert_linear(lambda text: content_of(b"A" * 76 + text.encode(), b"", is_damaged=True), piece)


def test_words_on_lines_of_their_own_stay_apart() -> None:
    assert found_in(b"Refund\r\nplease\r\nx").text == "Refund\nplease\nx"
