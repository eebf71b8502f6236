"""Serve IMAP4rev1 to clients that read, search and wait with IDLE; other commands are not supported."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

from sandbox.mail import imap_answers as answers
from sandbox.mail.imap_words import Command, Malformed, read_command
from sandbox.mail.mailbox import Folder, Mailbox
from sandbox.mail.post_office import BRAND, PASSWORD, PostOffice

CAPABILITIES = "IMAP4rev1 IDLE UIDPLUS SPECIAL-USE"


class ImapSession:
    """One client connection."""

    def __init__(
        self, office: PostOffice, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._office = office
        self._reader = reader
        self._writer = writer
        self._mailbox: Mailbox | None = None
        self._folder: Folder | None = None
        self._read_only = True
        self._reported = 0

    async def serve(self) -> None:
        """Answer commands until either side ends the connection."""
        self._send_line(f"* OK [CAPABILITY {CAPABILITIES}] the sandbox's mail")
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while not self._writer.is_closing():
                try:
                    command = await read_command(self._reader, self._writer)
                except Malformed as error:
                    self._send_line(f"* BAD {error}")
                    break
                if not await self._inject_fault(command):
                    await self._execute(command)
                await self._writer.drain()

    async def _inject_fault(self, command: Command) -> bool:
        fault = self._office.faults.next_fault(f"imap:{command.name}")
        if fault is None:
            return False
        if fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
            return False
        if fault.mode == "status":
            self._send_line(f"{command.tag} NO {fault.body or 'as asked for'}")
            return True
        self._writer.transport.abort()
        return True

    async def _execute(self, command: Command) -> None:
        handlers: dict[str, Callable[[Command], None]] = {
            "CAPABILITY": lambda c: self._complete(c, f"* CAPABILITY {CAPABILITIES}"),
            "LOGIN": self._login,
            "NOOP": self._noop,
            "LIST": lambda c: self._complete(c, *answers.LIST_RESPONSE),
            "SELECT": lambda c: self._select(c, read_only=False),
            "EXAMINE": lambda c: self._select(c, read_only=True),
            "STATUS": self._status,
            "APPEND": self._append,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "UID STORE": self._store,
        }
        if command.name == "IDLE" and self._folder is not None:
            await self._idle(command, self._folder)
        elif command.name == "LOGOUT":
            self._complete(command, "* BYE until later")
            self._writer.close()
        elif command.name in handlers and (
            self._mailbox is not None or command.name in {"CAPABILITY", "LOGIN", "NOOP"}
        ):
            try:
                handlers[command.name](command)
            except Malformed as error:
                self._send_line(f"{command.tag} BAD {error}")
        else:
            self._send_line(f"{command.tag} BAD not here, or not now")

    def _login(self, command: Command) -> None:
        if command.arguments != [BRAND, PASSWORD]:
            self._send_line(f"{command.tag} NO [AUTHENTICATIONFAILED] wrong user or password")
            return
        self._mailbox = self._office.brand
        self._complete(command)

    def _select(self, command: Command, *, read_only: bool) -> None:
        folder = self._folder_named(command.arguments[0])
        if folder is None:
            self._send_line(f"{command.tag} NO there is no such folder")
            return
        self._folder, self._read_only, self._reported = folder, read_only, len(folder.mails)
        self._complete(
            command,
            f"* {len(folder.mails)} EXISTS",
            "* 0 RECENT",
            r"* FLAGS (\Seen \Deleted \Answered \Flagged \Draft)",
            f"* OK [UIDVALIDITY {folder.validity}] valid",
            f"* OK [UIDNEXT {folder.next_uid}] next",
            code="[READ-ONLY]" if read_only else "[READ-WRITE]",
        )

    def _status(self, command: Command) -> None:
        folder = self._folder_named(command.arguments[0])
        if folder is None:
            self._send_line(f"{command.tag} NO there is no such folder")
        else:
            self._complete(command, answers.format_status(folder, command.arguments[0]))

    def _append(self, command: Command) -> None:
        folder = self._folder_named(command.arguments[0])
        if folder is None or command.literal is None:
            self._send_line(f"{command.tag} NO there is no such folder")
            return
        folder.add(command.literal, self._office.clock())
        self._complete(command)

    def _noop(self, command: Command) -> None:
        self._complete(command, *(() if self._office.reports_before_idle else self._exists_lines()))

    def _search(self, command: Command) -> None:
        folder = self._require_folder()
        if self._office.reports_before_idle:
            folder = replace(folder, mails=folder.mails[: self._reported])
        found = answers.search(folder, command.arguments)
        self._complete(command, " ".join(["* SEARCH", *map(str, found)]))

    def _fetch(self, command: Command) -> None:
        folder = self._require_folder()
        for number, mail in answers.select(folder, command.arguments[0]):
            self._writer.write(
                answers.format_fetch(number, mail, command.arguments[1:], may_mark=not self._read_only)
            )
        self._complete(command)
        self._office.ledger.record("imap", "UID FETCH", what=" ".join(command.arguments))

    def _store(self, command: Command) -> None:
        if self._read_only:
            self._send_line(f"{command.tag} NO the folder is open for reading only")
            return
        for _, mail in answers.select(self._require_folder(), command.arguments[0]):
            mail.flags |= set(" ".join(command.arguments[2:]).strip("()").split())
        self._complete(command)

    async def _idle(self, command: Command, folder: Folder) -> None:
        for line in self._exists_lines() if self._office.reports_before_idle else ():
            self._send_line(line)
        self._send_line("+ idling")
        await self._writer.drain()
        arrived = asyncio.Event()
        folder.listeners.add(arrived.set)
        done = asyncio.ensure_future(self._reader.readline())
        try:
            while not done.done():
                for line in self._exists_lines():
                    self._send_line(line)
                arrival = asyncio.ensure_future(arrived.wait())
                await asyncio.wait({done, arrival}, return_when=asyncio.FIRST_COMPLETED)
                arrival.cancel()
                arrived.clear()
        finally:
            folder.listeners.discard(arrived.set)
            done.cancel()
        self._complete(command)

    def _exists_lines(self) -> list[str]:
        folder = self._folder
        if folder is None or len(folder.mails) == self._reported:
            return []
        self._reported = len(folder.mails)
        return [f"* {self._reported} EXISTS"]

    def _require_folder(self) -> Folder:
        if self._folder is None:
            raise Malformed("no folder is open")
        return self._folder

    def _folder_named(self, name: str) -> Folder | None:
        return self._mailbox.folder(name) if self._mailbox is not None else None

    def _complete(self, command: Command, *lines: str, code: str = "") -> None:
        for line in lines:
            self._send_line(line)
        self._send_line(f"{command.tag} OK {code} {command.name} done")

    def _send_line(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())
