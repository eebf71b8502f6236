"""Try the rules of routing on a post from the terminal."""

from pathlib import Path
from typing import cast

import pytest

from adapters.settings import Choices, Route
from adapters.settings.choices import Slack
from adapters.slack.api_calls import UnreadableResponse
from adapters.slack.directory import Directory
from bot import main
from handlers.terminal.routing import check_routes

RULES = """
[triage]
encoder = "none"
[[slack.routes]]
name = "press"
situation = "press"
channel = "#press"
[[slack.routes]]
name = "vip"
customer_tag = "vip"
network = "x"
channel = "#vip"
mention = "@key-accounts"
[[slack.routes]]
words = ["lawsuit"]
rank = "raise"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "switchboard.toml").write_text(RULES, encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["check", "--post", *arguments]) == 0
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("folder")
def test_a_post_is_tried_without_any_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "I cannot pay, this is a lawsuit", "--tag", "VIP") == [
        "Language: English",
        "Situation: Cannot pay",
        "Urgency: High (money at stake)",
        "Target: first answer 60 min, at all hours (sla.high, as no policy matches)",
        "Rule: press: no, it needs: situation Press",
        "Rule: vip: no, it needs: network x",
        "Rule: rule 3: yes: “lawsuit” in the text",
        "Channel: #support",
        "Besides: ranked higher",
    ]
    tagged = told(capsys, "hello there", "--network", "x", "--tag", "VIP")
    assert tagged[-3:] == [
        "Rule: vip: yes: network x, a customer tagged VIP",
        "Channel: #vip",
        "Besides: mentions @key-accounts",
    ]
    assert told(capsys, "hello there")[-2:] == ["Rule: none applies", "Channel: #support"]


LEVELS = """
[office]
hours = ["mon-fri 09:00-18:00"]
[[sla.policies]]
name = "Danger"
situation = ["safety_or_legal"]
first = 15
next = 30
hours = "always"
[[sla.policies]]
name = "Press desk"
channel = ["#vip"]
resolution = 2880
[[sla.policies]]
name = "Key accounts"
tag = ["vip"]
first = 20
"""


def test_the_targets_of_a_post_are_told_with_their_policy(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "switchboard.toml").write_text(RULES + LEVELS, encoding="utf-8")
    danger = told(capsys, "the charger caught fire")
    assert danger[3] == "Target: first answer 15 min · next answer 30 min, at all hours (policy “Danger”)"
    # A policy by channel holds where the rule that decides has the card posted.
    routed = told(capsys, "hello there", "--network", "x", "--tag", "VIP")
    assert routed[3] == "Target: resolution 2 d, in office hours (policy “Press desk”)"
    tagged = told(capsys, "hello there", "--tag", "VIP")
    assert tagged[3] == "Target: first answer 20 min, in office hours (policy “Key accounts”)"
    plain = told(capsys, "hello there")
    assert plain[3] == "Target: first answer 4 h, in office hours (sla.normal, as no policy matches)"


def test_no_answer_is_due_to_spam(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "switchboard.toml").write_text(RULES + LEVELS, encoding="utf-8")
    lines = told(capsys, "Follow me for free crypto! 1000 followers for $5 https://spam.example DM me")
    assert lines[1] == "Situation: Spam"
    assert lines[3] == "Target: none: no answer is due to spam, unless a policy names that situation"


def test_a_wrong_rule_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = '[[slack.routes]]\nname = "gold"\ncustomer_tag = "vip"\nrank = "raise"\n'
    (folder / "switchboard.toml").write_text(
        wrong + '[[slack.routes]]\nsituation = "nope"\n', encoding="utf-8"
    )
    assert main(["check", "--post", "hello"]) == 2
    error = capsys.readouterr().err
    assert "slack.routes.0 cannot change the `rank` of a customer's cases" in error
    assert "(in “gold”)" in error
    assert "slack.routes.1.situation" in error
    assert "(in table 2)" in error


class Groups:
    """A directory in which one user group is known."""

    async def group_id(self, group: str) -> str:
        if group != "@press":
            raise UnreadableResponse(f"there is no user group {group}")
        return "S0PRESS"


async def test_groups_and_networks_that_there_are_not_are_told_by_rule() -> None:
    routes = (
        Route(name="press", mention="@press", network="email"),
        Route(name="law", mention="@lawyers", network="twitter"),
    )
    choices = Choices(slack=Slack(routes=routes))
    lines = await check_routes(choices, cast("Directory", Groups()), ["x"])
    assert [(line.name, line.ok) for line in lines] == [("slack.routes, “law”", False)] * 2
    assert "there is no network twitter" in lines[0].detail
    assert "there is no user group @lawyers" in lines[1].detail
