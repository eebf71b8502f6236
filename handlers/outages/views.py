"""Load outages as boards and lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.delivery.outage_effects import SendTimeline
from domain.delivery.pause import Pause
from domain.errors import Refused
from domain.outages.board import BoardView
from domain.outages.board_lines import board_lines
from domain.outages.destinations import Destinations
from domain.outages.links import LinkState
from domain.outages.notices import Notice
from domain.outages.outage import Outage
from domain.outages.standing import correctable_notices, standing_notices
from domain.outages.truth_meter import (
    WATCHED_AFTER,
    TruthMeter,
    from_first_report,
    measure_truth,
    report_spans,
    truth_spans,
)
from domain.records.audit import Entry
from domain.surge.spikes import Spike
from handlers.outages.bulk_answers import bulk_views
from handlers.outages.lookup import get_notice, get_outage
from storage.unit_of_work import UnitOfWork


def view_board(uow: UnitOfWork, *, outage_id: int, destinations: Destinations, now: datetime) -> BoardView:
    """Load an outage with everything that its board shows."""
    publications = uow.publications.of_outage(outage_id)
    outage, links = get_outage(uow, outage_id), uow.outage_links.counts(outage_id)
    notices = uow.notices.of_outage(outage_id)
    return BoardView(
        outage=outage,
        notices=tuple(notices),
        lines=board_lines(notices, publications, destinations),
        pause=uow.pauses.current(),
        linked=links.get(LinkState.CONFIRMED, 0),
        proposed=links.get(LinkState.PROPOSED, 0),
        waiting_since=uow.outage_links.waiting_since(outage_id),
        reports=from_first_report(uow.outage_links.count_reported(outage_id, report_spans(now))),
        bulks=tuple(bulk_views(uow, outage_id)),
        truth=truth_of(uow, outage, now=now),
        standing=standing_notices(notices, publications, destinations),
        correctable=correctable_notices(notices, publications, destinations),
    )


def truth_of(uow: UnitOfWork, outage: Outage, *, now: datetime) -> TruthMeter | None:
    """Measure whether posts stop after an outage was resolved; `None` before, and once nobody watches it."""
    if outage.resolved_at is None or now > outage.resolved_at + WATCHED_AFTER:
        return None
    spans = truth_spans(resolved_at=outage.resolved_at, now=now)
    counts = uow.outage_links.count_reported(outage.id, spans)
    return measure_truth(counts, resolved_at=outage.resolved_at, now=now)


def view_notice(uow: UnitOfWork, *, notice_id: int) -> tuple[Outage, Notice]:
    """Return a notice and its outage; raises `Refused` where it does not exist."""
    notice = get_notice(uow, notice_id)
    return uow.outages.get(notice.outage_id), notice


def list_outages(uow: UnitOfWork, *, limit: int) -> list[Outage]:
    """Return the newest outages, newest first."""
    return uow.outages.recent(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """An outage with what happened in it: notices and audit entries, oldest first."""

    outage: Outage
    notices: Sequence[Notice]
    entries: Sequence[Entry]
    pauses: Sequence[Pause]
    spikes: Sequence[Spike]


def view_trail(uow: UnitOfWork, *, outage_id: int, now: datetime) -> Trail:
    """Load an outage with what happened in it, and the pauses of all sending meanwhile."""
    outage = get_outage(uow, outage_id)
    entries = uow.audit.of_outage(outage_id)
    until = now if outage.is_open else max((entry.at for entry in entries), default=now)
    return Trail(
        outage=outage,
        notices=uow.notices.of_outage(outage_id),
        entries=entries,
        pauses=uow.pauses.during(outage.opened_at, until),
        spikes=uow.spikes.of_outage(outage_id),
    )


def ask_timeline(uow: UnitOfWork, *, outage_id: int | None, user_id: str, now: datetime) -> Outage:
    """Have the time line of an outage sent to somebody, of the newest without an id. Raises `Refused`."""
    if outage_id is None:
        recent = uow.outages.recent(1)
        if not recent:
            raise Refused("There is no time line yet: there was no outage. Type “/outage” to open one.")
        outage = recent[0]
    else:
        outage = get_outage(uow, outage_id)
    uow.outbox.add([SendTimeline(outage.id, user_id, now.isoformat())], now=now)
    return outage


def open_outages(uow: UnitOfWork, *, only_pending: bool = False) -> list[Outage]:
    """Return the outages that go on or are being drafted, newest first.

    With `only_pending`, those of which a notice is being written or waits for approval.
    """
    outages = uow.outages.open()[::-1]
    if not only_pending:
        return outages
    return [one for one in outages if pending_notice(uow, outage_id=one.id) is not None]


def pending_notice(uow: UnitOfWork, *, outage_id: int) -> Notice | None:
    """Return the outage's notice that is being written or waits for approval."""
    return next((notice for notice in uow.notices.of_outage(outage_id) if notice.is_pending), None)


def view_posted_board(
    uow: UnitOfWork, *, outage_id: int, destinations: Destinations, now: datetime
) -> tuple[BoardView, str | None]:
    """Load what the outage's board is to show, and the digest of what it shows, as of one moment."""
    uow.read_snapshot()
    view = view_board(uow, outage_id=outage_id, destinations=destinations, now=now)
    return view, uow.outages.board_digest(outage_id)
