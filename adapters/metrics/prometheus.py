"""Collect measurements, and write them in the text format of Prometheus.

Labels have a bounded set of values: names of use cases, of kinds of effects, of networks. Nothing of
customers is a label or a value.
"""

from datetime import datetime
from threading import Lock

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from adapters.metrics.database_gauges import DatabaseGauges
from domain.operations.figures import OperationsFigures

CONTENT_TYPE = CONTENT_TYPE_LATEST
_USE_CASE_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5)  # seconds
_LAG_BUCKETS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)  # seconds


class Metrics:
    """The metrics of this copy of the bot; what the database knows is set right before it is read."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._rendering = Lock()  # two that read at once, each on a thread, would find gauges cleared
        ProcessCollector(registry=registry)
        self._use_cases = Histogram(
            "switchboard_use_case_seconds",
            "Time of a use case, with its transaction and its wait for a thread",
            ("use_case",),
            buckets=_USE_CASE_BUCKETS,
            registry=registry,
        )
        self._outcomes = Counter(
            "switchboard_sends_total",
            "What attempts and checks of effects came to",
            ("kind", "system", "result"),
            registry=registry,
        )
        self._lag = Histogram(
            "switchboard_intake_lag_seconds",
            "Time from a public post's own time until it was stored",
            ("network", "stream"),
            buckets=_LAG_BUCKETS,
            registry=registry,
        )
        self._of_database = DatabaseGauges(registry)

    def observe_use_case(self, name: str, seconds: float) -> None:
        """Record how long a use case took."""
        self._use_cases.labels(name).observe(seconds)

    def count_outcome(self, kind: str, system: str, result: str) -> None:
        """Count what an attempt or a check of an effect came to."""
        self._outcomes.labels(kind, system, result).inc()

    def observe_lag(self, network: str, stream: str, seconds: float) -> None:
        """Record how old a public post was when it was stored."""
        self._lag.labels(network, stream).observe(max(seconds, 0.0))

    def render(self, figures: OperationsFigures, now: datetime) -> bytes:
        """Return all metrics, with the database's figures as they are `now`. Threads may call it at once."""
        with self._rendering:
            self._of_database.set(figures, now)
            return generate_latest(self._registry)
