"""Decide when digests are due and which days each covers, and define one that was booked."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from domain.reports.filters import Filters
from domain.reports.periods import Period, PeriodKind, midnight

_DAY = timedelta(days=1)


class Cadence(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def days(self) -> int:
        """How many days each covers."""
        return 1 if self is Cadence.DAILY else 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """A digest of the settings: where it goes, and when, by the clock of its time zone.

    `weekday` (Monday is 0) is of a weekly one.
    """

    channel: str
    cadence: Cadence
    at: time
    zone: tzinfo
    weekday: int = 0
    filters: Filters = field(default_factory=Filters)

    @property
    def key(self) -> str:
        """What it is known by. The time is no part of it: another time is no second digest of that day."""
        return f"{self.channel}:{self.cadence}:{self.filters.words}"

    def due_at(self, day: date) -> datetime:
        """Return when the digest of a day is due: once, also where the clock has that time twice or never.

        Of two, the first; where the clock skips it, as much later as the clock is put on.
        """
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def newest_day(self, now: datetime) -> date:
        """Return the newest day whose digest is due."""
        day = now.astimezone(self.zone).date()
        while self.due_at(day) > now or not self._is_on(day):
            day -= _DAY
        return day

    def next_at(self, now: datetime) -> datetime:
        """Return when the next digest is due."""
        day = self.newest_day(now) + _DAY
        while not self._is_on(day):
            day += _DAY
        return self.due_at(day)

    def period(self, day: date) -> Period:
        """Return the whole days that the digest of a day covers: those right before it."""
        return Period(
            kind=PeriodKind.DATES,
            count=self.cadence.days,
            since=midnight(day - self.cadence.days * _DAY, self.zone),
            until=midnight(day, self.zone),
            zone=self.zone,
        )

    def _is_on(self, day: date) -> bool:
        return self.cadence is Cadence.DAILY or day.weekday() == self.weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest that was booked. `key` is unique with `day`; `asked_by` is who had it sent out of turn.

    `posted_ts` is its message in the channel; `None` while it is not there.
    """

    id: int
    key: str
    day: date
    channel: str
    cadence: Cadence
    period: Period
    filters: Filters
    due_at: datetime
    booked_at: datetime
    asked_by: str | None = None
    posted_ts: str | None = None
