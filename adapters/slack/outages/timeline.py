"""Render the time line of an outage as Markdown, for the post-mortem."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from adapters.slack.escaping import one_line, strip_control
from adapters.slack.outages.wording import NOTICE_NAMES, PHASE_NAMES, state_name
from adapters.slack.surge.spike_alert import subject
from adapters.slack.wording import count_of, language_name
from domain.outages.bulk_answers import BulkPurpose
from domain.outages.destinations import Destinations
from domain.outages.notices import TAKEN_BACK
from domain.outages.outage import Outage
from domain.outages.stated_facts import Fact, FactChange
from domain.outages.timeline import Milestone, TimelineEvent, duration_minutes
from domain.records.audit import SYSTEM, Action
from domain.surge.series import Series, SeriesKind

_TEXTS = {
    Action.OUTAGE_OPENED: "{who} opened the outage.",
    Action.OUTAGE_CHANGED: "{authors} changed {changes}.",
    Action.OUTAGE_CANCELLED: "{who} cancelled the outage; nothing was sent.",
    Action.OUTAGE_LED: "{who} handed the lead over to {to}.",
    Action.NOTICE_DRAFTED: "{who} wrote the {notice}.",
    Action.NOTICE_EDITED: "{who} changed the {notice}{times}.",
    Action.NOTICE_SUBMITTED: "{who} asked for approval of the {notice}.",
    Action.NOTICE_APPROVED: "{who} sent the {notice} out ({phase}):",
    Action.NOTICE_WITHDRAWN: "{who} withdrew the {notice}.",
    Action.NOTICE_SENT: "The {notice} reached {where}.",
    Action.NOTICE_FAILED: "The {notice} was not sent to {where}: {reason}.",
    Action.NOTICE_UNSURE: "It was not sure that the {notice} reached {where}: {reason}.",
    Action.NOTICE_TAKEN_BACK: "{who} took the {notice} back before it was sent to {where}.",
    Action.NOTICE_RETRIED: "{who} sent the {notice} to {where} again.",
    Action.NOTICE_SETTLED_BY_PERSON: "{who} looked at {where} and said whether the {notice} is there.",
    Action.NOTICE_RETRACTED: "{who} had a notice deleted at {where}.",
    Action.NOTICE_RETRACTION_FAILED: "A notice at {where} could not be deleted: {reason}.",
    Action.BULK_ANSWER_STARTED: "{who} began to tell {people} that {told}.",
    Action.BULK_ANSWER_ABORTED: "{who} stopped answering linked cases{left}.",
    Action.SPIKE_ATTRIBUTED: "{who} said that the unusually many posts come from it.",
    Action.SENDING_PAUSED: "{who} paused all sending.",
    Action.SENDING_RESUMED: "{who} resumed sending.",
    Milestone.SPIKE_BEGAN: "Unusually many posts about {subject} began.",
    Milestone.SPIKE_FOUND: "The alert of unusually many posts about {subject} was raised.",
}
_PURPOSES = {BulkPurpose.ANSWER: "it is known", BulkPurpose.SOLVED: "it is solved"}
_REST_TAKEN_BACK = "{who} took back the rest of the {notice} to {where}: {reason}."
_RETRACTED = "A notice was deleted at {where}."


def render_timeline(
    outage: Outage,
    events: Sequence[TimelineEvent],
    *,
    names: Mapping[str, str],
    destinations: Destinations,
    zone: tzinfo,
) -> str:
    """Render the time line; `names` are by Slack user id, times are in `zone`."""
    lines = [f"# {one_line(outage.title)}", "", *_facts(outage, names, zone), "", "## Time line", ""]
    day = ""
    places = {(event.destination, event.language) for event in events if event.destination}
    several = {name for name, count in Counter(name for name, _ in places).items() if count > 1}
    for event in events:
        local = event.at.astimezone(zone)
        if (today := f"{local:%Y-%m-%d}") != day:
            lines += [*([""] if day else []), f"### {today}", ""]
            day = today
        where = _place(event, destinations, names_language=event.destination in several)
        lines += _event_lines(event, names, where, local)
    return "\n".join([*lines, ""])


def timeline_name(outage: Outage) -> str:
    """Return the file name of an outage's time line."""
    return f"outage-{outage.id}-timeline.md"


def _facts(outage: Outage, names: Mapping[str, str], zone: tzinfo) -> list[str]:
    minutes = duration_minutes(outage)
    facts = {
        "State": state_name(outage),
        "Severity": str(outage.severity),
        "Components": one_line(", ".join(outage.components)),
        "Lead": _name(outage.lead, names),
        "Planned": _planned(outage, zone),
        "Announced": _moment(outage.announced_at, zone),
        "Resolved": _moment(outage.resolved_at, zone),
        "Announced for": f"{minutes:,} minutes" if minutes is not None else "",
    }
    return [f"- {label}: {value}" for label, value in facts.items() if value]


def _planned(outage: Outage, zone: tzinfo) -> str:
    if outage.starts_at is None or outage.ends_at is None:
        return ""
    return f"{_moment(outage.starts_at, zone)} to {_moment(outage.ends_at, zone)}"


def _event_lines(event: TimelineEvent, names: Mapping[str, str], where: str, local: datetime) -> list[str]:
    is_done = event.action is Action.NOTICE_RETRACTED and event.actor == SYSTEM
    template = (
        _RETRACTED
        if is_done
        else _TEXTS.get(event.action, "{who}: " + event.action.value.replace("_", " ") + ".")
    )
    if event.action is Action.NOTICE_TAKEN_BACK and event.reason not in {"", TAKEN_BACK}:
        template = _REST_TAKEN_BACK
    text = template.format(
        who=_name(event.actor, names),
        to=_name(event.to, names) if event.to else "somebody",
        notice=NOTICE_NAMES[event.notice.kind] if event.notice is not None else "notice",
        phase=PHASE_NAMES[event.notice.phase] if event.notice is not None else "",
        where=where,
        subject=_subject(event.series),
        people=count_of(event.people, "linked customer") if event.people is not None else "linked customers",
        told=_PURPOSES[event.purpose],
        left=f": {count_of(event.people, 'customer')} got no answer" if event.people is not None else "",
        reason=one_line(event.reason) or "no reason was given",
        times=f" {event.times} times" if event.times > 1 else "",
        authors=" and ".join(_name(one, names) for one in event.authors or (event.actor,)),
        changes=" and ".join(_change(one, local.tzinfo) for one in event.changes)
        or "title, severity or components",
    )
    quoted = [f"  > {line}" for line in strip_control(event.says).splitlines() if line.strip()]
    return [f"- **{local:%H:%M}** {text}", *quoted]


def _place(event: TimelineEvent, destinations: Destinations, *, names_language: bool) -> str:
    """Return the destination, with the language where it was told in several."""
    if not event.destination:
        return "its destination"
    label = destinations.profile(event.destination).label
    return f"{label} ({language_name(event.language)})" if names_language and event.language else label


def _subject(series: Series | None) -> str:
    if series is None:
        return "it"
    return "one post" if series.kind is SeriesKind.CONVERSATION else one_line(subject(series))


def _change(change: FactChange, zone: tzinfo | None) -> str:
    if change.fact in {Fact.START, Fact.END}:
        before, after = (_clock(one, zone) for one in (change.before, change.after))
        return f"the planned {change.fact} from {before} to {after}"
    before, after = one_line(change.before) or "none", one_line(change.after) or "none"
    return f"the {change.fact} from “{before}” to “{after}”"


def _clock(moment: str, zone: tzinfo | None) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _name(user: str, names: Mapping[str, str]) -> str:
    if user == SYSTEM:
        return "Switchboard"
    return one_line(names.get(user) or user)


def _moment(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}" if moment is not None else ""
