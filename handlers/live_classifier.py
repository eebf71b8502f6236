"""Keep the classifier up to date: its saved replies, without what has expired, and corrected posts."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.clock import Clock
from domain.knowledge.desk_examples import ExamplesState
from domain.knowledge.saved_replies import ReplyVersion, current_versions, suggestible
from handlers.desk import Desk
from handlers.knowledge.corrected_posts import load_corrected, taught_posts
from handlers.triage.classify import Classifier
from storage.reply_choices import State
from storage.unit_of_work import UnitOfWork


class LiveClassifier:
    """The classifier with the saved replies, and the posts that the desk corrected, as they are now.

    `refresh` reads them where this copy of the bot or another has changed them. A use case gets the
    classifier as it is then, and keeps its saved replies to its end.
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
        self._examples = ExamplesState()
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
        """Read what was changed, encode the texts of changed saved replies, and return the classifier."""
        return await self._take(*await self._desk.run_at_once(_state))

    async def refresh_to_suggest(self) -> Classifier:
        """As `refresh`; index all texts that a message is compared with, also of answers sent since.

        The first suggestion would do that in its transaction, for which all others wait on SQLite, and where
        it runs on the event loop, everything: 0.2 s for 1,000 answers, 0.4 s for the shipped replies.
        """
        examples, revision, sent = await self._desk.run_at_once(_state_with_choices)
        classifier = await self._take(examples, revision)
        if classifier.learns and sent != classifier.search.learnt.state:
            await self._desk.run(_learn_answers, classifier=classifier)
        if not classifier.search.is_prepared:
            await asyncio.to_thread(classifier.search.prepare)
        return classifier

    async def _take(self, examples: ExamplesState, revision: int) -> Classifier:
        if revision != self._revision:
            async with self._lock:
                revision, stored = await self._desk.run(_load, known=self._revision)
                if revision != self._revision:
                    versions = list(current_versions(self.shipped, stored).values())
                    await self._replace(versions)
                    self._revision = revision
        if examples != self._examples and (trained := self._classifier.trained) is not None:
            taught = await self._desk.run(load_corrected, encoder=trained.encoder.name)
            trained.taught.learn(await asyncio.to_thread(taught_posts, taught, self._classifier))
            self._examples = taught.state
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


def _state(uow: UnitOfWork) -> tuple[ExamplesState, int]:
    return uow.examples.state_with_replies()


def _state_with_choices(uow: UnitOfWork) -> tuple[ExamplesState, int, State]:
    return uow.examples.state_with_choices()


def _learn_answers(uow: UnitOfWork, *, classifier: Classifier) -> None:
    classifier.refresh(uow)


def _load(uow: UnitOfWork, *, known: int) -> tuple[int, list[ReplyVersion]]:
    """Return the revision of the store and, where it is not the known one, the stored replies."""
    revision = uow.saved_replies.revision()
    return revision, uow.saved_replies.latest() if revision != known else []
