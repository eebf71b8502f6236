"""Define whom an erasure or an export is about, and what remains of them."""

from dataclasses import dataclass

from domain.handoffs.email_addresses import email_address
from domain.venues import Venue

#: The id of an author who was erased begins so. What follows is random, one for each erased person, so that
#: figures still tell whether somebody wrote again.
ERASED = "erased:"


def is_erased(author_id: str) -> bool:
    """Return whether the author of a case or message was erased."""
    return author_id.startswith(ERASED)


@dataclass(frozen=True, slots=True)
class CustomerName:
    """How a customer is named: on a network, by handle or id; or by e-mail address, where it is empty."""

    network: str
    value: str


def customer_name(text: str) -> CustomerName | None:
    """Parse "x:anaruiz", "x:@anaruiz", "x:77" or an e-mail address, also behind "email:"; else `None`."""
    network, colon, value = text.strip().partition(":")
    value = value.removeprefix("@").strip()
    is_email = network.lower() == Venue.EMAIL
    if colon and network.isalnum() and value and not is_email:
        return CustomerName(network.lower(), value)
    address = email_address(value if is_email else text.strip())
    return CustomerName("", address.lower()) if address is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Everything by which what is stored of a customer is found.

    `authors` are their ids on networks, as (network, account, author id). `names` are their handles, names
    and e-mail addresses. `cases` are theirs. `unproven` are the ids of mails from their addresses that nobody
    has proven to be theirs.
    """

    cases: tuple[int, ...] = ()
    authors: tuple[tuple[str, str, str], ...] = ()
    names: tuple[str, ...] = ()
    subscribers: tuple[int, ...] = ()
    unproven: tuple[int, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is stored of them."""
        return bool(self.cases or self.authors or self.subscribers or self.unproven)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarCustomers:
    """Who may be the same person as a customer and is not found with them, as commands name them.

    `same_mailbox` are addresses that differ by dots or "+tags" alone; `unverified` are whoever gave one of
    the customer's addresses, and what the customer gave, without being verified at it.
    """

    same_mailbox: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
