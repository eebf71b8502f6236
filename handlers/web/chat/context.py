"""Define the live chat: its links, appearance, texts, rate limits and event subscribers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from starlette.requests import Request

from adapters.chat import ChatLinks
from adapters.prompts.sentences import Sentences
from adapters.settings import Choices
from domain.office_hours import OfficeHours
from handlers.context import AppContext
from handlers.web.chat.agent_presence import AgentPresence
from handlers.web.chat.banner import Banner
from handlers.web.chat.language import choose_language
from handlers.web.chat.rate_limits import Limiter, Rates
from handlers.web.chat.subscribers import StreamSubscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """How the page looks. Empty `greeting` and `waiting` mean our own sentences in the customer's language.

    `greetings`, by language, take the place of `greeting`.
    `language` is used if none of the browser's languages is available.
    `embed_on` lists the origins whose pages may embed the chat in a frame.
    """

    colour: str
    hours: OfficeHours
    greeting: str = ""
    greetings: Mapping[str, str] = field(default_factory=dict)
    waiting: str = ""
    language: str = "en"
    embed_on: Sequence[str] = ()

    @classmethod
    def of(cls, choices: Choices) -> "Appearance":
        """Return the appearance that the settings choose."""
        return cls(
            colour=choices.chat.colour,
            hours=choices.office.office_hours,
            greeting=choices.chat.greeting,
            greetings=choices.chat.greetings,
            waiting=choices.chat.waiting,
            language=choices.brand.language,
            embed_on=choices.chat.embed_on,
        )


@dataclass(kw_only=True)
class Chat:
    """The live chat's own parts, beside the shared `ctx`. `sentences` are the page's texts by language."""

    ctx: AppContext
    links: ChatLinks
    appearance: Appearance
    sentences: Sentences
    rates: Rates = field(default_factory=Rates)
    subscribers: StreamSubscribers = field(default_factory=StreamSubscribers)
    limiter: Limiter = field(init=False)
    banner: Banner = field(init=False)
    presence: AgentPresence = field(init=False)
    origin: str = field(init=False)
    path: str = field(init=False)
    is_secure: bool = field(init=False)

    def __post_init__(self) -> None:
        page_url = urlsplit(self.links.page)
        self.limiter = Limiter(self.rates)
        self.banner = Banner(self.ctx)
        self.presence = AgentPresence(self.ctx)
        self.origin = _browser_origin(page_url)
        self.path = page_url.path
        self.is_secure = page_url.scheme == "https"

    def language(self, request: Request) -> str:
        """Return the page's language for a browser."""
        header = request.headers.get("accept-language", "")
        return choose_language(header, self.sentences, self.appearance.language)

    def subscribe(self) -> None:
        """Subscribe to chat signals of this copy of the bot and of the others."""
        self.ctx.desk.subscribe(self.subscribers.wake, self.subscribers.wake_all)

    def close(self) -> None:
        """End all event streams; browsers reconnect to another copy, or to this one when it is back."""
        self.subscribers.close()
        self.presence.close()


def _browser_origin(page_url: SplitResult) -> str:
    """Return the origin as browsers send it: in lower case, without the scheme's default port."""
    default_port = {"http": ":80", "https": ":443"}.get(page_url.scheme, "")
    return f"{page_url.scheme}://{page_url.netloc.removesuffix(default_port)}".lower()
