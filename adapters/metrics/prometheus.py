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
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

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
        # Of this copy.
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
        # Of all copies, from the database.
        self._lane_rows = self._gauge("switchboard_outbox_rows", "Queued rows of the outbox", "lane")
        self._lane_age = self._gauge(
            "switchboard_outbox_oldest_due_seconds",
            "How long the oldest row of the outbox has been due",
            "lane",
        )
        self._unsure = self._gauge("switchboard_outbox_unsure", "Rows of the outbox whose outcome is unknown")
        self._stream_age = self._gauge(
            "switchboard_stream_age_seconds", "Time since a stream was last read", "network", "stream"
        )
        self._stream_paused = self._gauge(
            "switchboard_stream_paused",
            "1 while the network refuses to let a stream be read",
            "network",
            "stream",
        )
        self._queue = self._gauge("switchboard_queue_cases", "Open cases", "urgency", "claimed")
        self._spent = self._gauge(
            "switchboard_network_spend_dollars", "US dollars spent on a network since midnight UTC", "network"
        )
        self._late = self._gauge(
            "switchboard_mentions_late", "Mentions of today (UTC) that the network listed late", "network"
        )
        self._missing = self._gauge(
            "switchboard_mentions_missing",
            "Mentions of today (UTC) that were listed and are not held, or could not be read",
            "network",
        )
        self._model_cost = self._gauge(
            "switchboard_model_spend_dollars", "US dollars spent on the language model since midnight UTC"
        )
        self._model_tokens = self._gauge(
            "switchboard_model_tokens", "Tokens of the language model used since midnight UTC"
        )
        self._model_calls = self._gauge(
            "switchboard_model_calls", "Calls of the language model since midnight UTC"
        )

    def _gauge(self, name: str, documentation: str, *labels: str) -> Gauge:
        return Gauge(name, documentation, labels, registry=self._registry)

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
            self._set(figures, now)
            return generate_latest(self._registry)

    def _set(self, figures: OperationsFigures, now: datetime) -> None:
        for lane in figures.lanes:
            name = lane.lane.name.lower()
            self._lane_rows.labels(name).set(lane.rows)
            self._lane_age.labels(name).set(_seconds_since(lane.oldest_due, now))
        self._unsure.set(figures.unsure)
        for gauge in (self._stream_age, self._stream_paused, self._spent, self._late, self._missing):
            gauge.clear()
        for stream in figures.streams:
            labels = (stream.network, stream.stream)
            self._stream_paused.labels(*labels).set(stream.is_paused)
            if stream.read_at is not None:
                self._stream_age.labels(*labels).set(_seconds_since(stream.read_at, now))
        for depth in figures.queue:
            claimed = "yes" if depth.is_claimed else "no"
            self._queue.labels(depth.urgency.name.lower(), claimed).set(depth.cases)
        for spent in figures.spent:
            self._spent.labels(spent.network).set(spent.cost)
        for today in figures.mentions:
            self._late.labels(today.network).set(today.late)
            self._missing.labels(today.network).set(today.missing)
        self._model_cost.set(figures.model.cost)
        self._model_tokens.set(figures.model.tokens)
        self._model_calls.set(figures.model.calls)


def _seconds_since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max((now - moment).total_seconds(), 0.0)
