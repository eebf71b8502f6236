"""Propose, confirm and undo links of cases to outages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from domain.cases.case import Case
from domain.errors import Refused
from domain.outages.lifecycle import Actor
from domain.outages.links import Evidence, Link, LinkRange, LinkReason, LinkState
from domain.outages.matching import OutageMatcher, OutageTraits
from domain.outages.outage import Outage, OutageState, Severity
from domain.outages.policy import OutagePolicy, Right
from domain.outages.truth_meter import WATCHED_AFTER
from domain.records.audit import SYSTEM, Action
from handlers.cases.cards import redraw_cards
from handlers.cases.transitions import save_change
from handlers.outages.link_traits import traits_of
from handlers.outages.lookup import get_outage
from handlers.outages.trail import update_board
from storage.outage_links import UNCOMMITTED, Unmatched
from storage.unit_of_work import UnitOfWork

BATCH = 500  # posts that are compared in one transaction
FULL_PASS = BATCH - UNCOMMITTED  # new posts that a pass compares at least where there are more
MAX_LINKS = 1_000  # that one act confirms or undoes
FOLLOWED = 500  # linked cases that are re-ranked in one transaction of the timer
_SEVERITIES = {Severity.MINOR: 1, Severity.MAJOR: 2, Severity.CRITICAL: 3}


def propose_links(
    uow: UnitOfWork, *, policy: OutagePolicy, encoder: str, now: datetime, stop_words: Collection[str] = ()
) -> int:
    """Compare new posts with each outage that goes on or is just over, and propose links.

    `encoder` names the encoder whose vectors are compared; empty for none. `stop_words` (folded) are no
    reason for a link. Returns how many new posts were compared: fewer than `FULL_PASS` once all were.
    """
    watched = watched_outages(uow, now)
    # Outages before cases, and all cases at once, as whoever releases a notice does.
    uow.outages.lock([outage.id for outage in watched])
    load = partial(traits_of, uow, policy=policy, encoder=encoder, stop_words=stop_words)
    found = [_compare(uow, outage, load(outage), policy, encoder, now) for outage in watched]
    uow.cases.lock(case_id for one in found for case_id in [*one.outdated, *one.certain])
    for one in found:
        _apply(uow, one, now)
    return sum(one.unmatched.new for one in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """Posts that were compared with an outage, and the links that come of it.

    `outdated` are its cases that are ranked by an earlier state of it, `certain` those that the settings link
    without a person.
    """

    outage: Outage
    unmatched: Unmatched
    proposed: Sequence[Link]
    outdated: Sequence[int]
    certain: Sequence[int]


def _compare(
    uow: UnitOfWork, outage: Outage, traits: OutageTraits, policy: OutagePolicy, encoder: str, now: datetime
) -> _Compared:
    unmatched = uow.outage_links.unmatched(
        outage.id, since=traits.begins_at - traits.window, encoder=encoder, limit=BATCH
    )
    matcher = OutageMatcher(traits)
    proposed = [
        Link(
            outage_id=outage.id,
            case_id=report.case_id,
            message_id=report.message_id,
            state=LinkState.PROPOSED,
            certainty=match.certainty,
            evidence=match.evidence,
            reported_at=report.written_at,
            proposed_at=now,
        )
        for report in unmatched.reports
        if (match := matcher.match(report)) is not None
    ]
    above = policy.link_above
    return _Compared(
        outage=outage,
        unmatched=unmatched,
        proposed=proposed,
        outdated=to_follow(uow, outage, limit=FOLLOWED),
        certain=[link.case_id for link in proposed if above is not None and link.certainty > above],
    )


def _apply(uow: UnitOfWork, one: _Compared, now: datetime) -> None:
    outage = one.outage
    follow_outage(uow, outage, now=now)
    uow.outage_links.move_cursor(outage.id, one.unmatched.cursor)
    case_ids = {link.case_id for link in one.proposed}
    if case_ids - {link.case_id for link in uow.outage_links.get_many(outage.id, case_ids)}:
        uow.outage_links.propose(one.proposed)
        _link_certain(uow, outage, one.certain, now)
        update_board(uow, outage, now=now)


def watched_outages(uow: UnitOfWork, now: datetime) -> list[Outage]:
    """Return the outages with which new posts are compared."""
    announced = [outage for outage in uow.outages.open() if outage.state is OutageState.ANNOUNCED]
    return [*announced, *uow.outages.resolved_since(now - WATCHED_AFTER)]


def confirm_links(
    uow: UnitOfWork, *, outage_id: int, case_ids: Collection[int], actor: Actor, now: datetime
) -> int:
    """Link these cases to the outage; returns how many were not linked to it before.

    Raises `Refused` for more than `MAX_LINKS`. A case that was linked to another outage changes over:
    it is proposed there again, once it goes with no other.
    """
    actor.require(Right.DRAFT)
    outage = get_outage(uow, outage_id)
    _require_few(case_ids)
    return _link(uow, outage, case_ids, by=actor.user_id, now=now)


def decide_range(uow: UnitOfWork, *, links: LinkRange, actor: Actor, now: datetime) -> int:
    """Link the cases of a range that are still proposed, or undo links that still stand; returns how many."""
    found = uow.outage_links.of_outage(links.outage_id, links.state, limit=MAX_LINKS)
    case_ids = [link.case_id for link in found if links.has(link)]
    if links.state is LinkState.PROPOSED:
        return confirm_links(uow, outage_id=links.outage_id, case_ids=case_ids, actor=actor, now=now)
    actor.require(Right.DRAFT)
    return undo_links(uow, outage_id=links.outage_id, case_ids=case_ids, user_id=actor.user_id, now=now)


def link_case(uow: UnitOfWork, *, outage_id: int, case_id: int, user_id: str, now: datetime) -> Case:
    """Link one case by hand, as any agent may."""
    outage = get_outage(uow, outage_id)
    _link(uow, outage, [case_id], by=user_id, now=now)
    return uow.cases.get(case_id)


def undo_links(
    uow: UnitOfWork, *, outage_id: int, case_ids: Collection[int], user_id: str, now: datetime
) -> int:
    """Undo links, or refuse proposed ones; returns how many. They are not proposed again."""
    outage = get_outage(uow, outage_id)
    _require_few(case_ids)
    links = [
        link for link in uow.outage_links.get_many(outage_id, case_ids) if link.state is not LinkState.REFUSED
    ]
    uow.cases.lock([link.case_id for link in links])
    for link in links:
        case = uow.cases.get(link.case_id)
        if case.outage_id == outage.id:
            unlinked = replace(case, outage_id=None, outage_severity=0)
            save_change(
                uow,
                unlinked,
                actor=user_id,
                action=Action.OUTAGE_UNLINKED,
                now=now,
                detail={"outage": outage.id},
                in_bulk=len(links) > 1,
            )
            uow.suggestions.drop([case.id])
    uow.outage_links.put_many(
        [replace(link, state=LinkState.REFUSED, decided_by=user_id, decided_at=now) for link in links]
    )
    update_board(uow, outage, now=now)
    return len(links)


def undo_chosen_links(
    uow: UnitOfWork, *, outage_id: int, case_ids: Collection[int], actor: Actor, now: datetime
) -> int:
    """Undo or refuse chosen links: a single one as any agent may, several with the right to draft."""
    if len(set(case_ids)) > 1:
        actor.require(Right.DRAFT)
    return undo_links(uow, outage_id=outage_id, case_ids=case_ids, user_id=actor.user_id, now=now)


def refresh_linked_cards(uow: UnitOfWork, outage: Outage, *, now: datetime) -> None:
    """Have the cards of an outage's active cases show how it stands now, with a suggestion chosen anew."""
    case_ids = uow.outage_links.active_cases(outage.id)
    uow.suggestions.drop(case_ids)
    redraw_cards(uow, case_ids, now=now)


def follow_outage(uow: UnitOfWork, outage: Outage, *, now: datetime, limit: int = FOLLOWED) -> int:
    """Re-rank up to `limit` active cases of an outage that changed, and redraw them; returns how many.

    An outage that is over does no more harm.
    """
    severity = severity_of(outage)
    case_ids = to_follow(uow, outage, limit=limit)
    uow.cases.lock(case_ids)
    for case_id in case_ids:
        changed = replace(uow.cases.get(case_id), outage_severity=severity)
        save_change(
            uow,
            changed,
            actor=SYSTEM,
            action=Action.OUTAGE_CHANGED,
            now=now,
            detail={"outage": outage.id, "state": outage.state.value},
        )
    return len(case_ids)


def to_follow(uow: UnitOfWork, outage: Outage, *, limit: int) -> list[int]:
    """Return up to `limit` active cases of an outage that are ranked by an earlier state of it."""
    return uow.outage_links.cases_of_other_severity(outage.id, severity_of(outage), limit=limit)


def severity_of(outage: Outage) -> int:
    """Return what `Case.outage_severity` is for the cases of an outage."""
    return _SEVERITIES[outage.severity] if outage.state is OutageState.ANNOUNCED else 0


def _link(uow: UnitOfWork, outage: Outage, case_ids: Collection[int], *, by: str, now: datetime) -> int:
    known = {link.case_id: link for link in uow.outage_links.get_many(outage.id, case_ids)}
    new = sorted(
        case_id
        for case_id in set(case_ids)
        if case_id not in known or known[case_id].state is not LinkState.CONFIRMED
    )
    uow.cases.lock(new)
    newest = uow.linked_cases.newest_message_ids(new)
    confirmed = []
    for case_id in new:
        case = uow.cases.get(case_id)
        link = known.get(case_id) or _by_hand(uow, outage, case, now)
        confirmed.append(
            replace(
                link,
                state=LinkState.CONFIRMED,
                decided_by=by,
                decided_at=now,
                newest_message_id=newest.get(case_id),
            )
        )
        save_change(
            uow,
            replace(case, outage_id=outage.id, outage_severity=severity_of(outage)),
            actor=by,
            action=Action.OUTAGE_LINKED,
            now=now,
            detail={"outage": outage.id},
            in_bulk=len(new) > 1,
        )
    uow.outage_links.put_many(confirmed)
    for former in sorted(uow.linked_cases.release(outage.id, new)):
        update_board(uow, uow.outages.get(former), now=now)
    uow.suggestions.drop(new)
    update_board(uow, outage, now=now)
    return len(confirmed)


def _by_hand(uow: UnitOfWork, outage: Outage, case: Case, now: datetime) -> Link:
    newest = max(uow.messages.of_case(case.id, limit=1_000), key=lambda message: message.id, default=None)
    if newest is None:
        raise Refused("Nothing was linked: this case has no message. Open App Home for the current queue.")
    return Link(
        outage_id=outage.id,
        case_id=case.id,
        message_id=newest.id,
        state=LinkState.PROPOSED,
        certainty=1.0,
        evidence=(Evidence(reason=LinkReason.BY_HAND),),
        reported_at=newest.created_at,
        proposed_at=now,
    )


def _link_certain(uow: UnitOfWork, outage: Outage, case_ids: Sequence[int], now: datetime) -> None:
    """Link without a person what is certain enough for the settings; never by default."""
    links = uow.outage_links.get_many(outage.id, case_ids) if case_ids else []
    undecided = {link.case_id for link in links if link.state is LinkState.PROPOSED}
    undecided -= uow.linked_cases.elsewhere(outage.id, undecided)
    if undecided:
        _link(uow, outage, undecided, by=SYSTEM, now=now)


def _require_few(case_ids: Collection[int]) -> None:
    if len(case_ids) > MAX_LINKS:
        raise Refused(
            f"Nothing was changed: {len(case_ids):,} cases were chosen, and at most {MAX_LINKS:,} go at once. "
            "Choose fewer, then the rest."
        )
