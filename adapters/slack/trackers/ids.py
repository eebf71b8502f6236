"""Define the ids of the elements by which issues are created and linked, and encode what forms carry."""

import re
from dataclasses import dataclass
from enum import StrEnum

from adapters.slack.action_ids import MAX_NUMBER, BadValue
from domain.trackers.issues import IssueSubject


class IssueAction(StrEnum):
    """`action_id`s. Those from `WHERE` on are inputs."""

    CREATE = "issue.create"
    OF_CAUSE = "issue.of_cause"
    LINK = "issue.link"
    LINK_CAUSE = "issue.link_cause"
    UNLINK = "issue.unlink"
    UNLINK_CAUSE = "issue.unlink_cause"
    RETRY = "issue.retry"
    RETRY_OF_CAUSE = "issue.retry_of_cause"
    AS_WRITTEN = "issue.as_written"
    AS_WRITTEN_OF_CAUSE = "issue.as_written_of_cause"
    WAITING = "issue.waiting"
    WHERE = "issue.where"
    TITLE = "issue.title"
    TEXT = "issue.text"
    NAMED = "issue.named"


class IssueCallback(StrEnum):
    """`callback_id`s of views. `WAITING` has no submit button.

    The forms of causes have their own: others may submit them than those of cases.
    """

    CREATE = "issue_create"
    CREATE_OF_CAUSE = "issue_create_of_cause"
    LINK = "issue_link"
    LINK_OF_CAUSE = "issue_link_of_cause"
    WAITING = "issue_waiting"


class IssueBlock(StrEnum):
    """`block_id`s of inputs that are read. Those of title and text change with what the form proposes."""

    WHERE = "issue.where"
    TITLE = "issue.title"
    TEXT = "issue.text"
    NAMED = "issue.named"


_SUBJECT = re.compile(r"(case|cause):([0-9]{1,19})")
_FORM = re.compile(r"(case|cause):([0-9]{1,19}):([0-9a-f-]{36})(?::([0-9]{1,9}))?:([01])")


@dataclass(frozen=True, slots=True)
class IssueFormState:
    """What the form that creates an issue keeps.

    `reference` is the issue's, `erasures` what `count_erasures` returned before the form was filled; `None`
    in a form of an earlier version. `is_masked`: personal data is left out of what it proposes.
    """

    subject: IssueSubject
    reference: str
    erasures: int | None
    is_masked: bool


def form_value(state: IssueFormState) -> str:
    """Encode the `private_metadata` of the form that creates an issue."""
    erasures = "" if state.erasures is None else f":{state.erasures}"
    return f"{subject_value(state.subject)}:{state.reference}{erasures}:{int(state.is_masked)}"


def parse_form_value(value: object) -> IssueFormState:
    """Parse `form_value`; raises `BadValue`."""
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadValue
    subject = parse_subject(f"{found[1]}:{found[2]}")
    return IssueFormState(subject, found[3], None if found[4] is None else int(found[4]), found[5] == "1")


def subject_value(subject: IssueSubject) -> str:
    """Encode what an issue is of: the `private_metadata` of the form that links one."""
    kind, number = ("cause", subject.cause_id) if subject.case_id is None else ("case", subject.case_id)
    return f"{kind}:{number}"


def parse_subject(value: object) -> IssueSubject:
    """Parse `subject_value`; raises `BadValue`."""
    found = _SUBJECT.fullmatch(value) if isinstance(value, str) else None
    if found is None or (number := int(found[2])) > MAX_NUMBER:
        raise BadValue
    return IssueSubject(case_id=number) if found[1] == "case" else IssueSubject(cause_id=number)


def proposed_block(block: IssueBlock, *, is_masked: bool) -> str:
    """Return the `block_id` of an input, by which Slack replaces what it holds where the proposal changes."""
    return f"{block}.{int(is_masked)}"
