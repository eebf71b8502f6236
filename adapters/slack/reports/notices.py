"""Word what a notice did."""

from datetime import tzinfo

from adapters.slack.escaping import inline
from adapters.slack.reports.wording import moment
from adapters.slack.wording import count_of
from domain.reports.figures import NoticeEffect, Reached

MAX_TITLE = 60


def notice_parts(notice: NoticeEffect, zone: tzinfo) -> list[str]:
    """Return what a summary says of a notice."""
    title, at = inline(notice.title, MAX_TITLE), moment(notice.sent_at, zone)
    after = "the hour after is not over" if notice.after is None else f"{notice.after:,} in the hour after"
    parts = [f"“{title}”, {at}: {count_of(notice.before, 'mention')} in the hour before, {after}"]
    if notice.reached:
        parts.append(f"reached about {', '.join(map(_reached, notice.reached))}")
    if notice.mailed is not None:
        parts.append(f"mailed to {notice.mailed:,}")
    return parts


def _reached(reached: Reached) -> str:
    people = count_of(reached.count, reached.unit.removesuffix("s") or "person", reached.unit or "people")
    return f"{people} ({inline(reached.destination.replace('_', ' ').capitalize(), MAX_TITLE)})"
