"""The case's thread, told from the trail."""

from dataclasses import dataclass

from adapters.slack.content import Content
from domain.views import ThreadView


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """As much of the trail as one message holds: post `content` unless it is `None`, then remember `seen`.

    `more` is true where entries are left for a further message.
    """

    content: Content | None
    seen: int
    more: bool = False


def render_thread(view: ThreadView, *, brand: str) -> ThreadPart:
    """What the thread has yet to tell. `brand` is our account's handle, without "@"."""
    raise NotImplementedError
