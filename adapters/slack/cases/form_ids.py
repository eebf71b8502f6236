"""Define the ids of the forms that Details opens and of the rota in App Home, and encode what forms carry.

As with `action_ids`, open forms carry the values, so that a value stays where its name changes.
"""

from enum import StrEnum

from adapters.slack.action_ids import BadValue, CardValue, card_value, parse_value
from domain.cases.tags import Tags, parse_tags
from domain.errors import Refused


class CaseFormAction(StrEnum):
    """`action_id`s."""

    TAGS = "case.tags"
    TAGS_OF_CASE = "tags.of_case"
    TAGS_PROPOSED = "tags.proposed"
    TAGS_OF_CUSTOMER = "tags.of_customer"
    TAGS_REASON = "tags.reason"
    NOTE = "case.note"
    NOTE_TEXT = "note.text"
    RETURN_TO_QUEUE = "case.return_to_queue"
    MOVE_CARD = "case.move_card"
    SHOW_CONTACTS = "case.show_contacts"
    SHOW_FILES = "case.show_files"
    HOLD = "case.hold"
    RELEASE_HOLD = "case.release_hold"
    HOLD_REASON = "hold.reason"
    PROMISE_KEPT = "promise.kept"
    PROMISE_WITHDRAW = "promise.withdraw"
    PROMISE_MOVE = "promise.move"
    PROMISE_DUE = "promise.due"
    CORRECTION = "line.correction"
    UNPROVEN_IS_THEM = "unproven.it_is_them"
    UNPROVEN_IS_NOT = "unproven.it_is_not"
    UNPROVEN_SHOW = "unproven.show"
    HOME_AWAY = "home.away"
    HOME_BACK = "home.back"


class CaseFormCallback(StrEnum):
    """`callback_id`s of views."""

    TAGS = "tags"
    NOTE = "note"
    HOLD = "hold"
    RELEASE_HOLD = "release_hold"
    PROMISE = "promise"


class CaseFormBlock(StrEnum):
    """`block_id`s of inputs that are read."""

    TAGS_OF_CASE = "tags.of_case"
    TAGS_PROPOSED = "tags.proposed"
    TAGS_OF_CUSTOMER = "tags.of_customer"
    TAGS_REASON = "tags.reason"
    NOTE_TEXT = "note.text"
    HOLD_REASON = "hold.reason"
    PROMISE_DUE = "promise.due"


def tags_value(case_id: int, version: int, tags: Tags) -> str:
    """Encode the `private_metadata` of the form of tags: the case, and the tags that the form showed."""
    return "#".join([card_value(case_id, version), ",".join(tags.case), ",".join(tags.customer_names)])


def parse_tags_value(value: str) -> tuple[CardValue, tuple[str, ...], tuple[str, ...]]:
    """Parse `tags_value` into the case, its tags and those of its customer; raises `BadValue`."""
    match value.split("#"):
        case [case, of_case, of_customer]:
            try:
                return parse_value(case), parse_tags(of_case), parse_tags(of_customer)
            except Refused:
                raise BadValue from None
        case _:
            raise BadValue


#: How long a text a button's value carries: Slack takes 2,000 characters.
MAX_CARRIED = 1900


def correction_value(case_id: int, version: int, wording: str) -> str:
    """Encode the value of *Send a correction…*: the case, and the wording that the form begins with.

    One that is too long is left out.
    """
    return f"{card_value(case_id, version)}#{wording if len(wording) <= MAX_CARRIED else ''}"


def parse_correction_value(value: str) -> tuple[CardValue, str]:
    """Parse `correction_value` into the case and the wording; raises `BadValue`."""
    case, separator, wording = value.partition("#")
    if not separator:
        raise BadValue
    return parse_value(case), wording
