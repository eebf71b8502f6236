"""Release a notice: to the outbox, one publication for each destination, in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from domain.delivery.effect import Effect
from domain.delivery.outage_effects import CorrectNotice, RequestEnd, SendNotice
from domain.outages.current_notices import corrected_chain, is_outdated
from domain.outages.destinations import Destinations, Languages
from domain.outages.lifecycle import released
from domain.outages.notices import (
    ALL_LANGUAGES,
    Notice,
    NoticeKind,
    NoticeState,
    NoticeText,
    Publication,
    PublicationState,
)
from domain.outages.stated_facts import facts_of
from domain.records.audit import Action
from handlers.outages.approvals import request_ends
from handlers.outages.facts import keep_facts, record_changed_facts
from handlers.outages.links import follow_outage, refresh_linked_cards, to_follow
from handlers.outages.stopping import outdated_cases, stop_outdated
from handlers.outages.trail import record, record_lead
from storage.unit_of_work import UnitOfWork

#: Linked cases that are re-ranked while the approver waits for Slack; a timer does the others.
FOLLOWED_AT_ONCE = 20
_SENT = frozenset({PublicationState.SENT})
#: What is not known to be absent: an effect at the same place waits until it is settled.
_MAY_ARRIVE = frozenset({PublicationState.SENT, PublicationState.QUEUED, PublicationState.UNSURE})


def release(
    uow: UnitOfWork,
    notice: Notice,
    *,
    by: str,
    destinations: Destinations,
    now: datetime,
    end: RequestEnd = RequestEnd.APPROVED,
) -> Notice:
    """Send an approved notice to its destinations, and change the outage as it says.

    Where it waited for approval, the request says that this is its `end`.
    """
    before = uow.outages.get(notice.outage_id)
    outage = released(before, notice, by=by, now=now)
    uow.outages.save(outage)
    approved = replace(
        notice,
        state=NoticeState.APPROVED,
        approved_by=by,
        approved_at=now,
        approved_digest=notice.digest,
        version=notice.version + 1,
    )
    outdated = outdated_cases(uow, outage)
    uow.cases.lock([*to_follow(uow, outage, limit=FOLLOWED_AT_ONCE), *outdated])
    follow_outage(uow, outage, now=now, limit=FOLLOWED_AT_ONCE)
    # After cases are locked, as the answer to one locks its bulk answer later.
    stop_outdated(uow, outage, locked=outdated, now=now)
    if facts_of(outage) != facts_of(before):
        keep_facts(uow, before)
    uow.notices.save(approved)
    refresh_linked_cards(uow, outage, now=now)
    added = _publications_of(approved, destinations)
    ids = uow.publications.add_many(added)
    queued = [replace(publication, id=id_) for publication, id_ in zip(added, ids, strict=True)]
    earlier = uow.publications.of_outage(outage.id)
    notices = uow.notices.of_outage(outage.id)
    uow.outbox.add(
        [
            *(
                send_effect(one, approved, earlier=earlier, notices=notices, destinations=destinations)
                for one in queued
            ),
            *request_ends(notice, end, by=by),
        ],
        now=now,
    )
    detail = {"notice": notice.id, "digest": notice.digest, "authors": list(notice.authors)}
    record(uow, outage, actor=by, action=Action.NOTICE_APPROVED, now=now, detail=detail)
    if outage.lead != before.lead:
        record_lead(uow, before, outage, actor=outage.lead, now=now)
    record_changed_facts(uow, before, outage, actor=by, authors=notice.authors, now=now)
    return approved


def send_effect(
    publication: Publication,
    notice: Notice,
    *,
    earlier: Sequence[Publication],
    notices: Sequence[Notice],
    destinations: Destinations,
) -> Effect:
    """Return the effect that publishes a notice at a destination.

    A correction edits what was published, where that arrived and the destination can; else it is published
    as a notice of its own. Where all notices of an outage are one entry, an older one is only ever edited:
    published anew, it would set the entry back to how the outage stood then.
    """
    profile = destinations.profile(publication.destination)
    is_edit = (
        profile.corrects
        and notice.kind is NoticeKind.CORRECTION
        and _may_stand(publication, notice, earlier, notices, destinations)
    )
    return notice_effect(CorrectNotice if is_edit else SendNotice, publication)


def not_there(
    notice: Notice,
    *,
    earlier: Sequence[Publication],
    notices: Sequence[Notice],
    destinations: Destinations,
) -> frozenset[tuple[str, str]]:
    """Return destination and language of the texts of a correction that have nothing to correct there."""
    return frozenset(
        (text.destination, text.language)
        for text in notice.texts
        if not _may_stand(_publication_of(notice, text, destinations), notice, earlier, notices, destinations)
    )


def _may_stand(
    publication: Publication,
    notice: Notice,
    earlier: Sequence[Publication],
    notices: Sequence[Notice],
    destinations: Destinations,
) -> bool:
    is_entry = destinations.profile(publication.destination).is_one_entry
    return (is_entry and is_outdated(notice, notices)) or (
        corrected(publication, notice, earlier=earlier, notices=notices, states=_MAY_ARRIVE) is not None
    )


def notice_effect(kind: type[SendNotice] | type[CorrectNotice], publication: Publication) -> Effect:
    """Return the effect of this kind on a publication."""
    return kind(
        publication_id=publication.id,
        outage_id=publication.outage_id,
        target=publication.destination,
        language=publication.language,
        attempt=publication.attempt,
    )


def corrected(
    publication: Publication,
    notice: Notice,
    *,
    earlier: Sequence[Publication],
    notices: Sequence[Notice],
    states: Collection[PublicationState] = _SENT,
) -> Publication | None:
    """Return the publication whose place a correction takes; `None` where none is in one of the `states`.

    Where an earlier correction did not arrive there, it is that of what that one corrects.
    """
    for notice_id in corrected_chain(notice, {one.id: one for one in notices}):
        for one in earlier:
            if (
                one.notice_id == notice_id
                and (one.destination, one.language) == (publication.destination, publication.language)
                and one.state in states
            ):
                return one
    return None


def _publications_of(notice: Notice, destinations: Destinations) -> list[Publication]:
    places: dict[tuple[str, str], Publication] = {}
    for text in notice.texts:
        publication = _publication_of(notice, text, destinations)
        places[publication.destination, publication.language] = publication
    return list(places.values())


def _publication_of(notice: Notice, text: NoticeText, destinations: Destinations) -> Publication:
    each = destinations.profile(text.destination).languages is Languages.EACH
    return Publication(
        id=0,
        notice_id=notice.id,
        outage_id=notice.outage_id,
        destination=text.destination,
        language=text.language if each else ALL_LANGUAGES,
        state=PublicationState.QUEUED,
    )
