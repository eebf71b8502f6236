"""Define `switchboard.toml`: sections, keys and defaults."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from adapters.settings.cards import Cards
from adapters.settings.chat import Chat
from adapters.settings.intake import Intake
from adapters.settings.model import Model
from adapters.settings.office import Office
from adapters.settings.outages import Outages
from adapters.settings.outlook import OutlookChoices
from adapters.settings.promises import Promises
from adapters.settings.records import Retention, Roles
from adapters.settings.reports import Reports
from adapters.settings.rota import Rota
from adapters.settings.routes import Route, name_routes
from adapters.settings.section import Channel, Language, Section
from adapters.settings.sla import Sla
from adapters.settings.tags import Tags
from adapters.settings.trackers import TrackerChoices
from adapters.settings.web import Web
from domain.triage.form_of_address import FormOfAddress

Form = Literal["formal", "informal", "any"]


class Brand(Section):
    """How the brand is named to customers."""

    name: str = Field(
        "",
        description="what we call ourselves in replies; empty: the name of our account on the first network, or of the mailbox",
    )
    help_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="the help page that saved replies may link to"
    )
    language: Language = Field(
        "en", description="the language assumed where a post does not tell (ISO 639-1)"
    )


class Slack(Section):
    """The team's channels and who may act."""

    support_channel: Channel = Field("#support", description="where cards go, by name or id")
    oncall_channel: Channel = Field("#oncall", description="where alerts go, and outages are told")
    fallback_channel: Channel = Field(
        "#oncall", description="where a card goes when its own channel is closed to us"
    )
    announcements_channel: str = Field(
        "", max_length=81, description="where outages are told to all colleagues; empty: nowhere"
    )
    rehearsal_channel: str = Field(
        "",
        max_length=81,
        description="where `/outage rehearse` plays: a channel for nothing else; empty: no rehearsals",
    )
    agents_group: str = Field(
        "", description="the user group (handle or id) that may act; empty: the support channel's members"
    )
    may_also_act: Annotated[tuple[Literal["guests", "strangers", "bots"], ...], Field(strict=False)] = Field(
        (),
        description="who may act besides members of the workspace, where they are in the channel or group: "
        "`guests`, `strangers` (people of other organisations, Slack Connect), `bots` (apps and workflows)",
    )
    routes: Annotated[tuple[Route, ...], Field(strict=False), AfterValidator(name_routes)] = Field(
        (),
        description="rules for certain cases, of which the first that matches decides: tables with `situation`, "
        "`language`, `words`, `network`, `account` or `customer_tag`, and `channel`, `mention` or `rank`",
    )

    def real_channels(self) -> frozenset[str]:
        """Return the channels that real cards, alerts and notices may go to, as written (name or id)."""
        return frozenset(
            {
                self.support_channel,
                self.oncall_channel,
                self.fallback_channel,
                *filter(None, [self.announcements_channel]),
                *(route.channel for route in self.routes if route.channel is not None),
            }
        )


class Triage(Section):
    """How posts are classified."""

    encoder: Literal["use-multilingual", "none"] = Field(
        "use-multilingual",
        description='what reads posts beside the rules: a sentence encoder on this machine (150 MB of memory); "none": the rules alone',
    )
    agent_language: Language = Field(
        "en", description="the language that the agents read, into which a model translates (ISO 639-1)"
    )
    example_days: int = Field(
        365, ge=1, description="days in which a correction by an agent is kept, to learn from it"
    )


class Knowledge(Section):
    """What is known and learnt."""

    articles: str = Field(
        "",
        description="a folder of help articles (Markdown with `url:` in the front matter) to offer; empty: none",
    )
    keep_days: int = Field(
        365, ge=1, description="days for which the answers sent are learnt from, and counted in the figures"
    )


class Handoff(Section):
    """Deadlines of a hand-off to a direct message, an e-mail or a live chat."""

    remind_minutes: int = Field(
        30, ge=1, description="minutes after which somebody is told that an offer was not taken up"
    )
    expire_hours: int = Field(24, ge=1, description="hours until an offer, and its link, expires")
    match_days: int = Field(
        30, ge=1, description="days in which a private message of theirs joins the case that it belongs to"
    )


class Dm(Section):
    """Direct messages."""

    enabled: bool = Field(True, description="read and answer direct messages")
    poll_seconds: float = Field(60.0, gt=0, description="seconds between two readings of direct messages")


class Log(Section):
    """How the log is written."""

    format: Literal["text", "json"] = Field(
        "text", description="a line of text for each event, or an object of JSON (`json`)"
    )


class Email(Section):
    """How the mailbox is polled."""

    poll_seconds: float = Field(
        30.0,
        gt=0,
        description="seconds between two readings of the mailbox, or until a silent IDLE is renewed",
    )
    idle: bool = Field(
        True, description="be told by the mail server at once (IMAP IDLE) where it can; false: only poll"
    )
    per_minute: int = Field(
        20, ge=1, description="mails of one sender that are taken in a minute; the rest waits in the mailbox"
    )


class Reply(Section):
    """How replies look."""

    sign_with_initials: bool = Field(False, description="end replies with the agent's initials")


class Address(Section):
    """How customers are addressed, by language.

    Only saved replies in that form are suggested. Pages, mails, answers of outages and our other messages
    are in it where there are texts in it.
    """

    de: Form = Field(
        "informal",
        description="German: `formal` (Sie), `informal` (du) or `any`, in saved replies, pages, mails and our other messages; the other languages have texts in two forms for saved replies alone, and their own elsewhere",
    )
    es: Form = Field("informal", description="Spanish: `formal` (usted), `informal` (tú) or `any`")
    fr: Form = Field("formal", description="French: `formal` (vous), `informal` (tu) or `any`")
    it: Form = Field("any", description="Italian: `formal` (Lei), `informal` (tu) or `any`")
    nl: Form = Field("any", description="Dutch: `formal` (u), `informal` (je) or `any`")
    pt: Form = Field("any", description="Portuguese: `formal` (o senhor), `informal` (tu, você) or `any`")

    @property
    def forms(self) -> Mapping[str, FormOfAddress]:
        """The chosen form by language, without those in which any will do."""
        forms = {"de": self.de, "es": self.es, "fr": self.fr, "it": self.it, "nl": self.nl, "pt": self.pt}
        return {language: FormOfAddress(form) for language, form in forms.items() if form != "any"}


class Surge(Section):
    """When an unusual number of posts raises an alert."""

    false_alarms: float = Field(
        0.5,
        ge=0,
        le=100,
        description="false alarms of spikes that are accepted a month: with more of them spikes are told earlier; 0: no alerts of spikes",
    )


class Choices(Section):
    """The whole of `switchboard.toml`."""

    brand: Brand = Brand()
    slack: Slack = Slack()
    intake: Intake = Intake()
    triage: Triage = Triage()
    model: Model = Model()
    knowledge: Knowledge = Knowledge()
    handoff: Handoff = Handoff()
    dm: Dm = Dm()
    chat: Chat = Chat()
    email: Email = Email()
    web: Web = Web()
    log: Log = Log()
    reply: Reply = Reply()
    address: Address = Address()
    cards: Cards = Cards()
    office: Office = Office()
    tags: Tags = Tags()
    rota: Rota = Rota()
    sla: Sla = Sla()
    promises: Promises = Promises()
    outages: Outages = Outages()
    surge: Surge = Surge()
    reports: Reports = Reports()
    outlook: OutlookChoices = OutlookChoices()
    retention: Retention = Retention()
    roles: Roles = Roles()
    trackers: TrackerChoices = TrackerChoices()

    def channels(self) -> frozenset[str]:
        """Return every channel that the bot posts to, as written (name or id)."""
        return self.real_channels() | frozenset(filter(None, [self.slack.rehearsal_channel]))

    def real_channels(self) -> frozenset[str]:
        """Return the channels that real cards, alerts, notices and reminders may go to, as written."""
        digests = (digest.channels() for digest in self.reports.digests)
        return self.slack.real_channels() | self.sla.channels() | frozenset().union(*digests)
