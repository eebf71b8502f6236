"""Use e-mail as a private venue, and as a source of cases."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from email.headerregistry import Address
from email.utils import parseaddr

from adapters.email.compose import NoAddress, compose, message_id_of
from adapters.email.diagnostics import probe
from adapters.email.incoming import NETWORK
from adapters.email.mailbox import EmailInbox
from adapters.email.message_ids import EmailIdentity
from adapters.email.server_urls import parse_server_url
from adapters.email.smtp import send
from adapters.email.subscriber_mails import SubscriberMails
from adapters.email.transcripts import Transcripts
from adapters.email.words import MailWords
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.intake.email import MailboxPage, ReceivedEmail
from domain.networks import NetworkProfile
from domain.replies.outgoing_message import OutgoingMessage

#: The "network" of cases that a mail opened.
EMAIL_PROFILE = NetworkProfile(name=NETWORK, label="E-mail")


class Email:
    """Implements `domain.replies.outgoing_message.PrivateVenue`, and reads the mailbox for intake.

    `sender` is our address with or without a name, as in EMAIL_FROM; `secret_key` signs reply addresses
    and Message-IDs; `authserv_id`, `bounces` and `reporters` are as in `EmailIdentity`. `transcripts` mails
    the transcripts of live chats, `subscriber_mails` the notices to the e-mail list; it is `None` without
    `public_url`, to which links in mails lead.
    """

    def __init__(
        self,
        *,
        smtp_url: str,
        imap_url: str,
        sender: str,
        secret_key: str,
        words: MailWords,
        clock: Clock,
        public_url: str | None = None,
        idle: bool = True,
        authserv_id: str = "",
        bounces: str = "",
        reporters: Collection[str] = (),
    ) -> None:
        name, address = parseaddr(sender)
        self._smtp = parse_server_url(smtp_url)
        # The server that sends for us reports what it could not deliver.
        believed = {*reporters, f"mailer-daemon@{self._smtp.host}", f"postmaster@{self._smtp.host}"}
        self._identity = EmailIdentity(
            address=address.lower(),
            name=name,
            key=secret_key,
            authserv_id=authserv_id,
            bounces=bounces,
            reporters=frozenset(believed),
        )
        self._words = words
        self._inbox = EmailInbox(
            parse_server_url(imap_url),
            self._identity,
            clock,
            idle=idle,
            phrases=words.beside_the_text(),
            subjects=words.subjects(self._identity.name or self._identity.domain),
        )
        self.transcripts = Transcripts(
            smtp=self._smtp, inbox=self._inbox, identity=self._identity, words=words
        )
        self.subscriber_mails = (
            SubscriberMails(smtp=self._smtp, identity=self._identity, words=words, public_url=public_url)
            if public_url is not None
            else None
        )

    @property
    def account(self) -> Account:
        """Our address as an account: streams and cases are stored under it."""
        address = self._identity.address
        return Account(
            network=NETWORK, id=address, handle=address, name=self._identity.name or self._identity.domain
        )

    def id_of(self, outgoing: OutgoingMessage) -> str:
        """Return the Message-ID of this mail, without angle brackets."""
        return message_id_of(outgoing.message, self._identity)

    async def send(self, outgoing: OutgoingMessage) -> Outcome:
        """Send the mail: one try, no retry. `Done.result` holds "id", its Message-ID."""
        try:
            mail = await asyncio.to_thread(compose, outgoing, self._identity, self._words)
        except NoAddress as error:
            return Failed(str(error))
        recipient = mail["To"].addresses[0]
        sender = self._identity.envelope_sender(self.id_of(outgoing))
        outcome = await send(self._smtp, mail, sender, _spec(recipient))
        return Done({"id": self.id_of(outgoing)}) if isinstance(outcome, Done) else outcome

    async def find(self, outgoing: OutgoingMessage, since: datetime) -> Finding:  # noqa: ARG002 - a Message-ID is found without it
        """Look for the mail in the server's Sent mailbox, by Message-ID."""
        return await self._inbox.find_sent(message_id_of(outgoing.message, self._identity))

    async def read(self, position: str | None, read_at: datetime | None) -> MailboxPage:
        """Fetch the mails behind the cursor `position`, or, for `None`, since this object was made.

        Raises `SourceError`.
        """
        return await self._inbox.read(position, read_at)

    async def fetch(self, position: str) -> ReceivedEmail | None:
        """Fetch the mail at `position`; `None` where it is no longer there. Raises `SourceError`."""
        return await self._inbox.fetch(position)

    async def wait(self, seconds: float) -> None:
        """Return when mail may have arrived, or after `seconds`. Raises `SourceError`."""
        await self._inbox.wait(seconds)

    async def probe(self) -> list[CheckLine]:
        """Check both servers; returns a line for each."""
        return await probe(self._smtp, self._inbox, self._identity)

    def stop(self) -> None:
        """Interrupt a wait for mail soon."""
        self._inbox.stop()

    async def close(self) -> None:
        """Close the mailbox."""
        await self._inbox.close()


def _spec(address: Address) -> str:
    return str(address.addr_spec)
