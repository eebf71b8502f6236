"""Render how a case was routed: on its card and in Details."""

from adapters.slack.cards import render_card
from adapters.slack.modals import render_details
from domain.cases.routes import Route
from domain.cases.routing import Routing
from tests.adapters.slack.inspection import said
from tests.adapters.slack.samples import NOW, OURS, TEAM_URL, case, view

RULE = Route(
    name="law <1>",
    situation="press",
    language="de",
    words=("<!channel>", "sue"),
    account="@acme_de",
    customer_tag="vip",
    network="x",
    channel="C0PRESS",
    group="S0PRESS",
    rank_step=1,
)
ROUTED = case(routing=Routing(rule=RULE.name, group=RULE.group, rank_step=1))


def details(route: Route | None) -> str:
    shown = render_details(
        view(case=ROUTED), [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM", route=route
    )
    return said(shown)


def test_details_tell_by_which_rule_a_case_was_routed() -> None:
    assert (
        "*Routed by the rule* “law &lt;1&gt;” (situation Press, language German, “&lt;!channel&gt;” or “sue” in "
        "the text, network x, our account @acme_de, a customer tagged VIP): to <#C0PRESS>, ranked higher"
    ) in details(RULE)
    assert "raised by a rule" in details(RULE)
    assert "“law &lt;1&gt;”, which is not in switchboard.toml any more" in details(None)


def test_a_card_calls_the_group_of_its_rule_until_it_is_claimed() -> None:
    group = {"type": "usergroup", "usergroup_id": "S0PRESS"}
    assert group in render_card(view(case=ROUTED), ours=OURS)["blocks"][0]["elements"][0]["elements"]
    claimed = case(routing=ROUTED.routing, claimed_by="U0SAM")
    assert "usergroup" not in str(render_card(view(case=claimed), ours=OURS))
    # Whatever is no id of a group is text.
    odd = case(routing=Routing(rule="r", group="!channel"))
    assert "usergroup" not in str(render_card(view(case=odd), ours=OURS))
