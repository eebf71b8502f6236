"""Load what is published on our own pages: the feed, and the chat page's banner."""

from dataclasses import replace

from domain.outages.notices import Notice, NoticeKind, Publication, PublicationState
from domain.outages.outage import OutageState
from domain.outages.published import PublishedNotice
from domain.outages.stated_facts import facts_of
from storage.unit_of_work import UnitOfWork

FEED, BANNER = "feed", "chat_banner"
MAX_PUBLISHED = 50  # publications that are read: a feed shows the newest
_SHOWN = {PublicationState.SENT, PublicationState.RETRACTED}


def published_notices(uow: UnitOfWork, *, destination: str) -> list[PublishedNotice]:
    """Return the newest notices at a destination, newest first, each with its newest correction in place.

    Those of a rehearsal are left out.
    """
    found: dict[int, PublishedNotice] = {}
    place_of: dict[int, int] = {}  # of a correction: the notice whose place it takes, over other corrections
    for publication in reversed(uow.publications.at(destination, MAX_PUBLISHED)):
        if publication.state not in _SHOWN or publication.sent_at is None:
            continue
        notice = uow.notices.get(publication.notice_id)
        place = 0
        if notice.kind is NoticeKind.CORRECTION and notice.corrects is not None:
            place = place_of[notice.id] = place_of.get(notice.corrects, notice.corrects)
        corrected = found.get(place)
        if corrected is None:
            shown = _published(uow, notice, publication)
            if shown is not None:
                found[notice.id] = shown
        elif publication.state is PublicationState.SENT:
            texts = _texts(notice, destination)
            found[place] = replace(corrected, texts=texts, updated_at=publication.sent_at)
    return list(reversed(found.values()))


def current_banner(uow: UnitOfWork) -> PublishedNotice | None:
    """Return the newest notice of an open outage that the chat page shows; `None` where there is none."""
    shown = published_notices(uow, destination=BANNER)
    return next((one for one in shown if one.is_open and not one.is_retracted), None)


def _published(uow: UnitOfWork, notice: Notice, publication: Publication) -> PublishedNotice | None:
    outage = uow.outages.get(publication.outage_id)
    texts = _texts(notice, publication.destination)
    if outage.is_rehearsal or not texts or publication.sent_at is None:
        return None
    facts = notice.facts or facts_of(outage)
    return PublishedNotice(
        outage_id=outage.id,
        reference=notice.reference,
        outage_kind=outage.kind,
        phase=notice.phase,
        severity=facts.severity,
        title=facts.title,
        components=facts.components,
        texts=texts,
        published_at=publication.sent_at,
        updated_at=publication.sent_at,
        is_open=outage.state is OutageState.ANNOUNCED,
        is_retracted=publication.state is PublicationState.RETRACTED,
    )


def _texts(notice: Notice, destination: str) -> dict[str, str]:
    """Return a notice's texts for a destination by language, the main one first."""
    main = notice.versions[0].language
    return {text.language or main: text.text for text in notice.texts if text.destination == destination}
