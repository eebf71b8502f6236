"""Define the ids of the elements by which cases are linked to outages and answered, and their values."""

import re
from enum import StrEnum

from adapters.slack.action_ids import MAX_NUMBER, BadValue


class LinkAction(StrEnum):
    """`action_id`s. Those from `CASES` on are inputs."""

    PROPOSED = "outage.proposed"
    LINKED = "outage.linked"
    ALL_SHOWN = "outage.all_shown"
    ALL_LISTED = "outage.all_listed"
    NONE_SHOWN = "outage.none_shown"
    PAGE = "outage.page"
    PREVIOUS = "outage.previous_page"
    CONFIRM = "outage.link"
    UNDO = "outage.unlink"
    LINK_TO = "outage.link_to"
    ANSWER = "outage.answer_linked"
    ANSWER_SOLVED = "outage.tell_solved"
    PREVIEW = "outage.preview_answers"
    STOP = "outage.stop_answers"
    RESULTS = "outage.results"
    RESULTS_PAGE = "outage.results_page"
    RESULTS_BACK = "outage.results_back"
    CASES = "outage.cases"
    WHICH = "outage.which"
    WHO = "outage.who"
    WORDINGS = "outage.wordings"


class LinkCallback(StrEnum):
    """`callback_id`s of views. `RESULTS` has no submit button."""

    PROPOSED = "outage_proposed"
    LINKED = "outage_linked"
    PREVIEW = "outage_link_preview"
    LINK_TO = "outage_link_to"
    ANSWERS = "outage_answers"
    RESULTS = "outage_results"


class LinkBlock(StrEnum):
    """`block_id`s of inputs that are read."""

    WHICH = "outage.which"
    WHO = "outage.who"


_PAIR = re.compile(r"([0-9]{1,19}):([0-9]{1,19})")


def cases_block(page: int, group: int) -> str:
    """Return the `block_id` of a group of checkboxes; of another page, so that nothing stays ticked."""
    return f"outage.cases.{page}.{group}"


def who_block(group: int) -> str:
    """Return the `block_id` of a group of checkboxes of languages."""
    return f"{LinkBlock.WHO}.{group}"


def wordings_block(language: str) -> str:
    """Return the `block_id` of the wordings in a language."""
    return f"outage.wordings.{language}"


def pair_value(first: int, second: int) -> str:
    """Encode two numbers: an outage and a case, or what is shown and its page."""
    return f"{first}:{second}"


def parse_pair(value: object) -> tuple[int, int]:
    """Parse `pair_value`; raises `BadValue`."""
    match = _PAIR.fullmatch(value) if isinstance(value, str) else None
    if match is None or max(int(match[1]), int(match[2])) > MAX_NUMBER:
        raise BadValue
    return int(match[1]), int(match[2])
