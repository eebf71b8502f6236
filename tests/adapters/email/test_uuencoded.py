"""Take files out of plain texts, where older programs write them."""

from binascii import b2a_uu

import pytest

from adapters.email.incoming import read
from domain.cases.files import MAX_FILES
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import NOW, US
from tests.growth import assert_linear

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4 + bytes(90)
HEAD = f"From: Lina Sund <lina@example.org>\r\nTo: {US.reply_address(12)}\r\nSubject: x\r\n".encode()


def encoded(content: bytes, name: bytes = b"lamp.png", *, backtick: bool = True) -> bytes:
    lines = [b2a_uu(content[at : at + 45], backtick=backtick) for at in range(0, len(content), 45)]
    return b"begin 644 " + name + b"\n" + b"".join(lines) + (b"`" if backtick else b" ") + b"\nend\n"


def found_in(body: bytes, head: bytes = HEAD) -> IncomingMessage:
    found = read(head + b"\r\n" + body, NOW, US)
    assert isinstance(found, IncomingMessage)
    return found


def with_dos_ends(block: bytes) -> bytes:
    return block.replace(b"\n", b"\r\n")


def without_spaces_at_ends(block: bytes) -> bytes:
    return b"\n".join(line.rstrip(b" ") for line in block.split(b"\n"))


def with_checksums(block: bytes) -> bytes:
    return block.replace(b"\nM", b"+\nM").replace(b"lamp.png+", b"lamp.png")


@pytest.mark.parametrize(
    "block",
    [
        encoded(PICTURE),
        encoded(PICTURE, backtick=False),
        with_dos_ends(encoded(PICTURE)),
        without_spaces_at_ends(encoded(PICTURE, backtick=False)),
        with_checksums(encoded(PICTURE)),
        encoded(PICTURE).replace(b"`\nend", b"end"),
        encoded(PICTURE).removesuffix(b"\n"),
    ],
)
def test_a_file_within_a_text_is_a_file(block: bytes) -> None:
    found = found_in(b"It flickers.\n\n(See attached file: lamp.png)\n\n" + block)
    assert found.text == "It flickers.\n\n(See attached file: lamp.png)"
    assert [(file.name, file.content, file.refused) for file in found.files] == [("lamp.png", PICTURE, None)]


def test_words_around_several_files_stay_and_names_are_decoded() -> None:
    first, second = encoded(PICTURE, "Größe 1.png".encode("latin-1")), encoded(PICTURE, b"..\\b.png")
    head = HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n"
    found = found_in(b"One:\n" + first + b"Two:\n" + second + b"Thank you", head)
    assert found.text.split("\n") == ["One:", "Two:", "Thank you"]
    assert [file.name for file in found.files] == ["Größe 1.png", "b.png"]


def test_files_beyond_the_bound_are_refused_as_attached_ones_are() -> None:
    found = found_in(b"Hello.\n" + encoded(PICTURE) * (MAX_FILES + 1))
    assert [file.refused is None for file in found.files] == [True] * MAX_FILES + [False]


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 lamp.png\nM123\nIs that the right first line?",
        "begin 644 lamp.png\nHELLO\nend",
        "begin 644 lamp.png\nend",
        "begin 644 days from now\nAT NOON\nend",
        "begin 644 lamp.png\n" + "M" + "!" * 60 + "\nand then words\nend",
    ],
)
def test_a_text_that_only_looks_like_a_file_stays(text: str) -> None:
    found = found_in(text.encode())
    assert (found.text, found.files) == (text, [])


def test_an_attached_text_stays_a_file_as_it_is() -> None:
    kind = b'--b\r\nContent-Type: text/plain; name="dump.txt"\r\nContent-Disposition: attachment\r\n\r\n'
    body = b"--b\r\n\r\nHello.\r\n" + kind + encoded(PICTURE) + b"\r\n--b--"
    found = found_in(body, HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n")
    assert found.text == "Hello."
    assert [file.name for file in found.files] == ["dump.txt"]


@pytest.mark.parametrize("piece", [b"begin 644 a\n", b"begin 644 a\n!AAAA\n", b"M\n", encoded(b"a")])
def test_the_time_is_linear_in_the_length(piece: bytes) -> None:
    assert_linear(lambda text: read(HEAD + b"\r\n" + text.encode(), NOW, US), piece.decode())
