"""Keep boards up to date while an outage is watched, and tell of a resolution that does not hold."""

from datetime import datetime

from domain.delivery.effects import Alert
from domain.outages.outage import Outage, OutageState
from domain.outages.truth_meter import COMPARED, TruthMeter
from handlers.outages.links import watched_outages
from handlers.outages.trail import update_board
from handlers.outages.views import truth_of
from storage.unit_of_work import UnitOfWork


def follow_boards(uow: UnitOfWork, *, now: datetime) -> int:
    """Have the boards of all watched outages updated, and tell of resolutions that do not hold.

    Boards count posts as time passes, and answers as they arrive. Returns how many outages are watched.
    """
    watched = watched_outages(uow, now)
    for outage in watched:
        update_board(uow, outage, now=now)
        if outage.state is OutageState.RESOLVED:
            _alert_if_it_goes_on(uow, outage, now)
    return len(watched)


def _alert_if_it_goes_on(uow: UnitOfWork, outage: Outage, now: datetime) -> None:
    """Alert whoever resolved the outage and whoever leads it, once for each resolution.

    Who approved the resolution resolved it; it is the lead who knows what was repaired.
    """
    meter = truth_of(uow, outage, now=now)
    if meter is None or not meter.goes_on or outage.resolved_by is None or outage.resolved_at is None:
        return
    key = f"outage_goes_on:{outage.id}:{outage.resolved_at:%Y%m%dT%H%M%S}"
    text = _text(outage, meter)
    people = sorted({outage.resolved_by, outage.lead})
    uow.outbox.add([Alert(text, f"{key}:{person}", person, outage.id) for person in people], now=now)


def _text(outage: Outage, meter: TruthMeter) -> str:
    minutes = int(COMPARED.total_seconds() // 60)
    return (
        f"“{outage.title}” is marked as resolved, but customers still write about it: {meter.latest} posts in "
        f"the last {minutes} minutes, {meter.before} in the {minutes} minutes before. Look whether it is over. "
        "Its board has “Reopen…”."
    )
