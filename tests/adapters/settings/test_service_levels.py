"""Load service levels and office hours, and say what is wrong with them."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.settings import SettingsError
from adapters.settings.service_levels import service_levels
from domain.cases.service_levels import MissedTargetAct, ServiceLevel
from tests.adapters.settings.test_settings import EXAMPLES, load_with_choices


def test_the_example_policies_are_right(tmp_path: Path) -> None:
    text = (EXAMPLES / "switchboard.example.toml").read_text(encoding="utf-8")
    commented = text.partition("# [[sla.policies]]")[2].partition("\n\n")[0]
    policies = '[sla]\nmanagers = "@leads"\n[[sla.policies]]' + commented.replace("\n# ", "\n")
    choices = load_with_choices(tmp_path, policies).choices
    assert [policy.name for policy in choices.sla.policies] == ["Danger", "Everybody"]
    levels = service_levels(choices, {})
    danger = levels.level("Danger")
    assert danger == ServiceLevel(
        name="Danger",
        urgencies=frozenset(),
        situations=frozenset({"safety_or_legal"}),
        languages=frozenset(),
        channels=frozenset(),
        tags=frozenset(),
        first=timedelta(minutes=15),
        following=timedelta(minutes=30),
        at_all_hours=True,
        warn_before=timedelta(minutes=5),
        at_warning=frozenset({MissedTargetAct.TELL}),
        at_breach=frozenset(MissedTargetAct),
    )


POLICY = '[[sla.policies]]\nname = "A"\n'


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (POLICY, "“A” has no target"),
        (POLICY + "first = 5\nwarn = 5", "“A” would warn before the wait begins"),
        (POLICY + 'first = 5\nat_breach = ["manager"]', "say in `managers` who they are"),
        (POLICY + "first = 5\n" + POLICY + "next = 5", "two policies are named “A”"),
        (
            POLICY
            + 'first = 5\nlanguage = ["en", "de"]\n'
            + POLICY.replace("A", "B")
            + 'next = 5\nlanguage = ["de"]',
            "“B” never applies: “A” above it",
        ),
        ('[office]\nhours = ["mon 9-18"]', "cannot be read"),
        ('[office]\ntime_zone = "Mars/Base"', "no time zone"),
        ('[office]\nholidays = ["XX"]', "the holidays of “XX” are not known"),
        ('[office]\nholidays = ["ES-QQ"]', "the holidays of “ES-QQ” are not known"),
    ],
)
def test_what_is_wrong_with_service_levels_and_office_hours_is_said(
    tmp_path: Path, toml: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        load_with_choices(tmp_path, toml)


def test_a_narrower_policy_may_come_first(tmp_path: Path) -> None:
    narrow = POLICY + 'first = 5\nurgency = ["urgent"]\n'
    assert load_with_choices(tmp_path, narrow + POLICY.replace("A", "B") + "first = 60").choices.sla.policies


def test_a_policy_for_spam_is_below_one_for_everybody_which_leaves_spam_out(tmp_path: Path) -> None:
    of_spam = POLICY.replace("A", "B") + 'first = 600\nsituation = ["spam"]'
    assert load_with_choices(tmp_path, f"{POLICY}first = 60\n{of_spam}").choices.sla.policies


def test_holidays_and_other_days_are_off(tmp_path: Path) -> None:
    toml = """
        [office]
        hours = ["mon-fri 09:00-18:00"]
        time_zone = "Europe/Madrid"
        holidays = ["ES-MD", "DE"]
        closed_on = [2026-12-24]
    """
    days = load_with_choices(tmp_path, toml).choices.office.office_hours.holidays
    off = [date(2026, 12, 24), date(2026, 12, 25), date(2026, 5, 2), date(2027, 10, 3), date(2026, 10, 12)]
    assert all(day in days for day in off)
    assert date(2026, 12, 23) not in days
