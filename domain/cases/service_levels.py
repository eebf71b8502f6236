"""Define service levels (SLA policies): until when a customer is answered, and a case is resolved."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.cases.waits import WaitKind
from domain.office_hours import OfficeHours
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

DEFAULT_TARGETS: Mapping[Urgency, timedelta] = {
    Urgency.URGENT: timedelta(minutes=15),
    Urgency.HIGH: timedelta(hours=1),
    Urgency.NORMAL: timedelta(hours=4),
    Urgency.LOW: timedelta(hours=24),
}
ALWAYS = OfficeHours(zone=ZoneInfo("UTC"))


class MissedTargetAct(StrEnum):
    """What is done where a target is near, or missed.

    `TELL` notifies whoever has the case, or its channel where nobody has. `RAISE` raises its rank. `RELEASE`
    returns it to the queue. `MANAGER` notifies the managers.
    """

    TELL = "tell"
    RAISE = "raise"
    RELEASE = "release"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """The targets of the cases that it matches, and what is done at them; `None`: no such target.

    An empty condition matches every case, but spam only where `situations` name it. `channels` are Slack
    channels, by id where it is known. The targets count office hours, or all hours where it holds
    `at_all_hours`. A warning comes `warn_before` a target, in the same hours; `None`: never.
    """

    name: str
    urgencies: Collection[Urgency] = ()
    situations: Collection[str] = ()
    languages: Collection[str] = ()
    channels: Collection[str] = ()
    tags: Collection[str] = ()
    first: timedelta | None = None
    following: timedelta | None = None
    resolution: timedelta | None = None
    at_all_hours: bool = False
    warn_before: timedelta | None = None
    at_warning: Collection[MissedTargetAct] = (MissedTargetAct.TELL,)
    at_breach: Collection[MissedTargetAct] = (MissedTargetAct.TELL,)

    def matches(self, assessment: Assessment, channel: str, tags: Collection[str]) -> bool:
        """Return whether it holds for a case; of its tags one is enough."""
        if assessment.situation is Situation.SPAM and not self.situations:
            return False
        found = (
            (self.urgencies, assessment.urgency),
            (self.situations, assessment.situation.value),
            (self.languages, assessment.language),
            (self.channels, channel),
        )
        fits = all(not wanted or value in wanted for wanted, value in found)
        return fits and (not self.tags or not set(self.tags).isdisjoint(tags))

    def target(self, kind: WaitKind) -> timedelta | None:
        """Return the target of a wait of this kind."""
        return self.first if kind is WaitKind.FIRST else self.following


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and by which service level; `None`: there is no target, or no level has it."""

    at: datetime | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevels:
    """All service levels, of which the first that matches a case holds, and the office hours.

    Where none matches, only the first answer has a target: `defaults` by urgency, in office hours; to spam no
    answer is due.
    `remind_of_promises` is how long before a promise is due somebody is reminded of it; zero: nobody is.
    """

    levels: Sequence[ServiceLevel] = ()
    remind_of_promises: timedelta = timedelta(hours=1)
    defaults: Mapping[Urgency, timedelta] = field(default_factory=lambda: DEFAULT_TARGETS)
    hours: OfficeHours = ALWAYS

    def level(self, name: str | None) -> ServiceLevel | None:
        """Return the service level of this name."""
        return next((level for level in self.levels if level.name == name), None)

    def hours_of(self, level: ServiceLevel | None) -> OfficeHours:
        """Return the hours that count for a service level's targets."""
        return ALWAYS if level is not None and level.at_all_hours else self.hours

    def answer_due(
        self,
        kind: WaitKind,
        assessment: Assessment,
        since: datetime,
        *,
        channel: str,
        tags: Collection[str] = (),
    ) -> Due:
        """Compute when the answer is due to a customer who waits `since` then."""
        level = self.matching(assessment, channel, tags)
        if level is not None:
            target = level.target(kind)
        else:
            has_default = kind is WaitKind.FIRST and assessment.situation is not Situation.SPAM
            target = self.defaults[assessment.urgency] if has_default else None
        return self._due(level, since, target)

    def resolution_due(
        self,
        assessment: Assessment,
        since: datetime,
        *,
        waited: Iterable[tuple[datetime, datetime]],
        channel: str,
        tags: Collection[str] = (),
    ) -> Due:
        """Compute when the case is to be resolved if the customer waits from `since` on.

        They `waited` before from each first to each second moment; while we wait for them, the clock stands
        still.
        """
        level = self.matching(assessment, channel, tags)
        if level is None or level.resolution is None:
            return Due()
        hours = self.hours_of(level)
        used = timedelta(seconds=sum(hours.seconds_between(start, end) for start, end in waited))
        return self._due(level, since, max(level.resolution - used, timedelta()))

    def matching(
        self, assessment: Assessment, channel: str, tags: Collection[str] = ()
    ) -> ServiceLevel | None:
        """Return the service level that holds for a case: the first that matches it."""
        return next((level for level in self.levels if level.matches(assessment, channel, tags)), None)

    def _due(self, level: ServiceLevel | None, since: datetime, target: timedelta | None) -> Due:
        if target is None:
            return Due()
        at = self.hours_of(level).after(since, target).astimezone(UTC)
        return Due(at, level.name if level is not None else None)
