"""Share code between performers: typed effects, rendering, default hooks."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from adapters.slack.message_content import Content, digest
from domain.delivery.decisions import MarkUnsure, Postpone
from domain.delivery.effect import Effect
from domain.delivery.effects import Job
from domain.delivery.outcomes import Done, Failed, Finding, Later, Outcome
from domain.delivery.routing_effects import wait_for_channel
from handlers.context import AppContext
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
E = TypeVar("E", bound=Effect)
T = TypeVar("T")


def effect_of(job: Job, kind: type[E]) -> E:
    """Return the job's effect as a `kind`.

    Raises `TypeError` where it is of another, which is a wiring error.
    """
    if not isinstance(job.effect, kind):
        raise TypeError(f"{job.effect.kind} was given to the performer of {kind.kind}")
    return job.effect


def search_since(job: Job) -> datetime:
    """Return the moment from which reconciliation must search for earlier tries of this job."""
    return job.first_tried_at or job.created_at


def render_or_fail(render: Callable[[], T]) -> T | Failed:
    """Return what `render` returns, or a permanent failure where it raises: a retry would render the same."""
    try:
        return render()
    except Exception as error:
        log.exception("something could not be drawn")
        return Failed(
            f"it cannot be drawn ({type(error).__name__}); the log holds the details", invalid_content=True
        )


async def redraw(ctx: AppContext, channel: str, ts: str, content: Content, *, shown: str | None) -> Outcome:
    """Update a message, unless `shown` is the digest of this content.

    Where it was updated, `Done.result` holds "channel", "ts" and the "digest" of what it shows now.
    """
    seen = digest(content)
    if seen == shown:
        return Done()
    outcome = await ctx.team_chat.update(channel, ts, content)
    return Done({"channel": channel, "ts": ts, "digest": seen}) if isinstance(outcome, Done) else outcome


def later_if_route_broken(outcome: Outcome, job: Job) -> Outcome:
    """Postpone, longer and longer, what failed as its channel cannot be used; return the rest as it is."""
    if isinstance(outcome, Failed) and outcome.route_broken:
        return Later(outcome.reason, wait=wait_for_channel(job.attempts))
    return outcome


class LogOutcome:
    """Hooks that only log, for effects whose failure nobody can act on."""

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        log.error("%s failed: %s", job.effect.key, failure.reason)

    def on_unsure(self, uow: UnitOfWork, job: Job, decision: MarkUnsure, now: datetime) -> None:
        log.warning("%s: not sure that it was done: %s", job.effect.key, decision.reason)

    def on_retry(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        log.info("%s: it was not done, and is tried again", job.effect.key)

    def on_postponed(self, uow: UnitOfWork, job: Job, decision: Postpone, now: datetime) -> None:
        """Do nothing: the loop logs its decision."""


class Unrecorded(LogOutcome):
    """A performer of effects whose success is recorded nowhere but in the outbox."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Do nothing: no record is kept."""


class RepeatableEffect:
    """The `find` of effects that are safe to repeat, which are retried without reconciliation."""

    async def find(self, job: Job) -> Finding:
        """Raise `TypeError`: the loop reconciles no such effect."""
        raise TypeError(f"{job.effect.kind} is safe to repeat and never looked for")
