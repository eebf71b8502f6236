"""The names of everything in our blocks that comes back from Slack, and the values that come back with them.

What is rendered here has a handler in `handlers.slack`, and the reverse; a test compares the two.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class ActionId(StrEnum):
    """`action_id`s. `CASE_OPEN_POST` is a link button: the browser does the work, the handler only acknowledges."""

    CASE_CLAIM = "case.claim"
    CASE_RELEASE = "case.release"
    CASE_TAKE_OVER = "case.take_over"
    CASE_ANSWER = "case.answer"
    CASE_REOPEN = "case.reopen"
    CASE_OPEN_POST = "case.open_post"
    CASE_MOVE = "case.move"
    CASE_VERIFY = "case.verify"
    CASE_MORE = "case.more"
    REPLY_TRY_AGAIN = "reply.try_again"
    REPLY_EDIT = "reply.edit"
    REPLY_WAS_SENT = "reply.was_sent"
    REPLY_WAS_NOT_SENT = "reply.was_not_sent"
    ANSWER_TEXT = "answer.text"
    ANSWER_ALTERNATIVE = "answer.alternative"
    SNOOZE_CHOICE = "snooze.choice"
    SNOOZE_AT = "snooze.at"
    ASSIGN_TO = "assign.to"
    MOVE_VENUE = "move.venue"
    MOVE_TEXT = "move.text"
    MOVE_ADDRESS = "move.address"
    PRIVATE_TEXT = "private.text"
    VERIFY_REASON = "verify.reason"
    MESSAGE_ORIGINAL = "message.original"
    HOME_FILTER = "home.filter"


class CallbackId(StrEnum):
    """`callback_id`s of views. `NOTICE`, `HISTORY` and `ORIGINAL` can only be closed."""

    ANSWER = "answer"
    PRIVATE = "private"
    MOVE = "move"
    VERIFY = "verify"
    ORIGINAL = "original"
    SNOOZE = "snooze"
    ASSIGN = "assign"
    TAKE_OVER = "take_over"
    HISTORY = "history"
    NOTICE = "notice"
    HOME = "home"


class BlockId(StrEnum):
    """`block_id`s that a handler looks into. Texts stand in `answer_block`, `private_block` and `move_block`."""

    ANSWER_ALTERNATIVE = "answer.alternative"
    SNOOZE_CHOICE = "snooze.choice"
    SNOOZE_AT = "snooze.at"
    ASSIGN_TO = "assign.to"
    MOVE_VENUE = "move.venue"
    MOVE_ADDRESS = "move.address"
    VERIFY_REASON = "verify.reason"


class More(StrEnum):
    """What the card's ⋯ menu holds; the option's value is `more_value(...)`."""

    DISMISS = "dismiss"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    ASSIGN = "assign"
    HISTORY = "history"


class SnoozeChoice(StrEnum):
    """How long to snooze. `TOMORROW` is 9:00 in the person's own time zone; `CUSTOM` is what `SNOOZE_AT` holds."""

    HALF_HOUR = "30m"
    TWO_HOURS = "2h"
    TOMORROW = "tomorrow"
    CUSTOM = "custom"


class HomeFilter(StrEnum):
    """Which part of the queue App Home shows; the values of `HomeView.chosen`."""

    ALL = "all"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    DUE_SOON = "due_soon"
    WAITING = "waiting"


class BadValue(ValueError):
    """A value that came back from Slack is not one that we made. The text is for the person who pressed."""

    def __init__(self) -> None:
        super().__init__(
            "That button carries something Switchboard does not understand, so nothing was done. "
            "It may be from an older version: open the card again from App Home."
        )


@dataclass(frozen=True, slots=True)
class CardValue:
    """Which case, as it stood at which version, and, for a button about one of our replies, which message."""

    case_id: int
    version: int
    message_id: int | None = None


_LARGEST = 2**63 - 1
_NUMBER = r"([0-9]{1,19})"
_CARD_VALUE = re.compile(rf"{_NUMBER}:{_NUMBER}(?::{_NUMBER})?")
_PLACE_VALUE = re.compile(rf"{_NUMBER}@{_NUMBER}")
_HOLDER_VALUE = re.compile(r"([0-9:]{1,60})@([A-Z0-9]{0,40})")
_MORE_VALUE = re.compile(r"([a-z_]{1,20}):(.{1,60})", re.DOTALL)


def card_value(case_id: int, version: int, message_id: int | None = None) -> str:
    """The `value` of a button on a card."""
    return f"{case_id}:{version}" if message_id is None else f"{case_id}:{version}:{message_id}"


def parse_value(value: object) -> CardValue:
    """Read a button's `value`, or the `private_metadata` of the snooze and assign forms; raises `BadValue`."""
    found = _CARD_VALUE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadValue
    numbers = [int(number) for number in found.groups() if number is not None]
    if max(numbers) > _LARGEST:
        raise BadValue
    return CardValue(*numbers)


def more_value(what: More, case_id: int, version: int) -> str:
    """The `value` of an option of the card's ⋯ menu."""
    return f"{what}:{card_value(case_id, version)}"


def parse_more(value: object) -> tuple[More, CardValue]:
    """Read the chosen option of the ⋯ menu; raises `BadValue`."""
    found = _MORE_VALUE.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[1] not in set(More):
        raise BadValue
    return More(found[1]), parse_value(found[2])


def holder_value(case_id: int, version: int, holder: str | None) -> str:
    """What the take-over confirmation remembers: the case, and whom it named."""
    return f"{card_value(case_id, version)}@{holder or ''}"


def parse_holder(value: object) -> tuple[CardValue, str]:
    """Read the take-over confirmation's `private_metadata`; the holder is empty where it named nobody. Raises `BadValue`."""
    found = _HOLDER_VALUE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadValue
    return parse_value(found[1]), found[2]


def place_value(case_id: int, handoff_id: int) -> str:
    """What a form about whoever is at a hand-off remembers."""
    return f"{case_id}@{handoff_id}"


def parse_place(value: object) -> tuple[int, int]:
    """Read `place_value`: the case and the hand-off; raises `BadValue`."""
    found = _PLACE_VALUE.fullmatch(value) if isinstance(value, str) else None
    if found is None or max(int(found[1]), int(found[2])) > _LARGEST:
        raise BadValue
    return int(found[1]), int(found[2])


def answer_block(revision: int) -> str:
    """The `block_id` of the answer's text. A new revision makes Slack show the new text instead of keeping what was typed."""
    return f"answer.text.{revision}"


def private_block(revision: int) -> str:
    """The same of a private answer's text."""
    return f"private.text.{revision}"


def move_block(revision: int) -> str:
    """The same of the public line that tells of a move."""
    return f"move.text.{revision}"
