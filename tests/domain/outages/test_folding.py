"""Fold the cards of linked cases, but none that somebody has to look at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.outages.folding import is_folded
from domain.outages.links import CaseLink, Link, LinkState
from domain.outages.outage import OutageKind, OutageState, Phase
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Reason, Situation
from tests.adapters.slack.samples import case, handoff, post, reply, view
from tests.outages import an_outage

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
OUTAGE = an_outage(NOW, phase=Phase.IDENTIFIED, lead="U0SAM", opened_by="U0SAM")
MAINTENANCE = replace(OUTAGE, kind=OutageKind.MAINTENANCE, phase=Phase.SCHEDULED)
LINK = Link(
    outage_id=7,
    case_id=12,
    message_id=31,
    state=LinkState.CONFIRMED,
    certainty=0.8,
    evidence=(),
    reported_at=NOW,
    proposed_at=NOW,
    decided_by="U0SAM",
    decided_at=NOW,
    newest_message_id=31,
)
LINKED = CaseLink(link=LINK, outage=OUTAGE)
HIGH = Assessment("en", Situation.CANNOT_PAY, Urgency.HIGH, (Reason.MONEY,), -0.5)


def a_view(*, outage: CaseLink | None = LINKED, shown: Any = None, **changes: Any) -> CaseView:  # noqa: ANN401
    """Build the view of a linked case; `changes` are fields of the case, `shown` of the view."""
    linked = case(assessment=HIGH, outage_id=7, outage_severity=2)
    return view(case=replace(linked, **changes), outage=outage, **(shown or {}))


def answered(delivery: Delivery) -> dict[str, Any]:
    ours = reply(delivery)
    return {"messages": [post(), ours], "latest_reply": ours}


@pytest.mark.parametrize(
    "folded",
    [
        a_view(),
        a_view(state=CaseState.WAITING, waiting_since=None, shown=answered(Delivery.SENT)),
        a_view(shown=answered(Delivery.QUEUED)),
        a_view(outage=CaseLink(link=LINK, outage=replace(OUTAGE, state=OutageState.DRAFT))),
        a_view(outage=CaseLink(link=LINK, outage=replace(MAINTENANCE, phase=Phase.IN_PROGRESS))),
    ],
    ids=["waits", "answered", "answer on its way", "outage is drafted", "maintenance has begun"],
)
def test_what_is_known_and_nobody_works_on_is_folded(folded: CaseView) -> None:
    assert is_folded(folded)


@pytest.mark.parametrize(
    "whole",
    [
        a_view(outage=None),
        a_view(outage=CaseLink(link=LINK, outage=replace(OUTAGE, state=OutageState.RESOLVED))),
        a_view(outage=CaseLink(link=LINK, outage=MAINTENANCE)),
        a_view(outage=CaseLink(link=replace(LINK, newest_message_id=None), outage=OUTAGE)),
        a_view(claimed_by="U0SAM"),
        a_view(state=CaseState.SNOOZED, snoozed_until=NOW + timedelta(hours=1)),
        a_view(assessment=replace(HIGH, urgency=Urgency.URGENT)),
        a_view(assessment=replace(HIGH, reasons=(Reason.VULNERABLE,))),
        a_view(assessment=replace(HIGH, reasons=(Reason.LEGAL_THREAT,))),
        a_view(assessment=replace(HIGH, reasons=(Reason.SAFETY,))),
        a_view(assessment=replace(HIGH, reasons=(Reason.DISTRESS,))),
        a_view(assessment=replace(HIGH, situation=Situation.SAFETY_OR_LEGAL)),
        a_view(shown={"writers": ("U0MIA",)}),
        a_view(shown={"messages": [post(), post(id=33, text="and my rent is due!")]}),
        a_view(shown={"handoff": handoff()}),
        a_view(shown={"offered": handoff()}),
        a_view(shown=answered(Delivery.FAILED)),
        a_view(shown=answered(Delivery.UNSURE)),
    ],
    ids=[
        "not linked",
        "outage is over",
        "maintenance is planned",
        "link not confirmed",
        "claimed",
        "snoozed",
        "urgent",
        "vulnerable",
        "legal threat",
        "danger",
        "speaks of suicide",
        "safety",
        "somebody writes",
        "wrote again",
        "in private",
        "offered",
        "answer failed",
        "answer unsure",
    ],
)
def test_what_somebody_has_to_look_at_stays_whole(whole: CaseView) -> None:
    assert not is_folded(whole)
