"""Record what became of notices at their destinations, and what a person decides about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.delivery.outage_effects import RetractNotice
from domain.errors import Refused
from domain.outages.destinations import Destinations, OutgoingNotice, Receipt
from domain.outages.lifecycle import Actor
from domain.outages.notices import (
    ALL_LANGUAGES,
    Notice,
    NoticeKind,
    NoticeState,
    Publication,
    PublicationState,
)
from domain.outages.outage import Outage
from domain.outages.policy import Right
from domain.outages.stated_facts import facts_of
from domain.outages.subscribers import EMAIL_LIST
from domain.records.audit import SYSTEM, Action
from handlers.outages.mailings import start_mailing
from handlers.outages.release import corrected, send_effect
from handlers.outages.trail import record
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What a performer needs to publish: the notice, and the receipts of what was published before.

    `corrects` is the receipt of what a correction takes the place of. `own` is that of this publication.
    """

    publication: Publication
    notice: OutgoingNotice
    first: Receipt | None
    latest: Receipt | None
    corrects: Receipt | None
    own: Receipt | None


def load_dispatch(uow: UnitOfWork, *, publication_id: int) -> Dispatch:
    """Load what is published, as it stands now."""
    publication = uow.publications.get(publication_id)
    notice, outage = uow.notices.get(publication.notice_id), uow.outages.get(publication.outage_id)
    all_of_outage = uow.publications.of_outage(outage.id)
    corrections = {one.id for one in uow.notices.of_outage(outage.id) if one.kind is NoticeKind.CORRECTION}
    before = [
        _receipt(one)
        for one in all_of_outage
        if one.id < publication.id
        and one.notice_id not in corrections
        and one.state is PublicationState.SENT
        and (one.destination, one.language) == (publication.destination, publication.language)
    ]
    place = corrected(publication, notice, all_of_outage)
    return Dispatch(
        publication=publication,
        notice=_outgoing(outage, notice, publication, uow.notices.of_outage(outage.id)),
        first=before[0] if before else None,
        latest=before[-1] if before else None,
        corrects=_receipt(place) if place is not None else None,
        own=_receipt(publication) if publication.external_id is not None else None,
    )


def record_published(
    uow: UnitOfWork, *, publication_id: int, result: Mapping[str, Any], now: datetime
) -> None:
    """Record that the destination took the notice; `result` holds "id", "url" and "data".

    The e-mail list takes it by starting a mailing.
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
    )
    _save(uow, sent, actor=SYSTEM, action=Action.NOTICE_SENT, now=now)
    if sent.destination == EMAIL_LIST:
        start_mailing(uow, sent, now=now)


def record_not_published(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Record that the destination surely has not got the notice."""
    failed = replace(uow.publications.get(publication_id), state=PublicationState.FAILED, error=reason)
    _save(uow, failed, actor=SYSTEM, action=Action.NOTICE_FAILED, now=now)


def record_publication_unsure(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Record that it is not known whether the destination has got the notice. Audited once."""
    publication = uow.publications.get(publication_id)
    if publication.state is PublicationState.UNSURE:
        return
    unsure = replace(publication, state=PublicationState.UNSURE, error=reason)
    _save(uow, unsure, actor=SYSTEM, action=Action.NOTICE_UNSURE, now=now)


def record_publication_retried(uow: UnitOfWork, *, publication_id: int, now: datetime) -> None:
    """Record that the destination was read, has not got the notice, and is sent it again."""
    queued = replace(uow.publications.get(publication_id), state=PublicationState.QUEUED)
    _save(uow, queued, actor=SYSTEM, action=Action.NOTICE_RETRIED, now=now)


def record_retracted(uow: UnitOfWork, *, publication_id: int, now: datetime) -> None:
    """Record that what was published was deleted, with all that was edited into it."""
    publication = uow.publications.get(publication_id)
    for one in uow.publications.of_outage(publication.outage_id):
        is_same = (one.destination, one.external_id) == (publication.destination, publication.external_id)
        if one.external_id is not None and is_same and one.state is PublicationState.SENT:
            uow.publications.save(replace(one, state=PublicationState.RETRACTED, error=None))
    gone = replace(publication, state=PublicationState.RETRACTED, error=None)
    _save(uow, gone, actor=SYSTEM, action=Action.NOTICE_RETRACTED, now=now)


def record_retraction_failed(uow: UnitOfWork, *, publication_id: int, reason: str, now: datetime) -> None:
    """Record that what was published could not be deleted, and stands."""
    stands = replace(uow.publications.get(publication_id), error=reason)
    _save(uow, stands, actor=SYSTEM, action=Action.NOTICE_RETRACTION_FAILED, now=now)


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
    if any(_is_newer(one, publication) for one in earlier):
        raise Refused(
            "Nothing was sent: a newer notice has taken the place of this one there. The board shows it."
        )
    _save(uow, queued, actor=actor.user_id, action=Action.NOTICE_RETRIED, now=now)
    uow.outbox.add([send_effect(queued, notice, earlier=earlier, destinations=destinations)], now=now)
    return queued


def settle_publication(
    uow: UnitOfWork,
    *,
    publication_id: int,
    is_there: bool,
    destinations: Destinations,
    actor: Actor,
    now: datetime,
) -> Publication:
    """Settle an unsure publication by what a person saw on the other side.

    Raises `Refused` where the outcome is known by now.
    """
    actor.require(Right.ANNOUNCE)
    publication = _get(uow, publication_id)
    if publication.state is not PublicationState.UNSURE:
        raise Refused("Nothing was changed: it is known by now what became of it. The board shows it.")
    notice = uow.notices.get(publication.notice_id)
    earlier = uow.publications.of_outage(publication.outage_id)
    effect = send_effect(publication, notice, earlier=earlier, destinations=destinations)
    if not uow.outbox.settle_by_person(effect.key, now=now, happened=is_there) and not is_there:
        raise Refused(
            "Nothing was changed: it is being sent again right now. The board will show what becomes of it."
        )
    settled = replace(
        publication,
        state=PublicationState.SENT if is_there else PublicationState.FAILED,
        error=None if is_there else "a person looked, and it is not there",
        sent_at=now if is_there else None,
    )
    _save(uow, settled, actor=actor.user_id, action=Action.NOTICE_SETTLED_BY_PERSON, now=now)
    return settled


def retract_publication(
    uow: UnitOfWork, *, publication_id: int, destinations: Destinations, actor: Actor, now: datetime
) -> Publication:
    """Have what was published at a destination deleted. Raises `Refused` where it cannot be."""
    actor.require(Right.ANNOUNCE)
    publication = _get(uow, publication_id)
    profile = destinations.profile(publication.destination)
    if not profile.retracts or publication.state is not PublicationState.SENT:
        raise Refused(
            f"Nothing was deleted: {profile.label} has nothing of it that can be deleted from here. "
            "Look there, or post a correction."
        )
    outage = uow.outages.get(publication.outage_id)
    asked = replace(publication, attempt=publication.attempt + 1)
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


def _is_newer(one: Publication, publication: Publication) -> bool:
    place = publication.destination, publication.language
    return one.id > publication.id and (one.destination, one.language) == place


def _get(uow: UnitOfWork, publication_id: int) -> Publication:
    try:
        return uow.publications.get(publication_id)
    except LookupError:
        raise Refused(
            "Nothing was changed: this line is not here any more. The board shows what is."
        ) from None


def _save(uow: UnitOfWork, publication: Publication, *, actor: str, action: Action, now: datetime) -> None:
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


def _receipt(publication: Publication) -> Receipt:
    return Receipt(id=str(publication.external_id or ""), url=publication.url, data=publication.data)


def _outgoing(
    outage: Outage, notice: Notice, publication: Publication, notices: Sequence[Notice]
) -> OutgoingNotice:
    facts = notice.facts or facts_of(outage)
    before = [one.facts for one in notices if one.id < notice.id and one.state is NoticeState.APPROVED]
    former = [one.title for one in before if one is not None and one.title != facts.title]
    texts = {
        text.language or notice.versions[0].language: text.text
        for text in notice.texts
        if text.destination == publication.destination
        and publication.language in (ALL_LANGUAGES, text.language)
    }
    return OutgoingNotice(
        outage_id=outage.id,
        notice_id=notice.id,
        outage_kind=outage.kind,
        kind=notice.kind,
        phase=notice.phase,
        severity=facts.severity,
        title=facts.title,
        texts=texts,
        components=facts.components,
        reference=notice.reference,
        created_at=notice.created_at,
        starts_at=outage.starts_at,
        ends_at=outage.ends_at,
        former_titles=tuple(dict.fromkeys(reversed(former))),
    )
