"""Store the messages of every channel, their threads, and ephemeral messages."""

from collections.abc import Callable, Iterator

from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json, copied


class MessageStore:
    """Messages by channel and `ts`, oldest first.

    A `ts` is unique in the workspace and strictly increasing.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last_micros = 0
        self._channels: dict[str, dict[str, Json]] = {}
        self._threads: dict[tuple[str, str], list[str]] = {}
        self.ephemerals: list[Json] = []

    def new_ts(self) -> str:
        """Create a timestamp id, "seconds.micros"."""
        self._last_micros = max(self._last_micros + 1, int(self._clock() * 1_000_000))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def add(self, channel: str, message: Json) -> None:
        """Store a message, and count it at its parent when it is a reply."""
        self._channels.setdefault(channel, {})[message["ts"]] = message
        thread_ts = message.get("thread_ts")
        if thread_ts and thread_ts != message["ts"]:
            self._threads.setdefault((channel, thread_ts), []).append(message["ts"])
            self._count_reply(channel, message)

    def find(self, channel: str, ts: str) -> Json | None:
        """Return the stored message (not a copy), if it exists."""
        return self._channels.get(channel, {}).get(ts)

    def get(self, channel: str, ts: str) -> Json:
        """Return the stored message (not a copy); raises message_not_found."""
        found = self.find(channel, ts)
        if found is None or found.get("subtype") == "tombstone":
            raise SlackError("message_not_found")
        return found

    def top_level(self, channel: str) -> Iterator[Json]:
        """Iterate over the channel's messages, oldest first.

        Replies are left out except those also sent to the channel.
        """
        for message in self._channels.get(channel, {}).values():
            is_reply = message.get("thread_ts", message["ts"]) != message["ts"]
            if not is_reply or message.get("subtype") == "thread_broadcast":
                yield message

    def thread(self, channel: str, ts: str) -> list[Json]:
        """Return the parent and its replies, oldest first; empty when there is no such message."""
        parent = self.find(channel, ts)
        if parent is None:
            return []
        kept = self._channels[channel]
        return [parent, *(kept[reply] for reply in self._threads.get((channel, ts), []))]

    def with_file(self, channel: str, file_id: str) -> list[Json]:
        """Return the channel's messages (not copies) that show a file."""
        kept = self._channels.get(channel, {}).values()
        return [m for m in kept if any(file.get("id") == file_id for file in m.get("files", ()))]

    def remove(self, channel: str, ts: str) -> None:
        """Remove a message; a parent with replies leaves a tombstone, as in Slack."""
        message = self.get(channel, ts)
        if self._threads.get((channel, ts)):
            kept: Json = {
                key: message[key]
                for key in ("ts", "thread_ts", "reply_count", "reply_users")
                if key in message
            }
            message.clear()
            message.update(kept)
            message.update(type="message", subtype="tombstone", user="USLACKBOT", hidden=True)
            message["text"] = "This message was deleted."
            return
        del self._channels[channel][ts]
        thread_ts = message.get("thread_ts")
        if thread_ts and thread_ts != ts:
            self._threads[(channel, thread_ts)].remove(ts)
            self._recount(channel, thread_ts)

    def copies(self, messages: list[Json], *, with_metadata: bool = True) -> list[Json]:
        """Copy messages to hand out, so that the receiver's changes do not reach the store."""
        shown = [copied(message) for message in messages]
        if not with_metadata:
            for message in shown:
                message.pop("metadata", None)
        return shown

    def _count_reply(self, channel: str, reply: Json) -> None:
        parent = self.find(channel, reply["thread_ts"])
        if parent is None:
            return
        authors: list[str] = parent.setdefault("reply_users", [])
        if reply["user"] not in authors:
            authors.append(reply["user"])
        parent.update(thread_ts=parent["ts"], latest_reply=reply["ts"], reply_users_count=len(authors))
        parent["reply_count"] = parent.get("reply_count", 0) + 1

    def _recount(self, channel: str, thread_ts: str) -> None:
        parent, *replies = self.thread(channel, thread_ts)
        for key in ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
            parent.pop(key, None)
        for reply in replies:
            self._count_reply(channel, reply)
