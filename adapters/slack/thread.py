"""The case's thread, told from the trail: every message of either side, and what was done, as quiet lines."""

from dataclasses import dataclass

from adapters.slack.content import Block, Content
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.networks import network_name
from adapters.slack.rich import Node, anchor, dotted, person, quote, rich_text, section, words
from adapters.slack.text import clean, escape, inline, shorten
from adapters.slack.told import tell, tell_line
from adapters.slack.wording import GONE, LONGEST_HANDLE, display_name, handle, text_of
from domain.audit import Action, Entry
from domain.cases import Case
from domain.messages import Message
from domain.views import ThreadView

MOST_BLOCKS = 45
MOST_CHARACTERS = 10_000
LONGEST_QUOTE = 3000
LONGEST_BEFORE = 1000
LONGEST_SUMMARY = 200

#: How long a quote may be where there is room, and where there is less and less.
_CUTS = (LONGEST_QUOTE, 1000, 300, 100)
_WROTE = frozenset({Action.CASE_OPENED, Action.CUSTOMER_WROTE})


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """As much of the trail as one message holds: post `content` unless it is `None`, then remember `seen`.

    `first` and `seen` are the first and the last entry told. `more` is true where entries are left for a further message.
    """

    content: Content | None
    seen: int
    more: bool = False
    first: int = 0


def render_thread(view: ThreadView, *, brand: str) -> ThreadPart:
    """What the thread has yet to tell, oldest first. `brand` is our account's handle, without "@"."""
    blocks: list[Block] = []
    room, seen = MOST_CHARACTERS, view.case.thread_seen
    told: list[Entry] = []
    for entry in view.entries:
        message = view.messages.get(entry.message_id) if entry.message_id is not None else None
        room -= _size(entry, message, LONGEST_QUOTE)
        if told and (room < 0 or len(blocks) >= MOST_BLOCKS):
            return ThreadPart(_content(view, told, blocks), seen, more=True, first=told[0].id)
        blocks.append(_block(view.case, entry, message, brand, LONGEST_QUOTE))
        told.append(entry)
        seen = entry.id
    return ThreadPart(_content(view, told, blocks), seen, first=told[0].id if told else 0)


def redraw_thread(view: ThreadView, *, brand: str) -> Content | None:
    """A message of the thread anew: all of its entries, as they now stand. Quotes are cut where an edit has made them too long."""
    entries = [
        (entry, view.messages.get(entry.message_id) if entry.message_id is not None else None)
        for entry in view.entries
    ]
    longest = next(
        (cut for cut in _CUTS if sum(_size(*told, cut) for told in entries) <= MOST_CHARACTERS), _CUTS[-1]
    )
    blocks = [_block(view.case, entry, message, brand, longest) for entry, message in entries]
    return _content(view, [entry for entry, _ in entries], blocks)


def _content(view: ThreadView, told: list[Entry], blocks: list[Block]) -> Content | None:
    if not told:
        return None
    newest = told[-1]
    message = view.messages.get(newest.message_id) if newest.message_id is not None else None
    if newest.action in _WROTE and message is not None:
        said = escape(f"{display_name(view.case.author)}: {inline(text_of(message), LONGEST_SUMMARY)}")
    else:
        said = tell(newest)
    return Content(text=said, blocks=blocks)


def _size(entry: Entry, message: Message | None, longest: int) -> int:
    """How many characters the entry takes at most, with its names and dates."""
    before = min(len(str(entry.detail.get("before") or "")), LONGEST_BEFORE)
    return 700 + before + (min(len(message.text), longest) if message is not None else 0)


def _block(case: Case, entry: Entry, message: Message | None, brand: str, longest: int) -> Block:
    if message is None:
        return tell_line(entry)
    if entry.action in _WROTE:
        return rich_text(section(_customer(case, message)), _quote(message, longest))
    if entry.action is Action.CUSTOMER_EDITED:
        return _edited(case, entry, message, longest)
    if entry.action is Action.REPLY_SENT:
        return rich_text(section(_answered(case, message, brand)), _quote(message, longest))
    return tell_line(entry)


def _customer(case: Case, message: Message) -> list[Node]:
    name = [words(display_name(case.author), bold=True), words(f"  {handle(case.author)}")]
    return dotted([name, [date_node(message.created_at, DateStyle.CLOCK)], _view(case, message)])


def _answered(case: Case, message: Message, brand: str) -> list[Node]:
    by = (
        [words("✓ "), person(message.sent_by), words(" answered")]
        if message.sent_by
        else [words("✓ Answered")]
    )
    by += [words(f" as @{inline(brand, LONGEST_HANDLE)}")] if brand else []
    at = date_node(message.sent_at or message.created_at, DateStyle.CLOCK)
    return dotted([by, [at], _view(case, message)])


def _edited(case: Case, entry: Entry, message: Message, longest: int) -> Block:
    parts = [
        section([*_customer(case, message), words(" · edited "), date_node(entry.at, DateStyle.CLOCK)]),
        _quote(message, longest),
    ]
    before = shorten(clean(str(entry.detail.get("before") or "")), LONGEST_BEFORE)
    if before and message.deleted_at is None:
        parts += [section([words("Before:")]), quote(before)]
    return rich_text(*parts)


def _quote(message: Message, longest: int) -> Node:
    if message.deleted_at is not None:
        return section([words(GONE, italic=True)])
    return quote(shorten(clean(message.text), longest))


def _view(case: Case, message: Message) -> list[Node]:
    return [anchor(message.url, f"View on {network_name(case.network)}")] if message.url else []
