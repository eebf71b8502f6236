"""The e-mail venue: what the rest of the bot sees of it."""

import asyncio
from datetime import datetime
from email.headerregistry import Address
from email.utils import parseaddr

from adapters.email.compose import NoAddress, compose, message_id_of
from adapters.email.diagnostics import probe
from adapters.email.incoming import NETWORK
from adapters.email.mailbox import Inbox
from adapters.email.message_ids import Identity
from adapters.email.server_urls import server_at
from adapters.email.smtp import send
from adapters.email.transcripts import Transcripts
from adapters.email.words import MailWords
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.intake.email import MailboxPage
from domain.networks import NetworkProfile
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

#: Cases that began with a mail are of this "network".
EMAIL_PROFILE = NetworkProfile(name=NETWORK, label="E-mail")


class Email:
    """Keeps `domain.ports.PrivateVenue`, and reads the mailbox. `transcripts` mails what was said in a live chat.

    `sender` is our address with or without a name, as EMAIL_FROM has it; `secret_key` signs reply addresses and Message-IDs.
    """

    venue = Venue.EMAIL

    def __init__(
        self,
        *,
        smtp_url: str,
        imap_url: str,
        sender: str,
        secret_key: str,
        words: MailWords,
        clock: Clock,
        idle: bool = True,
    ) -> None:
        name, address = parseaddr(sender)
        self._identity = Identity(address=address.lower(), name=name, key=secret_key)
        self._smtp = server_at(smtp_url)
        self._words = words
        self._inbox = Inbox(server_at(imap_url), self._identity, clock, idle=idle)
        self.transcripts = Transcripts(
            smtp=self._smtp, inbox=self._inbox, identity=self._identity, words=words
        )

    @property
    def account(self) -> Account:
        """Our address, as the streams know it."""
        address = self._identity.address
        return Account(
            network=NETWORK, id=address, handle=address, name=self._identity.name or self._identity.domain
        )

    def id_of(self, parcel: OutgoingMessage) -> str | None:
        """The Message-ID that this mail has, without its angle brackets."""
        return message_id_of(parcel.message, self._identity)

    async def send(self, parcel: OutgoingMessage) -> Outcome:
        """Send it, as one try. `Done.result` holds "id", its Message-ID."""
        try:
            mail = await asyncio.to_thread(compose, parcel, self._identity, self._words)
        except NoAddress as error:
            return Failed(str(error))
        recipient = mail["To"].addresses[0]
        outcome = await send(self._smtp, mail, self._identity.address, _spec(recipient))
        return Done({"id": self.id_of(parcel)}) if isinstance(outcome, Done) else outcome

    async def find(self, parcel: OutgoingMessage, since: datetime) -> Finding:  # noqa: ARG002 - a Message-ID is found without it
        """Look for the mail among those that the server keeps of what we sent."""
        return await self._inbox.find_sent(message_id_of(parcel.message, self._identity))

    async def read(self, place: str | None, read_at: datetime | None) -> MailboxPage:
        """What came into the mailbox behind the place; since this was made where that is `None`. Raises `SourceError`."""
        return await self._inbox.read(place, read_at)

    async def wait(self, seconds: float) -> None:
        """Until something may have come into the mailbox, but at most so long. Raises `SourceError`."""
        await self._inbox.wait(seconds)

    async def probe(self) -> list[CheckLine]:
        """A line for each of the two servers."""
        return await probe(self._smtp, self._inbox, self._identity.address)

    def stop(self) -> None:
        """End what waits for mail, soon."""
        self._inbox.stop()

    async def close(self) -> None:
        """Let go of the mailbox."""
        await self._inbox.close()


def _spec(address: Address) -> str:
    return str(address.addr_spec)
