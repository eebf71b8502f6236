"""Never hide at a destination what failed behind the success of something else."""

import pytest

from domain.outages.board_lines import board_lines
from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations
from domain.outages.notices import Notice, NoticeKind, NoticeState, Publication, PublicationState
from domain.outages.outage import Phase
from domain.outages.standing import is_superseded
from tests.domain.surge.made import NOW

ANNOUNCEMENT, UPDATE, RESOLUTION = NoticeKind.ANNOUNCEMENT, NoticeKind.UPDATE, NoticeKind.RESOLUTION
QUEUED, SENT, FAILED, UNSURE = (
    PublicationState.QUEUED,
    PublicationState.SENT,
    PublicationState.FAILED,
    PublicationState.UNSURE,
)
#: What a notice is, or the number of the one that it corrects; what became of it.
Told = tuple[NoticeKind | int, PublicationState]


def published(*told: Told) -> tuple[list[Notice], list[Publication]]:
    """Return notices with a publication each at one place, numbered from 1."""
    notices, publications = [], []
    for number, (what, state) in enumerate(told, start=1):
        corrects = what if isinstance(what, int) else None
        notices.append(
            Notice(
                id=number,
                outage_id=1,
                kind=NoticeKind.CORRECTION if isinstance(what, int) else what,
                phase=Phase.IDENTIFIED,
                state=NoticeState.APPROVED,
                versions=(),
                texts=(),
                authors=("U0KAI",),
                created_at=NOW,
                corrects=corrects,
            )
        )
        publications.append(
            Publication(
                id=number, notice_id=number, outage_id=1, destination="page", language="", state=state
            )
        )
    return notices, publications


def shown(*told: Told) -> list[int]:
    """Return the numbers of the notices that the board has a line of."""
    profile = DestinationProfile(name="page", label="Page", corrects=True)
    where = Destinations([ConnectedDestination(profile=profile, client=None)])  # type: ignore[arg-type]  # nothing is sent
    return [line.publication.id for line in board_lines(*published(*told), where)]


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        (((ANNOUNCEMENT, SENT),), [1]),
        (((ANNOUNCEMENT, SENT), (UPDATE, FAILED), (1, SENT)), [2, 3]),
        (((ANNOUNCEMENT, SENT), (UPDATE, FAILED), (2, SENT)), [3]),
        (((ANNOUNCEMENT, SENT), (1, FAILED), (UPDATE, SENT)), [2, 3]),
        (((ANNOUNCEMENT, SENT), (1, FAILED), (1, SENT)), [3]),
        (((ANNOUNCEMENT, FAILED), (UPDATE, SENT)), [2]),
        (((ANNOUNCEMENT, SENT), (UPDATE, UNSURE), (1, SENT)), [2, 3]),
        (((ANNOUNCEMENT, UNSURE), (UPDATE, QUEUED)), [1]),
        (((ANNOUNCEMENT, SENT), (RESOLUTION, FAILED), (1, UNSURE)), [2, 3]),
        (((ANNOUNCEMENT, SENT), (UPDATE, UNSURE), (1, FAILED)), [2, 3]),
    ],
)
def test_the_worst_that_is_not_settled_has_a_line_beside_the_newest(
    told: tuple[Told, ...], lines: list[int]
) -> None:
    assert shown(*told) == lines


def test_what_never_arrived_is_counted_where_newer_news_superseded_it() -> None:
    notices, publications = published((ANNOUNCEMENT, FAILED), (UPDATE, SENT))
    assert is_superseded(publications[0], publications, notices)
    profile = DestinationProfile(name="page", label="Page")
    where = Destinations([ConnectedDestination(profile=profile, client=None)])  # type: ignore[arg-type]  # nothing is sent
    [line] = board_lines(notices, publications, where)
    assert (line.publication.id, line.missed, line.kind) == (2, 1, None)


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        (((ANNOUNCEMENT, UNSURE), (UPDATE, QUEUED)), [(ANNOUNCEMENT, UPDATE)]),
        (((ANNOUNCEMENT, SENT), (UPDATE, UNSURE), (RESOLUTION, QUEUED)), [(UPDATE, RESOLUTION)]),
        (((ANNOUNCEMENT, UNSURE),), [(None, None)]),
        (((ANNOUNCEMENT, UNSURE), (UPDATE, SENT)), [(ANNOUNCEMENT, None), (UPDATE, None)]),
        (((ANNOUNCEMENT, SENT), (UPDATE, QUEUED)), [(None, None)]),
    ],
)
def test_a_line_behind_which_the_newest_notice_waits_names_both(
    told: tuple[Told, ...], kinds: list[tuple[NoticeKind | None, NoticeKind | None]]
) -> None:
    profile = DestinationProfile(name="page", label="Page", corrects=True)
    where = Destinations([ConnectedDestination(profile=profile, client=None)])  # type: ignore[arg-type]  # nothing is sent
    assert [(line.kind, line.held) for line in board_lines(*published(*told), where)] == kinds
