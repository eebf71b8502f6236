"""Draw a notice of an outage for the announcements channel."""

from adapters.slack.blocks import context, paragraph, plain_text
from adapters.slack.escaping import escape, escape_within, strip_control
from adapters.slack.message_content import Block, Content
from adapters.slack.outages.wording import PHASE_NAMES, open_mark
from domain.outages.destinations import OutgoingNotice
from domain.outages.outage import OVER, Phase, Severity

_SECTION_LENGTH = 3_000
_FALLBACK_LENGTH = 300
_PHASES = {
    **PHASE_NAMES,
    Phase.SCHEDULED: "Scheduled maintenance",
    Phase.IN_PROGRESS: "Maintenance in progress",
    Phase.COMPLETED: "Maintenance completed",
}
_SEVERITIES = {Severity.MINOR: "Minor", Severity.MAJOR: "Major", Severity.CRITICAL: "Critical"}


def draw_announcement(notice: OutgoingNotice) -> Content:
    """Draw a notice: its phase and title, its text as written, and what is affected."""
    mark = "✅" if notice.phase in OVER else open_mark(notice.outage_kind, notice.severity)
    title = escape(" ".join(notice.title.split()))
    affected = [_SEVERITIES[notice.severity], *(escape(name) for name in notice.components)]
    blocks: list[Block] = [
        paragraph(f"{mark} *{_PHASES[notice.phase]}: {title}*"),
        *({"type": "section", "text": plain_text(part, _SECTION_LENGTH)} for part in _parts(notice.text)),
        context(" · ".join(affected)),
    ]
    return {"text": f"{mark} {title}: {escape_within(notice.text, _FALLBACK_LENGTH)}", "blocks": blocks}


def _parts(text: str) -> list[str]:
    """Split a text into sections, at line breaks where there are any."""
    rest, parts = strip_control(text).strip(), []
    while len(rest) > _SECTION_LENGTH:
        cut = rest.rfind("\n", 1, _SECTION_LENGTH)
        cut = _SECTION_LENGTH if cut < 0 else cut
        parts.append(rest[:cut])
        rest = rest[cut:].lstrip("\n")
    return [*parts, rest]
