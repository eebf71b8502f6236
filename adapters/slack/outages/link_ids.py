"""Define the ids of the elements by which cases are linked to outages and answered, and their values."""

from enum import StrEnum


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


def cases_block(page: int, group: int) -> str:
    """Return the `block_id` of a group of checkboxes; of another page, so that nothing stays ticked."""
    return f"outage.cases.{page}.{group}"


def who_block(group: int) -> str:
    """Return the `block_id` of a group of checkboxes of languages."""
    return f"{LinkBlock.WHO}.{group}"


def wordings_block(language: str) -> str:
    """Return the `block_id` of the wordings in a language."""
    return f"outage.wordings.{language}"
