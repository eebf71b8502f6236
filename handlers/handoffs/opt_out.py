"""Look up whether a customer has opted out of direct messages."""

from domain.cases.case import Case
from storage.unit_of_work import UnitOfWork


def has_opted_out(uow: UnitOfWork, case: Case) -> bool:
    """Whether the case's customer has asked for no direct messages."""
    return uow.opt_outs.has(case.network, case.account_id, case.author.id)
