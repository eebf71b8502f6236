"""Accounts of the simulated X, by id or username."""

import itertools
from collections.abc import Callable

from sandbox.x.posts import Account

BRAND_ID = "90000001"
COLORS = ("#b3541e", "#1e6fb3", "#7a3fb0", "#2f7d4f", "#b0336b", "#55606e", "#8a6d1a", "#147a7a")


class Accounts:
    """All accounts. Usernames are compared case-insensitively, as on X."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.by_id: dict[str, Account] = {}
        self._by_username: dict[str, Account] = {}
        self._ids = itertools.count(70_000_001)
        self._clock = clock
        about = "We make things and help when they break."
        self.brand = self._add(Account(BRAND_ID, "acme", "Acme", clock(), about, 48_200))

    def get(
        self,
        username: str,
        name: str = "",
        *,
        followers: int | None = None,
        description: str | None = None,
        verified: bool | None = None,
        account_id: str | None = None,
    ) -> Account:
        """Get, create or update the account with this username (with or without @).

        A new one has the next id where no `account_id` is given.
        """
        username = username.removeprefix("@")
        found = self.find(username)
        if found is None:
            number = next(self._ids)
            color = COLORS[number % len(COLORS)]
            known_id = account_id or str(number)
            found = self._add(Account(known_id, username, name or username, self._clock(), color=color))
        found.name = name or found.name
        found.followers = found.followers if followers is None else followers
        found.description = found.description if description is None else description
        found.verified = found.verified if verified is None else verified
        return found

    def find(self, username: str) -> Account | None:
        """Return the account with this username, if there is one."""
        return self._by_username.get(username.removeprefix("@").lower())

    def _add(self, account: Account) -> Account:
        self.by_id[account.id] = account
        self._by_username[account.username.lower()] = account
        return account
