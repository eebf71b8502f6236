"""Name what got worse, and say how much."""

from adapters.slack.labels import situation_label
from adapters.slack.reports.wording import mood, percent
from adapters.slack.wording import count_of
from domain.reports.changes import Change, ChangeKind
from domain.triage.situations import Situation

_CHANGES = {
    ChangeKind.LATE_FIRST: "First answers that came late",
    ChangeKind.LATE_NEXT: "Further answers that came late",
    ChangeKind.STILL_BROKEN: "Answers that did not help",
    ChangeKind.SENTIMENT: "Sentiment",
}


def change_name(change: Change) -> str:
    """Name what got worse."""
    return situation_name(change.key) if change.kind is ChangeKind.SITUATION else _CHANGES[change.kind]


def change_title(change: Change) -> str:
    """Name what got worse, behind an arrow that says which way its figure went: a mood falls."""
    return f"{'▼' if change.now < change.before else '▲'} {change_name(change)}"


def change_values(change: Change) -> str:
    """Word how much it got worse."""
    match change.kind:
        case ChangeKind.SITUATION:
            return f"{count_of(int(change.now), 'case')} (was {int(change.before):,})"
        case ChangeKind.SENTIMENT:
            return f"{mood(change.now)} (was {mood(change.before)})"
        case _:
            return f"{percent(change.now)} (was {percent(change.before)})"


def situation_name(key: str) -> str:
    """Name a situation by its identifier."""
    return situation_label(Situation(key)) if key in list(Situation) else key
