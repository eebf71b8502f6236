"""Word refusals about outages: what happened, why, and what to do next."""

from adapters.slack.dates import date_mrkdwn
from adapters.slack.escaping import mention
from adapters.slack.outages.wording import NOTICE_NAMES, RIGHT_NAMES
from domain.outages.lifecycle import (
    ApprovalNeeded,
    NoticeEdited,
    NoticeNotAllowed,
    NoticePending,
    NoticeSettled,
    OutageOpened,
    OwnApproval,
    RightMissing,
)
from domain.outages.notices import NoticeKind, NoticeState
from domain.outages.outage import OutageState

_NOT_ALLOWED = {
    OutageState.DRAFT: "it is not announced yet. Press Review… on its board first.",
    OutageState.ANNOUNCED: "it is announced and goes on. Post an update, or resolve it.",
    OutageState.RESOLVED: "it is resolved. Choose ⋯ Reopen… on its board first.",
    OutageState.CANCELLED: "it was cancelled. Type /outage to begin another.",
}
_TEXTS: dict[type[Exception], str] = {
    NoticeEdited: (
        "Nothing was sent: the notice was changed after you looked at it. "
        "Press Review… on the board to see what it says now."
    ),
    OwnApproval: (
        "Nothing was sent: you wrote, changed or submitted this notice, so a second person has to approve it. "
        "The thread of the board asks for one."
    ),
    ApprovalNeeded: (
        "Nothing was sent: this notice is a draft. Press Review… on the board, and send it for approval."
    ),
}


def outage_refusal_text(error: Exception) -> str | None:
    """Word a refusal about an outage as plain text, which names nobody; `None` for any other."""
    match error:
        case RightMissing(right=right, group=group):
            who = f"@{group.removeprefix('@')}" if group else "the on-call channel"
            return (
                f"Nothing was done: only members of {who} may {RIGHT_NAMES[right]}, "
                "and you are not one of them. Ask one of them to do it."
            )
        case NoticeNotAllowed(kind=kind, state=state):
            return f"Nothing was done: there can be no {_name(kind)} of this outage now, because {_NOT_ALLOWED[state]}"
        case NoticePending(notice=notice):
            return (
                f"Nothing was done: the {_name(notice.kind)} of this outage is not sent yet. "
                "Press Review… on its board to send it or to withdraw it first."
            )
        case NoticeSettled(notice=notice):
            was = "withdrawn" if notice.state is NoticeState.WITHDRAWN else "approved, and has left"
            return f"Nothing was done: this {_name(notice.kind)} was {was} meanwhile. The board shows what became of it."
        case OutageOpened(outage=outage):
            return (
                f"Nothing was saved: the outage “{outage.title}” was opened meanwhile. Look at its board first; "
                "to open another one all the same, open the form again."
            )
    return _TEXTS.get(type(error))


def outage_refusal_mrkdwn(error: Exception) -> str | None:
    """Word a refusal with a mention of who was first; `None` where nobody is to be named."""
    match error:
        case NoticeSettled(notice=notice) if (
            notice.approved_by is not None and notice.approved_at is not None
        ):
            return (
                f"Nothing was done: {mention(notice.approved_by)} has approved this {_name(notice.kind)} "
                f"{date_mrkdwn(notice.approved_at)}, and it has left. The board shows what became of it."
            )
        case NoticePending(notice=notice):
            return (
                f"Nothing was done: the {_name(notice.kind)} by {mention(notice.authors[-1])} is not sent yet. "
                "Press *Review…* on the board to send it or to withdraw it first."
            )
    return None


def _name(kind: NoticeKind) -> str:
    return NOTICE_NAMES[kind]
