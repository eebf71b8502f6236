"""Word issues in trackers: their state, their lines in the audit trail, and refusals."""

from adapters.slack.escaping import escape, inline, link, mention
from domain.records.audit import Entry
from domain.trackers.issues import (
    AlreadyLinked,
    Creation,
    Issue,
    IssueNotFound,
    IssueState,
    NotAnIssue,
    NoTitle,
    NotLinked,
    WordsErased,
)

MAX_TITLE_LENGTH = 120
MAX_KEY_LENGTH = 80
MAX_REASON_LENGTH = 300

_CLOSED_AS = {
    IssueState.OPEN: "open",
    IssueState.FIXED: "fixed",
    IssueState.DROPPED: "closed without a fix",
    IssueState.GONE: "⚠️ not found there any more: deleted, moved, or hidden from the bot",
}
_REFUSALS: dict[type[Exception], str] = {
    NoTitle: "An issue needs a title.",
    WordsErased: (
        "While this form was open a customer was erased or a post was deleted, and it may quote them. Nothing "
        "was created: keep a copy of what you wrote yourself, close this form, and open it again."
    ),
    NotAnIssue: "That is no issue of a tracker that is set up here. Paste its address, or its key.",
    IssueNotFound: "There is no such issue, or the bot's account may not see it.",
    AlreadyLinked: "It is linked to that issue already.",
    NotLinked: "Nothing was changed: the case is not linked to that issue any more.",
}


def issue_refusal_text(error: Exception) -> str | None:
    """Word a refusal about issues in plain text; `None` for any other."""
    return _REFUSALS.get(type(error))


def key_link(url: str, key: str) -> str:
    """Render an issue's key as a link to it."""
    return link(url, inline(key, MAX_KEY_LENGTH) or "the issue")


def state_text(state: IssueState, name: str) -> str:
    """Word an issue's state in mrkdwn, with the tracker's own word where that says more."""
    said, own = _CLOSED_AS[state], inline(name, 40)
    return said if not own or own.casefold() in {said, "completed", "done"} else f"{said} ({escape(own)})"


def issue_line(issue: Issue) -> str:
    """Render an issue in mrkdwn: its key, title and state, or how far its creation is."""
    title = escape(inline(issue.title, MAX_TITLE_LENGTH))
    match issue.creation:
        case Creation.QUEUED:
            return f"🎫 {title} · being created"
        case Creation.UNSURE:
            return f"🎫 {title} · ❓ not sure that it was created; it is being looked for"
        case Creation.FAILED:
            reason = escape(inline(issue.error, MAX_REASON_LENGTH))
            return f"🎫 {title} · ⚠️ not created: {reason}"
    return f"🎫 *{key_link(issue.url, issue.key)}* {title} · {state_text(issue.state, issue.state_name)}"


def requested(entry: Entry) -> str:
    """Describe that a person had an issue created."""
    return f"🎫 {mention(entry.actor)} asked for an issue in {_name(entry)}"


def created(entry: Entry) -> str:
    """Describe an issue that is there now."""
    return f"🎫 {mention(entry.actor)} created the issue {_link(entry)}"


def failed(entry: Entry) -> str:
    """Describe an issue that its tracker did not take."""
    reason = escape(inline(str(entry.detail.get("reason") or ""), MAX_REASON_LENGTH))
    return f"⚠️ The issue in {_name(entry)} was not created: {reason}"


def linked(entry: Entry) -> str:
    """Describe a link to an issue that was there."""
    return f"🎫 {mention(entry.actor)} linked the issue {_link(entry)}"


def unlinked(entry: Entry) -> str:
    """Describe a link that was taken back."""
    return f"🎫 {mention(entry.actor)} took back the link to the issue {_link(entry)}"


def changed(entry: Entry) -> str:
    """Describe an issue that was closed, or opened again."""
    try:
        state = IssueState(str(entry.detail.get("state")))
    except ValueError:
        return f"🎫 The issue {_link(entry)} changed"
    if state is IssueState.OPEN:
        return f"↩️ The issue {_link(entry)} was opened again"
    if state is IssueState.GONE:
        return f"⚠️ The issue {_link(entry)} is not found in its tracker any more"
    mark = "✅" if state is IssueState.FIXED else "➖"
    said = "is" if state is IssueState.FIXED else "was"
    return f"{mark} The issue {_link(entry)} {said} {state_text(state, str(entry.detail.get('state_name') or ''))}"


def _link(entry: Entry) -> str:
    return key_link(str(entry.detail.get("url") or ""), str(entry.detail.get("issue") or ""))


def _name(entry: Entry) -> str:
    return escape(inline(str(entry.detail.get("issue") or "the tracker"), MAX_KEY_LENGTH))
