"""Texts of refusals: why an act on a case was not done, for the person who asked for it.

Errors of the domain carry facts and get their words here; refusals of use cases carry a text of their own.
"""

from adapters.slack.audit_lines import recent_changes
from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import escape_within, mention
from domain.cases.case import EventNotAllowed
from domain.cases.snooze import InvalidTime
from domain.errors import AlreadyClosed, AssignedToAnother, CaseNotFound, ChangedSince, TooManyConflicts

MAX_TEXT_LENGTH = 2500


def refusal_text(error: Exception) -> str:
    """Render a refusal as plain text, which names nobody."""
    match error:
        case CaseNotFound(case_id=case_id):
            text = (
                f"Nothing was changed: case {case_id} is not here any more. "
                "Open App Home for the current queue."
            )
        case TooManyConflicts():
            text = (
                "Nothing was done: others were changing this case at the same moment. "
                "Look at the card, then press again."
            )
        case AssignedToAnother():
            text = "Nothing was changed: somebody else has claimed this case. Take it over first."
        case AlreadyClosed(state=state):
            text = f"Nothing was changed: this case is {state}. Press Reopen first."
        case ChangedSince():
            text = (
                "Nothing was changed: the case has moved on since this card was drawn. "
                "Look at the card again, then press again."
            )
        case InvalidTime():
            text = "Nothing was changed: that is not a time. Pick a day and a time."
        case EventNotAllowed(state=state, event=event) if state.is_active:
            text = (
                f"This case is {state.value}, so there is nothing to {event.value}. "
                "The card shows how it stands now."
            )
        case EventNotAllowed(state=state):
            text = f"This case is {state.value}, so it cannot be changed. Press Reopen first."
        case _:
            text = str(error)
    return text


def named_refusal_text(error: AssignedToAnother | AlreadyClosed, name: str) -> str:
    """Render a refusal as plain text with the name of who claimed or closed the case, for form errors."""
    if isinstance(error, AssignedToAnother):
        return f"Nothing was sent: {name} has claimed this case. Take it over first."
    return f"Nothing was sent: {name} has closed this case. Press Reopen on the card first."


def refusal_mrkdwn(error: Exception) -> str:
    """Render a refusal as mrkdwn that mentions who was first, or lists what changed."""
    match error:
        case AssignedToAnother(assignee=claimed_by):
            since = f" {date_mrkdwn(error.since)}" if error.since is not None else ""
            return (
                f"Nothing was changed: {mention(claimed_by)} claimed this case{since}. "
                "Press *Take over…* to take it."
            )
        case AlreadyClosed(state=state):
            by = f" by {mention(error.by)}" if error.by is not None else ""
            at = f" {date_mrkdwn(error.at)}" if error.at is not None else ""
            closed = "resolved" if state == "resolved" else "marked as not a request"
            return f"Nothing was changed: this case was {closed}{by}{at}. Press *Reopen* first."
        case ChangedSince(entries=entries):
            return (
                "Nothing was changed: the case has moved on since this card was drawn.\n"
                f"{recent_changes(entries)}\nLook at the card again, then press again."
            )
    return escape_within(refusal_text(error), MAX_TEXT_LENGTH)
