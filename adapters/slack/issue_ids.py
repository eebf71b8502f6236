"""Define the ids of the elements by which issues are created and linked, and encode what forms carry."""

import re
from enum import StrEnum

from adapters.slack.action_ids import MAX_NUMBER, BadValue


class IssueAction(StrEnum):
    """`action_id`s. Those from `WHERE` on are inputs."""

    CREATE = "issue.create"
    LINK = "issue.link"
    UNLINK = "issue.unlink"
    RETRY = "issue.retry"
    AS_WRITTEN = "issue.as_written"
    WAITING = "issue.waiting"
    WHERE = "issue.where"
    TITLE = "issue.title"
    TEXT = "issue.text"
    NAMED = "issue.named"


class IssueCallback(StrEnum):
    """`callback_id`s of views. `WAITING` has no submit button."""

    CREATE = "issue_create"
    LINK = "issue_link"
    WAITING = "issue_waiting"


class IssueBlock(StrEnum):
    """`block_id`s of inputs that are read. Those of title and text change with what the form proposes."""

    WHERE = "issue.where"
    TITLE = "issue.title"
    TEXT = "issue.text"
    NAMED = "issue.named"


_FORM = re.compile(r"([0-9]{1,19}):([0-9a-f-]{36}):([01])")


def form_value(case_id: int, reference: str, *, is_masked: bool) -> str:
    """Encode the `private_metadata` of the form that creates an issue; `reference` is the issue's."""
    return f"{case_id}:{reference}:{int(is_masked)}"


def parse_form_value(value: object) -> tuple[int, str, bool]:
    """Parse `form_value`; raises `BadValue`."""
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) > MAX_NUMBER:
        raise BadValue
    return int(found[1]), found[2], found[3] == "1"


def proposed_block(block: IssueBlock, *, is_masked: bool) -> str:
    """Return the `block_id` of an input, by which Slack replaces what it holds where the proposal changes."""
    return f"{block}.{int(is_masked)}"
