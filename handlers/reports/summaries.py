"""Gather the figures of a period and of the one before."""

from datetime import UTC, datetime

from domain.delivery.report_effects import SendChart, ShareSummary
from domain.records.audit import Action, Entry
from domain.reports.changes import Change, find_changes
from domain.reports.figures import Figures, PeriodReport
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.summaries import Example, Summary
from handlers.causes.figures import list_causes
from handlers.reports.filter_values import why_nothing
from storage.unit_of_work import UnitOfWork

EXAMPLES = 2
SHOWN_CHANGES = 3
_EVER = datetime(2000, 1, 1, tzinfo=UTC)  # no network is older


def summarise(uow: UnitOfWork, *, period: Period, filters: Filters, now: datetime) -> Summary:
    """Gather the figures, all as they are at one moment."""
    uow.read_snapshot()
    report = PeriodReport(
        period=period,
        filters=filters,
        made_at=now,
        figures=_figures(uow, period, filters, now),
        before=_compared(uow, period.before, filters, now),
        backlog=uow.figures.backlog(filters),
        known_since=uow.arrivals.first_at(since=_EVER),
    )
    longest = uow.figures.longest_waiting(filters)
    is_nothing = bool(filters.values) and report.figures.is_empty
    changes = find_changes(report)[:SHOWN_CHANGES]
    return Summary(
        report=report,
        changes=tuple((change, _examples(uow, change, report)) for change in changes),
        causes=list_causes(uow, period=period, filters=filters, now=now),
        longest=None if longest is None else uow.cases.get(longest),
        nothing=why_nothing(uow, period=period, filters=filters) if is_nothing else None,
    )


def share_summary(
    uow: UnitOfWork, *, shared: ShareSummary, period: Period, filters: Filters, now: datetime
) -> None:
    """Record that somebody shares a summary in a channel, and queue its message."""
    detail = {
        "channel": shared.channel,
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "filters": filters.words,
    }
    entry = Entry(
        at=now,
        actor=shared.user_id,
        action=Action.SUMMARY_SHARED,
        case_id=None,
        version=None,
        detail=detail,
    )
    uow.audit.add_many([entry])
    uow.outbox.add([shared], now=now)


def request_chart(uow: UnitOfWork, *, chart: SendChart, now: datetime) -> None:
    """Queue the chart that somebody asks for."""
    uow.outbox.add([chart], now=now)


def _figures(uow: UnitOfWork, period: Period, filters: Filters, now: datetime) -> Figures:
    counts = uow.figures
    rated, rated_solved = counts.ratings(period, filters)
    return Figures(
        days=counts.days(period.days, filters),
        people=counts.people(period, filters),
        groups=counts.groups(period, filters),
        private_messages=counts.private_messages(period, filters),
        responses=uow.response_figures.responses(period, filters, now=now),
        resolutions=uow.response_figures.resolutions(period, filters),
        suggestions=counts.suggestions(period, filters),
        handoffs=counts.handoffs(period, filters),
        completeness=uow.completeness.of_period([day.date.isoformat() for day in period.whole_days], filters),
        promises=uow.promise_figures.promises(period, filters),
        rated=rated,
        rated_solved=rated_solved,
        spend=counts.spend(period.whole_days, filters),
        notices=uow.figure_details.notices(period, filters, now=now),
    )


def _compared(uow: UnitOfWork, period: Period, filters: Filters, now: datetime) -> Figures:
    """Gather the figures that a summary compares."""
    counts = uow.figures
    return Figures(
        days=counts.days(period.days, filters),
        groups=counts.groups(period, filters),
        responses=uow.response_figures.responses(period, filters, now=now),
        spend=counts.spend(period.whole_days, filters),
    )


def _examples(uow: UnitOfWork, change: Change, report: PeriodReport) -> tuple[Example, ...]:
    found = uow.figure_details.examples(change, report.period, report.filters, limit=EXAMPLES)
    return tuple(example_of(uow, change, case_id, report.period) for case_id in found)


def example_of(uow: UnitOfWork, change: Change, case_id: int, period: Period) -> Example:
    """Return a case with the words by which it shows what got worse."""
    details = uow.figure_details
    message_id = details.telling_message(change, case_id, period) or details.opening(case_id)
    said = uow.messages.get(message_id) if message_id is not None else None
    words = said.text if said is not None and said.deleted_at is None else ""
    return Example(case=uow.cases.get(case_id), words=words)
