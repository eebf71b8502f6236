"""Publish notices on the bot's own web side, which reads them from the database when it is asked."""

from datetime import datetime

from domain.delivery.outcomes import Done, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.outages.destinations import OutgoingNotice, Preflight, Receipt


class OwnPage:
    """Implements `Destination` for a page of ours at `url`: a notice is there once it is stored as sent."""

    def __init__(self, label: str, url: str) -> None:
        self._label = label
        self._url = url

    async def close(self) -> None:
        """Do nothing."""

    async def preflight(self) -> Preflight:
        """Return that nothing speaks against it, and that nobody knows who reads it."""
        return Preflight()

    async def publish(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        latest: Receipt | None,
    ) -> Outcome:
        """Return where the notice is read."""
        return Done({"id": notice.reference, "url": self._url, "data": {}})

    async def find(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        since: datetime,
    ) -> Finding:
        """Return where the notice is read."""
        return Done({"id": notice.reference, "url": self._url, "data": {}})

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Return the receipt: the page shows the stored correction."""
        return Done({"id": receipt.id, "url": self._url, "data": {}})

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Return that it is gone: the page no longer shows what is stored as retracted."""
        return Done({"id": receipt.id})

    async def probe(self) -> list[CheckLine]:
        """Return where the page is."""
        return [CheckLine(self._label, ok=True, detail=self._url)]
