"""Load the links of a case to outages, as its card and Details show them."""

from domain.cases.case import Case
from domain.outages.links import CaseLink, LinkState
from storage.unit_of_work import UnitOfWork


def link_of_case(uow: UnitOfWork, case: Case) -> CaseLink | None:
    """Return the confirmed link of a case; `None` where it has none."""
    if case.outage_id is None:
        return None
    link = next(iter(uow.outage_links.get_many(case.outage_id, [case.id])), None)
    return CaseLink(link=link, outage=uow.outages.get(case.outage_id)) if link is not None else None


def proposed_links(uow: UnitOfWork, case: Case) -> list[CaseLink]:
    """Return the proposed links of an active case to outages that are open, the surest first."""
    if case.outage_id is not None or not case.state.is_active:
        return []
    links = [link for link in uow.outage_links.of_case(case.id) if link.state is LinkState.PROPOSED]
    found = [CaseLink(link=link, outage=uow.outages.get(link.outage_id)) for link in links]
    return sorted((one for one in found if one.outage.is_open), key=lambda one: -one.link.certainty)
