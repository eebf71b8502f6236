"""Where customers are spoken to in private, as this desk is set up: direct messages, e-mail, live chat."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from starlette.routing import BaseRoute

from adapters.chat import chat_line, chat_links, why_no_chat
from adapters.email import AddressLinks, Email, load_mail_words
from adapters.networks.x import X
from adapters.prompts.invitations import load_invitations
from adapters.prompts.opt_out import load_opt_out
from adapters.settings import Settings
from domain.clock import Clock
from domain.diagnostics import CheckLine
from domain.networks import Account
from domain.replies.outgoing_message import CodeRecipient, PrivateVenue
from domain.venues import Venue
from handlers.delivery.performers.private_replies import ChatPage, Fetch, PrivateReplySender
from handlers.delivery.performers.transcripts import TranscriptSender
from handlers.handoffs.channels import HandoffChannels
from handlers.slack.payloads import Edge
from handlers.timers.direct_messages import DirectMessagePoller
from handlers.timers.email import EmailPoller
from handlers.timers.schedule import Timer
from handlers.timers.stream_poller import StreamPoller
from handlers.web.chat.context import Chat
from handlers.web.chat.opening import live_chat
from handlers.web.chat.routes import chat_routes
from handlers.web.email_capture import AddressPage, load_page_words

_NO_DM = "Direct messages are switched off: dm.enabled in switchboard.toml."
_NO_MAIL = "E-mail is not set up: it needs SMTP_URL, IMAP_URL, EMAIL_FROM, SECRET_KEY and PUBLIC_URL."


@dataclass(frozen=True, slots=True, kw_only=True)
class Venues:
    """The private venues of one desk. `email` is `None` where it is not set up; `prompts` is the folder of the words."""

    settings: Settings
    network: X
    email: Email | None
    clock: Clock
    prompts: Path

    def channels(self, account: Account) -> HandoffChannels:
        """Where conversations may be moved to."""
        environment, direct = self.settings.environment, self.network.direct
        links: dict[Venue, Callable[[str], str]] = {}
        if self.settings.choices.dm.enabled:
            links[Venue.DM] = lambda _nonce: direct.invitation(account)
        if (form := self._address_links()) is not None:
            links[Venue.EMAIL] = form.link
        if (chat := chat_links(environment.public_url, environment.secret_key)) is not None:
            links[Venue.CHAT] = chat.link
        no_chat = why_no_chat(environment.public_url, environment.secret_key)
        return HandoffChannels(
            links=links,
            why_not={Venue.DM: _NO_DM, Venue.EMAIL: _NO_MAIL, Venue.CHAT: no_chat},
            line=load_invitations(self.prompts / "invitations.toml").line,
            new_nonce=lambda: secrets.token_urlsafe(24),
            new_code=lambda: f"{secrets.randbelow(10**6):06}",
        )

    def sender(self, edge: Edge, fetch: Fetch) -> PrivateReplySender:
        """Who sends what agents write in private; `fetch` gets the files that they attach."""

        async def name_of(user_id: str) -> str:
            return (await edge.directory.person(user_id)).name

        venues: dict[Venue, PrivateVenue] = {Venue.DM: self.network.direct, Venue.CHAT: ChatPage()}
        if self.email is not None:
            venues[Venue.EMAIL] = self.email
        proof = self._proof(edge.account)
        return PrivateReplySender(edge.desk, venues, fetch=fetch, name_of=name_of, proof=proof)

    def transcripts(self, edge: Edge) -> TranscriptSender:
        """Who mails a chat's conversation to the customer."""
        mail = self.email.transcripts if self.email is not None else None
        return TranscriptSender(edge.desk, mail, name_of=edge.directory.first_name)

    def timers(self, edge: Edge) -> list[Timer]:
        """What reads the customers' private messages."""
        choices, timers = self.settings.choices, []
        poller = StreamPoller(
            desk=edge.desk,
            account=edge.account,
            policy=edge.policy,
            clock=self.clock,
            pause=timedelta(minutes=choices.intake.pause_minutes),
        )
        if choices.dm.enabled:
            words = load_opt_out(self.prompts / "opt_out.toml")
            direct = DirectMessagePoller(
                poller=poller, inbox=self.network.direct, classifier=edge.classifier, words=words
            )
            every = timedelta(seconds=choices.dm.poll_seconds)
            timers.append(Timer("read direct messages", every, direct.read))
        if self.email is not None:
            every = timedelta(seconds=choices.email.poll_seconds)
            poller = replace(poller, account=self.email.account)
            mail = EmailPoller(poller=poller, mailbox=self.email, classifier=edge.classifier, every=every)
            timers.append(Timer("read mail", every, mail.turn))
        return timers

    def chat(self, edge: Edge) -> Chat | None:
        """The live chat; `None` where none is offered."""
        return live_chat(
            self.settings,
            desk=edge.desk,
            clock=self.clock,
            classifier=edge.classifier,
            account=edge.account,
            directory=edge.directory,
            proof=self._proof(edge.account),
            mails=self.email is not None,
        )

    def pages(self, edge: Edge, chat: Chat | None) -> Sequence[BaseRoute]:
        """The pages that customers come to."""
        routes = chat_routes(chat) if chat is not None else []
        links = self._address_links()
        if links is None or self.email is None:
            return routes
        words = load_page_words(self.prompts / "address")
        page = AddressPage(
            desk=edge.desk,
            clock=self.clock,
            links=links,
            words=words,
            brand=edge.policy.brand,
            ours=self.email.account.id,
        )
        return [*routes, *page.routes()]

    async def probe(self) -> list[CheckLine]:
        """What `check` says of e-mail and of live chat; direct messages are told of with their network."""
        environment = self.settings.environment
        chat = chat_line(environment.public_url, environment.secret_key)
        if self.email is None:
            told = "not set up: it needs SMTP_URL, IMAP_URL, EMAIL_FROM and SECRET_KEY"
            return [CheckLine("E-mail", ok=None, detail=told), chat]
        form = self._address_links() is not None
        told = (
            "offered"
            if form
            else "not offered as a place to go: PUBLIC_URL is not set, so no link can be made"
        )
        remedy = (
            "" if form else "set PUBLIC_URL; mail to the support address is read and answered all the same"
        )
        offered = CheckLine("E-mail", ok=True if form else None, detail=told, remedy=remedy)
        return [offered, *await self.email.probe(), chat]

    def _proof(self, account: Account) -> CodeRecipient | None:
        """Where customers send their codes; `None` where no direct messages are read."""
        if not self.settings.choices.dm.enabled:
            return None
        return CodeRecipient(handle=f"@{account.handle}", url=self.network.direct.invitation(account))

    def _address_links(self) -> AddressLinks | None:
        """Links to the page on which a customer leaves an address; `None` where we could not write to them, or can make none."""
        url, key = self.settings.environment.public_url, self.settings.environment.secret_key
        if self.email is None or url is None or key is None:
            return None
        return AddressLinks(url, key.get_secret_value())


def open_email(settings: Settings, clock: Clock, prompts: Path) -> Email | None:
    """E-mail as the settings have it; `None` where they have none."""
    environment = settings.environment
    smtp, imap, key = environment.smtp_url, environment.imap_url, environment.secret_key
    if smtp is None or imap is None or key is None or environment.email_from is None:
        return None
    return Email(
        smtp_url=smtp.get_secret_value(),
        imap_url=imap.get_secret_value(),
        sender=environment.email_from,
        secret_key=key.get_secret_value(),
        words=load_mail_words(prompts / "mail"),
        clock=clock,
        idle=settings.choices.email.idle,
    )
