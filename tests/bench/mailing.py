"""Benchmark the mailing of a notice to all subscribers: mails a second, and what memory it takes.

The floor is bare SMTP in the same run: as many mails of the same size, over as many connections that are kept
open, by aiosmtplib alone. The mail server is a process of its own that takes everything.
"""

import asyncio
import resource
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aiosmtplib import SMTP
from sqlalchemy import bindparam, select

from adapters.email import Email
from adapters.email.smtp import MAILS_PER_CONNECTION
from bot import SystemClock
from domain.delivery.effects import EFFECTS
from domain.delivery.outage_effects import MailBatch
from domain.outages.subscribers import Choice, Source, Subscriber, SubscriberState
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.delivery.performers.subscriber_mails import WAVE
from handlers.desk import Desk
from handlers.outages.mailings import start_mailing
from storage.engine import Store, open_store
from storage.subscriber_tables import mailings
from tests.adapters.email.made import KEY, words
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most, share_of_floor
from tests.bench.sizes import Sizes
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ScriptedPerformer
from tests.handlers.made import POLICY
from tests.source import ROOT
from tests.storage.test_subscribers import a_publication

UNPACED = 1_000_000.0  # mails a second
MAIL_SIZE = 2_600  # bytes, as that of a notice
MOST_GROWN = 30.0  # MB
LEAST_SHARE = 0.25
_CHUNK = 5_000
_FINISHED = select(mailings.c.finished_at).where(mailings.c.publication_id == bindparam("its_id"))


def mailing(databases: Databases, sizes: Sizes) -> list[Figure]:
    """Measure on each database one mailing, with bare SMTP right before and after it."""
    figures = []
    for name, fresh in databases.items():
        with _sink() as port:
            store = _filled(fresh(), sizes.subscribers)
            before = asyncio.run(_bare(port, sizes.bare_mails))
            rate, grown = asyncio.run(_mail_all(store, port, sizes.subscribers))
            after = asyncio.run(_bare(port, sizes.bare_mails))
            assert _counted(port) == (sizes.subscribers + 2 * sizes.bare_mails, sizes.subscribers + 1)
        floor = max(before, after)
        figures += [
            share_of_floor(f"mailing to {sizes.subscribers:,}, {name}", "/s", rate, floor, LEAST_SHARE),
            at_most(f"memory that a mailing takes, {name}", "MB", grown, MOST_GROWN),
        ]
    return figures


@contextmanager
def _sink() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.smtp_sink"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def _filled(url: str, count: int) -> Store:
    store, now = open_store(url), datetime.now(UTC)
    for first in range(0, count, _CHUNK):
        with store.unit_of_work() as uow:
            uow.subscribers.add_many(
                [
                    Subscriber(
                        id=0,
                        address=f"subscriber{number}@example.com",
                        choice=Choice(language="de" if number % 3 else "en"),
                        state=SubscriberState.CONFIRMED,
                        source=Source.IMPORT,
                        created_at=now,
                        confirmed_at=now,
                    )
                    for number in range(first, min(first + _CHUNK, count))
                ]
            )
    return store


async def _mail_all(store: Store, port: int, count: int) -> tuple[float, float]:
    """Return the mails a second of the bot's own loop, without pacing, and the memory it grew by in MB."""
    email = Email(
        smtp_url=f"smtp://127.0.0.1:{port}",
        imap_url="imap://127.0.0.1:9",
        sender="Acme Support <support@acme.example>",
        secret_key=KEY,
        words=words(),
        clock=SystemClock(),
        public_url="https://help.acme.example",
    )
    desk, clock = Desk(store), SystemClock()
    policy = replace(POLICY, outages=replace(POLICY.outages, mails_per_second=UNPACED))
    ctx = a_context(desk, clock=clock, email=email, policy=policy)
    mailer = performers(ctx)[MailBatch.kind]
    dispatcher = Dispatcher(
        performers={**dict.fromkeys(EFFECTS, ScriptedPerformer()), MailBatch.kind: mailer},
        paces=lambda _: None,
        owner="bench",
    )
    loop = Delivery(desk, dispatcher, clock, sole_worker=True)
    desk.on_effects = loop.wake
    publication = a_publication(store)
    memory = _resident()
    began = time.perf_counter()
    running = asyncio.create_task(loop.run())
    await desk.run(start_mailing, publication, now=clock.now())
    grown = 0.0
    while not _is_finished(store, publication.id):
        await asyncio.sleep(0.2)
        grown = max(grown, _resident() - memory)
    seconds = time.perf_counter() - began
    await loop.stop()
    await running
    await email.close()
    desk.close()
    return count / seconds, grown


def _is_finished(store: Store, publication_id: int) -> bool:
    with store.engine.connect() as connection:
        finished_at = connection.execute(_FINISHED, {"its_id": publication_id}).scalar()
        return finished_at is not None


def _resident() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1_000_000


async def _bare(port: int, count: int) -> float:
    """Return the mails a second of bare SMTP."""
    content = b"Subject: bare\r\n\r\n" + b"x" * 70 * (MAIL_SIZE // 70) + b"\r\n"
    began = time.perf_counter()
    shares = [count // WAVE + (number < count % WAVE) for number in range(WAVE)]
    await asyncio.gather(*(_send_bare(port, content, share) for share in shares))
    return count / (time.perf_counter() - began)


async def _send_bare(port: int, content: bytes, count: int) -> None:
    for first in range(0, count, MAILS_PER_CONNECTION):
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for _ in range(min(MAILS_PER_CONNECTION, count - first)):
                await client.sendmail("support@acme.example", "bare@example.com", content)


def _counted(port: int) -> tuple[int, int]:
    """Return how many mails the server took, and for how many recipients."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        _, told = client.docmd("XCOUNT")
        taken, recipients = told.split()
        return int(taken), int(recipients)
