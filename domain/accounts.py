"""Define the brand's own accounts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One of the brand's own accounts: on a social network, or a mailbox."""

    network: str
    id: str
    handle: str
    name: str
