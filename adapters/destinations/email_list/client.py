"""Hand notices to the mailing, which the bot's outbox works off."""

from datetime import datetime

from adapters.destinations.entry import CountSubscribers
from domain.delivery.outcomes import Done, Failed, Outcome
from domain.diagnostics import CheckLine
from domain.outages.destinations import OutgoingNotice, Preflight, Receipt

_SECONDS_A_MINUTE = 60


class EmailList:
    """Implements `Destination`: a mailing starts with the transaction that stores a notice as sent."""

    def __init__(self, count_subscribers: CountSubscribers, *, mails_per_second: float) -> None:
        self._count_subscribers = count_subscribers
        self._per_second = mails_per_second

    async def close(self) -> None:
        """Do nothing."""

    async def preflight(self) -> Preflight:
        """Count the subscribers, and tell how long mailing them takes."""
        by_language = await self._count_subscribers()
        count = sum(by_language.values())
        minutes = count / self._per_second / _SECONDS_A_MINUTE
        lasts = (
            f"The last of {count:,} mails leaves after {minutes:.0f} min, at {self._per_second:g} a second."
        )
        return Preflight(
            audience=count,
            audience_unit="subscribers",
            audience_by_language=by_language,
            warnings=(lasts,) if minutes > 1 else (),
        )

    async def publish(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        latest: Receipt | None,
    ) -> Outcome:
        """Accept the notice."""
        return Done({"id": notice.reference, "url": None, "data": {}})

    async def find(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        since: datetime,
    ) -> Done:
        """Accept the notice: a mailing is started once, whatever was interrupted before."""
        return Done({"id": notice.reference, "url": None, "data": {}})

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Refuse: a mail cannot be changed."""
        return Failed("A mail cannot be changed. Send a correction.")

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Refuse: a mail cannot be taken back."""
        return Failed("A mail cannot be taken back. Send a correction.")

    async def probe(self) -> list[CheckLine]:
        """Return how many subscribers there are."""
        count = sum((await self._count_subscribers()).values())
        detail = f"{count:,} {'subscriber' if count == 1 else 'subscribers'}"
        return [CheckLine("E-mail list", ok=True, detail=detail)]
