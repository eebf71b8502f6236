"""Small words that several messages share."""

from datetime import datetime

from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import inline
from adapters.slack.rich_text import Node, words
from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.triage.assessment import Urgency
from domain.venues import Venue

LONGEST_NAME = 60
LONGEST_LANGUAGE = 20
KILO, MEGA = 1000, 1_000_000
LONGEST_HANDLE = 60
GONE = "This post was deleted by its author, so its text is no longer shown here."

_MARKS = {Urgency.LOW: "🔵", Urgency.NORMAL: "🟡", Urgency.HIGH: "🟠", Urgency.URGENT: "🔴"}
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


def urgency_mark(urgency: Urgency) -> str:
    """The coloured dot."""
    return _MARKS[urgency]


def language_name(code: str) -> str:
    """Return the English name of a language (ISO 639), or the code where it has none."""
    from babel import Locale

    return str(Locale("en").languages.get(code, code))[:LONGEST_LANGUAGE]


def display_name(case: Case) -> str:
    """The customer's own name for themselves; what they are known by where they have none."""
    return inline(case.author.name, LONGEST_NAME) or handle(case)


def handle(case: Case) -> str:
    """What the customer is known by where the case began: their handle, or their e-mail address."""
    known = inline(case.author.handle, LONGEST_HANDLE) or "unknown"
    return known if case.network == Venue.EMAIL else f"@{known}"


def who_wrote(case: Case, message: Message) -> tuple[str, str]:
    """The name and what else the writer of a customer's message is known by, which in private may not be the public author.

    The second is empty where there is nothing.
    """
    if not message.venue.is_private:
        return display_name(case), handle(case)
    name = inline(message.author_name, LONGEST_NAME)
    if message.author_id == case.author.id:
        return name or display_name(case), handle(case)
    known = inline(message.author_id, LONGEST_HANDLE) if message.venue is Venue.EMAIL else ""
    return (name, known) if name else (known or "Somebody", "")


def count_of(number: int, one: str, many: str = "") -> str:
    """A number with its unit."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size_of(size: int) -> str:
    """A file's size, from bytes: "120 KB"."""
    return f"{max(round(size / KILO), 1)} KB" if size < MEGA else f"{size / MEGA:,.1f} MB"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    ending = "th" if number % 100 in _TEENS else _ORDINALS.get(number % 10, "th")
    return f"{number:,}{ending}"


def text_of(message: Message) -> str:
    """What may be shown of a message's text."""
    return GONE if message.deleted_at is not None else message.text


def latest_inbound(view: CaseView) -> Message | None:
    """The customer's newest message; where that is gone, and an older one is there to be answered, the newest that is there."""
    theirs = [message for message in reversed(view.messages) if message.direction is Direction.IN]
    there = [message for message in theirs if message.deleted_at is None]
    found = theirs if view.case.reply_block is ReplyBlock.GONE else [*there, *theirs]
    return next(iter(found), None)


def standing(case: Case, view: CaseView | None = None) -> list[Node]:
    """How long the customer has been waiting, or what for; with its `view` also when they wrote again since."""
    if case.state is CaseState.SNOOZED and case.snoozed_until is not None:
        return [words("snoozed until "), date_node(case.snoozed_until, DateStyle.DAY_AND_CLOCK)]
    if case.waiting_since is not None:
        return _waiting(case.waiting_since, latest_inbound(view) if view is not None else None)
    answer = view.answer if view is not None else None
    if case.state is CaseState.WAITING and (answer is None or answer.delivery is Delivery.SENT):
        return [words("answered, waiting for the customer")]
    return []


def _waiting(since: datetime, newest: Message | None) -> list[Node]:
    """Since when they wait, and when they last wrote: before that where, say, our answer came back undelivered."""
    if newest is not None and newest.created_at < since:
        return [words("waiting since "), date_node(since, DateStyle.DAY_AND_CLOCK)]
    wrote = [words("waiting, wrote "), date_node(since)]
    if newest is not None and newest.created_at > since:
        wrote += [words(" and again "), date_node(newest.created_at)]
    return wrote


def first_reply(case: Case) -> list[Node]:
    """Until when the first answer is due."""
    if case.first_replied_at is not None or case.first_reply_due is None or case.state is not CaseState.OPEN:
        return []
    return [words("first reply due "), date_node(case.first_reply_due)]
