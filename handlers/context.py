"""Bundle the dependencies of every edge and effect performer; `bot.py` builds the one instance."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.charts.chart import Chart
from adapters.charts.drawer import ChartDrawer, NotDrawn
from adapters.email import Email
from adapters.metrics import Metrics
from adapters.slack.directory import Directory
from adapters.slack.modal_client import Modals
from domain.assistance.assistant import Assistant
from domain.cases.files import File
from domain.cases.masked_views import AbuseBlur
from domain.clock import Clock
from domain.delivery.outcomes import Outcome
from domain.delivery.team_chat import TeamChat
from domain.networks import Networks, OurAccount
from domain.outages.destinations import Destinations
from domain.outages.drafts import NoticeWords
from domain.policy import Policy
from domain.replies.outgoing_message import CodeRecipient
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.trackers.trackers import Trackers
from domain.triage.drafts import Drafter
from domain.triage.saved_replies import SavedReply
from handlers.background_tasks import BackgroundTasks
from handlers.desk import Desk
from handlers.handoffs.venues import HandoffVenues
from handlers.keyed_lock import KeyedLock
from handlers.knowledge.articles import ArticleLibrary
from handlers.learner import Learner
from handlers.live_classifier import LiveClassifier
from handlers.post_spacing import PostSpacing
from handlers.preflights import Preflights
from handlers.shared_work import SharedWork
from handlers.triage.outage_wordings import OutageWordings

log = logging.getLogger(__name__)

#: Download a file that an agent attached in the team chat. Raises `DeskError` if it is unavailable.
Download = Callable[[File], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """Dependencies of a running bot, shared by all edges and performers.

    `email`, `drafter` and `assistant` are `None` if the settings configure none. `team_url` ends in "/".
    `stop_words` are by language, as `domain.causes.topics` takes them.
    `bot_user_id` is the bot's own user id in the team chat.
    `fixed_replies` is the saved reply that is proposed once an issue is fixed.
    `thread_locks` serialise the messages of one thread, in the order in which they came.
    `topics` shares the search for topics among those who ask for the same at once.
    """

    desk: Desk
    clock: Clock
    policy: Policy
    learner: Learner
    live_classifier: LiveClassifier
    rules: RulesOfEngagement
    abuse: AbuseBlur
    networks: Networks
    venues: HandoffVenues
    team_chat: TeamChat
    directory: Directory
    modals: Modals
    download: Download
    notice_words: NoticeWords
    team_url: str
    bot_user_id: str
    email: Email | None = None
    drafter: Drafter | None = None
    assistant: Assistant | None = None
    destinations: Destinations = field(default_factory=Destinations)
    stop_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    trackers: Trackers = field(default_factory=Trackers)
    fixed_replies: Sequence[SavedReply] = ()
    articles: ArticleLibrary = field(default_factory=ArticleLibrary)
    thread_locks: KeyedLock = field(default_factory=KeyedLock)
    preflights: Preflights = field(default_factory=Preflights)
    background: BackgroundTasks = field(default_factory=BackgroundTasks)
    metrics: Metrics = field(default_factory=Metrics)
    post_spacing: PostSpacing = field(default_factory=PostSpacing)
    charts: ChartDrawer = field(default_factory=ChartDrawer)
    topics: SharedWork = field(default_factory=SharedWork)

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        metadata: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post a message in the team chat as `TeamChat.post`, when it is its turn in the channel."""
        await self.post_spacing.wait(channel, self.clock)
        return await self.team_chat.post(
            channel, content, token=token, thread_ts=thread_ts, metadata=metadata
        )

    async def upload_chart(self, chart: Chart, *, name: str, alt_text: str) -> str | None:
        """Draw and upload a chart to show in messages; return its id, `None` where that failed."""
        try:
            drawn = await self.charts.draw(chart)
        except (NotDrawn, OSError) as error:
            log.warning("the chart %s could not be drawn: %s", name, error)
            return None
        return await self.team_chat.upload_picture(name, drawn, alt_text=alt_text)

    def our_account(self, network: str) -> OurAccount:
        """Return our account on a case's network, as cards and forms name it."""
        ours = self.networks.our_account(network)
        return replace(ours, private_venues=self.venues.set_up_for(network), brand=self.policy.brand)

    @property
    def outage_wordings(self) -> OutageWordings:
        """The approved wordings of outages, as they are suggested to linked cases."""
        return OutageWordings(self.notice_words, self.networks)

    def code_recipient(self, network: str) -> CodeRecipient | None:
        """Return where a customer of the network sends their verification code.

        `None` if no direct messages are read there, or the network has no page for them.
        """
        connected = self.networks.get(network)
        if connected is None or connected.direct is None:
            return None
        page = connected.profile.direct_message_page(connected.account)
        return CodeRecipient(handle=f"@{connected.account.handle}", url=page) if page is not None else None
