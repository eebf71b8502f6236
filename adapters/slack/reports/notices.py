"""Word what a notice did."""

from datetime import tzinfo

from adapters.slack.escaping import inline
from adapters.slack.reports.wording import moment
from adapters.slack.wording import count_of
from domain.reports.figures import NoticeEffect, Reached

MAX_TITLE = 60


def notice_parts(notice: NoticeEffect, zone: tzinfo, *, is_filtered: bool) -> list[str]:
    """Return what a summary says of a notice.

    Where it `is_filtered`, that is said: no mention of what was asked for is not no mention at all.
    """
    title, at = inline(notice.title, MAX_TITLE), moment(notice.sent_at, zone)
    after = "the hour after is not over" if notice.after is None else f"{notice.after:,} in the hour after"
    before = count_of(notice.before, "filtered mention" if is_filtered else "mention")
    parts = [f"“{title}”, {at}: {before} in the hour before, {after}"]
    if notice.reached:
        parts.append(f"reached about {', '.join(map(_reached, notice.reached))}")
    if notice.mailed is not None:
        parts.append(f"mailed to {notice.mailed:,}")
    return parts


def _reached(reached: Reached) -> str:
    people = count_of(reached.count, reached.unit.removesuffix("s") or "person", reached.unit or "people")
    return f"{people} ({inline(reached.destination.replace('_', ' ').capitalize(), MAX_TITLE)})"
