"""Render the customer's newest words that say something as a quote, what they answer, and their picture."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from adapters.slack.blocks import MAX_SECTION_LENGTH, literal_context, paragraph, with_accessory
from adapters.slack.escaping import (
    escape,
    fold_lines,
    isolate,
    one_line,
    safe_url,
    shorten,
    shorten_to_columns,
    strip_control,
)
from adapters.slack.handoffs.venue_names import misplaced_code_note, via_phrase
from adapters.slack.message_content import Block
from adapters.slack.pictures import first_picture, picture_line
from adapters.slack.post_context import context_lines
from adapters.slack.rich_text import Node, link_node, quote_nodes, section, text_node, to_mrkdwn
from adapters.slack.wording import file_section, shown_inbound, shown_message, shows_notice, visible_text
from domain.cases.messages import Direction, Message
from domain.cases.shown_words import ShownWords, asked_before
from domain.cases.views import CaseView
from domain.venues import Venue

MAX_LENGTH = 500
MAX_LINES = 6
MAX_ANSWERED_COLUMNS = 90
MAX_ASKED_COLUMNS = 150
MAX_DATA = 3
MAX_DATA_COLUMNS = 40
MAX_LINK_LABEL = 60
_LEADING_HANDLES = re.compile(r"^(?:[@＠]\w+\s+)+")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'…]", re.IGNORECASE)


def newest_words(view: CaseView) -> list[Node]:
    """Render the customer's newest words, folded if they are long: Details has all of them."""
    latest = shown_message(view)
    if latest is None:
        return []
    if shows_notice(latest):
        return [section([text_node(visible_text(latest), italic=True)])]
    text = fold_lines(strip_control(visible_text(latest)), lines=MAX_LINES, limit=MAX_LENGTH)
    files = file_section(view.files.get(latest.id, ()))
    note = misplaced_code_note(view.case, view.handoff, latest)
    warning = [section([text_node(f"⚠️ {note}.")])] if note else []
    return [*unverified_note(view, latest), *warning, *(files or [quote_post(text)])]


def post_with_picture(view: CaseView, heading: Sequence[Node]) -> Block | None:
    """Render the heading, the newest words and what they answer beside their first picture.

    `None` if they have no picture. rich_text takes none at its side, so this is mrkdwn.
    """
    latest = shown_message(view)
    if latest is None or not latest.media or latest.is_withheld:
        return None
    lines = [to_mrkdwn(heading), *map(escape, _context_lines(view)), escape(picture_line(latest))]
    room = MAX_SECTION_LENGTH - sum(map(len, lines)) - len(lines)
    folded = (
        _quoted(fold_lines(strip_control(visible_text(latest)), lines=MAX_LINES, limit=limit))
        for limit in (MAX_LENGTH, MAX_LENGTH // 2, MAX_LENGTH // 10)
    )
    if visible_text(latest).strip():
        lines.insert(1, next((quoted for quoted in folded if len(quoted) <= room), ""))
    words = paragraph("\n".join(line for line in lines if line))
    picture = first_picture(view.case, latest)
    return words if picture is None else with_accessory(words, picture)


def _quoted(text: str) -> str:
    """Quote a customer's text in mrkdwn; as `quote_post`."""
    return "\n".join(f"&gt;{line}" for line in to_mrkdwn(quote_post(text)["elements"]).split("\n"))


def unverified_note(view: CaseView, message: Message) -> list[Node]:
    """Say that a private message is of somebody who is not verified as the public author; else empty."""
    if not message.venue.is_private or view.handoff is None or view.handoff.is_verified:
        return []
    note = f"Somebody who is not verified wrote {via_phrase(message.venue)}:"
    return [section([text_node(note, italic=True)])]


def quoted_words(message: Message, limit: int) -> Node:
    """Quote a customer's message, or say why its words are not shown."""
    if shows_notice(message):
        return section([text_node(visible_text(message), italic=True)])
    return quote_post(shorten(strip_control(visible_text(message)), limit))


def quote_post(text: str) -> Node:
    """Quote a customer's text; its links are links whose label is where they lead."""
    stripped = strip_control(text)
    return quote_nodes([*_with_links(stripped)] if stripped.strip() else [])


def context_blocks(view: CaseView) -> list[Block]:
    """Render what the newest post answers and quotes, in small lines; empty if nothing."""
    lines = _context_lines(view)
    return [literal_context("\n".join(lines))] if lines else []


def _context_lines(view: CaseView) -> list[str]:
    """Return what the shown post answers or asks about again, what it quotes, and codes after it."""
    shown = shown_inbound(view)
    if shown is None:
        return []
    answered = _answered_line(view)
    quoted = context_lines(shown.message, with_answered=not answered)
    again = asked_before_line(view, shown.message)
    return [*filter(None, (answered, again)), *quoted, *data_lines(view, shown)]


def asked_before_line(view: CaseView, shown: Message) -> str:
    """Quote what the shown words ask about again; empty if they answer that very post, which is quoted."""
    asked = asked_before(view.case, shown, view.messages)
    if asked is None or asked is _parent(view, shown):
        return ""
    text = _LEADING_HANDLES.sub("", one_line(visible_text(asked)))
    return f"↳ asked before: “{isolate(shorten_to_columns(text, MAX_ASKED_COLUMNS))}”" if text else ""


def data_lines(view: CaseView, shown: ShownWords) -> list[str]:
    """Say in a line which codes and numbers follow the shown words, and that a code proves nothing there."""
    if not shown.data:
        return []
    newest = shown.data[-1]
    via = f" {via_phrase(newest.venue)}" if newest.venue.is_private else ""
    who = "" if not unverified_note(view, newest) else " by somebody who is not verified"
    texts = (
        shorten_to_columns(_LEADING_HANDLES.sub("", one_line(visible_text(one))), MAX_DATA_COLUMNS)
        for one in shown.data[-MAX_DATA:]
    )
    notes = [misplaced_code_note(view.case, view.handoff, one) for one in shown.data]
    return [
        f"↳ sent since{via}{who}: {', '.join(f'“{isolate(text)}”' for text in texts)}",
        *(f"⚠️ {note}." for note in dict.fromkeys(filter(None, notes))),
    ]


def _answered_line(view: CaseView) -> str:
    latest = shown_message(view)
    parent = _parent(view, latest) if latest is not None else None
    if parent is None or parent.deleted_at is not None or not parent.text.strip():
        return ""
    lead = "↳ answers us: " if parent.direction is Direction.OUT else "↳ after their own: "
    return f"{lead}“{isolate(shorten_to_columns(one_line(parent.text), MAX_ANSWERED_COLUMNS))}”"


def _parent(view: CaseView, message: Message) -> Message | None:
    if message.reply_to_id is None or message.venue.is_private or message.deleted_at is not None:
        return None
    public = (other for other in view.messages if other.venue is Venue.PUBLIC and other.id != message.id)
    return next((one for one in public if message.reply_to_id in (one.external_id, one.revision_id)), None)


def _with_links(text: str) -> Iterator[Node]:
    """Split into text and links. A label is the address without its scheme, so that the host comes first."""
    end = 0
    for found in _LINK.finditer(text):
        address = found[0]
        if safe_url(address) != address or not _shows_its_host(address):
            continue
        if found.start() > end:
            yield text_node(text[end : found.start()])
        yield link_node(address, shorten(address.split("://", 1)[1], MAX_LINK_LABEL))
        end = found.end()
    if text[end:]:
        yield text_node(text[end:])


def _shows_its_host(address: str) -> bool:
    """Return whether the address begins with its host: no user name that looks like one stands before it."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
