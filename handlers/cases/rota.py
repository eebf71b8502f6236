"""Give unclaimed cases to agents in turn, and return claims to the queue that nobody works on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from domain.cases.case import Case, CaseEvent
from domain.cases.rota import ReturnReason, RotaPolicy, take_turns
from domain.records.audit import SYSTEM, Action, Entry
from domain.triage.situations import Situation
from handlers.cases.transitions import apply_event, notify
from storage.unit_of_work import UnitOfWork

BATCH = 20  # cases in one transaction
LOOKED_AT = 200  # unclaimed cases, by rank, among which those are found that may be given
#: What waits in the queue for whoever has time: it would take the place of those who need help.
_NOT_GIVEN = frozenset({Situation.SPAM, Situation.PRAISE})


@dataclass(frozen=True, slots=True)
class RotaTurn:
    """How many cases wait for somebody, and who may be given one, in the order in which they are next."""

    waiting: int
    candidates: Sequence[str]


def next_turn(uow: UnitOfWork, *, agents: Collection[str], policy: RotaPolicy, now: datetime) -> RotaTurn:
    """Return who may be given one of the cases that nobody has claimed, `BATCH` of which are counted."""
    candidates = take_turns(uow.agents.workloads(agents), policy, now=now)
    givable = _givable(uow, candidates)
    able = frozenset[str]().union(*(able for _, able in givable))
    return RotaTurn(len(givable), [user_id for user_id in candidates if user_id in able])


def assign_in_turn(
    uow: UnitOfWork, *, present: Collection[str], policy: RotaPolicy, now: datetime
) -> list[Case]:
    """Give the unclaimed cases, by rank, to those who are present and next; return them.

    Spam, praise, and cases in which nothing is unanswered or whose card is held back in a flood, are left.
    Nobody is given a case again that they released, or that returned to the queue from them.
    """
    assigned = []
    for case, able in _givable(uow, take_turns(uow.agents.workloads(present), policy, now=now)):
        if candidates := take_turns(uow.agents.workloads(able), policy, now=now):
            assigned.append(_assign(uow, case, candidates[0], policy, now=now))
    return assigned


def _givable(uow: UnitOfWork, agents: Collection[str]) -> list[tuple[Case, frozenset[str]]]:
    """Return the first unclaimed cases that may be given, each with those of the agents who may get it.

    What may not be given is not counted: it would hide what stands behind it.
    """
    cases = uow.cases.unclaimed(limit=LOOKED_AT)
    held = uow.held_cards.among(case.id for case in cases if case.card_ts is None)
    let_go = uow.agents.let_go(case.id for case in cases)
    found = (
        (case, frozenset(agents) - let_go.get(case.id, set()))
        for case in cases
        if case.id not in held
        and case.waiting_since is not None
        and case.assessment.situation not in _NOT_GIVEN
    )
    return list(islice(((case, able) for case, able in found if able), BATCH))


def _assign(uow: UnitOfWork, case: Case, user_id: str, policy: RotaPolicy, *, now: datetime) -> Case:
    assigned = apply_event(
        uow,
        case,
        CaseEvent.ASSIGN,
        actor=SYSTEM,
        action=Action.ASSIGNED,
        now=now,
        detail={"to": user_id, "from": None, "rota": policy.mode.value},
        claimed_by=user_id,
        claimed_at=now,
    )
    uow.agents.save_assigned(user_id, now)
    notify(uow, assigned, user_id, Action.ASSIGNED, actor=SYSTEM, now=now)
    return assigned


def return_stale_claims(uow: UnitOfWork, *, stale_after: timedelta, now: datetime) -> int:
    """Return claims to the queue in which nothing was done for so long while the customer waits."""
    cases = uow.agents.stale_claims(now - stale_after, limit=BATCH)
    return _return_to_queue(uow, [(case, ReturnReason.STALE) for case in cases], now=now)


def holders(uow: UnitOfWork) -> frozenset[str]:
    """Return who has an active case."""
    return uow.agents.holders()


def return_claims_of(uow: UnitOfWork, *, left: Mapping[str, ReturnReason], now: datetime) -> int:
    """Return the cases of those who have left to the queue, `BATCH` of each in one transaction."""
    cases = uow.agents.claims_of(sorted(left), limit=BATCH)
    return _return_to_queue(uow, [(case, left[str(case.claimed_by)]) for case in cases], now=now)


def _return_to_queue(uow: UnitOfWork, claims: Sequence[tuple[Case, ReturnReason]], *, now: datetime) -> int:
    """Release these claims, each with a line in its thread; tell whoever had it and can still be told."""
    for case, reason in claims:
        released = apply_event(
            uow,
            case,
            CaseEvent.RELEASE,
            actor=SYSTEM,
            action=Action.CLAIM_RETURNED,
            now=now,
            detail={"from": case.claimed_by, "reason": reason.value},
            claimed_by=None,
            claimed_at=None,
        )
        if reason is not ReturnReason.DEACTIVATED:
            notify(uow, released, case.claimed_by, Action.CLAIM_RETURNED, actor=SYSTEM, now=now)
    return len(claims)


def away_now(uow: UnitOfWork, *, user_id: str, now: datetime) -> datetime | None:
    """Return until when this person is away; `None` where they are not."""
    until = uow.agents.away_until(user_id)
    return until if until is not None and until > now else None


def set_away(uow: UnitOfWork, *, user_id: str, until: datetime | None, now: datetime) -> None:
    """Store until when somebody is given no case; `None` where they are back. Their cases stay theirs."""
    uow.agents.save_away(user_id, until)
    action = Action.AGENT_AWAY if until is not None else Action.AGENT_BACK
    detail = {"until": until.isoformat()} if until is not None else {}
    entry = Entry(at=now, actor=user_id, action=action, case_id=None, version=None, detail=detail)
    uow.audit.add_many([entry])
