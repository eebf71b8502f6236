"""Decompression and size bombs in mails: nothing is unpacked, and no more is read than the limit."""

import asyncio
import base64
import gzip
import hashlib
import io
import json
import struct
import sys
import tracemalloc
import zipfile
import zlib
from functools import cache
from typing import Any

import pytest

from adapters.email.incoming import read
from adapters.email.mime import MAX_MAIL_BYTES
from adapters.email.quote_stripping import MAX_TEXT_LENGTH
from domain.cases.files import FileFault
from domain.intake.private_messages import IncomingMessage
from tests.adapters.email.made import NOW, US
from tests.adapters.email.measured import small_mail
from tests.adapters.email.places import MailServer
from tests.source import ROOT

MB = 1024 * 1024
PATIENCE = 120.0
HEAD = (
    b"From: Ana Ruiz <ana@example.com>\r\nTo: support@acme.example\r\nSubject: Film\r\nMIME-Version: 1.0\r\n"
)


def mail_of(*files: tuple[str, str, bytes], text: bytes = b"It is attached.") -> bytes:
    """Build a mail with these files: claimed name, claimed type, content."""
    parts = [b"Content-Type: text/plain\r\n\r\n" + text]
    for name, media_type, content in files:
        coded = base64.encodebytes(content).replace(b"\n", b"\r\n")
        told = (
            f'Content-Type: {media_type}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n"
        )
        parts.append(told.encode() + coded)
    body = b"".join(b"--=b\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b'Content-Type: multipart/mixed; boundary="=b"\r\n\r\n' + body + b"--=b--\r\n"


def zip_bomb() -> bytes:
    """Build ten archives of ten of 10 MB of zeros: a gigabyte in a few kilobytes."""
    content, name = bytes(10 * MB), "zeros"
    for depth in range(3):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10 if depth else 1):
                archive.writestr(f"{name}{number}", content)
        content, name = made.getvalue(), "more.zip"
    return content


def huge_picture(side: int = 60_000) -> bytes:
    """Build a valid PNG of this many black pixels: decoded, it exceeds the memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(side * 4 + 1)
    pixels = b"".join(packer.compress(row) for _ in range(400)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def read_elsewhere(server: MailServer, mail: bytes) -> dict[str, Any]:
    """Read the mail in a process of its own; return its content and memory growth (see `measured`)."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.adapters.email.measured",
        server.imap_url,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MB,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    told: dict[str, Any] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            for content in (small_mail(), mail):
                assert json.loads(await child.stdout.readline()) == {"ready": True}
                await asyncio.to_thread(server.put, content)
                child.stdin.write(b"\n")
                await child.stdin.drain()
            told = json.loads(await child.stdout.readline())
    finally:
        if child.returncode is None and not told:
            child.kill()
        await child.communicate()
    return told


async def test_a_mail_of_50_mb_is_read_at_its_beginning_and_takes_little_memory(server: MailServer) -> None:
    film = b"%PDF-1.7\n" + hashlib.sha256(b"film").digest() * (37 * MB // 32)
    mail = mail_of(("film.pdf", "application/pdf", film))
    assert len(mail) > 50 * MB
    told = await read_elsewhere(server, mail)
    assert told["text"] == "It is attached."
    assert [file["refused"] for file in told["files"]] == [
        "the mail is too large, so its files were not fetched"
    ]
    assert told["grown"] < 150 * MB


async def test_the_largest_mail_that_is_fetched_whole_takes_a_few_times_its_size(server: MailServer) -> None:
    film = b"%PDF-1.7\n" + hashlib.sha256(b"film").digest() * (21 * MB // 32)
    mail = mail_of(("film.pdf", "application/pdf", film))
    assert MAX_MAIL_BYTES - 2 * MB < len(mail) < MAX_MAIL_BYTES
    told = await read_elsewhere(server, mail)
    assert told["text"] == "It is attached."
    assert [file["refused"] for file in told["files"]] == [FileFault.TOO_LARGE]
    assert told["grown"] < 12 * len(mail), told["grown"]


async def test_a_picture_that_promises_60000_by_60000_pixels_is_passed_on_as_it_came(
    server: MailServer,
) -> None:
    picture = huge_picture()
    told = await read_elsewhere(server, mail_of(("wall.png", "image/png", picture)))
    assert told["files"] == [
        {
            "name": "wall.png",
            "type": "image/png",
            "refused": None,
            "sha256": hashlib.sha256(picture).hexdigest(),
        }
    ]
    assert told["grown"] < 20 * MB, told["grown"]


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("label.pdf", "application/pdf"),
        ("screen.png", "image/png"),
        ("more.zip", "application/zip"),
        ("letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_zip_bomb_is_refused_whatever_it_is_called_and_is_not_unpacked(name: str, claimed: str) -> None:
    bomb = zip_bomb()
    assert len(bomb) < MB
    mail = mail_of((name, claimed, bomb))
    read(mail, NOW, US)  # modules loaded on first use are not counted
    tracemalloc.start()
    try:
        heard = read(mail, NOW, US)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(heard, IncomingMessage)
    assert heard.text == "It is attached."
    [file] = heard.files
    assert file.refused is FileFault.WRONG_TYPE
    assert file.content == b""
    assert most < 5 * MB


@cache
def packed_text() -> bytes:
    """Compress 50 MB of one repeated sentence."""
    return gzip.compress(b"Pay me back! " * (50 * MB // 13))


def deep(coded: bytes, times: int) -> bytes:
    """Encode content in base64 repeatedly."""
    for _ in range(times):
        coded = base64.encodebytes(coded)
    return coded


TRICKS = {
    "packed, and said so": (b"base64", b"Content-Encoding: gzip\r\n", deep(packed_text(), 1)),
    "packed, as the transfer encoding": (b"gzip", b"", packed_text()),
    "packed, by another name": (b"x-gzip", b"", packed_text()),
    "packed, in base64 in base64": (b"base64", b"", deep(packed_text(), 3)),
    "two encodings": (b"quoted-printable, base64", b"", deep(packed_text(), 1)),
    "two headers": (b"base64\r\nContent-Transfer-Encoding: quoted-printable", b"", deep(packed_text(), 2)),
    "uuencoded": (b"x-uuencode", b"", b"begin 644 text\r\n#4&%Y\r\n`\r\nend\r\n"),
    "quoted-printable marks": (b"quoted-printable", b"", b"=" * (2 * MB)),
    "a charset that unpacks": (
        b"base64",
        b'Content-Type: text/plain; charset="zlib"\r\n',
        deep(packed_text(), 1),
    ),
    "a charset that decodes": (b"7bit", b'Content-Type: text/plain; charset="hex"\r\n', b"41" * MB),
}


@pytest.mark.parametrize("trick", sorted(TRICKS))
def test_packed_text_stays_packed_and_what_comes_out_is_text(trick: str) -> None:
    encoding, headers, body = TRICKS[trick]
    usual = b"" if b"Content-Type" in headers else b"Content-Type: text/plain; charset=utf-8\r\n"
    mail = HEAD + usual + headers + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body
    read(mail, NOW, US)
    tracemalloc.start()
    try:
        heard = read(mail, NOW, US)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(heard, IncomingMessage)
    assert heard.files == [], "it is text, not a file"
    assert isinstance(heard.text, str)
    assert heard.text, "where no text is in it, its subject is taken"
    assert len(heard.text) <= MAX_TEXT_LENGTH
    assert heard.text.count("Pay me back!") == 0
    heard.text.encode()
    assert most < 12 * len(mail) + 5 * MB
