"""Serve SMTP and IMAP on two loopback ports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.app import HOST
from sandbox.mail.imap import ImapSession
from sandbox.mail.post_office import PostOffice
from sandbox.mail.smtp import smtp_server


@asynccontextmanager
async def serving_mail(office: PostOffice) -> AsyncIterator[None]:
    """Serve SMTP and IMAP while the block runs, and set the office's ports."""
    sessions: set[asyncio.Task[None]] = set()

    def on_client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = asyncio.create_task(_session(office, reader, writer))
        sessions.add(session)
        session.add_done_callback(sessions.discard)

    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(lambda: smtp_server(office), HOST, 0)
    imap = await asyncio.start_server(on_client, HOST, 0)
    office.smtp_port = smtp.sockets[0].getsockname()[1]
    office.imap_port = imap.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        smtp.close()
        imap.close()
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)


async def _session(office: PostOffice, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await ImapSession(office, reader, writer).serve()
    finally:
        writer.close()
