"""Which case a private message belongs to."""

from datetime import datetime, timedelta

from domain.cases import Case, CaseState
from domain.handoffs import Handoff
from domain.ports import UnitOfWork
from domain.private import Heard
from domain.venues import Venue

CASES_LOOKED_AT = 5


def place_of(
    uow: UnitOfWork, heard: Heard, *, window: timedelta, now: datetime
) -> tuple[Case | None, Handoff | None]:
    """The case and the hand-off of a private message; `None` where there is none.

    By what it carries (a link's hand-off), by what it answers, by who it is from, and, on the network where the case began, by the author's
    own case; nothing older than `window`.
    """
    since = now - window
    handoff = _carried(uow, heard) or _answered(uow, heard, since) or _from_address(uow, heard, since)
    if handoff is not None:
        return uow.cases.get(handoff.case_id), handoff
    case = _own_case(uow, heard, since)
    return case, _expected(uow, case, heard) if case is not None else None


def _carried(uow: UnitOfWork, heard: Heard) -> Handoff | None:
    if heard.handoff_id is None:
        return None
    try:
        return uow.handoffs.get(heard.handoff_id)
    except LookupError:
        return None


def _answered(uow: UnitOfWork, heard: Heard, since: datetime) -> Handoff | None:
    """The newest hand-off at this venue of the case that one of the answered messages belongs to."""
    if not heard.answers:
        return None
    ours = {
        m.external_id: m for m in uow.messages.ours_by_external_id(heard.answers) if m.venue is heard.venue
    }
    for external_id in heard.answers:
        message = ours.get(external_id)
        if message is not None and message.created_at >= since:
            there = [one for one in uow.handoffs.of_case(message.case_id) if one.venue is heard.venue]
            if there:
                return there[-1]
    return None


def _from_address(uow: UnitOfWork, heard: Heard, since: datetime) -> Handoff | None:
    """The newest hand-off with this person at this venue; one that is current before one that is not."""
    if heard.address is None:
        return None
    known = [
        one
        for one in uow.handoffs.by_address(heard.venue, heard.address, since=since)
        if uow.cases.get(one.case_id).state is not CaseState.DISMISSED
    ]
    return next((one for one in known if one.state.is_current), known[0] if known else None)


def _own_case(uow: UnitOfWork, heard: Heard, since: datetime) -> Case | None:
    """The author's own case on this very network: an active one first, else the newest that was written in since."""
    if heard.venue is not Venue.DM:
        return None
    theirs = [
        case
        for case in uow.cases.of_author(
            heard.network, heard.account_id, heard.author.id, limit=CASES_LOOKED_AT
        )
        if case.state is not CaseState.DISMISSED and case.last_message_at >= since
    ]
    return next((case for case in theirs if case.state.is_active), theirs[0] if theirs else None)


def _expected(uow: UnitOfWork, case: Case, heard: Heard) -> Handoff | None:
    """The case's newest hand-off to this venue, offered to whoever comes."""
    there = [one for one in uow.handoffs.of_case(case.id) if one.venue is heard.venue]
    return there[-1] if there else None
