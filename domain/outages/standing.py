"""Find which notices of an outage stand where, to be corrected or deleted there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.outages.destinations import DestinationProfile, Destinations
from domain.outages.notices import Notice, NoticeKind, NoticeState, Publication, PublicationState


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingNotice:
    """A notice as it stands at a destination, in one language.

    `publication` is the receipt of it, `notice` what was published first, and `newest` the correction that
    was edited into it, or the notice itself. `is_entry`: it is the entry at a destination where all notices
    of an outage are one, and the others are deleted with it.
    """

    profile: DestinationProfile
    publication: Publication
    notice: Notice
    newest: Notice
    is_entry: bool = False

    @property
    def is_retractable(self) -> bool:
        """Whether it can be deleted from here; what only a person has seen there has no known id."""
        if not self.profile.retracts or self.publication.external_id is None:
            return False
        return self.is_entry or not self.profile.keeps_updates


def standing_notices(
    notices: Sequence[Notice], publications: Sequence[Publication], destinations: Destinations
) -> tuple[StandingNotice, ...]:
    """Return what stands at destinations, the newest first; both sequences are oldest first."""
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
            found[key] = replace(found[key], newest=notice)
            continue
        profile = destinations.profile(publication.destination)
        is_entry = profile.is_one_entry and place not in entries
        entries.add(place)
        found[key] = StandingNotice(
            profile=profile, publication=publication, notice=notice, newest=notice, is_entry=is_entry
        )
    return tuple(reversed(found.values()))


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


def correctable_notices(notices: Sequence[Notice], publications: Sequence[Publication]) -> tuple[Notice, ...]:
    """Return the notices that can be corrected, the newest first, each by its newest correction.

    One that was deleted wherever it was is not among them. Both sequences are oldest first.
    """
    left: dict[int, Notice] = {}
    root_of: dict[int, int] = {}
    for notice in notices:
        if notice.state is not NoticeState.APPROVED:
            continue
        root = notice.id
        if notice.kind is NoticeKind.CORRECTION and notice.corrects is not None:
            root = root_of.get(notice.corrects, notice.corrects)
        root_of[notice.id] = root
        left[root] = notice
    states: dict[int, set[PublicationState]] = {}
    for publication in publications:
        root = root_of.get(publication.notice_id, publication.notice_id)
        states.setdefault(root, set()).add(publication.state)
    gone = {PublicationState.RETRACTED}
    return tuple(left[root] for root in sorted(left, reverse=True) if states.get(root) != gone)


def corrected_chain(notice: Notice, notices: Mapping[int, Notice]) -> list[int]:
    """Return the ids of what a correction corrects, the newest first: other corrections, then the notice."""
    chain: list[int] = []
    current: Notice | None = notice
    while current is not None and current.kind is NoticeKind.CORRECTION and current.corrects is not None:
        chain.append(current.corrects)
        current = notices.get(current.corrects)
    return chain


def deleted_at(
    notice: Notice, notices: Sequence[Notice], publications: Sequence[Publication]
) -> frozenset[str]:
    """Return the names of the destinations at which all was deleted of a notice and of what it corrects."""
    chain = {notice.id, *corrected_chain(notice, {one.id: one for one in notices})}
    states: dict[str, set[PublicationState]] = {}
    for publication in publications:
        if publication.notice_id in chain:
            states.setdefault(publication.destination, set()).add(publication.state)
    return frozenset(name for name, found in states.items() if found == {PublicationState.RETRACTED})
