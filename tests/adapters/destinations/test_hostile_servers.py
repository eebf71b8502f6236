"""Publish to servers that never end, break off, answer nonsense, or have a certificate of somebody else."""

import asyncio
import os
import shutil
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from domain.delivery.outcomes import Done, Later, Outcome, Unknown
from tests.adapters.destinations.notices import ANNOUNCEMENT
from tests.adapters.destinations.stand_ins import STAND_INS, TOTAL_SECONDS

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
over_http = pytest.mark.parametrize("name", ["statuspage", "cachet", "webhook"])


async def drip_body(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\n{\r\n")
        await writer.drain()
        await asyncio.sleep(0.1)


async def drip_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 201 Created\r\n")
    while True:
        writer.write(b"X")
        await writer.drain()
        await asyncio.sleep(0.1)


async def send_10_gigabytes(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 10000000000\r\n\r\n")
    while True:
        writer.write(b" " * 65_536)
        await writer.drain()


async def break_off(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 500\r\n\r\n{}")


async def speak_ssh(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH\r\n" * 3)


def answer(body: bytes) -> Peer:
    async def peer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return peer


@asynccontextmanager
async def listening(peer: Peer, certificate: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve the peer to each request; yields its address without the scheme."""

    served: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        served.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                await peer(reader, writer)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()  # what the other side has not read is not waited for

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificate)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        server.close()
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)
        await asyncio.sleep(0)  # an aborted transport is closed in the next turn


async def published_at(name: str, address: str) -> Outcome:
    async with STAND_INS[name](address) as there:
        told = str(await there.client.preflight())
        assert not any(secret in told for secret in there.secrets)
        return await there.client.publish(ANNOUNCEMENT, first=None, latest=None)


@over_http
@pytest.mark.parametrize("peer", [drip_body, drip_headers, send_10_gigabytes, break_off, speak_ssh])
async def test_what_never_ends_is_given_up_and_is_no_success(name: str, peer: Peer) -> None:
    began = time.monotonic()
    async with listening(peer) as where:
        outcome = await published_at(name, f"http://{where}")
    assert isinstance(outcome, Later | Unknown), outcome
    assert time.monotonic() - began < 8 * TOTAL_SECONDS


@over_http
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"5",
        b'"x"',
        b'{"data": []}',
        b'{"id": null}',
        b"[1, 2]",
        b"\xff\xfe",
        b"<html>",
    ],
)
async def test_an_answer_of_another_shape_is_no_success(name: str, body: bytes) -> None:
    async with listening(answer(body)) as where:
        outcome = await published_at(name, f"http://{where}")
    assert isinstance(outcome, Done if name == "webhook" else Later | Unknown), outcome


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate of another host, by no authority."""
    openssl = shutil.which("openssl")
    if openssl is None:
        missing = "openssl is missing; on Debian: apt-get install -y openssl"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    folder: Path = tmp_path_factory.mktemp("certificate")
    key, made = folder / "key.pem", folder / "made.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(made),
    ]
    subprocess.run([*command, "-subj", "/CN=other.example"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


@over_http
async def test_a_certificate_that_does_not_fit_is_told_as_such(
    name: str, certificate: ssl.SSLContext
) -> None:
    async with listening(answer(b"{}"), certificate) as where:
        outcome = await published_at(name, f"https://{where}")
    assert isinstance(outcome, Later), outcome
    assert "has no valid certificate, so nothing was sent there" in outcome.reason


@over_http
async def test_a_server_without_encryption_where_it_was_asked_for_is_told(name: str) -> None:
    async with listening(speak_ssh) as where:
        outcome = await published_at(name, f"https://{where}")
    assert isinstance(outcome, Later), outcome


@over_http
async def test_a_server_without_tls_is_not_told_to_have_a_wrong_certificate(name: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        outcome = await published_at(name, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert isinstance(outcome, Later), outcome
    assert "certificate" not in outcome.reason
    assert "does not speak TLS as it should, so nothing was sent there" in outcome.reason
