"""The application context: what every edge and every performer needs, made once by `bot.py`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from adapters.email import Email
from adapters.slack.directory import Directory
from adapters.slack.modal_client import Modals
from domain.cases.files import File
from domain.clock import Clock
from domain.delivery.team_chat import TeamChat
from domain.networks import Networks, OurAccount
from domain.policy import Policy
from domain.replies.outgoing_message import CodeRecipient
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.triage.drafts import Drafter
from handlers.desk import Desk
from handlers.handoffs.channels import HandoffChannels
from handlers.keyed_lock import KeyedLock
from handlers.triage.classify import Classifier

#: Get what an agent attached in the team chat; raises `DeskError` where it cannot be had.
Download = Callable[[File], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """The connected parts of a running bot.

    `email` and `drafter` are `None` where the settings have none. `team_url` ends in "/"; `bot_user_id` is who we are in the team chat.
    `thread_locks` keep the order of what is said in one thread.
    """

    desk: Desk
    clock: Clock
    policy: Policy
    classifier: Classifier
    rules: RulesOfEngagement
    networks: Networks
    channels: HandoffChannels
    team_chat: TeamChat
    directory: Directory
    modals: Modals
    download: Download
    team_url: str
    bot_user_id: str
    email: Email | None = None
    drafter: Drafter | None = None
    thread_locks: KeyedLock = field(default_factory=KeyedLock)

    def our_account(self, network: str) -> OurAccount:
        """Our account on a case's network, as cards and forms name it."""
        return self.networks.our_account(network)

    def code_recipient(self, network: str) -> CodeRecipient | None:
        """Where a customer of the network sends the code that verifies them; `None` where no direct messages are read there."""
        connected = self.networks.get(network)
        if connected is None or connected.direct is None:
            return None
        page = connected.profile.direct_message_page(connected.account)
        return CodeRecipient(handle=f"@{connected.account.handle}", url=page) if page is not None else None
