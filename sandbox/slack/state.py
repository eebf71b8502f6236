"""All state of a workspace in one object, which the other modules receive."""

import time
from collections.abc import Callable, Iterable

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.slack import seed
from sandbox.slack.audience import Audience
from sandbox.slack.delivery import Delivery
from sandbox.slack.entities import Channel, User
from sandbox.slack.errors import SlackError
from sandbox.slack.files import FileStore
from sandbox.slack.limits import Limits
from sandbox.slack.rate_limits import RateLimits
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.store import MessageStore
from sandbox.slack.triggers import Triggers
from sandbox.slack.views import ViewStore


class State:
    """The demo workspace, or what a test has made of it. `clock` returns seconds since the epoch."""

    def __init__(
        self,
        ledger: Ledger,
        faults: Faults,
        *,
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
    ) -> None:
        self.ledger = ledger
        self.faults = faults
        self.clock = clock
        self.limits = limits or Limits()
        """May be changed or replaced at any time."""
        self.team = seed.TEAM
        self.app = seed.APP
        self.scopes: set[str] = set(seed.SCOPES)
        self.app_scopes: set[str] = set(seed.APP_SCOPES)
        self.subscriptions: set[str] = set(seed.EVENTS)
        self.users = {user.id: user for user in seed.users()}
        self.channels = {channel.id: channel for channel in seed.channels()}
        self.groups = {group.id: group for group in seed.groups()}
        self.shortcuts = {shortcut.callback_id: shortcut for shortcut in seed.shortcuts()}
        self.commands = {command.command: command for command in seed.commands()}
        self.address = ""
        """This server as the app sees it (http://host:port), taken from the app's calls."""
        self.store = MessageStore(clock)
        self.view_store = ViewStore()
        self.files = FileStore()
        self.triggers = Triggers(self._limits, clock)
        self.rates = RateLimits(self._limits, clock)
        self.audience = Audience()
        self.sockets = SocketMode(self._limits, self.app.id)
        self.delivery = Delivery(self._limits, ledger, self.sockets)

    def user(self, user: str) -> User:
        """Return the member with this id; raises user_not_found."""
        if user not in self.users:
            raise SlackError("user_not_found")
        return self.users[user]

    def channel(self, channel: str, *, viewer: str = "") -> Channel:
        """Return the conversation with this id or #name; raises channel_not_found.

        With `viewer`, one which that user cannot see is not found either.
        """
        found = self.channels.get(channel)
        if found is None and channel.startswith("#"):
            found = next((c for c in self.channels.values() if c.name == channel[1:]), None)
        if found is None or (viewer and not found.seen_by(viewer)):
            raise SlackError("channel_not_found")
        return found

    def direct_message(self, user: str) -> Channel:
        """Return the direct messages of the app with one person, created on first use."""
        found = next((c for c in self.channels.values() if c.im_user == user), None)
        if found is None:
            found = Channel(f"D{user[1:]}", "", members=[self.app.bot_user_id, user], im_user=user)
            self.channels[found.id] = found
        return found

    def viewers(self, channel: Channel) -> Iterable[str]:
        """Return everybody whose screen may show the channel."""
        return [user for user in self.users if channel.seen_by(user)]

    def _limits(self) -> Limits:
        return self.limits
