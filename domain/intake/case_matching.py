"""Prefer one of several cases and hand-offs that a private message may belong to."""

from collections.abc import Iterable, Sequence

from domain.cases.case import Case
from domain.handoffs.handoff import Handoff
from domain.venues import Venue

#: A case that a message may belong to, with its hand-off at the message's venue.
Candidate = tuple[Case, Handoff | None]


def preferred_candidate(candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the preferred candidate; `None` where there is none.

    An open case precedes a closed one, one with a current hand-off precedes one without, then the newest
    hand-off and the newest case win.
    """
    return max(candidates, key=_preference, default=None)


def preferred_handoff(handoffs: Sequence[Handoff], venue: Venue) -> Handoff | None:
    """Return the newest current hand-off at the venue, else the newest. `handoffs` are oldest first."""
    there = [handoff for handoff in handoffs if handoff.venue is venue]
    current = (handoff for handoff in reversed(there) if handoff.state.is_current)
    return next(current, there[-1] if there else None)


def _preference(candidate: Candidate) -> tuple[bool, bool, int, int]:
    case, handoff = candidate
    return (
        case.state.is_active,
        handoff is not None and handoff.state.is_current,
        handoff.id if handoff is not None else 0,
        case.id,
    )
