"""Match a private message to the case and the hand-off that it belongs to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.cases.case import Case, CaseState
from domain.handoffs.handoff import Handoff, normalize_address
from domain.intake.case_matching import Candidate, preferred_candidate, preferred_handoff
from domain.intake.private_messages import IncomingMessage
from domain.venues import Venue
from storage.unit_of_work import UnitOfWork

#: How many of an author's newest cases are candidates for a private message.
MAX_CANDIDATE_CASES = 5


def match_case(
    uow: UnitOfWork, message: IncomingMessage, *, window: timedelta, now: datetime
) -> tuple[Case | None, Handoff | None]:
    """Return the case and the hand-off of a private message; each is `None` if none matches.

    Matches in this order: the hand-off id that the message carries; the message of ours that it answers;
    within `window`, its sender (see `preferred_candidate`). Dismissed cases never match, except by the id of
    a live chat, which may still be open in a browser.
    """
    since = now - window
    handoff = _by_handoff_id(uow, message.venue, message.handoff_id) or _by_answered_message(
        uow, message.venue, message.answers, since
    )
    if handoff is not None:
        return uow.cases.get(handoff.case_id), handoff
    candidates = [*_by_address(uow, message, since), *_by_author(uow, message, since)]
    return preferred_candidate(candidates) or (None, None)


def match_answered_case(
    uow: UnitOfWork, handoff_id: int | None, answers: Sequence[str], *, since: datetime
) -> Case | None:
    """Return the case of the mail of ours that a program answered; `None` where it is none that is known."""
    handoff = _by_handoff_id(uow, Venue.EMAIL, handoff_id) or _by_answered_message(
        uow, Venue.EMAIL, answers, since
    )
    return uow.cases.get(handoff.case_id) if handoff is not None else None


def _by_handoff_id(uow: UnitOfWork, venue: Venue, handoff_id: int | None) -> Handoff | None:
    if handoff_id is None:
        return None
    try:
        handoff = uow.handoffs.get(handoff_id)
    except LookupError:
        return None
    return handoff if venue is Venue.CHAT or _is_matchable(uow, handoff.case_id) else None


def _by_answered_message(
    uow: UnitOfWork, venue: Venue, answers: Sequence[str], since: datetime
) -> Handoff | None:
    """Return the hand-off of the message of ours that is answered; `answers` has the likeliest first."""
    sent = uow.messages.ours_by_external_id(answers) if answers else []
    sent_by_id = {m.external_id: m for m in sent if m.venue is venue and m.handoff_id is not None}
    for external_id in answers:
        answered = sent_by_id.get(external_id)
        if answered is None or answered.handoff_id is None or answered.created_at < since:
            continue
        if _is_matchable(uow, answered.case_id):
            return uow.handoffs.get(answered.handoff_id)
    return None


def _by_address(uow: UnitOfWork, message: IncomingMessage, since: datetime) -> list[Candidate]:
    """Return the cases with a hand-off to the sender's address at this venue."""
    if message.address is None:
        return []
    address = normalize_address(message.venue, message.address)
    return [
        (case, handoff)
        for handoff in uow.handoffs.by_address(message.venue, address, since=since)
        if (case := uow.cases.get(handoff.case_id)).state is not CaseState.DISMISSED
    ]


def _by_author(uow: UnitOfWork, message: IncomingMessage, since: datetime) -> list[Candidate]:
    """Return the sender's own cases on the network, each with its preferred hand-off at this venue."""
    if message.venue is not Venue.DM:
        return []
    cases = uow.cases.of_author(
        message.network, message.account_id, message.author.id, limit=MAX_CANDIDATE_CASES
    )
    return [
        (case, preferred_handoff(uow.handoffs.of_case(case.id), message.venue))
        for case in cases
        if case.state is not CaseState.DISMISSED and case.last_message_at >= since
    ]


def _is_matchable(uow: UnitOfWork, case_id: int) -> bool:
    return uow.cases.get(case_id).state is not CaseState.DISMISSED
