"""Name accounts and user groups in rules of routing."""

import re

import pytest
from pydantic import ValidationError

from adapters.settings.outages import Component
from adapters.settings.routes import Route
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
