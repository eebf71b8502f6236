"""Define the live chat's dependencies and appearance."""

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
from handlers.web.chat.subscribers import Subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """How the page looks. Empty `greeting` and `waiting` mean our own sentences in the customer's language.

    `language` is used if none of the browser's languages is available.
    `embed_on` lists the origins whose pages may embed the chat in a frame.
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
    """The live chat's dependencies. `sentences` are the page's texts by language.

    `first_name` maps a user id to the name that customers may see. `code_recipient` returns the account to
    which
    a network's customers send their code; `None` if they cannot. `mails` is whether transcripts can be
    mailed.
    """

    desk: Desk
    clock: Clock
    links: ChatLinks
    classifier: Classifier
    appearance: Appearance
    sentences: Sentences
    first_name: Callable[[str], Awaitable[str]]
    code_recipient: Callable[[str], CodeRecipient | None] = lambda _network: None
    mails: bool = False
    rates: Rates = field(default_factory=Rates)
    subscribers: Subscribers = field(default_factory=Subscribers)
    limiter: Limiter = field(init=False)
    origin: str = field(init=False)
    path: str = field(init=False)
    is_secure: bool = field(init=False)

    def __post_init__(self) -> None:
        page_url = urlsplit(self.links.page)
        self.limiter = Limiter(self.rates)
        self.origin = _browser_origin(page_url)
        self.path = page_url.path
        self.is_secure = page_url.scheme == "https"

    def subscribe(self) -> None:
        """Subscribe to chat signals of this copy of the bot and of the others."""
        self.desk.on_signals = self.subscribers.wake
        self.desk.on_signals_missed = self.subscribers.wake_all
        self.desk.listen_for_signals()

    def close(self) -> None:
        """End all event streams; browsers reconnect to another copy, or to this one when it is back."""
        self.subscribers.close()


def build_chat(ctx: AppContext, settings: Settings, sentences: Sentences) -> Chat | None:
    """Build the live chat; `None` without PUBLIC_URL and SECRET_KEY."""
    environment, choices = settings.environment, settings.choices
    links = chat_links(environment.public_url, environment.secret_key)
    if links is None:
        return None
    return Chat(
        desk=ctx.desk,
        clock=ctx.clock,
        links=links,
        classifier=ctx.classifier,
        appearance=Appearance(
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


def _browser_origin(page_url: SplitResult) -> str:
    """Return the origin as browsers send it: in lower case, without the scheme's default port."""
    default_port = {"http": ":80", "https": ":443"}.get(page_url.scheme, "")
    return f"{page_url.scheme}://{page_url.netloc.removesuffix(default_port)}".lower()
