"""Load what a button names, with a refusal where it does not exist any more."""

from domain.errors import Refused
from domain.outages.notices import Notice
from domain.outages.outage import Outage
from storage.unit_of_work import UnitOfWork


def get_outage(uow: UnitOfWork, outage_id: int) -> Outage:
    """Return an outage that a button names; raises `Refused` where it does not exist."""
    try:
        return uow.outages.get(outage_id)
    except LookupError:
        raise Refused(
            "Nothing was done: this outage is not here any more. “/outage list” shows those that are."
        ) from None


def get_notice(uow: UnitOfWork, notice_id: int) -> Notice:
    """Return a notice that a button names; raises `Refused` where it does not exist."""
    try:
        return uow.notices.get(notice_id)
    except LookupError:
        raise Refused(
            "Nothing was done: this notice is not here any more. “/outage list” shows the outages."
        ) from None
