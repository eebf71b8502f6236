"""Load digests, and say what is wrong with them."""

import re
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.settings import SettingsError
from adapters.settings.digests import digest_plans
from domain.reports.digests import Cadence, DigestPlan
from domain.reports.filters import FilterKey, Filters
from tests.adapters.settings.test_settings import EXAMPLES, load_with_choices

MADRID = ZoneInfo("Europe/Madrid")


def test_the_example_digests_are_right(tmp_path: Path) -> None:
    text = (EXAMPLES / "switchboard.example.toml").read_text(encoding="utf-8")
    commented = text.partition("# [[reports.digests]]")[2].partition("\n\n")[0]
    toml = "[[reports.digests]]" + commented.replace("\n# ", "\n")
    choices = load_with_choices(tmp_path, toml).choices
    assert {"#support", "#soporte"} <= choices.real_channels()
    ids = {"#support": "C1", "#soporte": "C2"}
    assert digest_plans(choices.reports.digests, ids, zone=choices.office.zone) == (
        DigestPlan(channel="C1", cadence=Cadence.WEEKLY, at=time(9), zone=ZoneInfo("UTC"), weekday=0),
        DigestPlan(
            channel="C2",
            cadence=Cadence.DAILY,
            at=time(8, 30),
            zone=MADRID,
            filters=Filters({FilterKey.LANGUAGE: ("es",)}),
        ),
    )


def test_filters_are_stored_as_those_that_are_typed(tmp_path: Path) -> None:
    toml = '[[reports.digests]]\nchannel = "#a"\nwhen = "fri 17:00"\n'
    toml += 'filters = "network:X situation:cannot-pay channel:#b outage:#12"'
    choices = load_with_choices(tmp_path, toml).choices
    assert choices.channels() >= {"#a", "#b"}
    [plan] = digest_plans(choices.reports.digests, {"#a": "C1", "#b": "C2"}, zone=MADRID)
    assert plan.filters.words == "channel:C2 network:x situation:cannot_pay outage:12"
    assert (plan.weekday, plan.zone) == (4, MADRID)


DIGEST = '[[reports.digests]]\nchannel = "#a"\n'


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (DIGEST + 'when = "monday 9:00"', "“monday 9:00” is no time of a digest"),
        (DIGEST + 'when = "daily 24:00"', "is no time of a digest"),
        (DIGEST + 'time_zone = "Mars/Base"', "“Mars/Base” is no time zone"),
        (DIGEST + 'filters = "situation:sad"', "“situation:sad” are no filters"),
        (DIGEST + 'filters = "7d"', "“7d” is no filter; a digest covers"),
        (DIGEST + 'filters = "agent:U1"', "agent: is no filter of a digest"),
        (DIGEST + DIGEST + 'when = "tue 10:00"', "two weekly digests into #a have the same filters"),
        ('[[reports.digests]]\nwhen = "mon 09:00"', "channel"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, toml: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        load_with_choices(tmp_path, toml)
