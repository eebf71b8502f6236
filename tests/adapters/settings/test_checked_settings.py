"""Check the settings: a line for each, whether it is right, wrong or not set."""

from pathlib import Path

import pytest

from adapters.settings import (
    check_settings,
    setting_rows,
)
from tests.adapters.settings.test_settings import (
    COMPLETE,
    DESTINATION_KINDS,
    KINDS,
    MAIL,
    ONLY_MAIL,
    load_with_choices,
)


def test_check_has_a_line_for_every_setting(tmp_path: Path) -> None:
    settings, lines = check_settings(tmp_path, COMPLETE, networks=KINDS, destinations=DESTINATION_KINDS)
    assert settings is not None
    told = {line.name: line for line in lines}
    rows = setting_rows(KINDS, DESTINATION_KINDS)
    assert list(told) == [row.name for row in rows]
    assert not [name for name, line in told.items() if line.ok is False]
    assert told["SLACK_BOT_TOKEN"].detail.startswith("set (")
    assert told["HTTP_PORT"].detail.startswith("8080 (")
    assert told["OPENAI_API_KEY"].ok is None
    assert "xoxb-1" not in str(lines)


def test_check_shows_what_was_chosen(tmp_path: Path) -> None:
    toml = '[slack]\nsupport_channel = "#help"\nroutes = [{channel = "#press", situation = "press"}]'
    load_with_choices(tmp_path, toml)
    told = {line.name: line for line in check_settings(tmp_path, COMPLETE, networks=KINDS)[1]}
    details = {name: line.detail for name, line in told.items()}
    assert details["slack.support_channel"].startswith("#help (")
    assert details["slack.routes"].startswith("rule 1/press/#press (")
    assert details["intake.search_terms"].startswith("empty (")
    names = ("slack.routes", "intake.fold_hours", "intake.search_terms")
    assert [told[name].ok for name in names] == [True, True, None], "what is not set is not ok"


def test_check_says_where_each_wrong_setting_is_mended(tmp_path: Path) -> None:
    """The README tells where to find a token, and nothing of a value that is mistyped."""
    load_with_choices(tmp_path, "")
    (tmp_path / "switchboard.toml").write_text('[sla]\nurgent = "soon"', encoding="utf-8")
    wrong = {**COMPLETE, "HTTP_PORT": "http", "X_ACCESS_TOKEN": ""}
    lines = check_settings(tmp_path, wrong, networks=KINDS)[1]
    assert {line.name: line.remedy for line in lines if line.ok is False} == {
        "HTTP_PORT": "correct it in the environment or in .env",
        "X_ACCESS_TOKEN": 'see "Connect a real workspace" in README.md',
        "switchboard.toml: sla.urgent": "correct it in that file",
    }


@pytest.mark.parametrize("written", [b"[slack", b"\xff", b"[intake]\npoll_seconds = 0"])
def test_check_calls_no_choice_ok_where_the_file_is_wrong(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "switchboard.toml").write_bytes(written)
    told = {line.name: line for line in check_settings(tmp_path, COMPLETE, networks=KINDS)[1]}
    support = told["slack.support_channel"]
    assert (support.ok, support.detail[:38]) == (None, "not looked at while others are wrong (")


def test_check_tells_a_wrong_choice_once(tmp_path: Path) -> None:
    toml = "[intake]\npoll_seconds = 0\n[[slack.routes]]\nchannel = 3\n[sla]\nurgnt = 1"
    (tmp_path / "switchboard.toml").write_text(toml, encoding="utf-8")
    settings, lines = check_settings(tmp_path, COMPLETE, networks=KINDS)
    assert settings is None
    wrong = {line.name.removeprefix("switchboard.toml: ") for line in lines if line.ok is False}
    assert wrong == {"intake.poll_seconds", "slack.routes.0.channel", "sla.urgnt"}
    assert not {"intake.poll_seconds", "slack.routes"} & {line.name for line in lines}


def test_check_marks_what_is_wrong(tmp_path: Path) -> None:
    settings, lines = check_settings(
        tmp_path, {k: v for k, v in COMPLETE.items() if k != "X_ACCESS_TOKEN"}, networks=KINDS
    )
    assert settings is None
    assert [line.name for line in lines if line.ok is False] == ["X_ACCESS_TOKEN"]
    assert all(line.remedy for line in lines if line.ok is False)


def test_check_calls_the_variables_of_a_network_that_is_not_set_up_not_set(tmp_path: Path) -> None:
    settings, lines = check_settings(tmp_path, ONLY_MAIL | MAIL, networks=KINDS)
    assert settings is not None
    assert {line.ok for line in lines if line.name.startswith("X_") and line.name != "X_API_URL"} == {None}
