"""Gather what the staffing outlook is computed from, and compute it."""

from datetime import datetime, timedelta

from domain.reports.forecast import Calendar, forecast
from domain.reports.look_ahead import look_ahead
from domain.reports.outlook import THERE_WEEKS, Outlook, OutlookPolicy, PastWork
from domain.reports.past_outages import without_outages
from domain.surge.baseline import HISTORY_HOURS, HOUR, hour_number
from storage.unit_of_work import UnitOfWork

#: How many of the newest outages may have been in the history.
_OUTAGES = 200
#: How many of the newest answers tell how long one takes.
_ANSWERS = 500


def view_outlook(uow: UnitOfWork, *, policy: OutlookPolicy, now: datetime) -> Outlook:
    """Compute the outlook by what is stored at this moment."""
    uow.read_snapshot()
    levels, figures = uow.service_levels, uow.outlook_figures
    until = now.replace(minute=0, second=0, microsecond=0)
    since = until - HISTORY_HOURS * HOUR
    began = figures.first_case_at()
    known_from = until if began is None else max(since, began)
    counts = dict.fromkeys(range(hour_number(known_from), hour_number(until)), 0)
    counts |= {hour: n for hour, n in figures.messages(known_from, until).items() if hour in counts}
    usual = without_outages(counts, uow.outages.recent(_OUTAGES), uow.spikes.since(since), now=now)
    calendar = Calendar(zone=levels.hours.zone, holidays=levels.hours.holidays)
    weeks_ago = until - timedelta(weeks=THERE_WEEKS)
    work = PastWork(
        handling_seconds=figures.handling_seconds(weeks_ago, limit=_ANSWERS),
        messages=sum(counts.values()),
        waits=figures.waits(known_from, until),
        there=figures.answerers(weeks_ago - timedelta(days=1), now),  # whole days of the office's clock
    )
    made = forecast(usual, calendar, since=hour_number(until))
    return look_ahead(made, work=work, levels=levels, policy=policy, now=now)
