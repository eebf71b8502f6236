"""Define how a network tells of posts at once, beside being read (push)."""

from collections.abc import Sequence
from typing import Protocol

from domain.accounts import Account
from domain.diagnostics import CheckLine
from domain.intake.posts import Page


class PostEvents(Protocol):
    """Receives events of posts that mention, answer or quote an account.

    `wait` and `posts` raise `SourceError`.
    """

    async def wait(self, account: Account, seconds: float) -> Sequence[str]:
        """Wait for events, at most `seconds`; return the ids of their posts, none where no event came.

        The connection is kept between calls that follow each other, and opened where there is none.
        """
        ...

    async def probe(self) -> CheckLine:
        """Run the `check` command's diagnostics of it."""
        ...

    async def posts(self, account: Account, post_ids: Sequence[str]) -> Page:
        """Fetch these posts, oldest first; those that are gone are left out, and `newest_id` is `None`."""
        ...
