"""Chain the audit trail, and verify the chain."""

import secrets

from domain.records.chain import ChainCheck, linked
from storage.engine import Store
from storage.unit_of_work import UnitOfWork

#: Entries that are chained in one transaction.
CHAIN_BATCH = 500
#: Links that are verified in one transaction.
VERIFY_BATCH = 5_000


def chain_entries(uow: UnitOfWork) -> int:
    """Give the next entries that have none their link, in the order of their ids; return how many.

    Only a timer of the leading copy calls this, after the entries' own transactions: chained there, all
    intake and all claims would have to wait for one another. Where two copies do it at once, the second fails
    by the position that both want.
    """
    if not (entries := uow.records.chain.unchained(CHAIN_BATCH)):
        return 0
    salts = iter(lambda: secrets.token_hex(16), "")
    uow.records.chain.add(list(linked(entries, salts, uow.records.chain.head())))
    return len(entries)


def verify_chain(store: Store) -> tuple[ChainCheck, int]:
    """Verify the chain as far as it reaches now; return that, and the number of entries not chained yet.

    In short transactions: a bot may go on beside it.
    """
    check, position = ChainCheck(), 0
    with store.unit_of_work() as uow:
        uow.read_snapshot()
        head, unchained = uow.records.chain.head(), uow.records.chain.count_unchained()
        chained = uow.records.chain.count() - unchained
    while position < head.position:
        limit = min(VERIFY_BATCH, head.position - position)
        with store.unit_of_work() as uow:
            links = uow.records.chain.links(after=position, limit=limit)
        if not all(check.take(link, entry) for link, entry in links) or len(links) < limit:
            break
        position = check.head.position
    check.end(head)
    # Each verified link is of one entry: where more say that they have one, somebody wrote them by hand.
    if chained > head.position:
        with store.unit_of_work() as uow:
            for position_of_entry, entry in uow.records.chain.unlinked():
                check.find_unlinked(position_of_entry, entry)
    return check, unchained
