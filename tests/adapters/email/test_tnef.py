"""Open winmail.dat: what Outlook writes, and what somebody crafted to keep the bot busy."""

import struct

import pytest

from adapters.email.rtf_compression import decompress_rtf
from adapters.email.tnef import read_tnef

HEAD = struct.pack("<IH", 0x223E9F78, 1)
MAIL, FILE = 1, 2
BODY, CODEPAGE, PROPERTIES = 0x800C, 0x9007, 0x9003
FILE_BEGINS, FILE_DATA, FILE_PROPERTIES = 0x9002, 0x800F, 0x9005
#: The first example of MS-OXRTFCP, section 4.
COMPRESSED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + b"\0\0"


def properties(*found: tuple[int, int, bytes]) -> bytes:
    """Build the properties from type, id and value."""
    rows = [
        struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)
        for kind, name, value in found
    ]
    return struct.pack("<I", len(rows)) + b"".join(rows)


def test_compressed_rtf_is_the_text() -> None:
    assert decompress_rtf(COMPRESSED, 1_000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    wrapped = HEAD + attribute(MAIL, PROPERTIES, properties((0x102, 0x1009, COMPRESSED)))
    assert read_tnef(wrapped) == ("hello world", [])


def test_the_text_is_decoded_and_files_have_their_long_names() -> None:
    wrapped = (
        HEAD
        + attribute(MAIL, CODEPAGE, struct.pack("<II", 1251, 0))
        + attribute(MAIL, BODY, "Не работает\0".encode("cp1251"))
        + attribute(FILE, FILE_BEGINS, b"")
        + attribute(FILE, FILE_DATA, b"%PDF-1")
        + attribute(
            FILE,
            FILE_PROPERTIES,
            properties((0x1E, 0x3704, b"BERICH~1.PDF\0"), (0x1F, 0x3707, "Größe.pdf\0".encode("utf-16-le"))),
        )
    )
    assert read_tnef(wrapped) == ("Не работает", [("Größe.pdf", b"%PDF-1")])


def test_html_stands_in_for_a_text() -> None:
    html = properties((0x03, 0x3FDE, b""), (0x102, 0x1013, b"<p>It <b>fails</b>.</p>"))
    number = struct.pack("<IHHI", 2, 3, 0x3FDE, 65001) + html[4 + 12 :]
    assert read_tnef(HEAD + attribute(MAIL, PROPERTIES, number)) == ("It fails.", [])


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<I", 0xFFFFFFFF),
        struct.pack("<IHHI", 1, 0x1002, 0x1234, 0xFFFFFFFF) + bytes(8),
        struct.pack("<IHHI", 1, 0x1E, 0x1000, 0xFFFFFFFF) + bytes(8),
        struct.pack("<IHHII", 1, 0x102, 0x1000, 1, 0xFFFFFFF0) + bytes(8),
    ],
)
def test_a_count_or_length_that_is_not_there_is_damage(data: bytes) -> None:
    assert read_tnef(HEAD + attribute(MAIL, PROPERTIES, data)) is None


def test_a_file_of_nothing_but_attributes_is_given_up() -> None:
    assert read_tnef(HEAD + attribute(MAIL, 0x8008, b"") * 1_001) is None


def test_no_more_rtf_is_decompressed_than_is_shown() -> None:
    runs = struct.pack("<IIII", 0, 0, 0x75465A4C, 0) + (b"\xff" + b"\0\x1f" * 8) * 100_000
    assert len(decompress_rtf(runs, 10_000)) < 11_000
