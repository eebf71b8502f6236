"""What is the same for every message that we post in the team chat."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from domain.delivery.decisions import MarkUnsure
from domain.delivery.effects import Effect, Job
from domain.delivery.outcomes import Failed, Finding
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
E = TypeVar("E", bound=Effect)
T = TypeVar("T")


def effect_of(job: Job, kind: type[E]) -> E:
    """The job's effect, which is of this kind because performers are looked up by kind."""
    if not isinstance(job.effect, kind):
        raise TypeError(f"{job.effect.kind} was given to the performer of {kind.kind}")
    return job.effect


def search_since(job: Job) -> datetime:
    """How far back the other side must be read to find this job's earlier tries."""
    return job.first_tried_at or job.created_at


def render_or_fail(draw: Callable[[], T]) -> T | Failed:
    """What `draw` gives; where it stumbles, a failure that waiting does not mend."""
    try:
        return draw()
    except Exception as error:
        log.exception("something could not be drawn")
        return Failed(
            f"it cannot be drawn ({type(error).__name__}); the log holds the details", drawn_wrong=True
        )


class LogOutcome:
    """For messages that nobody can do anything about: their end is in the log."""

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:  # noqa: ARG002
        """Log it."""
        log.error("%s failed: %s", job.effect.key, failure.reason)

    def unsure(self, uow: UnitOfWork, job: Job, hold: MarkUnsure, now: datetime) -> None:  # noqa: ARG002
        """Log it."""
        log.warning("%s: not sure that it was done: %s", job.effect.key, hold.reason)

    def again(self, uow: UnitOfWork, job: Job, now: datetime) -> None:  # noqa: ARG002
        """Log it."""
        log.info("%s: it was not done, and is tried again", job.effect.key)


class RepeatableEffect:
    """For acts that are safe to repeat: there is nothing to look for."""

    async def find(self, job: Job) -> Finding:
        """Never called for such an act."""
        raise TypeError(f"{job.effect.kind} is safe to repeat and never looked for")
