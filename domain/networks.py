"""Social networks: our account on one, and what an adapter of one provides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.delivery.outcomes import Finding, Outcome
from domain.intake.posts import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One of the brand's own accounts on a network."""

    network: str
    id: str
    handle: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCount:
    """How long a text is by the network's own count, and how long it may be."""

    length: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether the network would take it."""
        return 0 < self.length <= self.limit


class SocialNetwork(Protocol):
    """A public network that customers write on. Readings raise `SourceError`."""

    @property
    def name(self) -> str:
        """Such as "x"."""
        ...

    async def account(self) -> Account:
        """Whom our credentials belong to."""
        ...

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        """Posts that mention or quote the account since `since_id`, all pages of them."""
        ...

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        """Posts that match the query since `since_id`, all pages of them."""
        ...

    async def reply(self, text: str, to_post_id: str) -> Outcome:
        """Answer a post publicly. `Done.result` holds "id" and "url"."""
        ...

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: datetime) -> Finding:
        """Look among our own recent posts for that answer."""
        ...

    async def gone(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Which of these posts can no longer be seen."""
        ...

    def count(self, text: str) -> TextCount:
        """The length of a reply."""
        ...

    def cost(self, text: str) -> float | None:
        """What the network charges for this reply, in US dollars; `None` where it charges nothing."""
        ...
