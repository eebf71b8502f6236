"""Define the form of a notice: what it holds, what is wrong with it, and the notice that it makes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from domain.outages.clock_times import PASSED_WITHIN
from domain.outages.current_notices import CurrentNotice
from domain.outages.form_faults import FieldFault, FormFault, FormField
from domain.outages.lifecycle import phases_for
from domain.outages.notices import Notice, NoticeKind, Version
from domain.outages.outage import Outage, OutageKind, Phase, Severity
from domain.outages.stated_facts import facts_of

MAX_TITLE_LENGTH = 100
MAX_WORDS_LENGTH = 3000  # characters: the most that Slack's inputs take
NO_UPDATE = "none"
AS_WRITTEN = "as_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageForm:
    """The form of a notice, as somebody writes it.

    `outage_id` and `notice_id` are 0 where there is none yet; `version` is that of the notice. `versions` has
    every language that the form shows, the main one first, empty ones included. `due` is a number of minutes,
    `NO_UPDATE`, or `AS_WRITTEN`: the `planned` time of an earlier draft; `due_at` is a clock time ("02:40")
    that has precedence. `announced_start` and `announced_end` are those of planned work by the notices that
    have left; `asks_start` where none of these says that it has begun.
    `quoted` are words of customers, which only the writer sees. `machine` are languages that a model
    translated. A new `revision` makes Slack show new texts instead of what was typed. `key` is the form's
    own, by which it opens one outage however often it is submitted; `newest_outage` is the newest outage that
    the writer knew of.
    """

    kind: NoticeKind = NoticeKind.ANNOUNCEMENT
    outage_kind: OutageKind = OutageKind.OUTAGE
    outage_id: int = 0
    notice_id: int = 0
    version: int = 0
    corrects: int | None = None
    spike_id: int | None = None
    title: str = ""
    versions: tuple[Version, ...] = ()
    components: tuple[str, ...] = ()
    severity: Severity = Severity.MAJOR
    phase: Phase = Phase.INVESTIGATING
    due: str = NO_UPDATE
    due_at: str = ""
    planned: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    announced_start: datetime | None = None
    announced_end: datetime | None = None
    asks_start: bool = False
    destinations: tuple[str, ...] = ()
    quoted: str = ""
    machine: tuple[str, ...] = ()
    revision: int = 0
    key: str = ""
    newest_outage: int = 0

    @property
    def is_first(self) -> bool:
        """Whether it opens the outage, with the times of a maintenance."""
        return self.kind is NoticeKind.ANNOUNCEMENT

    @property
    def asks_end(self) -> bool:
        """Whether it asks when planned work is to end: as long as it can still take longer."""
        asks = self.kind in {NoticeKind.ANNOUNCEMENT, NoticeKind.UPDATE, NoticeKind.REOPENING}
        return asks and self.outage_kind is OutageKind.MAINTENANCE

    @property
    def moves_start(self) -> bool:
        """Whether planned work is to start at another time than was announced."""
        return self.asks_start and self.asks_end and self.starts_at != self.announced_start

    @property
    def states_times(self) -> bool:
        """Whether it says when planned work starts and ends: it is new, or other than was announced."""
        return self.is_first or self.moves_start or self.moves_end

    @property
    def moves_end(self) -> bool:
        """Whether planned work is to end at another time than was announced."""
        is_later_notice = self.asks_end and not self.is_first
        return is_later_notice and self.ends_at is not None and self.ends_at != self.announced_end

    @property
    def states_facts(self) -> bool:
        """Whether it asks for the title, severity and components: a correction keeps them."""
        return self.kind is not NoticeKind.CORRECTION

    @property
    def promises_update(self) -> bool:
        """Whether it asks when the next update is due."""
        return self.kind not in {NoticeKind.RESOLUTION, NoticeKind.CORRECTION}

    @property
    def written(self) -> tuple[Version, ...]:
        """The versions in which something was written."""
        return tuple(one for one in self.versions if one.problem.strip() or one.workaround.strip())

    def text_revision(self, language: str) -> int:
        """Return the revision of the inputs of a language: another once a machine has translated into it."""
        return self.revision + (language in self.machine)

    def next_update_due(self, now: datetime, zone: tzinfo) -> datetime | None:
        """Return when the next update is due; `zone` is the writer's. Raises `ValueError` for a past time."""
        if self.due_at:
            return _next_at(time.fromisoformat(self.due_at), now, zone)
        if self.due == NO_UPDATE:
            return None
        if self.due == AS_WRITTEN:
            if self.planned is not None and self.planned <= now:
                raise ValueError(self.due)
            return self.planned
        return now + timedelta(minutes=int(self.due))

    def faults(self, *, components: Collection[str], now: datetime, zone: tzinfo) -> list[FieldFault]:
        """Return what is wrong with the form; `components` are those of the settings."""
        return [
            *self._fact_faults(components),
            *self._text_faults(),
            *self._time_faults(now, zone),
        ]

    def _fact_faults(self, components: Collection[str]) -> list[FieldFault]:
        if not self.states_facts:
            return []
        unknown = ", ".join(name for name in self.components if name not in components)
        faults = [FieldFault(FormField.COMPONENTS, FormFault.UNKNOWN, detail=unknown)] if unknown else []
        if not self.title.strip():
            faults.append(FieldFault(FormField.TITLE, FormFault.EMPTY))
        elif len(self.title) > MAX_TITLE_LENGTH:
            faults.append(FieldFault(FormField.TITLE, FormFault.TOO_LONG, detail=f"{len(self.title):,}"))
        return faults

    def _text_faults(self) -> list[FieldFault]:
        faults = []
        for at, version in enumerate(self.versions):
            texts = {FormField.PROBLEM: version.problem, FormField.WORKAROUND: version.workaround}
            faults += [
                FieldFault(field, FormFault.TOO_LONG, version.language, f"{len(text):,}")
                for field, text in texts.items()
                if len(text) > MAX_WORDS_LENGTH
            ]
            if not version.problem.strip() and (at == 0 or version.workaround.strip()):
                faults.append(FieldFault(FormField.PROBLEM, FormFault.EMPTY, version.language))
        return faults

    def _time_faults(self, now: datetime, zone: tzinfo) -> list[FieldFault]:
        faults = []
        if self.promises_update:
            try:
                self.next_update_due(now, zone)
            except ValueError:
                faults.append(FieldFault(FormField.DUE_AT if self.due_at else FormField.DUE, FormFault.PAST))
        if not (self.states_times and self.asks_end):
            return faults
        faults += self._start_faults(now)
        if self.ends_at is None:
            faults.append(FieldFault(FormField.ENDS, FormFault.EMPTY))
        elif self.ends_at <= now:
            faults.append(FieldFault(FormField.ENDS, FormFault.PAST))
        elif self.starts_at is not None and self.ends_at <= self.starts_at:
            faults.append(FieldFault(FormField.ENDS, FormFault.NOT_AFTER_START))
        return faults

    def _start_faults(self, now: datetime) -> list[FieldFault]:
        fault = None
        if self.starts_at is None:
            fault = FormFault.EMPTY if self.is_first else None
        elif self.moves_start and self.phase is not Phase.SCHEDULED:
            fault = FormFault.BEGUN
        elif self.moves_start and self.starts_at <= now:
            fault = FormFault.PAST
        return [FieldFault(FormField.STARTS, fault)] if fault else []


def form_of(outage: Outage, notice: Notice) -> OutageForm:
    """Return the form as it was when it made this notice."""
    facts = notice.facts or facts_of(outage)
    return OutageForm(
        kind=notice.kind,
        outage_kind=outage.kind,
        outage_id=outage.id,
        notice_id=notice.id,
        version=notice.version,
        corrects=notice.corrects,
        title=facts.title,
        versions=notice.versions,
        components=facts.components,
        severity=facts.severity,
        phase=notice.phase,
        due=AS_WRITTEN if notice.next_update_due is not None else NO_UPDATE,
        planned=notice.next_update_due,
        starts_at=facts.starts_at or outage.starts_at,
        ends_at=facts.ends_at or outage.ends_at,
        announced_start=outage.starts_at,
        announced_end=outage.ends_at,
        asks_start=_may_start_later(outage, notice.kind),
        destinations=notice.destinations,
    )


def further_form(
    outage: Outage,
    current: CurrentNotice,
    kind: NoticeKind,
    *,
    connected: Sequence[str],
    due: str,
    now: datetime,
    earlier: Sequence[Notice] = (),
) -> OutageForm:
    """Return the form of a further notice: in the languages and for the destinations of `current`.

    That is the newest notice, or the one that is corrected. A correction begins with its words, and keeps
    the time that it promised while that holds; the others begin without any. `earlier` are all notices that
    were released: who was told in a language is told on in it, and whoever was told hears that it is over.
    """
    newest = current.newest
    languages = [one.language for notice in (newest, *earlier) for one in notice.versions]
    is_for_all = kind in {NoticeKind.RESOLUTION, NoticeKind.REOPENING}
    names = [*current.notice.destinations]
    names += [name for notice in earlier for name in notice.destinations] if is_for_all else []
    corrects = kind is NoticeKind.CORRECTION
    phases = phases_for(outage.kind, kind)
    promised = newest.next_update_due
    is_to_come = promised is not None and promised > now
    facts = (newest.facts if corrects else None) or facts_of(outage)
    phase = newest.phase if corrects else _usual_phase(outage, phases, now)
    return OutageForm(
        kind=kind,
        outage_kind=outage.kind,
        outage_id=outage.id,
        corrects=newest.id if corrects else None,
        title=facts.title,
        versions=newest.versions
        if corrects
        else tuple(Version(language=code, problem="") for code in dict.fromkeys(languages)),
        components=facts.components,
        severity=facts.severity,
        phase=phase,
        due=NO_UPDATE if phase is Phase.SCHEDULED else due,  # nobody waits for news of what has not begun
        planned=promised if corrects and promised == outage.next_update_due and is_to_come else None,
        starts_at=outage.starts_at,
        ends_at=outage.ends_at,
        announced_start=outage.starts_at,
        announced_end=outage.ends_at,
        asks_start=_may_start_later(outage, kind),
        destinations=tuple(name for name in dict.fromkeys(names) if name in connected) or tuple(connected),
    )


def _may_start_later(outage: Outage, kind: NoticeKind) -> bool:
    """Return whether a further notice may move the start of planned work: none said that it has begun."""
    return kind is not NoticeKind.ANNOUNCEMENT and outage.phase is Phase.SCHEDULED


def _usual_phase(outage: Outage, phases: Sequence[Phase], now: datetime) -> Phase:
    """Return how far the outage is; planned work whose start has passed has begun."""
    usual = outage.phase if outage.phase in phases else phases[0]
    has_begun = outage.starts_at is not None and outage.starts_at <= now
    return Phase.IN_PROGRESS if usual is Phase.SCHEDULED and has_begun else usual


def _next_at(clock_time: time, now: datetime, zone: tzinfo) -> datetime:
    """Return when it is that time next, in the zone of `now`; raises `ValueError` where it has passed."""
    today = datetime.combine(now.astimezone(zone).date(), clock_time, zone)
    # Where the clock is put back, a day has a time twice. In UTC, as Python compares times of one zone by
    # what the clock shows.
    moments = [today.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    coming = [moment for moment in moments if moment > now]
    if coming:
        return coming[0].astimezone(now.tzinfo)
    if now - max(moments) < PASSED_WITHIN:  # meant today
        raise ValueError(f"{clock_time:%H:%M} has passed")
    return (today + timedelta(days=1)).astimezone(now.tzinfo)
