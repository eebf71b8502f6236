"""Define the ids of interactive elements of topics and causes, and encode what they carry."""

import json
from collections.abc import Sequence
from enum import StrEnum

from adapters.slack.action_ids import BadValue
from domain.causes.cause import MAX_PHRASE_LENGTH, MAX_PHRASES

_MAX_VALUE = 1_900  # characters: Slack takes 2,000


class CauseAction(StrEnum):
    """`action_id`s. Those from `NAME` on are inputs."""

    TRACK = "cause.track"
    EDIT = "cause.edit"
    WAITING = "cause.waiting"
    OF_CASE = "cause.of_case"
    NAME = "cause.name"
    OWNER = "cause.owner"
    STATE = "cause.state"
    FIXED_ON = "cause.fixed_on"
    PHRASES = "cause.phrases"
    CHOSEN = "cause.chosen"


class CauseCallback(StrEnum):
    """`callback_id`s of views."""

    FORM = "cause_form"
    OF_CASE = "causes_of_case"


class CauseBlock(StrEnum):
    """`block_id`s of inputs that are read."""

    NAME = "cause.name"
    OWNER = "cause.owner"
    STATE = "cause.state"
    FIXED_ON = "cause.fixed_on"
    PHRASES = "cause.phrases"
    CHOSEN = "cause.chosen"


def topic_value(name: str, phrases: Sequence[str]) -> str:
    """Encode a topic as the value of a button, with the phrases that fit and that a cause takes."""
    kept = [phrase for phrase in phrases if len(phrase) <= MAX_PHRASE_LENGTH][:MAX_PHRASES]
    while len(value := json.dumps([name, kept], ensure_ascii=False, separators=(",", ":"))) > _MAX_VALUE:
        kept.pop()
    return value


def parse_topic(value: str) -> tuple[str, list[str]]:
    """Parse `topic_value`; raises `BadValue`."""
    try:
        name, phrases = json.loads(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadValue from error
    if not isinstance(name, str) or not isinstance(phrases, list):
        raise BadValue
    return name, [str(phrase) for phrase in phrases]
