"""The server that mailboxes are read from: IMAP4rev1 as far as a client needs that reads, listens and looks things up."""

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
    """One connection."""

    def __init__(
        self, office: PostOffice, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._office = office
        self._reader = reader
        self._writer = writer
        self._mailbox: Mailbox | None = None
        self._folder: Folder | None = None
        self._read_only = True
        self._seen = 0

    async def serve(self) -> None:
        """Answer until either side ends."""
        self._say(f"* OK [CAPABILITY {CAPABILITIES}] the sandbox's mail")
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while not self._writer.is_closing():
                try:
                    command = await read_command(self._reader, self._writer)
                except Malformed as error:
                    self._say(f"* BAD {error}")
                    break
                if not await self._fails(command):
                    await self._do(command)
                await self._writer.drain()

    async def _fails(self, command: Command) -> bool:
        fault = self._office.faults.take(f"imap:{command.name}")
        if fault is None:
            return False
        if fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
            return False
        if fault.mode == "status":
            self._say(f"{command.tag} NO {fault.body or 'as asked for'}")
            return True
        self._writer.transport.abort()
        return True

    async def _do(self, command: Command) -> None:
        acts: dict[str, Callable[[Command], None]] = {
            "CAPABILITY": lambda c: self._done(c, f"* CAPABILITY {CAPABILITIES}"),
            "LOGIN": self._login,
            "NOOP": self._noop,
            "LIST": lambda c: self._done(c, *answers.LISTED),
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
            self._done(command, "* BYE until later")
            self._writer.close()
        elif command.name in acts and (
            self._mailbox is not None or command.name in {"CAPABILITY", "LOGIN", "NOOP"}
        ):
            try:
                acts[command.name](command)
            except Malformed as error:
                self._say(f"{command.tag} BAD {error}")
        else:
            self._say(f"{command.tag} BAD not here, or not now")

    def _login(self, command: Command) -> None:
        if command.words != [BRAND, PASSWORD]:
            self._say(f"{command.tag} NO [AUTHENTICATIONFAILED] wrong user or password")
            return
        self._mailbox = self._office.brand
        self._done(command)

    def _select(self, command: Command, *, read_only: bool) -> None:
        folder = self._named(command.words[0])
        if folder is None:
            self._say(f"{command.tag} NO there is no such folder")
            return
        self._folder, self._read_only, self._seen = folder, read_only, len(folder.mails)
        self._done(
            command,
            f"* {len(folder.mails)} EXISTS",
            "* 0 RECENT",
            r"* FLAGS (\Seen \Deleted \Answered \Flagged \Draft)",
            f"* OK [UIDVALIDITY {folder.validity}] valid",
            f"* OK [UIDNEXT {folder.next_uid}] next",
            how="[READ-ONLY]" if read_only else "[READ-WRITE]",
        )

    def _status(self, command: Command) -> None:
        folder = self._named(command.words[0])
        if folder is None:
            self._say(f"{command.tag} NO there is no such folder")
        else:
            self._done(command, answers.status_of(folder, command.words[0]))

    def _append(self, command: Command) -> None:
        folder = self._named(command.words[0])
        if folder is None or command.literal is None:
            self._say(f"{command.tag} NO there is no such folder")
            return
        folder.add(command.literal, self._office.clock())
        self._done(command)

    def _noop(self, command: Command) -> None:
        self._done(command, *(() if self._office.tells_before_it_listens else self._news()))

    def _search(self, command: Command) -> None:
        folder = self._opened()
        if self._office.tells_before_it_listens:
            folder = replace(folder, mails=folder.mails[: self._seen])
        found = answers.search(folder, command.words)
        self._done(command, " ".join(["* SEARCH", *map(str, found)]))

    def _fetch(self, command: Command) -> None:
        folder = self._opened()
        for number, mail in answers.chosen(folder, command.words[0]):
            self._writer.write(answers.fetched(number, mail, command.words[1:], may_mark=not self._read_only))
        self._done(command)
        self._office.ledger.record("imap", "UID FETCH", what=" ".join(command.words))

    def _store(self, command: Command) -> None:
        if self._read_only:
            self._say(f"{command.tag} NO the folder is open for reading only")
            return
        for _, mail in answers.chosen(self._opened(), command.words[0]):
            mail.flags |= set(" ".join(command.words[2:]).strip("()").split())
        self._done(command)

    async def _idle(self, command: Command, folder: Folder) -> None:
        for line in self._news() if self._office.tells_before_it_listens else ():
            self._say(line)
        self._say("+ idling")
        await self._writer.drain()
        came = asyncio.Event()
        folder.listeners.add(came.set)
        done = asyncio.ensure_future(self._reader.readline())
        try:
            while not done.done():
                for line in self._news():
                    self._say(line)
                news = asyncio.ensure_future(came.wait())
                await asyncio.wait({done, news}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                came.clear()
        finally:
            folder.listeners.discard(came.set)
            done.cancel()
        self._done(command)

    def _news(self) -> list[str]:
        folder = self._folder
        if folder is None or len(folder.mails) == self._seen:
            return []
        self._seen = len(folder.mails)
        return [f"* {self._seen} EXISTS"]

    def _opened(self) -> Folder:
        if self._folder is None:
            raise Malformed("no folder is open")
        return self._folder

    def _named(self, name: str) -> Folder | None:
        return self._mailbox.folder(name) if self._mailbox is not None else None

    def _done(self, command: Command, *lines: str, how: str = "") -> None:
        for line in lines:
            self._say(line)
        self._say(f"{command.tag} OK {how} {command.name} done")

    def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())
