"""Render a case's thread from the audit trail: both sides' messages, and actions as context lines."""

from dataclasses import dataclass

from adapters.slack.escaping import escape, inline
from adapters.slack.message_content import Block, Content
from adapters.slack.records.audit_lines import describe
from adapters.slack.thread_entries import CUSTOMER_POSTS, entry_blocks, max_size, message_of
from adapters.slack.wording import sender_names, visible_text
from domain.cases.views import ThreadView
from domain.networks import OurAccount
from domain.records.audit import Entry

MAX_BLOCKS = 45
MAX_CHARACTERS = 10_000
MAX_QUOTE_LENGTH = 3000
MAX_SUMMARY_LENGTH = 200

#: Maximum quote lengths, tried in this order until a redrawn message is short enough.
_QUOTE_LIMITS = (MAX_QUOTE_LENGTH, 1000, 300, 100)


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """One message's share of the trail: post `content` unless it is `None`, then store `seen`.

    `first` and `seen` are the ids of the first and the last entry rendered. `more` is whether entries remain.
    """

    content: Content | None
    seen: int
    more: bool = False
    first: int = 0


def render_thread(view: ThreadView, *, ours: OurAccount) -> ThreadPart:
    """Render the entries that are not in the thread yet, oldest first, as far as one message holds them.

    `ours` is our account on the case's network.
    """
    blocks: list[Block] = []
    remaining, seen = MAX_CHARACTERS, view.case.thread_audit_id
    entries: list[Entry] = []
    for entry in view.entries:
        remaining -= max_size(view, entry, MAX_QUOTE_LENGTH)
        if entries and (remaining < 0 or len(blocks) >= MAX_BLOCKS):
            return ThreadPart(_content(view, entries, blocks), seen, more=True, first=entries[0].id)
        blocks += entry_blocks(view, entry, ours=ours, max_quote=MAX_QUOTE_LENGTH)
        entries.append(entry)
        seen = entry.id
    return ThreadPart(_content(view, entries, blocks), seen, first=entries[0].id if entries else 0)


def redraw_thread(view: ThreadView, *, ours: OurAccount) -> Content | None:
    """Re-render a posted thread message from its entries' current state.

    `None` if the thread shows all of them otherwise. Quotes are shortened if an edit makes the message too
    long.
    """
    max_quote = next(
        (
            limit
            for limit in _QUOTE_LIMITS
            if sum(max_size(view, entry, limit) for entry in view.entries) <= MAX_CHARACTERS
        ),
        _QUOTE_LIMITS[-1],
    )
    rendered = [entry_blocks(view, entry, ours=ours, max_quote=max_quote) for entry in view.entries]
    return _content(view, list(view.entries), [block for blocks in rendered for block in blocks])


def _content(view: ThreadView, entries: list[Entry], blocks: list[Block]) -> Content | None:
    """Build the message; `None` if there are no blocks."""
    if not blocks:
        return None
    newest = entries[-1]
    message = message_of(view, newest)
    if newest.action in CUSTOMER_POSTS and message is not None:
        name, _ = sender_names(view.case, message)
        summary = escape(f"{name}: {inline(visible_text(message), MAX_SUMMARY_LENGTH)}")
    else:
        summary = describe(newest)
    return Content(text=summary, blocks=blocks)
