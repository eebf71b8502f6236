"""Gather what a chart shows of a period, beside the period before."""

from collections.abc import Sequence
from datetime import datetime

from domain.reports.figures import Figures
from domain.reports.filters import Filters
from domain.reports.periods import Day, Period
from domain.reports.statistics import spread_of
from domain.reports.summaries import Summary
from domain.reports.trends import Step, Trend, merged, parts_of, step_of
from handlers.reports.summaries import summarise
from storage.unit_of_work import UnitOfWork

#: How many bars there are of each situation: a phone shows a name and a number beside them.
MAX_BARS = 12


def summarise_with_trend(
    uow: UnitOfWork, *, period: Period, filters: Filters, now: datetime
) -> tuple[Summary, Trend]:
    """Gather the figures of a summary and of its chart, all as they are at one moment."""
    summary = summarise(uow, period=period, filters=filters, now=now)
    report, step = summary.report, step_of(period)
    parts, parts_before = (parts_of(one, step) for one in (period, period.before))
    trend = Trend(
        period=period,
        step=step,
        parts=parts,
        mentions=_mentions(uow, report.figures, parts, step, filters),
        mentions_before=_mentions(uow, report.before, parts_before, step, filters),
        first_medians=_medians(uow, parts, filters),
        first_medians_before=_medians(uow, parts_before, filters),
        notices=[notice.sent_at for notice in report.figures.notices],
    )
    return summary, trend


def summarise_with_situations(
    uow: UnitOfWork, *, period: Period, filters: Filters, now: datetime
) -> tuple[Summary, dict[str, list[int]]]:
    """Gather the figures of a summary, and the cases of each situation in a few parts of the period."""
    summary = summarise(uow, period=period, filters=filters, now=now)
    parts = merged(parts_of(period, step_of(period)), most=MAX_BARS)
    return summary, uow.figure_details.situations(parts, filters)


def _mentions(
    uow: UnitOfWork, figures: Figures, parts: Sequence[Day], step: Step, filters: Filters
) -> list[int]:
    days = figures.days if step is Step.DAY else uow.figures.days(parts, filters)
    return [day.mentions for day in days]


def _medians(uow: UnitOfWork, parts: Sequence[Day], filters: Filters) -> list[float | None]:
    return [spread_of(seconds).median for seconds in uow.response_figures.first_answers(parts, filters)]
