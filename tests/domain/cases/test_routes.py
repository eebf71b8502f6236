"""Check the rules of routing: their conditions, which one decides, and what a case gets of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts import Account
from domain.cases.case_lifecycle import add_post, open_case
from domain.cases.routes import Condition, Route, RouteFacts
from domain.cases.routing import UNROUTED, Routing
from domain.cases.service_levels import ServiceLevel, ServiceLevels
from domain.cases.tags import VIP
from domain.intake.posts import Author, MatchReason, Post
from domain.policy import Policy
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PRESS = Assessment("de", Situation.PRESS, Urgency.NORMAL, (), 0.0)
FACTS = RouteFacts(
    assessment=PRESS,
    text="Wir planen eine Klage gegen ACME, drei Klagen sogar",
    network="x",
    account="Acme_DE",
    customer_tags=["partner"],
)


def a_policy(*routes: Route) -> Policy:
    return Policy(
        brand="Acme", support_channel="C1", fallback_channel="C2", alert_channel="C3", routes=routes
    )


@pytest.mark.parametrize(
    ("route", "unmet"),
    [
        (Route(channel="C9"), []),
        (Route(situation="press"), []),
        (Route(situation="rant"), [Condition.SITUATION]),
        (Route(language="de"), []),
        (Route(situation="press", language="en"), [Condition.LANGUAGE]),
        (Route(words=("lawsuit", "klage")), []),
        (Route(words=("klag*",)), []),
        (Route(words=("age",)), [Condition.WORDS]),
        (Route(words=("eine klage",)), []),
        (Route(network="x", account="@acme_de"), []),
        (Route(network="town", account="acme"), [Condition.NETWORK, Condition.ACCOUNT]),
        (Route(customer_tag="partner"), []),
        (Route(customer_tag=VIP), [Condition.CUSTOMER_TAG]),
    ],
)
def test_a_rule_matches_where_all_its_conditions_hold(route: Route, unmet: list[Condition]) -> None:
    assert route.unmet(FACTS) == unmet


def test_the_first_rule_that_matches_decides_all() -> None:
    first = Route(name="press", situation="press", group="S0PRESS")
    second = Route(name="german", language="de", channel="C9", rank_step=1)
    rest = Route(name="rest", channel="C7")
    policy = a_policy(first, second, rest)
    assert policy.route(FACTS) == first
    # It names no channel, so that the card stays in the support channel.
    assert policy.channel_of(policy.route(FACTS)) == "C1"
    rant = RouteFacts(assessment=Assessment("de", Situation.RANT, Urgency.LOW, (), 0.0))
    assert policy.channel_of(policy.route(rant)) == "C9"
    assert policy.channel_of(a_policy().route(rant)) == "C1"
    assert policy.route_named("rest") == rest
    assert policy.route_named("gone") is policy.route_named(None) is None


def a_post(text: str) -> Post:
    return Post(
        network="x",
        account_id="1",
        id="900",
        revision_id="900",
        author=Author(id="77", handle="ana", name="Ana", followers=1),
        text=text,
        created_at=NOW,
        url="https://x.example/900",
        conversation_id="900",
        match_reason=MatchReason.MENTION,
    )


def test_a_case_is_routed_once_when_it_opens() -> None:
    account = Account(network="x", id="1", handle="acme_de", name="Acme")
    route = Route(name="law", words=("klage",), channel="C9", group="S0LAW", rank_step=1)
    policy = a_policy(route)
    case = open_case(account, a_post("Klage!"), PRESS, policy, NOW, customer_tags=[VIP])
    assert case.channel == "C9"
    assert case.routing == Routing(rule="law", group="S0LAW", rank_step=1, customer_tags=("vip",))
    plain = open_case(account, a_post("Hallo"), PRESS, policy, NOW)
    assert (plain.channel, plain.routing) == ("C1", UNROUTED)
    again = add_post(plain, a_post("Klage!"), PRESS, policy, NOW, earlier=[])
    assert (again.channel, again.routing) == ("C1", UNROUTED)


def test_a_customers_tags_decide_which_service_level_holds() -> None:
    minutes = timedelta(minutes=10)
    levels = ServiceLevels(levels=[ServiceLevel(name="vip", tags=frozenset({VIP}), first=minutes)])
    policy = replace(a_policy(), service_levels=levels)
    account = Account(network="x", id="1", handle="acme", name="Acme")
    case = open_case(account, a_post("Hallo"), PRESS, policy, NOW, customer_tags=[VIP])
    assert case.reply_due == NOW + minutes
    later = add_post(case, a_post("Hallo?"), PRESS, policy, NOW, earlier=[])
    assert later.reply_due == NOW + minutes
    assert open_case(account, a_post("Hallo"), PRESS, policy, NOW).reply_due != NOW + minutes
