"""Say how a choice is written, where it is wrong."""

from datetime import date
from pathlib import Path

import pytest

from adapters.settings.errors import SettingsError
from adapters.settings.load import load_choices


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[office]\nholidays = "DE"', "office.holidays must be a list, such as"),
        ('[office]\nhours = "mon-fri 09:00-18:00"', "office.hours must be a list, such as"),
        ('[sla.policies]\nname = "a"', "sla.policies must be a list, such as"),
        (
            '[office]\nclosed_on = ["24.12.2026"]',
            "“24.12.2026” is no day; write year-month-day, as in 2026-12-24",
        ),
        (
            '[office]\nclosed_on = ["2026-02-30"]',
            "“2026-02-30” is no day; write year-month-day, as in 2026-12-24",
        ),
        ("[office]\nclosed_on = [20261224]", "must be a day, written year-month-day, such as 2026-12-24"),
        (
            '[[slack.routes]]\nlanguage = ["es", "pt"]\nchannel = "#a"',
            "slack.routes.0.language must be one text in quotation marks (in table 1)",
        ),
        ('[[slack.routes]]\nwords = [""]\nchannel = "#a"', "must not be empty"),
        (
            '[[slack.routes]]\nlanguage = "es"\nchannel = "#a"\n'
            '[[slack.routes]]\nname = "press"\nlanguage = "es"\nsituation = "press"\nchannel = "#b"',
            "“press” never decides: “rule 1” above it matches all of its cases; put it first",
        ),
    ],
)
def test_a_wrong_choice_says_what_must_stand_there(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "switchboard.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_choices(tmp_path)
    assert said in str(caught.value)
    assert "tuple" not in str(caught.value)


@pytest.mark.parametrize("day", ['"2026-12-24"', "2026-12-24"])
def test_a_day_is_taken_in_quotation_marks_and_without(tmp_path: Path, day: str) -> None:
    (tmp_path / "switchboard.toml").write_text(f"[office]\nclosed_on = [{day}]", encoding="utf-8")
    assert load_choices(tmp_path).office.closed_on == (date(2026, 12, 24),)
