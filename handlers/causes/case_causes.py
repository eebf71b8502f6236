"""Load and choose the causes that a case belongs to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.causes.cause import Cause
from handlers.causes.tracking import decide_membership
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CausesOfCase:
    """All causes to choose from, and the ids of those that the case belongs to."""

    case: Case
    causes: Sequence[Cause]
    chosen: Sequence[int]


def causes_of_case(uow: UnitOfWork, *, case_id: int) -> CausesOfCase:
    """Load the causes of a case. Those that nobody works on are offered only where it belongs to them."""
    known = uow.causes.of_case(case_id)
    chosen = [member.cause_id for _, member in known if member.belongs]
    causes = [one for one in uow.causes.all() if not one.state.is_over or one.id in chosen]
    return CausesOfCase(case=uow.cases.get(case_id), causes=causes, chosen=chosen)


def choose_causes(
    uow: UnitOfWork,
    *,
    case_id: int,
    shown: Collection[int],
    chosen: Collection[int],
    user_id: str,
    now: datetime,
) -> None:
    """Record the difference between what a form showed and what a person chose; all else stays."""
    for cause_id in sorted(set(shown) ^ set(chosen)):
        decide_membership(
            uow,
            cause_id=cause_id,
            case_id=case_id,
            belongs=cause_id in chosen,
            user_id=user_id,
            now=now,
        )
