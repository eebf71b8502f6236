"""Word names, counts and states that several messages share."""

from collections.abc import Sequence
from datetime import datetime

from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import inline, strip_control
from adapters.slack.post_context import folded_handles, withheld_text
from adapters.slack.rich_text import Node, join_dotted, section, text_node, user_node
from domain.cases.case import Case, CaseState
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.cases.shown_words import ShownWords, shown_words
from domain.cases.views import CaseView
from domain.handoffs.link_tokens import without_tokens
from domain.intake.posts import ReplyBlock
from domain.look_alikes import mixes_alphabets, without_unseen
from domain.records.erasure import is_erased
from domain.triage.assessment import Urgency
from domain.venues import Venue

MAX_NAME_LENGTH = 60
MAX_LANGUAGE_LENGTH = 20
KILO, MEGA = 1000, 1_000_000
MAX_HANDLE_LENGTH = 60
MAX_FILE_NAME_LENGTH = 80
ERASED_CUSTOMER = "Erased customer"
UNNAMED_CUSTOMER = "Somebody whose account is not shown to us"
ERASED_TEXT = "This was erased, so it is no longer shown here."
DELETED_TEXT = "This post was deleted by its author, so its text is no longer shown here."

_EMOJI = {Urgency.LOW: "🔵", Urgency.NORMAL: "🟡", Urgency.HIGH: "🟠", Urgency.URGENT: "🔴"}
#: The token of a link of ours to a chat or to the page for an address.
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


def urgency_emoji(urgency: Urgency) -> str:
    """Return the urgency's coloured dot."""
    return _EMOJI[urgency]


def language_name(code: str) -> str:
    """Return the English name of a language (ISO 639), or the code if it has none."""
    from babel import Locale

    return str(Locale("en").languages.get(code, code))[:MAX_LANGUAGE_LENGTH]


def display_name(case: Case) -> str:
    """Return the customer's display name, or their handle if they have none."""
    if is_erased(case.author.id):
        return ERASED_CUSTOMER
    return shown_name(case.author.name) or handle(case)


def shown_name(name: str) -> str:
    """Return a stranger's name for the middle of a line, and say where it is not what it looks like.

    Empty where nothing of it can be seen.
    """
    shown = inline(without_unseen(name), MAX_NAME_LENGTH)
    return f"{shown} (letters of several alphabets)" if mixes_alphabets(name) else shown


def handle(case: Case) -> str:
    """Return the customer's handle, or their e-mail address if the case began by e-mail."""
    if is_erased(case.author.id):
        return "erased"
    known_as = inline(case.author.handle, MAX_HANDLE_LENGTH)
    if not known_as:
        return "unknown" if case.began_by_email else UNNAMED_CUSTOMER
    return known_as if case.began_by_email else f"@{known_as}"


def sender_names(case: Case, message: Message) -> tuple[str, str]:
    """Return the display name and the handle or address of a customer's message; the second may be empty.

    In private the sender may not be the public author.
    """
    if not message.venue.is_private:
        return display_name(case), handle(case)
    name = shown_name(message.author_name)
    if message.author_id == case.author.id:
        return name or display_name(case), handle(case)
    known_as = inline(message.author_id, MAX_HANDLE_LENGTH) if message.venue is Venue.EMAIL else ""
    return (name, known_as) if name else (known_as or "Somebody", "")


def count_of(number: int, singular: str, plural: str = "") -> str:
    """Format a number with its unit."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def join_and(parts: Sequence[str]) -> str:
    """Join as in a sentence: "a", "a and b", "a, b and c"; empty for nothing."""
    *others, last = parts or [""]
    return f"{', '.join(others)} and {last}" if others else last


def format_size(size: int) -> str:
    """Format a file size given in bytes: "120 KB"."""
    return f"{max(round(size / KILO), 1)} KB" if size < MEGA else f"{size / MEGA:,.1f} MB"


def file_section(files: Sequence[File]) -> list[Node]:
    """Render the names and sizes of files, one a line; empty without any."""
    return [section([text_node("\n".join(map(_file_label, files)))])] if files else []


def _file_label(file: File) -> str:
    return f"📎 {inline(file.name, MAX_FILE_NAME_LENGTH) or 'a file'} · {format_size(file.size)}"


def ordinal(number: int) -> str:
    """Format an ordinal: 1st, 2nd, 3rd, 4th …"""
    ending = "th" if number % 100 in _TEENS else _ORDINALS.get(number % 10, "th")
    return f"{number:,}{ending}"


def visible_text(message: Message) -> str:
    """Return the message's text, or a notice if it is deleted or withheld.

    Leading handles of a post are folded, and so are the tokens of our links, which are for the customer.
    """
    if message.was_erased:
        return ERASED_TEXT
    if message.deleted_at is not None:
        return DELETED_TEXT
    if message.context.withheld is not None and message.is_withheld:
        return withheld_text(message.context.withheld)
    if message.direction is Direction.OUT:
        return without_tokens(message.text)
    return message.text if message.venue.is_private else folded_handles(message.text)


def is_cut(message: Message, limit: int) -> bool:
    """Return whether more than `limit` characters of a message's text would be shown."""
    return not shows_notice(message) and len(strip_control(visible_text(message))) > limit


def first_words(message: Message | None) -> str:
    """Return `visible_text` for a row of a list; empty where the message is deleted, or there is none."""
    return visible_text(message) if message is not None and message.deleted_at is None else ""


def shows_notice(message: Message) -> bool:
    """Whether `visible_text` is a notice, and not the customer's words."""
    return message.deleted_at is not None or message.is_withheld


def latest_inbound(view: CaseView) -> Message | None:
    """Return the customer's newest message.

    If that is deleted and an older one can still be answered, return the newest that is not deleted.
    """
    inbound = [message for message in reversed(view.messages) if message.direction is Direction.IN]
    existing = [message for message in inbound if message.deleted_at is None]
    candidates = inbound if view.case.reply_block is ReplyBlock.GONE else [*existing, *inbound]
    return next(iter(candidates), None)


def shown_inbound(view: CaseView) -> ShownWords | None:
    """Return which of the customer's messages the card shows, and the data that came after it."""
    newest = latest_inbound(view)
    return shown_words(view.case, newest, view.messages) if newest is not None else None


def shown_message(view: CaseView) -> Message | None:
    """Return which of the customer's messages the card shows."""
    shown = shown_inbound(view)
    return shown.message if shown is not None else None


def waiting_status(case: Case) -> list[Node]:
    """Render since when the customer has been waiting, or what is awaited."""
    if case.waiting_since is not None and case.state is not CaseState.SNOOZED:
        return [text_node("wrote "), date_node(case.waiting_since)]
    return awaited(case)


def awaited(case: Case) -> list[Node]:
    """Render what a snoozed or answered case waits for; empty for any other."""
    if case.state is CaseState.SNOOZED and case.snoozed_until is not None:
        return [text_node("snoozed until "), date_node(case.snoozed_until, DateStyle.DAY_AND_CLOCK)]
    if case.state is CaseState.WAITING and case.waiting_since is None:
        return [text_node("answered, waiting for the customer")]
    return []


def reply_due(
    case: Case, opens_at: datetime | None = None, *, is_overdue: bool, is_staffed: bool = False
) -> list[Node]:
    """Render when the customer is or was to be answered; empty if no answer is due.

    `opens_at` is when the office opens next, `None` while it is open. Until then nothing is due but by a
    target that counts all hours; what is due after that is said where an agent is there (`is_staffed`).
    """
    if case.reply_due is None or case.state is not CaseState.OPEN:
        return []
    if is_overdue:
        return [
            text_node("reply overdue", bold=True),
            text_node(" (due "),
            date_node(case.reply_due),
            text_node(")"),
        ]
    nodes = [text_node("reply due "), date_node(case.reply_due)]
    if opens_at is None or case.reply_due < opens_at:
        return nodes
    closed = [text_node("closed until "), date_node(opens_at, DateStyle.DAY_AND_CLOCK)]
    return [*closed, text_node(", "), *nodes] if is_staffed else closed


def writing(users: Sequence[str]) -> list[Node]:
    """Say who has a form open: "@sam and @mia are writing…"; empty if nobody has."""
    names = join_dotted([[user_node(user, bold=True)] for user in users], separator=" and ")
    return [*names, text_node(f" {'is' if len(users) == 1 else 'are'} writing…", bold=True)] if names else []


def price_of_one(price: float) -> str:
    """Format what one act costs in US dollars, with a tenth of a cent where it has one: "$0.20", "$0.015"."""
    return f"${price:.3f}".removesuffix("0")
