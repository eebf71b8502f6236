"""Name accounts and user groups in rules of routing."""

import re

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from adapters.settings.outages import Component
from adapters.settings.routes import Route, name_routes
from tests.source import ROOT, python_files


@pytest.mark.parametrize("account", ["acme", "@acme", "@アクメ", "@" + "a" * 30])
@pytest.mark.parametrize("mention", ["@it", "billing.team-2", "@" + "é" * 80])
def test_handles_are_taken_as_they_are_written(account: str, mention: str) -> None:
    route = Route(account=account, mention=mention)
    assert (route.account, route.mention) == (account, mention)


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "@"},
        {"account": "ac me"},
        {"account": "@" + "a" * 31},
        {"mention": "@x"},
        {"mention": "@it team"},
        {"mention": "@" + "x" * 81},
    ],
)
def test_what_is_no_handle_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Route.model_validate({"channel": "#support"} | wrong)


@pytest.mark.parametrize("word", ["*", "**", "!", " - "])
def test_a_word_without_a_letter_is_refused(word: str) -> None:
    with pytest.raises(ValidationError, match=r"has no letter|at least 1 character"):
        Route.model_validate({"channel": "#legal", "words": ["law", word]})


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ({}, {"language": "es"}),
        ({"language": "es"}, {"language": "es", "situation": "press"}),
        ({"words": ["law", "lawyer*"]}, {"words": ["law"], "network": "x"}),
        ({"account": "@acme"}, {"account": "@acme"}),
    ],
)
def test_a_rule_below_one_that_matches_all_of_its_cases_is_refused(
    above: dict[str, object], below: dict[str, object]
) -> None:
    rules = [Route.model_validate({"channel": "#a"} | above), Route.model_validate({"channel": "#b"} | below)]
    with pytest.raises(PydanticCustomError, match="“rule 2” never decides: “rule 1” above it matches all"):
        name_routes(tuple(rules))
    if above != below:
        assert [rule.channel for rule in name_routes(tuple(rules[::-1]))] == ["#b", "#a"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ({"language": "es"}, {"situation": "press"}),
        ({"language": "es"}, {"language": "pt"}),
        ({"words": ["law"]}, {"words": ["law", "lawyer*"]}),
        ({"words": ["law"]}, {"language": "es"}),
    ],
)
def test_rules_that_overlap_in_part_are_taken(above: dict[str, object], below: dict[str, object]) -> None:
    rules = tuple(Route.model_validate({"channel": "#a"} | one) for one in (above, below))
    assert [rule.name for rule in name_routes(rules)] == ["rule 1", "rule 2"]


def test_the_ids_of_a_component_are_by_destination() -> None:
    assert Component(name="Payments", ids={"statuspage": "kz8dq1"}).ids == {"statuspage": "kz8dq1"}
    for wrong in ("status page", "", "x" * 31):
        with pytest.raises(ValidationError):
            Component(name="Payments", ids={wrong: "kz8dq1"})


def test_no_pattern_of_a_setting_repeats_what_unicode_has_many_of() -> None:
    """Pydantic's patterns are compiled at each start: 30 ms for `\\w{1,30}`."""
    counted = re.compile(r"""pattern=r?["'].*\\[wWdDsS]\{\d+,\d{2,}\}|pattern=.*\[[^]]*\\[wWS][^]]*\]\{""")
    found = [path for path in python_files("adapters") if counted.search((ROOT / path).read_text("utf-8"))]
    assert found == []
