"""What the chat's requests have in common: the desk, the links, the brand."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from adapters.chat import ChatLinks, chat_links
from adapters.sentences import Sentences
from adapters.settings import Settings
from domain.chat.office_hours import OfficeHours
from domain.clock import Clock
from domain.replies.outgoing_message import CodeRecipient
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.triage.classify import Classifier
from handlers.web.chat.rate_limits import Limiter, Rates
from handlers.web.chat.subscribers import Listeners


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the page presents us. Empty words mean ours, in the customer's language; `language` is taken where none of theirs is there.

    `embed_on` are the origins whose pages may hold the chat in a frame.
    """

    brand: str
    colour: str
    hours: OfficeHours
    greeting: str = ""
    waiting: str = ""
    language: str = "en"
    embed_on: Sequence[str] = ()


@dataclass(kw_only=True)
class Chat:
    """The parts of the live chat. `sentences` is what the page says.

    `first_name` says what customers may call a colleague, by their user id. `code_recipient` says where a customer of a
    network can send us their code; `None` where no code can be sent to us. `mails` is whether a customer can have the
    conversation mailed to them.
    """

    desk: Desk
    clock: Clock
    links: ChatLinks
    classifier: Classifier
    look: Look
    sentences: Sentences
    first_name: Callable[[str], Awaitable[str]]
    code_recipient: Callable[[str], CodeRecipient | None] = lambda _network: None
    mails: bool = False
    rates: Rates = field(default_factory=Rates)
    listeners: Listeners = field(default_factory=Listeners)
    limiter: Limiter = field(init=False)
    origin: str = field(init=False)
    path: str = field(init=False)
    is_secure: bool = field(init=False)

    def __post_init__(self) -> None:
        page = urlsplit(self.links.page)
        self.limiter = Limiter(self.rates)
        self.origin = _origin(page)
        self.path = page.path
        self.is_secure = page.scheme == "https"

    def attend(self) -> None:
        """Begin to hear news, of this copy of the bot and of others."""
        self.desk.on_signals = self.listeners.wake
        self.desk.on_signals_missed = self.listeners.wake_all
        self.desk.listen_for_signals()

    def close(self) -> None:
        """Let all browsers go; they look for another copy, or for this one when it is back."""
        self.listeners.close()


def chat_of(ctx: AppContext, settings: Settings, sentences: Sentences) -> Chat | None:
    """The live chat of a bot; `None` without PUBLIC_URL and SECRET_KEY."""
    environment, choices = settings.environment, settings.choices
    links = chat_links(environment.public_url, environment.secret_key)
    if links is None:
        return None
    return Chat(
        desk=ctx.desk,
        clock=ctx.clock,
        links=links,
        classifier=ctx.classifier,
        look=Look(
            brand=ctx.policy.brand,
            colour=choices.chat.colour,
            hours=choices.chat.office_hours,
            greeting=choices.chat.greeting,
            waiting=choices.chat.waiting,
            language=choices.brand.language,
            embed_on=choices.chat.embed_on,
        ),
        sentences=sentences,
        first_name=ctx.directory.first_name,
        code_recipient=ctx.code_recipient,
        mails=ctx.email is not None,
    )


def _origin(page: SplitResult) -> str:
    """As browsers write it: without the port that goes without saying."""
    usual = {"http": ":80", "https": ":443"}.get(page.scheme, "")
    return f"{page.scheme}://{page.netloc.removesuffix(usual)}".lower()
