"""Load outages as boards and lists show them."""

from domain.outages.board import BoardLine, BoardView
from domain.outages.destinations import Destinations
from domain.outages.notices import Publication
from domain.outages.outage import Outage
from handlers.outages.lookup import get_outage
from storage.unit_of_work import UnitOfWork


def view_board(uow: UnitOfWork, *, outage_id: int, destinations: Destinations) -> BoardView:
    """Load an outage with everything that its board shows."""
    newest: dict[tuple[str, str], Publication] = {}
    for publication in uow.publications.of_outage(outage_id):
        newest[publication.destination, publication.language] = publication
    return BoardView(
        outage=get_outage(uow, outage_id),
        notices=tuple(uow.notices.of_outage(outage_id)),
        lines=tuple(
            BoardLine(profile=destinations.profile(destination), publication=publication)
            for (destination, _), publication in newest.items()
        ),
        pause=uow.pauses.current(),
    )


def list_outages(uow: UnitOfWork, *, limit: int) -> list[Outage]:
    """Return the newest outages, newest first."""
    return uow.outages.recent(limit)


def board_digest(uow: UnitOfWork, outage_id: int) -> str | None:
    """Return the digest of what the outage's board shows."""
    return uow.outages.board_digest(outage_id)
