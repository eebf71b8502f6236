"""Word the states, kinds and figures of outages that boards, forms and answers share."""

from collections.abc import Mapping

from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.wording import count_of, join_and
from domain.delivery.effects import SendLinkedAnswer, SendPrivateReply, SendPublicReply
from domain.delivery.outage_effects import CorrectNotice, MailBatch, SendNotice
from domain.delivery.pause import Pause
from domain.outages.notices import NoticeKind
from domain.outages.outage import Outage, OutageKind, OutageState, Phase, Severity
from domain.outages.policy import Right

MAX_TITLE_LENGTH = 100
PHASE_NAMES = {
    Phase.INVESTIGATING: "Investigating",
    Phase.IDENTIFIED: "Identified",
    Phase.MONITORING: "Monitoring",
    Phase.RESOLVED: "Resolved",
    Phase.SCHEDULED: "Scheduled",
    Phase.IN_PROGRESS: "In progress",
    Phase.COMPLETED: "Completed",
}
NOTICE_NAMES = {
    NoticeKind.ANNOUNCEMENT: "announcement",
    NoticeKind.UPDATE: "update",
    NoticeKind.RESOLUTION: "resolution",
    NoticeKind.REOPENING: "reopening",
    NoticeKind.CORRECTION: "correction",
}
RIGHT_NAMES = {
    Right.DRAFT: "write notices",
    Right.APPROVE: "approve notices",
    Right.ANNOUNCE: "send notices out",
    Right.PAUSE: "pause and resume all sending",
}
_SEVERITY_MARKS = {Severity.CRITICAL: "🔴", Severity.MAJOR: "🟠", Severity.MINOR: "🟡"}
_NAMES_OF_KINDS = {
    SendNotice.kind: ("notice", "notices"),
    CorrectNotice.kind: ("correction", "corrections"),
    MailBatch.kind: (
        "mailing, which stops within a few mails",
        "mailings, which stop within a few mails",
    ),
    SendPublicReply.kind: ("public answer", "public answers"),
    SendLinkedAnswer.kind: ("answer to a linked case", "answers to linked cases"),
    SendPrivateReply.kind: ("private answer", "private answers"),
}


def state_mark(outage: Outage) -> str:
    """Return the emoji of an outage's state: its severity while it goes on."""
    if outage.state is OutageState.RESOLVED:
        return "✅"
    if outage.state is OutageState.CANCELLED:
        return "⚪"
    return open_mark(outage.kind, outage.severity)


def open_mark(kind: OutageKind, severity: Severity) -> str:
    """Return the emoji of an outage that goes on, or of a maintenance."""
    return "🛠️" if kind is OutageKind.MAINTENANCE else _SEVERITY_MARKS[severity]


def state_name(outage: Outage) -> str:
    """Return the state of an outage in words."""
    if outage.state is OutageState.DRAFT:
        return "Not announced yet"
    if outage.state is OutageState.CANCELLED:
        return "Cancelled, nothing was sent"
    return PHASE_NAMES[outage.phase]


def titled(outage: Outage) -> str:
    """Return the outage's title, escaped, after the word REHEARSAL where it is one."""
    rehearsal = "*REHEARSAL* · " if outage.is_rehearsal else ""
    return f"{rehearsal}*{escape(inline(outage.title, MAX_TITLE_LENGTH))}*"


def pause_line(pause: Pause) -> str:
    """Say in mrkdwn who paused all sending, since when, and what is held."""
    since = f"{date_mrkdwn(pause.paused_at, DateStyle.DAY_AND_CLOCK)} ({date_mrkdwn(pause.paused_at)})"
    answers = (
        "Answers of agents are held too." if pause.holds_answers else "Agents' single answers go through."
    )
    return f"⏸️ *All sending is paused* by {mention(pause.paused_by)} since {since}. {answers}"


def real_line(rehearsal_channel: str) -> str:
    """Say that something is real while an outage is rehearsed in this channel."""
    return f"⚠️ *This one is real.* The rehearsal is in <#{rehearsal_channel}>, not here."


def held_text(pause: Pause) -> str:
    """Say in mrkdwn that a notice may be sent, and is held by the pause."""
    return f"{pause_line(pause)}\nThis is held with it, and is sent once somebody presses *Resume sending*."


def being_sent_text(being_sent: Mapping[str, int]) -> str:
    """Count what is being sent, and cannot be held any more: "1 notice and 2 public answers"; maybe empty.

    What only puts answers into the queue, where they are held, is not told.
    """
    parts = [
        count_of(being_sent[kind], *names) for kind, names in _NAMES_OF_KINDS.items() if being_sent.get(kind)
    ]
    return join_and(parts)


def planned_lines(outage: Outage) -> list[str]:
    """Say when planned work starts and ends; empty for an outage, and once it is over."""
    if outage.kind is not OutageKind.MAINTENANCE or not outage.is_open:
        return []
    if outage.starts_at is None or outage.ends_at is None:
        return []
    begins, ends = (date_mrkdwn(at, DateStyle.DAY_AND_CLOCK) for at in (outage.starts_at, outage.ends_at))
    return [f"🗓️ From {begins} until {ends}"]
