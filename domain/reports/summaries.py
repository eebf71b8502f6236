"""Define a summary: the figures of a period, and what got worse."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.case import Case
from domain.causes.figures import CauseFigures
from domain.reports.changes import Change
from domain.reports.figures import PeriodReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A case that shows what got worse, and the words by which it does; empty where they are deleted."""

    case: Case
    words: str


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The figures of a period, of all causes, and what got worse with example cases, the surest first."""

    report: PeriodReport
    changes: tuple[tuple[Change, tuple[Example, ...]], ...]
    causes: Sequence[CauseFigures] = ()
