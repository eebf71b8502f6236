"""Find which notices of an outage stand where, to be corrected or deleted there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.outages.current_notices import (
    CurrentNotice,
    corrected_chain,
    corrected_root,
    current_notices,
    is_outdated,
)
from domain.outages.destinations import DestinationProfile, Destinations
from domain.outages.notices import Notice, NoticeKind, Publication, PublicationState


def place_of(publication: Publication) -> tuple[str, str]:
    """Return the destination and the language."""
    return publication.destination, publication.language


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingNotice:
    """A notice as it stands at a destination, in one language.

    `publication` is the receipt of it, `current` what was published and the correction that was edited into
    it. `is_entry`: it is the entry at a destination where all notices of an outage are one, and the others
    are deleted with it.
    """

    profile: DestinationProfile
    publication: Publication
    current: CurrentNotice
    is_entry: bool = False

    @property
    def is_retractable(self) -> bool:
        """Whether it can be deleted from here; what only a person has seen there has no known id."""
        if not self.profile.retracts or self.publication.external_id is None:
            return False
        return self.is_entry or not self.profile.keeps_updates


def is_superseded(
    publication: Publication, publications: Sequence[Publication], notices: Sequence[Notice]
) -> bool:
    """Return whether what did not arrive is no longer to be told there, since something newer is.

    News are superseded by newer news and by their own correction, a correction by a newer one of the same
    notice; a correction of something else supersedes nothing.
    """
    by_id = {notice.id: notice for notice in notices}
    notice = by_id[publication.notice_id]
    root, is_correction = corrected_root(notice, by_id), notice.kind is NoticeKind.CORRECTION
    for one in publications:
        if one.id <= publication.id or place_of(one) != place_of(publication):
            continue
        later = by_id[one.notice_id]
        is_news = later.kind is not NoticeKind.CORRECTION
        if corrected_root(later, by_id) == root or (is_news and not is_correction):
            return True
    return False


def standing_notices(
    notices: Sequence[Notice], publications: Sequence[Publication], destinations: Destinations
) -> tuple[StandingNotice, ...]:
    """Return what stands, the newest notice first, and each at its destinations in the order of its texts.

    Both sequences are oldest first.
    """
    by_id = {notice.id: notice for notice in notices}
    found: dict[tuple[str, str, str], StandingNotice] = {}
    entries: set[tuple[str, str]] = set()
    for publication in publications:
        if publication.state is not PublicationState.SENT:
            continue
        place = publication.destination, publication.language
        notice = by_id[publication.notice_id]
        key = (*place, publication.external_id or f"publication {publication.id}")
        if key in found:
            found[key] = replace(found[key], current=replace(found[key].current, newest=notice))
            continue
        profile = destinations.profile(publication.destination)
        is_entry = profile.is_one_entry and place not in entries
        entries.add(place)
        found[key] = StandingNotice(
            profile=profile,
            publication=publication,
            current=CurrentNotice(notice=notice, newest=notice),
            is_entry=is_entry,
        )
    return tuple(sorted(found.values(), key=lambda one: -one.publication.notice_id))


def standing_at(
    publication: Publication,
    notices: Sequence[Notice],
    publications: Sequence[Publication],
    destinations: Destinations,
) -> StandingNotice | None:
    """Return what stands there by this publication or by one that was corrected by it; `None` for nothing."""
    if publication.state is not PublicationState.SENT:
        return None
    for one in standing_notices(notices, publications, destinations):
        other = one.publication
        is_there = (other.destination, other.language) == (publication.destination, publication.language)
        is_same = other.external_id is not None and other.external_id == publication.external_id
        if other.id == publication.id or (is_there and is_same):
            return one
    return None


def correctable_notices(
    notices: Sequence[Notice], publications: Sequence[Publication], destinations: Destinations
) -> tuple[CurrentNotice, ...]:
    """Return the notices that can be corrected, the newest first.

    One is not among them if there is nothing to correct wherever it went. Both sequences are oldest first.
    """
    by_id = {notice.id: notice for notice in notices}
    places: dict[int, set[str]] = {}
    for publication in publications:
        root = corrected_root(by_id[publication.notice_id], by_id)
        places.setdefault(root, set()).add(publication.destination)
    return tuple(
        one
        for one in current_notices(notices)
        if not (went := places.get(one.notice.id))
        or went - uncorrectable_at(one.newest, notices, publications, destinations)
    )


def uncorrectable_at(
    notice: Notice,
    notices: Sequence[Notice],
    publications: Sequence[Publication],
    destinations: Destinations,
) -> frozenset[str]:
    """Return the names of the destinations at which there is nothing to correct of a released notice.

    It was deleted there with all that it corrects. Or it never arrived, and a newer notice was released: an
    entry that all notices share tells that one by now.
    """
    chain = {notice.id, *corrected_chain(notice, {one.id: one for one in notices})}
    states: dict[str, set[PublicationState]] = {}
    for publication in publications:
        if publication.notice_id in chain:
            states.setdefault(publication.destination, set()).add(publication.state)
    absent = {PublicationState.RETRACTED, PublicationState.FAILED}
    is_older = is_outdated(notice, notices)
    return frozenset(
        name
        for name, found in states.items()
        if found == {PublicationState.RETRACTED}
        or (is_older and destinations.profile(name).is_one_entry and found <= absent)
    )
