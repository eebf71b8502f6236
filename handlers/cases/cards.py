"""Queue cards and their updates: what a person did first, what the machine did later.

A case that is held back in a flood (`domain.surge.flood`) has no card: what changes it queues nothing, until
a person acts on it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.cases.case import Case
from domain.delivery.effect import Effect, Lane
from domain.delivery.effects import PostCard, UpdateCard
from domain.delivery.thread_effects import PostThread
from domain.records.audit import SYSTEM
from storage.unit_of_work import UnitOfWork

#: Added to the priority of a card that somebody has claimed, and so looks at: above any rank.
_CLAIMED = 1e11


def refresh_card(uow: UnitOfWork, case: Case, *, actor: str, now: datetime) -> None:
    """Queue the updates of the case's card and thread after an act of `actor`.

    A person's act has its update before those of the machine's, and gives a case that is held back its card.
    """
    by_person = actor != SYSTEM
    if case.card_ts is None and _is_settled_without_card(uow, case, by_person=by_person, now=now):
        return
    thread = (PostThread(case.id, case.channel), update_priority(case), None)
    uow.outbox.add_each([_card_update(case, actor), thread], now=now)


def update_card(uow: UnitOfWork, case: Case, *, actor: str, now: datetime) -> None:
    """Queue an update of the card alone, unless the case is held back and has none (see `redraw_cards`)."""
    if case.card_ts is None and uow.held_cards.among([case.id]):
        return
    uow.outbox.add_each([_card_update(case, actor)], now=now)


def redraw_cards(uow: UnitOfWork, case_ids: Iterable[int], *, now: datetime) -> None:
    """Queue updates of the cards of these cases, by rank; those that are held back have none.

    An update without a card does nothing, and yet takes its turn of the edits that Slack allows.
    """
    uow.outbox.add_ranked(
        [
            (UpdateCard(one.case_id), _priority(one.sort_key, one.claimed_by))
            for one in uow.held_cards.not_held(case_ids)
        ],
        now=now,
    )


def _card_update(case: Case, actor: str) -> tuple[Effect, float, Lane | None]:
    return UpdateCard(case.id), update_priority(case), Lane.AGENT if actor != SYSTEM else None


def machine_updates(uow: UnitOfWork, cases: Sequence[Case]) -> list[tuple[Effect, float]]:
    """Return the updates, with their priorities, of cases that changed without a person's act."""
    held = uow.held_cards.among(case.id for case in cases if case.card_ts is None)
    return [
        (effect, update_priority(case))
        for case in cases
        if case.id not in held
        for effect in (UpdateCard(case.id), PostThread(case.id, case.channel))
    ]


def update_priority(case: Case) -> float:
    """Return the priority of an update within its lane: claimed cases first, then by rank."""
    return _priority(case.sort_key, case.claimed_by)


def _priority(sort_key: float, claimed_by: str | None) -> float:
    return sort_key + (_CLAIMED if claimed_by is not None else 0.0)


def give_cards(
    uow: UnitOfWork, cases: Sequence[Case], *, now: datetime, lane: Lane | None = None
) -> list[Case]:
    """Queue the cards of those of these cases that are held back, and return them.

    `lane` is that of an agent's act where one asked for them.
    """
    released = uow.held_cards.remove([case.id for case in cases])
    given = [case for case in cases if case.id in released]
    uow.outbox.add_ranked(
        [(PostCard(case.id, case.channel), case.sort_key) for case in given], now=now, lane=lane
    )
    return given


def _is_settled_without_card(uow: UnitOfWork, case: Case, *, by_person: bool, now: datetime) -> bool:
    """Handle a change of a case that has no card yet; return whether nothing else is to be queued.

    A new card shows the case as it is then, and its thread follows it.
    """
    if not by_person:
        return bool(uow.held_cards.among([case.id]))
    if give_cards(uow, [case], now=now, lane=Lane.AGENT):
        return True
    if uow.outbox.prioritise(PostCard(case.id, case.channel).stream):
        return False
    # Nothing waits: the card is being posted, or it was withdrawn meanwhile, as a flood began.
    return bool(give_cards(uow, [case], now=now, lane=Lane.AGENT))
