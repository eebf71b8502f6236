"""Load the links of an outage as modals show them."""

from collections.abc import Sequence
from datetime import datetime

from domain.errors import Refused
from domain.outages.links import Link, LinkPage, LinkRange, LinkRow, LinkState, ManyLinks
from handlers.outages.lookup import get_outage
from storage.unit_of_work import UnitOfWork

PAGE_SIZE = 30
#: So many are linked at once: Slack waits 3 s for the answer, and 300 took 1.4 s on two busy cores.
MANY = 400
SAMPLES = 5  # of the surest and of the least sure of many links


def load_link_page(uow: UnitOfWork, *, outage_id: int, state: LinkState, page: int, reader: str) -> LinkPage:
    """Load a page of an outage's links in a state; the first one where there are not so many."""
    outage = get_outage(uow, outage_id)
    total = uow.outage_links.counts(outage_id).get(state, 0)
    shown = page if page * PAGE_SIZE < total else 0
    links = uow.outage_links.of_outage(outage_id, state, limit=PAGE_SIZE, offset=shown * PAGE_SIZE)
    return LinkPage(
        outage=outage,
        state=state,
        rows=_rows(uow, links),
        page=shown,
        total=total,
        has_more=(shown + 1) * PAGE_SIZE < total,
        blur_abuse=uow.preferences.blur_abuse(reader),
    )


def load_link_rows(
    uow: UnitOfWork, *, outage_id: int, case_ids: list[int], state: LinkState, reader: str
) -> LinkPage:
    """Load the chosen links of an outage that are still in a state, as a page of their own."""
    links = [one for one in uow.outage_links.get_many(outage_id, case_ids) if one.state is state]
    rows = _rows(uow, sorted(links, key=lambda one: (-one.certainty, one.case_id)))
    return LinkPage(
        outage=get_outage(uow, outage_id),
        state=state,
        rows=rows,
        page=0,
        total=len(rows),
        blur_abuse=uow.preferences.blur_abuse(reader),
    )


def load_all_links(
    uow: UnitOfWork, *, outage_id: int, state: LinkState, reader: str, now: datetime, most: int = MANY
) -> ManyLinks:
    """Load all links of an outage in a state, the surest `most` of them. Raises `Refused` without any."""
    outage = get_outage(uow, outage_id)
    links = uow.outage_links.of_outage(outage_id, state, limit=most)
    if not links:
        raise Refused("Nothing was changed: somebody else has looked at these cases meanwhile.")
    total = uow.outage_links.counts(outage_id).get(state, 0)
    last = links[-1]
    return ManyLinks(
        page=LinkPage(
            outage=outage,
            state=state,
            rows=_rows(uow, links[:SAMPLES]),
            page=0,
            total=len(links),
            blur_abuse=uow.preferences.blur_abuse(reader),
        ),
        least_sure=_rows(uow, links[SAMPLES:][-SAMPLES:]),
        certainties=[link.certainty for link in links],
        links=LinkRange(
            outage_id=outage_id,
            state=state,
            until=now,
            last_certainty=last.certainty,
            last_case_id=last.case_id,
        ),
        left=total - len(links),
    )


def _rows(uow: UnitOfWork, links: Sequence[Link]) -> list[LinkRow]:
    return [
        LinkRow(link=one, case=uow.cases.get(one.case_id), message=uow.messages.get(one.message_id))
        for one in links
    ]
