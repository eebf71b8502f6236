"""Keep the classifier's saved replies up to date: those of the database, and without what has expired."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.clock import Clock
from domain.knowledge.saved_replies import ReplyVersion, current_versions, suggestible
from handlers.desk import Desk
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork


class LiveClassifier:
    """The classifier with the saved replies as they are now.

    `refresh` reads them where this copy of the bot or another has changed them. A use case gets the
    classifier as it is then, and keeps it to its end.
    """

    def __init__(
        self,
        classifier: Classifier,
        shipped: Sequence[ReplyVersion],
        *,
        desk: Desk,
        clock: Clock,
    ) -> None:
        self.shipped = tuple(shipped)
        self._classifier = classifier
        self._desk = desk
        self._clock = clock
        self._versions: Sequence[ReplyVersion] = self.shipped
        self._revision = 0
        self._day: date | None = None
        self._lock = asyncio.Lock()

    @property
    def current(self) -> Classifier:
        """The classifier as of the last refresh, without replies that have expired since."""
        today = self._clock.now().date()
        if self._versions and today != self._day:
            self._apply(today)
        return self._classifier

    async def refresh(self) -> Classifier:
        """Read the saved replies if they were changed, encode their texts, and return the classifier."""
        if await self._desk.run_at_once(_revision) != self._revision:
            async with self._lock:
                revision, stored = await self._desk.run(_load, known=self._revision)
                if revision != self._revision:
                    versions = list(current_versions(self.shipped, stored).values())
                    await self._replace(versions)
                    self._revision = revision
        return self.current

    async def _replace(self, versions: Sequence[ReplyVersion]) -> None:
        """Take these versions; their texts are encoded in a thread of its own, before anybody waits."""
        forms = self._classifier.policy.forms_of_address
        classifier = self._classifier.with_replies(suggestible(versions, forms, date.min))
        await asyncio.to_thread(classifier.search.index.prepare)
        self._classifier = classifier
        self._versions = versions
        self._apply(self._clock.now().date())

    def _apply(self, today: date) -> None:
        forms = self._classifier.policy.forms_of_address
        self._classifier = replace(self._classifier, replies=suggestible(self._versions, forms, today))
        self._day = today


def _revision(uow: UnitOfWork) -> int:
    return uow.saved_replies.revision()


def _load(uow: UnitOfWork, *, known: int) -> tuple[int, list[ReplyVersion]]:
    """Return the revision of the store and, where it is not the known one, the stored replies."""
    revision = uow.saved_replies.revision()
    return revision, uow.saved_replies.latest() if revision != known else []
