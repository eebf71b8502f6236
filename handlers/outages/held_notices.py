"""Take back notices that a pause of all sending holds, and the rest of mailings."""

from dataclasses import replace
from datetime import datetime

from domain.delivery.outage_effects import CorrectNotice, SendNotice
from domain.errors import Refused
from domain.outages.lifecycle import Actor
from domain.outages.notices import TAKEN_BACK, Publication, PublicationState
from domain.outages.policy import Right
from domain.records.audit import Action
from handlers.outages.lookup import get_outage
from handlers.outages.mailings import take_back_rest
from handlers.outages.release import notice_effect
from handlers.outages.results import save_publication
from handlers.outages.trail import record
from storage.unit_of_work import UnitOfWork


def take_back_held(uow: UnitOfWork, *, outage_id: int, actor: Actor, now: datetime) -> int:
    """Keep what a pause holds of an outage from being sent; return to how many destinations.

    What was begun stays, but of mailings: they end, and who has no mail yet gets none. Raises `Refused` where
    nothing is held.
    """
    actor.require(Right.ANNOUNCE)
    # Nobody claims what is taken back, and the pause does not end meanwhile.
    uow.outbox.lock_claims()
    uow.outages.lock([outage_id])
    get_outage(uow, outage_id)
    if uow.pauses.current() is None:
        raise Refused(
            "Nothing was taken back: sending goes on by now, and what was held has left. "
            "The board shows what stands, and ⋯ deletes it where that is possible."
        )
    publications = uow.publications.of_outage(outage_id)
    waiting = [one for one in publications if one.state is PublicationState.QUEUED]
    keys = {notice_effect(kind, one).key: one for one in waiting for kind in (SendNotice, CorrectNotice)}
    taken = uow.outbox.cancel_queued(keys, now=now, reason=TAKEN_BACK)
    ended = [one for one in publications if _take_back_rest(uow, one, actor=actor, now=now)]
    if not taken and not ended:
        raise Refused("Nothing was taken back: nothing of this outage is held by now. The board shows it.")
    for key in sorted(taken, key=lambda one: keys[one].id):
        kept = replace(keys[key], state=PublicationState.FAILED, error=TAKEN_BACK)
        save_publication(uow, kept, actor=actor.user_id, action=Action.NOTICE_TAKEN_BACK, now=now)
    return len(taken) + len(ended)


def _take_back_rest(uow: UnitOfWork, publication: Publication, *, actor: Actor, now: datetime) -> bool:
    progress = take_back_rest(uow, publication, by=actor.user_id, now=now)
    if progress is None:
        return False
    detail = {
        "notice": publication.notice_id,
        "destination": publication.destination,
        "language": publication.language,
        "reason": f"{progress.mailed:,} of {progress.total:,} were mailed",
    }
    outage = uow.outages.get(publication.outage_id)
    record(uow, outage, actor=actor.user_id, action=Action.NOTICE_TAKEN_BACK, now=now, detail=detail)
    return True
