"""Check that the dashboard and the alerts ask for metrics that exist."""

import json
import re
from datetime import UTC, datetime

from adapters.metrics import Metrics
from domain.delivery.effect import Lane
from domain.model_calls import Spend
from domain.operations.figures import LaneDepth, NetworkSpend, OperationsFigures, QueueDepth, StreamReading
from domain.triage.assessment import Urgency
from tests.source import ROOT

NOW = datetime(2026, 11, 29, tzinfo=UTC)
METRIC = re.compile(r"\b(?:switchboard|process)_\w+")
LABELS = re.compile(r"\b(?:by \(([\w, ]+)\)|(\w+)=~?\")")
NOT_OURS = {"le", "job", "instance"}


def exposed() -> tuple[set[str], set[str]]:
    """Return the names of all metrics and of their labels."""
    metrics = Metrics()
    metrics.observe_lag("x", "mentions", 1)
    metrics.observe_use_case("claim", 1)
    metrics.count_outcome("alert", "slack", "sent")
    figures = OperationsFigures(
        lanes=[LaneDepth(lane=lane, rows=1, oldest_due=NOW) for lane in Lane],
        unsure=1,
        streams=[StreamReading(network="x", stream="mentions", read_at=NOW, is_paused=False)],
        queue=[QueueDepth(urgency=Urgency.HIGH, is_claimed=False, cases=1)],
        spent=[NetworkSpend(network="x", cost=1)],
        model=Spend(),
    )
    text = metrics.render(figures, NOW).decode()
    return set(re.findall(r"^(\w+)[{ ]", text, re.MULTILINE)), set(re.findall(r"[{,](\w+)=", text))


def test_each_query_names_metrics_and_labels_that_exist() -> None:
    dashboard = json.loads((ROOT / "docs" / "grafana.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    prose = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    alerts = re.findall(r"^\| [^|]+ \| `([^`]+)` \|", prose.partition("## Metrics")[2], re.MULTILINE)
    names, labels = exposed()
    assert len(queries) > 10
    assert sum("switchboard_" in alert for alert in alerts) > 8
    for query in (*queries, *alerts):
        assert set(METRIC.findall(query)) <= names, query
        used = {name for group, one in LABELS.findall(query) for name in (*group.split(", "), one) if name}
        assert used <= labels | NOT_OURS, query


def test_every_metric_of_ours_is_described() -> None:
    prose = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    ours = {re.sub(r"_(?:bucket|sum|count)$", "", name) for name in exposed()[0] if "_created" not in name}
    described = set(re.findall(r"`(switchboard_\w+)`", prose))
    assert {name for name in ours if name.startswith("switchboard_")} <= described
