"""Render an outage's board."""

from adapters.slack.blocks import context, paragraph
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, link, mention
from adapters.slack.message_content import Block, Content
from domain.outages.board import BoardLine, BoardView
from domain.outages.notices import PublicationState
from domain.outages.outage import OutageKind, OutageState, Phase, Severity

MAX_TITLE_LENGTH = 100
MAX_WORDS_LENGTH = 600
MAX_REASON_LENGTH = 200
_SEVERITY_MARKS = {Severity.CRITICAL: "🔴", Severity.MAJOR: "🟠", Severity.MINOR: "🟡"}
PHASE_NAMES = {
    Phase.INVESTIGATING: "Investigating",
    Phase.IDENTIFIED: "Identified",
    Phase.MONITORING: "Monitoring",
    Phase.RESOLVED: "Resolved",
    Phase.SCHEDULED: "Scheduled",
    Phase.IN_PROGRESS: "In progress",
    Phase.COMPLETED: "Completed",
}
_SPARKS = "▁▂▃▄▅▆▇█"


def render_outage_board(view: BoardView) -> Content:
    """Render the board of an outage."""
    blocks = [paragraph(_heading(view)), *_words(view), *_lines(view), *_figures(view), *_paused(view)]
    return Content(text=_summary(view), blocks=blocks)


def sparkline(counts: tuple[int, ...]) -> str:
    """Render counts as a row of bars; empty without any."""
    highest = max(counts, default=0)
    if highest == 0:
        return ""
    return "".join(_SPARKS[round(count / highest * (len(_SPARKS) - 1))] for count in counts)


def _mark(view: BoardView) -> str:
    outage = view.outage
    if outage.state in {OutageState.RESOLVED, OutageState.CANCELLED}:
        return "✅" if outage.state is OutageState.RESOLVED else "⚪"
    return "🛠️" if outage.kind is OutageKind.MAINTENANCE else _SEVERITY_MARKS[outage.severity]


def _heading(view: BoardView) -> str:
    outage = view.outage
    rehearsal = "*REHEARSAL* · " if outage.is_rehearsal else ""
    title = escape(inline(outage.title, MAX_TITLE_LENGTH))
    state = {
        OutageState.DRAFT: "Not announced yet",
        OutageState.CANCELLED: "Cancelled, nothing was sent",
    }.get(outage.state, PHASE_NAMES[outage.phase])
    since = date_mrkdwn(outage.announced_at or outage.opened_at)
    first = f"{_mark(view)} {rehearsal}*{title}* · {state} · {since}"
    led = f"Led by {mention(outage.lead)}"
    if outage.next_update_due is not None:
        due = outage.next_update_due
        led += f" · next update due {date_mrkdwn(due, DateStyle.CLOCK)} ({date_mrkdwn(due)})"
    if outage.components:
        led += f" · {escape(', '.join(outage.components))}"
    return f"{first}\n{led}"


def _words(view: BoardView) -> list[Block]:
    notice = view.newest or view.pending
    if notice is None:
        return []
    words = inline(notice.versions[0].problem, MAX_WORDS_LENGTH)
    return [paragraph(f">{escape(words)}")]


def _lines(view: BoardView) -> list[Block]:
    return [paragraph("\n".join(_line(line) for line in view.lines))] if view.lines else []


def _line(line: BoardLine) -> str:
    publication, label = line.publication, f"*{escape(line.profile.label)}*"
    if publication.language:
        label += f" ({escape(publication.language)})"
    reason = escape(inline(publication.error or "", MAX_REASON_LENGTH))
    match publication.state:
        case PublicationState.QUEUED:
            return f"⏳ {label} · sending…"
        case PublicationState.SENT:
            at = date_mrkdwn(publication.sent_at, DateStyle.CLOCK) if publication.sent_at else "sent"
            view = f" · {link(publication.url, 'View')}" if publication.url else ""
            return f"✓ {label} · {at}{view}"
        case PublicationState.FAILED:
            return f"✗ {label} · not sent: {reason}"
        case PublicationState.UNSURE:
            return f"❓ {label} · not sure that it was sent: {reason}"
        case PublicationState.RETRACTED:
            return f"🗑 {label} · deleted"


def _figures(view: BoardView) -> list[Block]:
    parts = []
    if view.linked:
        parts.append(f"{view.linked} linked {'case' if view.linked == 1 else 'cases'}")
    if bars := sparkline(view.reports):
        parts.append(f"{bars} {view.reports[-1]} posts in the last 10 minutes")
    return [context(" · ".join(parts))] if parts else []


def _paused(view: BoardView) -> list[Block]:
    if view.pause is None:
        return []
    since = date_mrkdwn(view.pause.paused_at, DateStyle.CLOCK)
    return [
        paragraph(
            f"⏸ *All sending is paused* by {mention(view.pause.paused_by)} since {since}. Nothing leaves until it is resumed."
        )
    ]


def _summary(view: BoardView) -> str:
    return escape(f"{_mark(view)} {inline(view.outage.title, MAX_TITLE_LENGTH)}")
