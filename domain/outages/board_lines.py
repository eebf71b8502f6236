"""Decide what the board of an outage says of each destination: the newest notice, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.outages.destinations import DestinationProfile, Destinations
from domain.outages.notices import Notice, NoticeKind, Publication, PublicationState
from domain.outages.standing import is_superseded, place_of, uncorrectable_at


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """What became of a notice at one destination, in one language.

    `kind` is that of the notice where the destination has two lines, or where the newest notice waits until
    this one is settled: `held` is the kind of that. `missed` counts the earlier notices that never arrived
    there, and that a newer one has superseded.
    """

    profile: DestinationProfile
    publication: Publication
    kind: NoticeKind | None = None
    held: NoticeKind | None = None
    missed: int = 0


def board_lines(
    notices: Sequence[Notice], publications: Sequence[Publication], destinations: Destinations
) -> tuple[BoardLine, ...]:
    """Return a line for each destination, and a second one where something else went wrong there.

    That is the worst of what is not settled. Both sequences are oldest first.
    """
    places: dict[tuple[str, str], list[Publication]] = {}
    for publication in publications:
        places.setdefault(place_of(publication), []).append(publication)
    by_id = {notice.id: notice for notice in notices}

    def is_open(failed: Publication) -> bool:
        gone = uncorrectable_at(by_id[failed.notice_id], notices, publications, destinations)
        return failed.destination not in gone and not is_superseded(failed, publications, notices)

    lines: list[BoardLine] = []
    for there in places.values():
        failed = [one for one in there if one.state is PublicationState.FAILED]
        open_failures = [one for one in failed if is_open(one)]
        shown = _shown(there, open_failures)
        newest = by_id[there[-1].notice_id]
        waits = there[-1] not in shown
        lines += [
            BoardLine(
                profile=destinations.profile(one.destination),
                publication=one,
                kind=by_id[one.notice_id].kind if len(shown) > 1 or waits else None,
                held=newest.kind if waits else None,
                missed=len(failed) - len(open_failures),
            )
            for one in shown
        ]
    return tuple(lines)


def _shown(there: Sequence[Publication], open_failures: Sequence[Publication]) -> list[Publication]:
    """Return the newest publication of a place, behind the worst of the others that are not settled."""
    *others, newest = there
    unsure = [one for one in others if one.state is PublicationState.UNSURE]
    if unsure and newest.state is PublicationState.QUEUED:
        return [unsure[0]]  # for which the newest waits in the outbox
    failed = [one for one in reversed(others) if one in open_failures]
    not_deleted = [one for one in reversed(others) if one.state is PublicationState.SENT and one.error]
    mailed = [one for one in reversed(others) if one.is_being_mailed or _is_news(one, newest)]
    return [*[*unsure, *failed, *not_deleted, *mailed][:1], newest]


def _is_news(publication: Publication, newest: Publication) -> bool:
    """Return whether a mailing that was taken back is the last that its readers heard of the outage."""
    return publication.rest_taken_back and newest.state is not PublicationState.SENT
