"""Define the ids of interactive elements that manage saved replies, and encode what they carry.

As with `action_ids`, open forms carry the values, so that a value stays where its name changes.
"""

import re
from enum import StrEnum

from adapters.slack.action_ids import BadValue


class SavedReplyAction(StrEnum):
    """`action_id`s. Those that begin with `SAVED` are inputs."""

    CASE_SAVE_REPLY = "case.save_reply"
    REPLIES_SEARCH = "replies.search"
    REPLIES_NEW = "replies.new"
    REPLIES_MENU = "replies.menu"
    REPLIES_PREVIOUS = "replies.previous"
    REPLIES_NEXT = "replies.next"
    REPLIES_BACK = "replies.back"
    SAVED_TITLE = "saved.title"
    SAVED_SITUATIONS = "saved.situations"
    SAVED_LANGUAGE = "saved.language"
    SAVED_WORDING = "saved.wording"
    SAVED_FORM = "saved.form"
    SAVED_EXAMPLES = "saved.examples"
    SAVED_EXPIRY = "saved.expiry"
    SAVED_PUBLIC_ONLY = "saved.public_only"
    SAVED_OWNER = "saved.owner"
    PROPOSAL_DISMISS = "proposal.dismiss"
    PROPOSAL_SAVE = "proposal.save"


class SavedReplyCallback(StrEnum):
    """`callback_id`s of views. `REPLY_HISTORY` and `REPLY_FIGURES` have no submit button."""

    SAVED_REPLIES = "saved_replies"
    SAVED_REPLY = "saved_reply"
    REPLY_HISTORY = "reply_history"
    REPLY_FIGURES = "reply_figures"


class SavedReplyBlock(StrEnum):
    """`block_id`s of inputs that are read; wordings have those of `wording_block`."""

    REPLIES_SEARCH = "replies.search"
    SAVED_TITLE = "saved.title"
    SAVED_SITUATIONS = "saved.situations"
    SAVED_EXAMPLES = "saved.examples"
    SAVED_EXPIRY = "saved.expiry"
    SAVED_PUBLIC_ONLY = "saved.public_only"
    SAVED_OWNER = "saved.owner"


class ReplyChoice(StrEnum):
    """Options of a saved reply's menu; an option's value is `reply_value(...)`."""

    EDIT = "edit"
    HISTORY = "history"
    RETIRE = "retire"
    RESTORE = "restore"


_REPLY_VALUE = re.compile(r"([a-z]{1,20}):([A-Za-z0-9_-]{1,60}):([0-9]{1,9})")


def wording_block(revision: int, position: int) -> str:
    """Return the `block_id` of a saved reply's wording; `revision` is as in `public_reply_block`."""
    return f"saved.wording.{revision}.{position}"


def form_of_address_block(revision: int, position: int) -> str:
    """Return the `block_id` of a wording's form of address."""
    return f"saved.form.{revision}.{position}"


def language_block(revision: int) -> str:
    """Return the `block_id` of the choice of a language; `revision` is as in `public_reply_block`."""
    return f"saved.language.{revision}"


def reply_value(choice: ReplyChoice, name: str, version: int) -> str:
    """Encode the `value` of an option of a saved reply's menu."""
    return f"{choice}:{name}:{version}"


def parse_reply_value(value: object) -> tuple[ReplyChoice, str, int]:
    """Parse the chosen option of a saved reply's menu; raises `BadValue`."""
    match = _REPLY_VALUE.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] not in set(ReplyChoice):
        raise BadValue
    return ReplyChoice(match[1]), match[2], int(match[3])
