"""Define the ids of interactive elements and encode the values that Slack sends back with them.

Every id that is rendered has a listener in `handlers.slack`, and the reverse; a test compares the two.
Posted cards and open forms carry the values, so that a value stays even where its name changes.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ActionId(StrEnum):
    """`action_id`s. `CASE_OPEN_POST` opens a page in the browser: its listener only acknowledges."""

    CASE_CLAIM = "case.claim"
    CASE_RELEASE = "case.release"
    CASE_TAKE_OVER = "case.take_over"
    CASE_REPLY = "case.answer"  # as on posted cards
    CASE_REOPEN = "case.reopen"
    CASE_RESOLVE = "case.resolve"
    CASE_OPEN_POST = "case.open_post"
    CASE_HANDOFF = "case.move"  # as on posted cards
    CASE_VERIFY = "case.verify"
    CASE_CORRECT = "case.correct"
    CASE_SPAM = "case.spam"
    CASE_MORE = "case.more"
    CASE_DETAILS = "case.details"
    REPLY_TRY_AGAIN = "reply.try_again"
    REPLY_EDIT = "reply.edit"
    REPLY_WAS_SENT = "reply.was_sent"
    REPLY_WAS_NOT_SENT = "reply.was_not_sent"
    REPLY_REPEAT = "reply.repeat"
    REPLY_LEAVE = "reply.leave"
    REPLY_CANCEL = "reply.cancel"
    PUBLIC_REPLY_TEXT = "answer.text"  # as in open forms
    PUBLIC_REPLY_ALTERNATIVE = "answer.alternative"  # as in open forms
    SNOOZE_CHOICE = "snooze.choice"
    SNOOZE_AT = "snooze.at"
    ASSIGN_TO = "assign.to"
    HANDOFF_VENUE = "move.venue"  # as in open forms
    HANDOFF_TEXT = "move.text"  # as in open forms
    HANDOFF_ADDRESS = "move.address"  # as in open forms
    PRIVATE_REPLY_TEXT = "private.text"  # as in open forms
    VERIFY_REASON = "verify.reason"
    MESSAGE_ORIGINAL = "message.original"
    REWRITE_SHORTER = "rewrite.shorter"
    REWRITE_WARMER = "rewrite.warmer"
    REWRITE_FORMAL = "rewrite.formal"
    REWRITE_ASK_DETAILS = "rewrite.ask_details"
    REWRITE_TRANSLATE = "rewrite.translate"
    REWRITE_UNDO = "rewrite.undo"
    CASE_TRANSLATE = "case.translate"
    CASE_SUMMARISE = "case.summarise"
    CASE_READ_PICTURES = "case.read_pictures"
    CORRECTION_SITUATION = "correction.situation"
    CORRECTION_URGENCY = "correction.urgency"
    CORRECTION_REQUEST = "correction.request"
    CORRECTION_LANGUAGE = "correction.language"
    TAUGHT_LEARN = "taught.learn"
    TAUGHT_TAKE_BACK = "taught.take_back"
    TAUGHT_FORGET = "taught.forget"
    TAUGHT_NEWER = "taught.newer"
    TAUGHT_OLDER = "taught.older"
    HOME_FILTER = "home.filter"
    HOME_BLUR = "home.blur_abuse"
    ARTICLE_INSERT = "answer.article"
    SPIKE_DISMISS = "spike.dismiss"
    SPIKE_RESTORE = "spike.restore"
    FLOOD_PULL = "flood.pull"
    FLOOD_URGENT = "flood.urgent"
    AUDIT_OLDER = "audit.older"


class CallbackId(StrEnum):
    """`callback_id`s of views.

    `NOTICE`, `DETAILS`, `TAUGHT`, `ORIGINAL` and `URGENT_CASES` have no submit button.
    """

    PUBLIC_REPLY = "answer"  # as in open forms
    PRIVATE_REPLY = "private"  # as in open forms
    HANDOFF = "move"  # as in open forms
    VERIFY = "verify"
    ORIGINAL = "original"
    SNOOZE = "snooze"
    ASSIGN = "assign"
    TAKE_OVER = "take_over"
    RELEASE = "release"
    CORRECTION = "correction"
    DETAILS = "details"
    TAUGHT = "taught"
    NOTICE = "notice"
    HOME = "home"
    URGENT_CASES = "urgent_cases"


class BlockId(StrEnum):
    """`block_id`s of inputs that are read.

    Texts have those of `public_reply_block`, `private_reply_block` and `handoff_block`.
    """

    PUBLIC_REPLY_ALTERNATIVE = "answer.alternative"  # as in open forms
    REWRITE = "rewrite"
    SNOOZE_CHOICE = "snooze.choice"
    SNOOZE_AT = "snooze.at"
    ASSIGN_TO = "assign.to"
    HANDOFF_VENUE = "move.venue"  # as in open forms
    HANDOFF_ADDRESS = "move.address"  # as in open forms
    VERIFY_REASON = "verify.reason"
    CORRECTION_SITUATION = "correction.situation"
    CORRECTION_URGENCY = "correction.urgency"
    CORRECTION_REQUEST = "correction.request"
    CORRECTION_LANGUAGE = "correction.language"


class OverflowChoice(StrEnum):
    """Options of the card's ⋯ overflow menu; an option's value is `overflow_value(...)`.

    `HISTORY` is on cards that were posted before `DETAILS`, which shows the customer's history.
    """

    DETAILS = "details"
    DISMISS = "dismiss"
    SNOOZE = "snooze"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    HISTORY = "history"


class BadValue(ValueError):
    """A value from Slack was not encoded by us. The text is shown to the user who pressed."""

    def __init__(self) -> None:
        super().__init__(
            "That button carries something Switchboard does not understand, so nothing was done. "
            "It may be from an older version: open the card again from App Home."
        )


@dataclass(frozen=True, slots=True)
class CardValue:
    """A case's id and version and, for buttons about one of our replies, the message's id."""

    case_id: int
    version: int
    message_id: int | None = None


MAX_NUMBER = 2**63 - 1
_NUMBER = r"([0-9]{1,19})"
_ID = re.compile(_NUMBER)
_PAIR = re.compile(rf"{_NUMBER}:{_NUMBER}")
_CARD_VALUE = re.compile(rf"{_NUMBER}:{_NUMBER}(?::{_NUMBER})?")
_HANDOFF_VALUE = re.compile(rf"{_NUMBER}@{_NUMBER}")
_CLAIM_VALUE = re.compile(r"([0-9:]{1,60})@([A-Z0-9]{0,40})")
_OVERFLOW_VALUE = re.compile(r"([a-z_]{1,20}):(.{1,60})", re.DOTALL)


def parse_id(value: object) -> int:
    """Parse a value or `private_metadata` that is only an id; raises `BadValue`."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None or int(value) > MAX_NUMBER:
        raise BadValue
    return int(value)


def load_json(text: object) -> Any:  # noqa: ANN401 - whatever it holds
    """Parse JSON of ours, in a `private_metadata`; raises `BadValue`."""
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        raise BadValue from None


def require_number(value: object) -> int:
    """Return what JSON of ours has for an id or a count; raises `BadValue` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_NUMBER:
        raise BadValue
    return value


def pair_value(first: int, second: int) -> str:
    """Encode two numbers: an outage and a case, a cause and its version, or what is shown and its page."""
    return f"{first}:{second}"


def parse_pair(value: object) -> tuple[int, int]:
    """Parse `pair_value`; raises `BadValue`."""
    return _two_numbers(_PAIR, value)


def card_value(case_id: int, version: int, message_id: int | None = None) -> str:
    """Encode the `value` of a button on a card: "case:version" or "case:version:message"."""
    return f"{case_id}:{version}" if message_id is None else f"{case_id}:{version}:{message_id}"


def parse_value(value: object) -> CardValue:
    """Parse a button's `value`, or `private_metadata` of the snooze and assign forms; raises `BadValue`."""
    match = _CARD_VALUE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadValue
    numbers = [int(number) for number in match.groups() if number is not None]
    if max(numbers) > MAX_NUMBER:
        raise BadValue
    return CardValue(*numbers)


def overflow_value(choice: OverflowChoice, case_id: int, version: int) -> str:
    """Encode the `value` of an option of the card's overflow menu."""
    return f"{choice}:{card_value(case_id, version)}"


def parse_overflow(value: object) -> tuple[OverflowChoice, CardValue]:
    """Parse the chosen option of the overflow menu; raises `BadValue`."""
    match = _OVERFLOW_VALUE.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] not in set(OverflowChoice):
        raise BadValue
    return OverflowChoice(match[1]), parse_value(match[2])


def claim_value(case_id: int, version: int, claimed_by: str | None) -> str:
    """Encode the take-over form's `private_metadata`: the case and the assignee that the form named."""
    return f"{card_value(case_id, version)}@{claimed_by or ''}"


def parse_claim(value: object) -> tuple[CardValue, str]:
    """Parse the take-over form's `private_metadata`; the assignee is empty if it named none.

    Raises `BadValue`.
    """
    match = _CLAIM_VALUE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadValue
    return parse_value(match[1]), match[2]


def handoff_value(case_id: int, handoff_id: int) -> str:
    """Encode the `private_metadata` of a form about one hand-off."""
    return f"{case_id}@{handoff_id}"


def parse_handoff(value: object) -> tuple[int, int]:
    """Parse `handoff_value` into the case's and the hand-off's id; raises `BadValue`."""
    return _two_numbers(_HANDOFF_VALUE, value)


def public_reply_block(revision: int) -> str:
    """Return the `block_id` of a public reply's text.

    A new revision makes Slack show the new initial text instead of keeping what was typed.
    """
    return f"answer.text.{revision}"


def private_reply_block(revision: int) -> str:
    """Return the `block_id` of a private reply's text; `revision` is as in `public_reply_block`."""
    return f"private.text.{revision}"


def handoff_block(revision: int) -> str:
    """Return the `block_id` of a hand-off's offer text; `revision` is as in `public_reply_block`."""
    return f"move.text.{revision}"


def _two_numbers(pattern: re.Pattern[str], value: object) -> tuple[int, int]:
    match = pattern.fullmatch(value) if isinstance(value, str) else None
    if match is None or max(int(match[1]), int(match[2])) > MAX_NUMBER:
        raise BadValue
    return int(match[1]), int(match[2])
