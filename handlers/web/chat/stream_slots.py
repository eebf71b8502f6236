"""Limit the event streams that are open at a time in one chat, and end those that a page has replaced."""

from collections.abc import Callable

from handlers.web.chat.errors import TOO_FAST, Refusal


class StreamSlot:
    """One open stream. `on_end` wakes it once it is to end."""

    __slots__ = ("_on_end", "ended", "key")

    def __init__(self, key: str) -> None:
        self.key = key
        self.ended = False
        self._on_end: Callable[[], None] = lambda: None

    def notify_at_end(self, on_end: Callable[[], None]) -> None:
        """Call `on_end` when the stream is to end."""
        self._on_end = on_end

    def end(self) -> None:
        """Ask the stream to end."""
        self.ended = True
        self._on_end()


class StreamSlots:
    """The open streams by chat. Used on the event loop's thread only."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_chat: dict[int, list[StreamSlot]] = {}

    def take(self, chat_id: int, key: str) -> StreamSlot:
        """Count a stream, from the moment it is asked for; raises `Refusal` above the limit.

        It replaces the one with its `key`, unless that is empty: a page whose connection died asks again.
        """
        slots = self._by_chat.setdefault(chat_id, [])
        for replaced in [slot for slot in slots if key and slot.key == key]:
            replaced.end()
            slots.remove(replaced)
        if len(slots) >= self._limit:
            raise Refusal(429, TOO_FAST)
        slots.append(StreamSlot(key))
        return slots[-1]

    def give_back(self, chat_id: int, slot: StreamSlot) -> None:
        """Stop counting a stream that has ended."""
        slots = self._by_chat.get(chat_id, [])
        if slot in slots:
            slots.remove(slot)
        if not slots:
            self._by_chat.pop(chat_id, None)
