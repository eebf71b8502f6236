"""Count what attempts and checks of effects come to."""

from adapters.metrics import Metrics
from domain.delivery.decisions import Decision, GiveUp, MarkUnsure, Postpone, Settle
from domain.delivery.effects import Job

_RESULTS = {Settle: "sent", GiveUp: "failed", MarkUnsure: "unsure", Postpone: "later"}


def count_outcome(metrics: Metrics, job: Job, decision: Decision) -> None:
    """Count what was decided, by the kind of effect and the system that it was for."""
    system = job.effect.destination.partition(":")[0]
    metrics.count_outcome(job.effect.kind, system, _RESULTS[type(decision)])
