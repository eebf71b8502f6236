"""One entry of the trail as the thread shows it: somebody's words with who said them, where and when, or a quiet line."""

from adapters.slack.action_ids import ActionId, card_value
from adapters.slack.audit_lines import tell_line
from adapters.slack.blocks import actions, button
from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import inline, shorten, strip_control
from adapters.slack.message_hash import Block
from adapters.slack.rich_text import Node, anchor, dotted, person, quote, rich_text, section, words
from adapters.slack.venue_names import by_way_of, sender
from adapters.slack.wording import GONE, LONGEST_HANDLE, size_of, who_wrote
from domain.cases.files import MAX_FILES, File
from domain.cases.messages import Message
from domain.cases.views import ThreadView
from domain.networks import OurAccount
from domain.records.audit import Action, Entry

LONGEST_BEFORE = 1000
LONGEST_FILE_NAME = 80
LONGEST_WHY = 120
LONGEST_SUBJECT = 150
WROTE = frozenset({Action.CASE_OPENED, Action.CUSTOMER_WROTE})


def entry_blocks(view: ThreadView, entry: Entry, *, ours: OurAccount, longest: int) -> list[Block]:
    """The entry's blocks, two at most; none where the thread shows it already. Quotes have at most `longest` characters."""
    message = message_of(view, entry)
    if message is None:
        return [tell_line(entry)]
    if entry.action in WROTE:
        return [*_wrote(view, entry, message, ours, longest), *_original(view, message)]
    if entry.action is Action.CUSTOMER_EDITED:
        return [_edited(view, entry, message, ours, longest)]
    if entry.action is Action.REPLY_SENT:
        return [] if _stands_there(view, message) else [_answered(view, message, ours, longest)]
    return [tell_line(entry)]


def message_of(view: ThreadView, entry: Entry) -> Message | None:
    """The message that the entry speaks of."""
    return view.messages.get(entry.message_id) if entry.message_id is not None else None


def size(view: ThreadView, entry: Entry, longest: int) -> int:
    """How many characters the entry takes at most, with its names, dates and files."""
    message = message_of(view, entry)
    before = min(len(str(entry.detail.get("before") or "")), LONGEST_BEFORE)
    if message is None:
        return 700 + before
    files = len(view.files.get(message.id, ())) * (LONGEST_FILE_NAME + 40)
    refused = MAX_FILES * (LONGEST_FILE_NAME + LONGEST_WHY + 40) if entry.detail.get("refused") else 0
    return 900 + before + files + refused + min(len(message.text), longest)


def _wrote(view: ThreadView, entry: Entry, message: Message, ours: OurAccount, longest: int) -> list[Block]:
    subject = inline(message.subject or "", LONGEST_SUBJECT) if message.deleted_at is None else ""
    about = [section([words(subject, bold=True)])] if subject else []
    parts = [
        section(_customer(view, message, ours)),
        *about,
        _quote(message, longest),
        *_files(view, message),
        *_refused(entry),
    ]
    return [rich_text(*parts)]


def _customer(view: ThreadView, message: Message, ours: OurAccount) -> list[Node]:
    name, known = who_wrote(view.case, message)
    who = [words(name, bold=True), *([words(f"  {known}")] if known else [])]
    return dotted(
        [who, *_where(view, message), [date_node(message.created_at, DateStyle.CLOCK)], _view(message, ours)]
    )


def _where(view: ThreadView, message: Message) -> list[list[Node]]:
    """The private venue, and whether whoever is there is known to be the public author."""
    if not message.venue.is_private:
        return []
    known = sender(view.case, view.handoff, message)
    return [[words(message.venue.label)], [words(known, italic=True)] if known else []]


def _answered(view: ThreadView, message: Message, ours: OurAccount, longest: int) -> Block:
    by = (
        [words("✓ "), person(message.sent_by), words(" answered")]
        if message.sent_by
        else [words("✓ Answered")]
    )
    if message.venue.is_private:
        by.append(words(f" {by_way_of(message.venue)}"))
    elif ours.handle:
        by.append(words(f" as @{inline(ours.handle, LONGEST_HANDLE)}"))
    at = date_node(message.sent_at or message.created_at, DateStyle.CLOCK)
    heading = section(dotted([by, [at], _view(message, ours)]))
    return rich_text(heading, _quote(message, longest), *_files(view, message))


def _stands_there(view: ThreadView, message: Message) -> bool:
    """Whether an agent wrote it in this very thread, where its mark says that it was sent. Slack's ids of messages are their times."""
    case = view.case
    if message.thread_ts is None or case.card_ts is None:
        return False
    if message.thread_channel not in (None, case.card_channel):
        return False
    return _seconds(message.thread_ts) > _seconds(case.card_ts)


def _seconds(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _edited(view: ThreadView, entry: Entry, message: Message, ours: OurAccount, longest: int) -> Block:
    parts = [
        section([*_customer(view, message, ours), words(" · edited "), date_node(entry.at, DateStyle.CLOCK)]),
        _quote(message, longest),
    ]
    before = shorten(strip_control(str(entry.detail.get("before") or "")), LONGEST_BEFORE)
    if before and message.deleted_at is None:
        parts += [section([words("Before:")]), quote(before)]
    return rich_text(*parts)


def _quote(message: Message, longest: int) -> Node:
    if message.deleted_at is not None:
        return section([words(GONE, italic=True)])
    return quote(shorten(strip_control(message.text), longest))


def _files(view: ThreadView, message: Message) -> list[Node]:
    files = view.files.get(message.id, ())
    return [section([words("\n".join(_named(file) for file in files))])] if files else []


def _named(file: File) -> str:
    return f"📎 {inline(file.name, LONGEST_FILE_NAME) or 'a file'} · {size_of(file.size)}"


def _refused(entry: Entry) -> list[Node]:
    """Files that were not taken, and why."""
    listed = entry.detail.get("refused")
    named = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    lines = [
        f"🚫 {inline(str(one.get('name') or ''), LONGEST_FILE_NAME) or 'A file'} was not taken: "
        f"{inline(str(one.get('why') or ''), LONGEST_WHY)}"
        for one in named[:MAX_FILES]
    ]
    return [section([words("\n".join(lines), italic=True)])] if lines else []


def _original(view: ThreadView, message: Message) -> list[Block]:
    """The way to the mail as it came, where the thread does not show all of it."""
    original = (message.original or "").strip()
    if message.deleted_at is not None or not original or original == message.text.strip():
        return []
    value = card_value(view.case.id, view.case.version, message.id)
    return actions([button("Show original", ActionId.MESSAGE_ORIGINAL, value)])


def _view(message: Message, ours: OurAccount) -> list[Node]:
    return [anchor(message.url, f"View on {ours.profile.label}")] if message.url else []
