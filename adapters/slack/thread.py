"""The case's thread, told from the trail: every message of either side, and what was done, as quiet lines."""

from dataclasses import dataclass

from adapters.slack.audit_lines import tell
from adapters.slack.escaping import escape, inline
from adapters.slack.message_hash import Block, Content
from adapters.slack.thread_entries import WROTE, entry_blocks, message_of, size
from adapters.slack.wording import text_of, who_wrote
from domain.cases.views import ThreadView
from domain.networks import OurAccount
from domain.records.audit import Entry

MOST_BLOCKS = 45
MOST_CHARACTERS = 10_000
LONGEST_QUOTE = 3000
LONGEST_SUMMARY = 200

#: How long a quote may be where there is room, and where there is less and less.
_CUTS = (LONGEST_QUOTE, 1000, 300, 100)


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """As much of the trail as one message holds: post `content` unless it is `None`, then remember `seen`.

    `first` and `seen` are the first and the last entry told. `more` is true where entries are left for a further message.
    """

    content: Content | None
    seen: int
    more: bool = False
    first: int = 0


def render_thread(view: ThreadView, *, ours: OurAccount) -> ThreadPart:
    """What the thread has yet to tell, oldest first. `ours` is our account on the case's network."""
    blocks: list[Block] = []
    room, seen = MOST_CHARACTERS, view.case.thread_seen
    told: list[Entry] = []
    for entry in view.entries:
        room -= size(view, entry, LONGEST_QUOTE)
        if told and (room < 0 or len(blocks) >= MOST_BLOCKS):
            return ThreadPart(_content(view, told, blocks), seen, more=True, first=told[0].id)
        blocks += entry_blocks(view, entry, ours=ours, longest=LONGEST_QUOTE)
        told.append(entry)
        seen = entry.id
    return ThreadPart(_content(view, told, blocks), seen, first=told[0].id if told else 0)


def redraw_thread(view: ThreadView, *, ours: OurAccount) -> Content | None:
    """A message of the thread anew: all of its entries, as they now stand. Quotes are cut where an edit has made them too long."""
    longest = next(
        (cut for cut in _CUTS if sum(size(view, entry, cut) for entry in view.entries) <= MOST_CHARACTERS),
        _CUTS[-1],
    )
    drawn = [entry_blocks(view, entry, ours=ours, longest=longest) for entry in view.entries]
    return _content(view, list(view.entries), [block for blocks in drawn for block in blocks])


def _content(view: ThreadView, told: list[Entry], blocks: list[Block]) -> Content | None:
    """`None` where the thread shows all of it already."""
    if not blocks:
        return None
    newest = told[-1]
    message = message_of(view, newest)
    if newest.action in WROTE and message is not None:
        name, _ = who_wrote(view.case, message)
        said = escape(f"{name}: {inline(text_of(message), LONGEST_SUMMARY)}")
    else:
        said = tell(newest)
    return Content(text=said, blocks=blocks)
