"""Find who may be the same person as a customer, and is not found with them."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from domain.handoffs.email_addresses import email_address, mailbox_of
from domain.records.erasure import Customer, CustomerName, SimilarCustomers, is_erased
from domain.venues import Venue
from storage.subscriber_tables import subscribers
from storage.tables import cases, handoffs, transcripts
from storage.unproven_mail_tables import unproven_mails

_c, _h = cases.c, handoffs.c
#: Where addresses of customers stand. No index has them by mailbox: a command alone reads all of them.
_ADDRESSES = (
    select(_c.author_id.label("address")).where(_c.network == Venue.EMAIL.value),
    *(
        select(column.label("address")).where(column.is_not(None))
        for column in (_h.address, transcripts.c.address, subscribers.c.address, unproven_mails.c.address)
    ),
)


def find_similar(connection: Connection, name: CustomerName, customer: Customer) -> SimilarCustomers:
    """Return who shares a mailbox or an unverified address with the customer, as the commands name them."""
    typed = () if name.network else (name.value,)
    own = {address for one in (*customer.names, *typed) if (address := email_address(one)) is not None}
    mailboxes = {mailbox_of(address) for address in own}
    # Addresses of a mailbox begin alike, whatever dots and tags they have.
    starts = {mailbox[0] for mailbox in mailboxes}
    written = {
        address.lower()
        for query in _ADDRESSES
        for start in sorted(starts)
        for address in connection.scalars(
            query.where(func.lower(query.selected_columns.address).startswith(start, autoescape=True))
        )
    }
    same = {address for address in written if mailbox_of(address) in mailboxes} - own
    return SimilarCustomers(
        same_mailbox=tuple(sorted(same)), unverified=tuple(sorted(_unverified(connection, customer, own)))
    )


def _unverified(connection: Connection, customer: Customer, own: Iterable[str]) -> set[str]:
    """Return whose cases an address of the customer was only given in, and what was given in theirs."""
    of_cases = _c.id.in_(customer.cases)
    authors = connection.execute(
        select(_c.network, _c.account_id, _c.author_id, _c.author_handle).where(of_cases)
    )
    others = {
        f"{row.network}:{row.author_handle or row.author_id}"
        for row in authors
        if (row.network, row.account_id, row.author_id) not in customer.authors
        and not is_erased(row.author_id)
    }
    given = connection.scalars(
        select(_h.address).where(
            _h.case_id.in_(customer.cases),
            _h.venue == Venue.EMAIL.value,  # elsewhere it is the id of a chat, or of an account
            _h.address.is_not(None),
        )
    )
    return others | ({address.lower() for address in given} - set(own))
