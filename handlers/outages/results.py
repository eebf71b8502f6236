"""Record what became of notices at their destinations, and what a person decides about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.delivery.outage_effects import RetractNotice, SendNotice
from domain.errors import Refused
from domain.outages.destinations import Destinations, Preflight
from domain.outages.lifecycle import Actor
from domain.outages.notices import Publication, PublicationState
from domain.outages.policy import Right
from domain.outages.standing import is_superseded, place_of, standing_at
from domain.outages.subscribers import EMAIL_LIST
from domain.records.audit import SYSTEM, Action
from handlers.outages.mailings import start_mailing
from handlers.outages.release import notice_effect, send_effect
from handlers.outages.trail import record, update_board
from storage.unit_of_work import UnitOfWork

_IS_BEING_SENT = (
    "Nothing was changed: it is being sent again right now. The board will show what becomes of it."
)


def record_published(
    uow: UnitOfWork,
    *,
    publication_id: int,
    result: Mapping[str, Any],
    preflight: Preflight | None = None,
    now: datetime,
) -> None:
    """Record that the destination took the notice; `result` holds "id", "url" and "data".

    `preflight` is what it last said of whom a notice reaches. The e-mail list takes the notice by starting a
    mailing.
    """
    publication = uow.publications.get(publication_id)
    sent = replace(
        publication,
        state=PublicationState.SENT,
        external_id=str(result["id"]) if result.get("id") is not None else publication.external_id,
        url=result.get("url") or publication.url,
        data=result.get("data") or publication.data,
        error=None,
        sent_at=publication.sent_at or now,
        audience=publication.audience if preflight is None else preflight.audience,
        audience_unit=publication.audience_unit if preflight is None else preflight.audience_unit,
    )
    save_publication(uow, sent, actor=SYSTEM, action=Action.NOTICE_SENT, now=now)
    if sent.destination == EMAIL_LIST:
        start_mailing(uow, sent, now=now)


def record_not_published(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Record that the destination surely has not got the notice."""
    failed = replace(uow.publications.get(publication_id), state=PublicationState.FAILED, error=reason)
    save_publication(uow, failed, actor=SYSTEM, action=Action.NOTICE_FAILED, now=now)


def record_publication_unsure(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Record that it is not known whether the destination has got the notice. Audited once."""
    publication = uow.publications.get(publication_id)
    if publication.state is PublicationState.UNSURE:
        return
    unsure = replace(publication, state=PublicationState.UNSURE, error=reason)
    save_publication(uow, unsure, actor=SYSTEM, action=Action.NOTICE_UNSURE, now=now)


def record_publication_retried(uow: UnitOfWork, *, publication_id: int, now: datetime) -> None:
    """Record that the destination was read, has not got the notice, and is sent it again."""
    queued = replace(uow.publications.get(publication_id), state=PublicationState.QUEUED)
    save_publication(uow, queued, actor=SYSTEM, action=Action.NOTICE_RETRIED, now=now)


def record_delay(uow: UnitOfWork, *, outage_id: int, publication_id: int, reason: str, now: datetime) -> None:
    """Record why the destination has not got the notice yet, which is sent it again in a while."""
    uow.outages.lock([outage_id])
    publication = uow.publications.get(publication_id)
    if publication.state is PublicationState.QUEUED and publication.error != reason:
        uow.publications.save(replace(publication, error=reason))
        update_board(uow, uow.outages.get(outage_id), now=now)


def record_retracted(uow: UnitOfWork, *, publication_id: int, is_one_entry: bool, now: datetime) -> None:
    """Record that what was published was deleted, with all that was edited into it.

    Where it was the entry of which the later ones are updates (`is_one_entry`), these are gone, too.
    """
    publication = uow.publications.get(publication_id)
    sent = [
        one
        for one in uow.publications.of_outage(publication.outage_id)
        if place_of(one) == place_of(publication) and one.state is PublicationState.SENT
    ]
    is_entry = is_one_entry and all(one.id >= publication.id for one in sent)
    for one in sent:
        is_edit = one.external_id is not None and one.external_id == publication.external_id
        if is_entry or is_edit:
            uow.publications.save(replace(one, state=PublicationState.RETRACTED, error=None))
    gone = replace(publication, state=PublicationState.RETRACTED, error=None)
    save_publication(uow, gone, actor=SYSTEM, action=Action.NOTICE_RETRACTED, now=now)


def record_retraction_failed(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Record that what was published could not be deleted, and stands."""
    stands = replace(uow.publications.get(publication_id), error=reason)
    save_publication(uow, stands, actor=SYSTEM, action=Action.NOTICE_RETRACTION_FAILED, now=now)


def retry_publication(
    uow: UnitOfWork, *, publication_id: int, destinations: Destinations, actor: Actor, now: datetime
) -> Publication:
    """Send a notice again to the one destination where it failed. A second press changes nothing."""
    actor.require(Right.ANNOUNCE)
    publication = _get(uow, publication_id)
    if publication.state is not PublicationState.FAILED:
        return publication
    queued = replace(publication, state=PublicationState.QUEUED, error=None, attempt=publication.attempt + 1)
    notice = uow.notices.get(publication.notice_id)
    earlier = uow.publications.of_outage(publication.outage_id)
    notices = uow.notices.of_outage(publication.outage_id)
    if is_superseded(publication, earlier, notices):
        raise Refused(
            "Nothing was sent: a newer notice has taken the place of this one there. The board shows it."
        )
    save_publication(uow, queued, actor=actor.user_id, action=Action.NOTICE_RETRIED, now=now)
    effect = send_effect(queued, notice, earlier=earlier, notices=notices, destinations=destinations)
    uow.outbox.add([effect], now=now)
    return queued


def settle_publication(
    uow: UnitOfWork,
    *,
    publication_id: int,
    is_there: bool,
    goes_on: bool = False,
    actor: Actor,
    now: datetime,
) -> Publication:
    """Settle an unsure publication by what a person saw on the other side.

    Where a newer one waits for it, that leaves without it if it is not there: `goes_on` says that this is
    meant. Raises `Refused` where the outcome is known by now, and where it is not said.
    """
    actor.require(Right.ANNOUNCE)
    publication = _get_unsure(uow, publication_id)
    if not is_there and not goes_on and _keeps_back(uow, publication):
        raise Refused(
            "Nothing was changed: a newer notice waits for this one, and would leave without it. "
            "Press “Send it again” or “Go on without it” on the board."
        )
    # An edit may be repeated, so what is unsure was sent as a notice of its own.
    effect = notice_effect(SendNotice, publication)
    if not uow.outbox.settle_by_person(effect.key, now=now, happened=is_there) and not is_there:
        raise Refused(_IS_BEING_SENT)
    settled = replace(
        publication,
        state=PublicationState.SENT if is_there else PublicationState.FAILED,
        error=None if is_there else "a person looked, and it is not there",
        sent_at=now if is_there else None,
    )
    save_publication(uow, settled, actor=actor.user_id, action=Action.NOTICE_SETTLED_BY_PERSON, now=now)
    return settled


def repeat_publication(uow: UnitOfWork, *, publication_id: int, actor: Actor, now: datetime) -> Publication:
    """Send an unsure publication again, before what waits for it: a person saw that it is not there.

    Raises `Refused` where the outcome is known by now.
    """
    actor.require(Right.ANNOUNCE)
    publication = _get_unsure(uow, publication_id)
    if not uow.outbox.repeat(notice_effect(SendNotice, publication).key, now=now):
        raise Refused(_IS_BEING_SENT)
    queued = replace(publication, state=PublicationState.QUEUED, error=None)
    save_publication(uow, queued, actor=actor.user_id, action=Action.NOTICE_RETRIED, now=now)
    return queued


def retract_publication(
    uow: UnitOfWork, *, publication_id: int, destinations: Destinations, actor: Actor, now: datetime
) -> Publication:
    """Have what was published at a destination deleted, with what was edited into it. Raises `Refused`."""
    actor.require(Right.ANNOUNCE)
    publication = _get(uow, publication_id)
    profile = destinations.profile(publication.destination)
    standing = standing_at(
        publication,
        uow.notices.of_outage(publication.outage_id),
        uow.publications.of_outage(publication.outage_id),
        destinations,
    )
    if standing is None or not standing.is_retractable:
        raise Refused(
            f"Nothing was deleted: {profile.label} has nothing of it that can be deleted from here. "
            "Look there, or post a correction."
        )
    outage = uow.outages.get(publication.outage_id)
    asked = replace(standing.publication, attempt=standing.publication.attempt + 1)
    uow.publications.save(asked)
    uow.outbox.add(
        [
            RetractNotice(
                publication_id=asked.id,
                outage_id=asked.outage_id,
                target=asked.destination,
                language=asked.language,
                attempt=asked.attempt,
            )
        ],
        now=now,
    )
    detail = {"destination": asked.destination, "asked": True}
    record(uow, outage, actor=actor.user_id, action=Action.NOTICE_RETRACTED, now=now, detail=detail)
    return asked


def _get_unsure(uow: UnitOfWork, publication_id: int) -> Publication:
    publication = _get(uow, publication_id)
    if publication.state is not PublicationState.UNSURE:
        raise Refused("Nothing was changed: it is known by now what became of it. The board shows it.")
    return publication


def _keeps_back(uow: UnitOfWork, publication: Publication) -> bool:
    """Return whether a newer notice waits in the outbox until this one is settled."""
    return any(
        one.id > publication.id
        and one.state is PublicationState.QUEUED
        and place_of(one) == place_of(publication)
        for one in uow.publications.of_outage(publication.outage_id)
    )


def _get(uow: UnitOfWork, publication_id: int) -> Publication:
    """Return what a button names, with its outage locked, as whoever delivers has it. Raises `Refused`."""
    try:
        # Read again once it is locked: what the destination said meanwhile would be overwritten.
        uow.outages.lock([uow.publications.get(publication_id).outage_id])
        return uow.publications.get(publication_id)
    except LookupError:
        raise Refused(
            "Nothing was changed: this line is not here any more. The board shows what is."
        ) from None


def save_publication(
    uow: UnitOfWork, publication: Publication, *, actor: str, action: Action, now: datetime
) -> None:
    """Save what became of a publication, with its audit entry, and have the board updated."""
    uow.publications.save(publication)
    detail = {
        "notice": publication.notice_id,
        "destination": publication.destination,
        "language": publication.language,
        "id": publication.external_id,
        "url": publication.url,
        "reason": publication.error,
    }
    outage = uow.outages.get(publication.outage_id)
    record(uow, outage, actor=actor, action=action, now=now, detail=detail)
