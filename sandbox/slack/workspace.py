"""The simulated Slack workspace: the API for tests and the demo page."""

from collections.abc import Sequence

from sandbox.slack import events, payloads, people, posting
from sandbox.slack import manifest as manifests
from sandbox.slack.actions import build_action
from sandbox.slack.delivery import Ack
from sandbox.slack.entered import Values
from sandbox.slack.entities import Channel, User
from sandbox.slack.http_mode import HttpMode
from sandbox.slack.jsons import Json
from sandbox.slack.state import State


class Workspace(State):
    """The demo workspace. People act through these methods; the app through the Web API and Socket Mode.

    Methods that reach the app return its Ack. A refusal by Slack itself raises SlackError (message_not_found
    …), a button or option that is not on the screen raises LookupError.
    """

    def messages(self, channel: str, newest: int = 0) -> list[Json]:
        """Return the top-level messages of a channel, oldest first; only the `newest` ones, if not 0."""
        return self.store.copies(list(self.store.top_level(self.channel(channel).id))[-newest:])

    def thread(self, channel: str, ts: str) -> list[Json]:
        """Return a message and its replies, oldest first; empty when there is no such message."""
        return self.store.copies(self.store.thread(self.channel(channel).id, ts))

    def ephemerals(self, user: str, channel: str = "") -> list[Json]:
        """Return the ephemeral messages that this person still sees, oldest first."""
        shown = [m for m in self.store.ephemerals if m["ephemeral_to"] == user]
        return self.store.copies(
            [m for m in shown if not channel or m["channel"] == self.channel(channel).id]
        )

    def notices(self, user: str) -> list[str]:
        """Return Slack's own notices to this person, oldest first."""
        return list(self.audience.notices[user])

    def open_view(self, user: str) -> Json | None:
        """Return the top modal of this person, with what they have entered."""
        stack = self.view_store.stack(user)
        return payloads.view_json(stack[-1]) if stack else None

    def home(self, user: str) -> Json | None:
        """Return the Home view that the app has published for this person."""
        view = self.view_store.homes.get(user)
        return payloads.view_json(view) if view else None

    def open_home(self, user: str) -> Json | None:
        """Open the app's Home as this person; returns the published view and sends app_home_opened."""
        view = self.home(user)
        events.home_opened(self, user, view)
        return view

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: object = None,
        *,
        block_id: str = "",
        values: Values | None = None,
    ) -> Ack:
        """Press a button of a message, or choose `value` (an option's value, a user id, a date) in it.

        `values` is what else the person has entered in the message.
        """
        message = people.find_message(self, user, self.channel(channel, viewer=user), ts)
        action = build_action(message.get("blocks", []), action_id, value, block_id)
        return await self.act(user, action, channel=channel, ts=ts, values=values)

    async def press_in_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        value: object = None,
        *,
        block_id: str = "",
        values: Values | None = None,
    ) -> Ack:
        """Press or choose in an open modal or in the Home view."""
        view = people.own_view(self, user, view_id)
        action = build_action(view.body["blocks"], action_id, value, block_id)
        return await self.act(user, action, view_id=view_id, values=values)

    async def act(
        self,
        user: str,
        action: Json,
        *,
        channel: str = "",
        ts: str = "",
        view_id: str = "",
        values: Values | None = None,
    ) -> Ack:
        """Send an action as given, even one that no button on the screen would send (forged values)."""
        if view_id:
            return await people.act_in_view(self, user, view_id, action, values)
        return await people.act_on_message(self, user, channel, ts, action, values)

    async def submit(self, user: str, view_id: str, values: Values | None = None) -> Ack:
        """Submit a modal.

        `values`: Slack's form, or short {block_id or action_id: value}; see `entered.state_values`.
        """
        return await people.submit(self, user, view_id, values or {})

    async def close_view(self, user: str, view_id: str) -> None:
        """Dismiss a modal with its close button."""
        await people.close(self, user, view_id)

    async def use_shortcut(self, user: str, callback_id: str, channel: str = "", ts: str = "") -> Ack:
        """Use a shortcut of the app, in the menu of a message where one is named."""
        return await people.use_shortcut(self, user, callback_id, channel, ts)

    async def command(self, user: str, channel: str, text: str) -> Ack:
        """Type a slash command, such as "/mentions next"."""
        return await people.command(self, user, channel, text)

    async def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str = "",
        *,
        file_ids: Sequence[str] = (),
        also_to_channel: bool = False,
    ) -> Json:
        """Write a message; "@name" and "<@U…>" of members become mentions, the rest is escaped as typed."""
        return await people.say(
            self, user, channel, text, thread_ts, file_ids, also_to_channel=also_to_channel
        )

    def edit(self, user: str, channel: str, ts: str, text: str) -> Json:
        """Edit one's own message."""
        return people.edit(self, user, channel, ts, text)

    def upload(self, user: str, name: str, content: bytes) -> str:
        """Upload a file for a message; returns its id."""
        return self.files.upload(self.user(user).id, name, content).id

    def install(self, manifest: Json) -> None:
        """Reinstall the app with only what its manifest asks for.

        Raises invalid_manifest.
        """
        manifests.install(self, manifest)

    def add_channel(self, channel: Channel) -> Channel:
        """Add a channel."""
        self.channels[channel.id] = channel
        return channel

    def join(self, user: str, channel: str) -> None:
        """Add a person (or the bot) to a channel."""
        found = self.channel(channel)
        if user not in found.members:
            found.members.append(user)
            events.member_joined(self, found, user)

    def leave(self, user: str, channel: str) -> None:
        """Remove a person (or the bot) from a channel."""
        self.channel(channel).members.remove(user)

    def rename(self, channel: str, name: str) -> None:
        """Rename a channel; its id stays."""
        self.channel(channel).name = name

    def add_user(self, user: User) -> User:
        """Add somebody: a colleague, a guest, a bot, or a person of another organisation."""
        self.users[user.id] = user
        return user

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive or unarchive a channel."""
        self.channel(channel).is_archived = archived

    def delete_message(self, channel: str, ts: str) -> None:
        """Delete a message as an administrator would."""
        posting.delete(self, self.channel(channel), ts)

    def use_http(self, url: str, signing_secret: str = "") -> HttpMode:
        """Switch from Socket Mode to signed requests to the app's request URL."""
        mode = HttpMode(url, signing_secret or self.app.signing_secret)
        self.delivery.switch_to(mode)
        return mode

    async def disconnect(self, reason: str = "refresh_requested") -> int:
        """Send a `disconnect` envelope to every Socket Mode connection; returns their number."""
        return await self.sockets.disconnect(reason)

    def abort_connections(self) -> int:
        """Abort every Socket Mode connection without a close frame; returns their number."""
        return self.sockets.abort()

    def redeliver(self, event_id: str = "") -> Json:
        """Send an event (the last one) to the app again, as after a lost ack; returns its payload."""
        return self.delivery.redeliver(event_id)

    async def settled(self) -> None:
        """Wait until every event sent so far is acked or given up."""
        await self.delivery.settled()

    async def close(self) -> None:
        """Close connections and cancel deliveries in progress; called when the server stops."""
        self.audience.close()
        await self.delivery.close()
