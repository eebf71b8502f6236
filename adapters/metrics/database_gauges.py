"""Measure what the database knows, for all copies of the bot."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge

from domain.operations.figures import OperationsFigures


class DatabaseGauges:
    """The metrics of what the database knows, which are set right before they are read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
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

    def set(self, figures: OperationsFigures, now: datetime) -> None:
        """Set all gauges to the database's figures as they are `now`."""
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

    def _gauge(self, name: str, documentation: str, *labels: str) -> Gauge:
        return Gauge(name, documentation, labels, registry=self._registry)


def _seconds_since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max((now - moment).total_seconds(), 0.0)
