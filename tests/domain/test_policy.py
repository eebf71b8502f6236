"""Check card routing and response time targets."""

from datetime import UTC, datetime

import pytest

from domain.policy import Policy, Route
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def found(situation: Situation, language: str = "en", urgency: Urgency = Urgency.NORMAL) -> Assessment:
    return Assessment(language, situation, urgency, (), 0.0)


def a_policy(*routes: Route) -> Policy:
    return Policy(
        brand="Acme", support_channel="C1", fallback_channel="C2", alert_channel="C3", routes=routes
    )


@pytest.mark.parametrize(
    ("route", "situation", "language", "taken"),
    [
        (Route(channel="C9"), Situation.RANT, "en", True),
        (Route(channel="C9", situation="press"), Situation.PRESS, "de", True),
        (Route(channel="C9", situation="press"), Situation.RANT, "de", False),
        (Route(channel="C9", language="de"), Situation.RANT, "de", True),
        (Route(channel="C9", language="de"), Situation.RANT, "en", False),
        (Route(channel="C9", situation="press", language="de"), Situation.PRESS, "en", False),
        (Route(channel="C9", situation="press", language="de"), Situation.PRESS, "de", True),
    ],
)
def test_a_route_matches_what_it_names(
    route: Route, situation: Situation, language: str, taken: bool
) -> None:
    assert route.matches(found(situation, language)) is taken
    assert a_policy(route).channel_for(found(situation, language)) == ("C9" if taken else "C1")


def test_the_first_route_that_fits_wins() -> None:
    policy = a_policy(
        Route(channel="C8", situation="press"), Route(channel="C9", language="de"), Route(channel="C7")
    )
    assert policy.channel_for(found(Situation.PRESS, "de")) == "C8"
    assert policy.channel_for(found(Situation.RANT, "de")) == "C9"
    assert policy.channel_for(found(Situation.RANT, "en")) == "C7"
