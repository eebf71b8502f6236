"""Which case a private message belongs to."""

from datetime import datetime, timedelta

from domain.cases.case import Case, CaseState
from domain.handoffs.handoff import Handoff, known_address
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue
from storage.unit_of_work import UnitOfWork

#: How many of an author's cases, the newest, a private message may belong to.
CASES_LOOKED_AT = 5


def match_case(
    uow: UnitOfWork, heard: IncomingMessage, *, window: timedelta, now: datetime
) -> tuple[Case | None, Handoff | None]:
    """The case and the hand-off of a private message; `None` where there is none.

    By what it carries, by what it answers, and, within `window`, by who it is from: an open case before one that is closed, one that has been at this
    venue before one that has not, the newer before the older. Dismissed cases take nothing up, but for a live chat that is still on somebody's screen.
    """
    since = now - window
    handoff = _carried(uow, heard) or _answered(uow, heard, since)
    if handoff is not None:
        return uow.cases.get(handoff.case_id), handoff
    found = [*_at_address(uow, heard, since), *_own(uow, heard, since)]
    return max(found, key=_fit, default=(None, None))


def _carried(uow: UnitOfWork, heard: IncomingMessage) -> Handoff | None:
    if heard.handoff_id is None:
        return None
    try:
        handoff = uow.handoffs.get(heard.handoff_id)
    except LookupError:
        return None
    return handoff if heard.venue is Venue.CHAT or _takes_up(uow, handoff.case_id) else None


def _answered(uow: UnitOfWork, heard: IncomingMessage, since: datetime) -> Handoff | None:
    """The hand-off that the answered message of ours went to; of several, that of the likeliest."""
    ours = uow.messages.ours_by_external_id(heard.answers) if heard.answers else []
    by_id = {m.external_id: m for m in ours if m.venue is heard.venue and m.handoff_id is not None}
    for external_id in heard.answers:
        message = by_id.get(external_id)
        if message is None or message.handoff_id is None or message.created_at < since:
            continue
        if _takes_up(uow, message.case_id):
            return uow.handoffs.get(message.handoff_id)
    return None


def _at_address(
    uow: UnitOfWork, heard: IncomingMessage, since: datetime
) -> list[tuple[Case, Handoff | None]]:
    """The cases with this person at this venue."""
    if heard.address is None:
        return []
    address = known_address(heard.venue, heard.address)
    there = uow.handoffs.by_address(heard.venue, address, since=since)
    return [
        (case, handoff)
        for handoff in there
        if (case := uow.cases.get(handoff.case_id)).state is not CaseState.DISMISSED
    ]


def _own(uow: UnitOfWork, heard: IncomingMessage, since: datetime) -> list[tuple[Case, Handoff | None]]:
    """The author's own cases on this very network, each with what it was last offered here."""
    if heard.venue is not Venue.DM:
        return []
    of_author = uow.cases.of_author(heard.network, heard.account_id, heard.author.id, limit=CASES_LOOKED_AT)
    theirs = [
        case for case in of_author if case.state is not CaseState.DISMISSED and case.last_message_at >= since
    ]
    return [(case, _last_offered(uow, case, heard.venue)) for case in theirs]


def _last_offered(uow: UnitOfWork, case: Case, venue: Venue) -> Handoff | None:
    there = [one for one in uow.handoffs.of_case(case.id) if one.venue is venue]
    return next((one for one in reversed(there) if one.state.is_current), there[-1] if there else None)


def _fit(found: tuple[Case | None, Handoff | None]) -> tuple[bool, bool, int, int]:
    case, handoff = found
    return (
        case is not None and case.state.is_active,
        handoff is not None and handoff.state.is_current,
        handoff.id if handoff is not None else 0,
        case.id if case is not None else 0,
    )


def _takes_up(uow: UnitOfWork, case_id: int) -> bool:
    return uow.cases.get(case_id).state is not CaseState.DISMISSED
