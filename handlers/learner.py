"""Train the heads off the event loop, and keep those in use up to date in every copy of the bot."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence

from domain.clock import Clock
from domain.errors import UnusableFile
from domain.knowledge.labelled_posts import LabelledPost
from domain.knowledge.trainer import HeadsTrainer
from domain.triage.encoder import EncoderError
from handlers.desk import Desk
from handlers.knowledge.learning import (
    HEADS_TOPIC,
    heads_in_use,
    load_taught,
    record_training,
    train_on_taught,
)
from handlers.triage.classify import Classifier

log = logging.getLogger(__name__)

#: Trainings that are tried while examples come and go.
MAX_ATTEMPTS = 3


class Learner:
    """Trains the heads of a classifier on what the desk has taught.

    `trainer` is `None` where the settings have no encoder: then nothing is learnt. `held_out` loads the
    labelled posts that no training learns from.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        clock: Clock,
        classifier: Classifier,
        trainer: HeadsTrainer | None,
        held_out: Callable[[], Sequence[LabelledPost]],
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._classifier = classifier
        self._trainer = trainer
        self._held_out = held_out
        self._lock = asyncio.Lock()
        self._refresh_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def can_learn(self) -> bool:
        """Whether there is an encoder, and so heads to train."""
        return self._trainer is not None

    @property
    def is_learning(self) -> bool:
        """Whether a training is under way in this copy of the bot."""
        return self._lock.locked()

    @property
    def base_id(self) -> str:
        """Identify the heads that come with the program; empty where there are none."""
        return self._trainer.base_id if self._trainer is not None else ""

    async def start(self) -> None:
        """Load the heads in use, and load them again whenever a training replaces them."""
        if self._trainer is not None:
            self._desk.subscribe(self._on_topics, self._on_missed)
            await self._refresh()

    async def stop(self) -> None:
        """Wait for what is under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def learn_soon(self, asked_by: str, then: Callable[[], Awaitable[object]]) -> None:
        """Train in the background, then call `then`."""
        self._start(self._learn_then(asked_by, then))

    async def learn(self, asked_by: str) -> None:
        """Train on the desk's examples, and store the heads where they are accepted.

        One training at a time; a failure is logged, and leaves the heads as they were.
        """
        classifier, trainer = self._classifier, self._trainer
        if trainer is None or classifier.trained is None:
            return
        encoder = classifier.trained.encoder
        async with self._lock:
            for _ in range(MAX_ATTEMPTS):
                taught = await self._desk.run(load_taught, encoder=encoder.name)
                try:
                    result = await asyncio.to_thread(
                        train_on_taught,
                        taught,
                        classifier=classifier,
                        encoder=encoder,
                        trainer=trainer,
                        held_out=await asyncio.to_thread(self._held_out),
                    )
                except (EncoderError, UnusableFile) as error:
                    log.warning("nothing was learnt from the desk's examples: %s", error)
                    return
                if await self._desk.run(
                    record_training,
                    taught=taught,
                    result=result,
                    base=trainer.base_id,
                    encoder=encoder.name,
                    asked_by=asked_by,
                    now=self._clock.now(),
                ):
                    verdict = "accepted" if result.accepted else "not accepted"
                    log.info("learnt from %d examples: %s", taught.state.count, verdict)
                    await self._refresh()  # whoever is told that it has learnt sees it with the next message
                    return
            log.warning(
                "nothing was learnt: the examples were changed during each of %d trainings", MAX_ATTEMPTS
            )

    async def _learn_then(self, asked_by: str, then: Callable[[], Awaitable[object]]) -> None:
        try:
            await self.learn(asked_by)
        finally:
            await then()

    def _on_topics(self, topics: frozenset[str]) -> None:
        if HEADS_TOPIC in topics:
            self._on_missed()

    def _on_missed(self) -> None:
        self._start(self._refresh())

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name="learning")
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("learning failed", exc_info=error)

    async def _refresh(self) -> None:
        """Use the heads of the newest accepted training, or those that come with the program."""
        trainer, trained = self._trainer, self._classifier.trained
        if trainer is None or trained is None:
            return
        async with self._refresh_lock:
            text = await self._desk.run(heads_in_use, base=trainer.base_id)
            try:
                trained.heads = trainer.base if text is None else await asyncio.to_thread(trainer.load, text)
            except UnusableFile as error:
                log.warning("what the desk has taught is not used: %s", error)
                trained.heads = trainer.base
