"""Render one audit entry for the thread: a message with author, venue and time, or a context line."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.blocks import actions, button
from adapters.slack.cases.promise_wording import entry_buttons
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import inline, shorten, strip_control
from adapters.slack.handoffs.venue_names import (
    full_name,
    misplaced_code_note,
    sender_verification,
    via_phrase,
)
from adapters.slack.labels import file_fault_text
from adapters.slack.message_content import Block
from adapters.slack.network_links import post_page, view_label
from adapters.slack.pictures import MAX_COLUMNS, thread_line
from adapters.slack.post_context import context_sections, max_context_size
from adapters.slack.records.audit_lines import entry_line
from adapters.slack.rich_text import (
    Node,
    join_dotted,
    link_node,
    quote,
    rich_text,
    section,
    text_node,
    user_node,
)
from adapters.slack.unproven_mails import MAX_SIZE, mail_blocks, mail_of
from adapters.slack.wording import (
    MAX_FILE_NAME_LENGTH,
    MAX_HANDLE_LENGTH,
    file_section,
    is_cut,
    sender_names,
    shows_notice,
    visible_text,
)
from domain.cases.files import MAX_FILES
from domain.cases.messages import Message
from domain.cases.views import ThreadView
from domain.networks import OurAccount
from domain.records.audit import Action, Entry

MAX_PREVIOUS_LENGTH = 1000
MAX_REASON_LENGTH = 120
MAX_SUBJECT_LENGTH = 150
CUSTOMER_POSTS = frozenset({Action.CASE_OPENED, Action.CUSTOMER_WROTE})


def entry_blocks(view: ThreadView, entry: Entry, *, ours: OurAccount, max_quote: int) -> list[Block]:
    """Render the entry's blocks, two at most; empty if the thread shows it already.

    Quotes have at most `max_quote` characters.
    """
    message = message_of(view, entry)
    if message is None:
        mail = view.unproven.get(mail_of(entry) or 0)
        return [entry_line(entry)] if mail is None else mail_blocks(mail)
    if entry.action is Action.PROMISED:
        return [entry_line(entry), *entry_buttons(entry)]
    if entry.action in CUSTOMER_POSTS:
        shown = _customer_message(view, entry, message, ours, max_quote)
        return [*shown, *_original_button(view, message, max_quote)]
    if entry.action is Action.CUSTOMER_EDITED:
        edited = _edited_message(view, entry, message, ours, max_quote)
        return [edited, *_original_button(view, message, max_quote)]
    if entry.action is Action.REPLY_SENT:
        return [] if _is_in_thread(view, message) else [_our_message(view, message, ours, max_quote)]
    return [entry_line(entry)]


def message_of(view: ThreadView, entry: Entry) -> Message | None:
    """Return the entry's message; `None` if it has none."""
    return view.messages.get(entry.message_id) if entry.message_id is not None else None


def max_size(view: ThreadView, entry: Entry, max_quote: int) -> int:
    """Return the maximum number of characters that the entry takes, with names, dates and files."""
    message = message_of(view, entry)
    previous = min(len(str(entry.detail.get("before") or "")), MAX_PREVIOUS_LENGTH)
    if message is None:
        return (MAX_SIZE if mail_of(entry) else 700) + previous
    files = len(view.files.get(message.id, ())) * (MAX_FILE_NAME_LENGTH + 40)
    refused = (
        MAX_FILES * (MAX_FILE_NAME_LENGTH + MAX_REASON_LENGTH + 40) if entry.detail.get("refused") else 0
    )
    pictures = MAX_COLUMNS + 60 if message.media else 0
    return (
        900
        + max_context_size(message)
        + pictures
        + previous
        + files
        + refused
        + min(len(message.text), max_quote)
    )


def _customer_message(
    view: ThreadView, entry: Entry, message: Message, ours: OurAccount, max_quote: int
) -> list[Block]:
    subject = inline(message.subject or "", MAX_SUBJECT_LENGTH) if message.deleted_at is None else ""
    subject_section = [section([text_node(subject, bold=True)])] if subject else []
    parts = [
        section(_customer_heading(view, message, ours)),
        *_code_warning(view, message),
        *subject_section,
        *_words(view, message, max_quote),
        *_pictures(message),
        *context_sections(message),
        *_file_list(view, message),
        *_refused_files(entry),
    ]
    return [rich_text(*parts)]


def _pictures(message: Message) -> list[Node]:
    line = thread_line(message)
    return [section([text_node(line)])] if line else []


def _customer_heading(view: ThreadView, message: Message, ours: OurAccount) -> list[Node]:
    name, identity = sender_names(view.case, message)
    customer = [text_node(name, bold=True), *([text_node(f"  {identity}")] if identity else [])]
    return join_dotted(
        [
            customer,
            *_private_venue(view, message),
            [date_node(message.created_at, DateStyle.CLOCK)],
            _view_link(message, ours),
        ]
    )


def _code_warning(view: ThreadView, message: Message) -> list[Node]:
    note = misplaced_code_note(view.case, view.handoff, message) if message.deleted_at is None else ""
    return [section([text_node(f"⚠️ {note}.")])] if note else []


def _private_venue(view: ThreadView, message: Message) -> list[list[Node]]:
    """Render the private venue, and whether its sender is verified as the public author; empty in public."""
    if not message.venue.is_private:
        return []
    identity = sender_verification(view.case, view.handoff, message)
    return [[text_node(full_name(message.venue))], [text_node(identity, italic=True)] if identity else []]


def _our_message(view: ThreadView, message: Message, ours: OurAccount, max_quote: int) -> Block:
    heading_nodes = (
        [text_node("✓ "), user_node(message.sent_by), text_node(" answered")]
        if message.sent_by
        else [text_node("✓ Answered")]
    )
    if message.venue.is_private:
        heading_nodes.append(text_node(f" {via_phrase(message.venue)}"))
    elif ours.handle:
        heading_nodes.append(text_node(f" as @{inline(ours.handle, MAX_HANDLE_LENGTH)}"))
    at = date_node(message.sent_at or message.created_at, DateStyle.CLOCK)
    heading = section(join_dotted([heading_nodes, [at], _view_link(message, ours)]))
    return rich_text(heading, *_words(view, message, max_quote), *_file_list(view, message))


def _is_in_thread(view: ThreadView, message: Message) -> bool:
    """Return whether an agent wrote the message in this thread, where a reaction marks it as sent.

    Slack's message ids are timestamps: an older one belongs to a former card's thread.
    """
    case = view.case
    if message.thread_ts is None or case.card_ts is None:
        return False
    if message.thread_channel not in (None, case.card_channel):
        return False
    return _ts_seconds(message.thread_ts) > _ts_seconds(case.card_ts)


def _ts_seconds(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _edited_message(
    view: ThreadView, entry: Entry, message: Message, ours: OurAccount, max_quote: int
) -> Block:
    """Render an edit as one line: the text as it is now, then as it was before."""
    name, _ = sender_names(view.case, message)
    heading = join_dotted(
        [
            [text_node("✏️ "), text_node(name, bold=True), text_node(" edited a post")],
            [date_node(entry.at, DateStyle.CLOCK)],
            _view_link(message, ours),
        ]
    )
    if message.deleted_at is not None:
        return rich_text(section([*heading, text_node(" · "), text_node(visible_text(message), italic=True)]))
    previous = inline(str(entry.detail.get("before") or ""), MAX_PREVIOUS_LENGTH)
    before = [text_node(f" (before: “{previous}”)", italic=True)] if previous else []
    return rich_text(
        section([*heading, text_node(f": “{inline(visible_text(message), max_quote)}”"), *before])
    )


def _words(view: ThreadView, message: Message, max_quote: int) -> list[Node]:
    """Quote the message's text; nothing where files or pictures are all that it says."""
    is_wordless = not strip_control(visible_text(message)).strip()
    return (
        [] if is_wordless and (message.media or view.files.get(message.id)) else [_quote(message, max_quote)]
    )


def _quote(message: Message, max_quote: int) -> Node:
    if shows_notice(message):
        return section([text_node(visible_text(message), italic=True)])
    return quote(shorten(strip_control(visible_text(message)), max_quote))


def _file_list(view: ThreadView, message: Message) -> list[Node]:
    return file_section(view.files.get(message.id, ()))


def _refused_files(entry: Entry) -> list[Node]:
    """Render the files that were refused, and why."""
    items = entry.detail.get("refused")
    refused = [file for file in items if isinstance(file, dict)] if isinstance(items, list) else []
    lines = [
        f"🚫 {inline(str(file.get('name') or ''), MAX_FILE_NAME_LENGTH) or 'A file'} was not taken: "
        f"{inline(file_fault_text(str(file.get('why') or '')), MAX_REASON_LENGTH)}"
        for file in refused[:MAX_FILES]
    ]
    return [section([text_node("\n".join(lines), italic=True)])] if lines else []


def _original_button(view: ThreadView, message: Message, max_quote: int) -> list[Block]:
    """Render the button that shows a whole message or original mail; empty if the thread has all of it."""
    original = (message.original or "").strip()
    is_stripped = message.deleted_at is None and original not in {"", message.text.strip()}
    if not is_stripped and not is_cut(message, max_quote):
        return []
    label = "Show original" if is_stripped else "Show all of it"
    value = card_value(view.case.id, view.case.version, message.id)
    return actions([button(label, ActionId.MESSAGE_ORIGINAL, value)])


def _view_link(message: Message, ours: OurAccount) -> list[Node]:
    page = post_page(message)
    return [link_node(page, view_label(ours))] if page else []
