"""Define a summary: the figures of a period, and what got worse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.cases.case import Case
from domain.causes.figures import CauseFigures
from domain.reports.changes import Change
from domain.reports.figures import PeriodReport
from domain.reports.filters import FilterKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A case that shows what got worse, and the words by which it does; empty where they are deleted."""

    case: Case
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingChosen:
    """Why filters choose no case of a period: how many were opened, and how many each alone chooses."""

    cases: int
    by_filter: Mapping[FilterKey, int]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The figures of a period, of all causes, and what got worse with example cases, the surest first.

    `longest` is the case whose customer waits longest for us, whatever the period; `nothing` says why, where
    filters choose nothing of the period.
    """

    report: PeriodReport
    changes: tuple[tuple[Change, tuple[Example, ...]], ...]
    causes: Sequence[CauseFigures] = ()
    longest: Case | None = None
    nothing: NothingChosen | None = None
