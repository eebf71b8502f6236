"""Load what a performer needs to publish, correct or delete a notice at a destination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.outages.destinations import OutgoingNotice, Receipt
from domain.outages.notices import (
    ALL_LANGUAGES,
    Notice,
    NoticeKind,
    NoticeState,
    Publication,
    PublicationState,
)
from domain.outages.outage import Outage
from domain.outages.stated_facts import facts_of
from handlers.outages.release import corrected
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What a performer needs to publish: the notice, and the receipts of what was published before.

    `corrects` is the receipt of what a correction takes the place of. `own` is that of this publication, and
    `newest` that of the newest notice there, deleted or not.
    """

    publication: Publication
    notice: OutgoingNotice
    first: Receipt | None
    latest: Receipt | None
    corrects: Receipt | None
    own: Receipt | None
    newest: Receipt


def load_dispatch(uow: UnitOfWork, *, publication_id: int) -> Dispatch:
    """Load what is published, as it stands now."""
    publication = uow.publications.get(publication_id)
    notice, outage = uow.notices.get(publication.notice_id), uow.outages.get(publication.outage_id)
    all_of_outage, notices = uow.publications.of_outage(outage.id), uow.notices.of_outage(outage.id)
    there = _entries_at(publication, all_of_outage, notices)
    before = [one for one in there if one.id < publication.id]
    first = next((one for one in before if one.state is PublicationState.SENT), None)
    place = corrected(publication, notice, earlier=all_of_outage, notices=notices)
    others = _kept_by_others(uow, publication)
    return Dispatch(
        publication=publication,
        notice=replace(_outgoing(outage, notice, publication, notices), others=others),
        first=_receipt(first) if first is not None else None,
        latest=_receipt(before[-1]) if first is not None else None,
        corrects=_receipt(place) if place is not None else None,
        own=_receipt(publication) if publication.external_id is not None else None,
        newest=replace(_receipt(there[-1] if there else publication), others=others),
    )


def _kept_by_others(uow: UnitOfWork, publication: Publication) -> tuple[Mapping[str, Any], ...]:
    """Return what the newest receipt of each other open outage keeps at the same destination.

    A text that was edited in keeps what there was when the edited one was sent, so it is no such receipt; an
    update that was deleted is one.
    """
    kept: list[Mapping[str, Any]] = []
    for outage in uow.outages.open():
        if outage.id == publication.outage_id:
            continue
        all_of_outage, notices = uow.publications.of_outage(outage.id), uow.notices.of_outage(outage.id)
        there = _entries_at(publication, all_of_outage, notices)
        if any(one.state is PublicationState.SENT for one in there):
            kept.append(there[-1].data)
    return tuple(kept)


def _entries_at(
    publication: Publication, publications: Sequence[Publication], notices: Sequence[Notice]
) -> list[Publication]:
    """Return what was published at the same place, deleted or not, oldest first.

    A correction is among them where it was published as a notice of its own, and not where it was edited in.
    """
    corrections = {one.id for one in notices if one.kind is NoticeKind.CORRECTION}
    there: list[Publication] = []
    for one in publications:
        if one.state not in {PublicationState.SENT, PublicationState.RETRACTED}:
            continue
        if (one.destination, one.language) != (publication.destination, publication.language):
            continue
        is_edit = one.notice_id in corrections and one.external_id in {other.external_id for other in there}
        if not is_edit:
            there.append(one)
    return there


def _receipt(publication: Publication) -> Receipt:
    return Receipt(id=str(publication.external_id or ""), url=publication.url, data=publication.data)


def _outgoing(
    outage: Outage, notice: Notice, publication: Publication, notices: Sequence[Notice]
) -> OutgoingNotice:
    facts = notice.facts or facts_of(outage)
    before = [one.facts for one in notices if one.id < notice.id and one.state is NoticeState.APPROVED]
    starts_at, ends_at = facts.starts_at or outage.starts_at, facts.ends_at or outage.ends_at
    is_correction = notice.kind is NoticeKind.CORRECTION
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
        starts_at=starts_at,
        ends_at=ends_at,
        moves_start=not is_correction
        and any(one is not None and one.starts_at not in {None, starts_at} for one in before),
        moves_end=not is_correction
        and any(one is not None and one.ends_at not in {None, ends_at} for one in before),
        former_titles=tuple(dict.fromkeys(reversed(former))),
    )
