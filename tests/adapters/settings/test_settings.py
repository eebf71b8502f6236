"""Load settings: precedence of sources, and all errors at once, by name and without values."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.destinations.registry import DESTINATIONS
from adapters.destinations.registry import settings_of as destination_settings
from adapters.networks.registry import settings_of
from adapters.networks.x import X_NETWORK
from adapters.networks.x.settings import XSettings
from adapters.settings import (
    Choices,
    Settings,
    SettingsError,
    check_settings,
    load_choices,
    load_database_url,
    load_settings,
    outage_policy,
    policy,
    setting_rows,
)
from domain.access import Standing
from domain.triage.situations import Situation
from handlers.terminal.setting_kinds import setting_kinds
from tests.source import ROOT

COMPLETE = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "X_CONSUMER_KEY": "key",
    "X_CONSUMER_SECRET": "key-secret",
    "X_ACCESS_TOKEN": "token",
    "X_ACCESS_TOKEN_SECRET": "token-secret",
}
MAIL = {
    "SMTP_URL": "smtp://support%40acme.example:p%40ss-word@mail.acme.example:587",
    "IMAP_URL": "imaps://support%40acme.example:p%40ss-word@mail.acme.example",
    "EMAIL_FROM": "Acme Support <support@acme.example>",
    "SECRET_KEY": "k" * 32,
}
EXAMPLES = ROOT
#: Of one network, so that another of the registry changes nothing here.
KINDS = settings_of({"x": X_NETWORK})
DESTINATION_KINDS = destination_settings(DESTINATIONS)
REQUIRED = {row.name for row in setting_rows(KINDS) if row.is_required}


def x_settings(settings: Settings) -> XSettings:
    """Return the settings of X."""
    section = settings.networks["x"]
    assert isinstance(section, XSettings)
    return section


def problems_of(folder: Path, environ: dict[str, str] | None = None) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder, environ, networks=KINDS)
    return caught.value.problems


def load_with_choices(folder: Path, toml: str) -> Settings:
    (folder / "switchboard.toml").write_text(toml, encoding="utf-8")
    return load_settings(folder, COMPLETE, networks=KINDS)


def test_only_the_required_names_are_needed(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, COMPLETE, networks=KINDS)
    assert x_settings(settings).x_consumer_secret.get_secret_value() == "key-secret"
    assert settings.environment.database_url.get_secret_value() == "sqlite:///switchboard.db"
    assert settings.environment.slack_api_url == "https://slack.com/api/"
    assert settings.environment.openai_api_key is None
    assert settings.choices.slack.support_channel == "#support"
    assert settings.choices.intake.poll_seconds == 15


def test_without_anything_every_missing_name_is_told_at_once(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, {})
    assert set(problems) == REQUIRED | {"SLACK_APP_TOKEN"}
    assert "SLACK_SIGNING_SECRET" in problems["SLACK_APP_TOKEN"]


def test_the_error_says_where_to_read_on(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Connect a real workspace"):
        load_settings(tmp_path, {}, networks=KINDS)


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_each_required_name_is_missed_by_itself(tmp_path: Path, name: str) -> None:
    given = {key: value for key, value in COMPLETE.items() if key != name}
    assert set(problems_of(tmp_path, given)) == {name}


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_an_empty_value_is_a_missing_one(tmp_path: Path, name: str) -> None:
    assert set(problems_of(tmp_path, COMPLETE | {name: ""})) == {name}


def test_the_signing_secret_does_instead_of_the_app_token(tmp_path: Path) -> None:
    given = {k: v for k, v in COMPLETE.items() if k != "SLACK_APP_TOKEN"} | {"SLACK_SIGNING_SECRET": "s"}
    assert not load_settings(tmp_path, given, networks=KINDS).environment.uses_socket_mode


def test_the_app_token_wins_over_the_signing_secret(tmp_path: Path) -> None:
    given = COMPLETE | {"SLACK_SIGNING_SECRET": "s"}
    assert load_settings(tmp_path, given, networks=KINDS).environment.uses_socket_mode


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-hidden-7"),
        ("SLACK_APP_TOKEN", "xoxb-hidden-7"),
        ("DATABASE_URL", "mysql://user:hidden-7@host/db"),
        ("DATABASE_URL", "postgresql://u:hidden-7@[h/db"),
        ("DATABASE_URL", "postgresql://u:hidden-7@h:port/db"),
        ("SLACK_API_URL", "http://hidden-7/other/"),
        ("X_API_URL", "ftp://hidden-7"),
        ("X_API_URL", "http://[hidden-7"),
        ("OPENAI_BASE_URL", "hidden-7"),
        ("SMTP_URL", "http://user:hidden-7@host"),
        ("SMTP_URL", "smtp://user:hidden%0D%0A-7hidden-7@host"),
        ("IMAP_URL", "imap://user:hidden-7@mail.example.com"),
        ("IMAP_URL", "imaps://hidden-7"),
        ("EMAIL_FROM", "Acme hidden-7"),
        ("PUBLIC_URL", "help.example.com/hidden-7"),
        ("PUBLIC_URL", "https://help.example.com/?hidden-7"),
        ("SECRET_KEY", "hidden-7" * 3),
        ("HTTP_PORT", "hidden-7"),
        ("HTTP_PORT", "70000"),
    ],
)
def test_a_wrong_value_is_told_by_name_and_never_shown(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, COMPLETE | MAIL | {name: value}, networks=KINDS)
    assert set(caught.value.problems) == {name}
    assert "hidden-7" not in str(caught.value)
    assert "70000" not in str(caught.value)


def test_addresses_are_made_uniform(tmp_path: Path) -> None:
    given = {"SLACK_API_URL": "http://127.0.0.1:1/slack/api", "X_API_URL": "http://127.0.0.1:1/x/"}
    settings = load_settings(tmp_path, COMPLETE | given, networks=KINDS)
    assert settings.environment.slack_api_url == "http://127.0.0.1:1/slack/api/"
    assert x_settings(settings).x_api_url == "http://127.0.0.1:1/x"


@pytest.mark.parametrize("missing", ["PUBLIC_URL", "SECRET_KEY"])
def test_links_need_an_address_and_a_key(tmp_path: Path, missing: str) -> None:
    given = COMPLETE | {"PUBLIC_URL": "https://help.example.com/", "SECRET_KEY": "k" * 32}
    environment = load_settings(tmp_path, given, networks=KINDS).environment
    assert environment.public_url == "https://help.example.com"
    assert environment.secret_key is not None
    less = {name: value for name, value in given.items() if name != missing}
    environment = load_settings(tmp_path, less, networks=KINDS).environment
    assert None in (environment.public_url, environment.secret_key)
    told = {line.name: line.detail for line in check_settings(tmp_path, less, networks=KINDS)[1]}
    assert told[missing].startswith("not set")


@pytest.mark.parametrize("missing", sorted(MAIL))
def test_of_mail_all_are_needed_or_none(tmp_path: Path, missing: str) -> None:
    less = {name: value for name, value in MAIL.items() if name != missing}
    [(name, problem)] = problems_of(tmp_path, COMPLETE | less).items()
    assert name == "EMAIL_FROM"
    assert f"{missing} is missing" in problem


def test_on_this_machine_mail_may_be_read_without_tls(tmp_path: Path) -> None:
    here = MAIL | {"IMAP_URL": "imap://support:word@127.0.0.1:1143"}
    assert load_settings(tmp_path, COMPLETE | here, networks=KINDS).environment.imap_url is not None


def test_of_the_mail_servers_addresses_the_passwords_are_secret(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, COMPLETE | MAIL, networks=KINDS)
    assert {"p%40ss-word", "p@ss-word"} <= set(settings.secrets())
    assert "p%40ss-word" not in repr(settings)


def test_the_environment_goes_before_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{name}={value}" for name, value in COMPLETE.items()] + ["HTTP_PORT=9001", "SOMETHING_ELSE=1"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    assert load_settings(tmp_path, networks=KINDS).environment.http_port == 9001
    monkeypatch.setenv("HTTP_PORT", "9002")
    assert load_settings(tmp_path, networks=KINDS).environment.http_port == 9002


def test_given_values_stand_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///mine.db")
    (tmp_path / ".env").write_text("OPENAI_API_KEY=mine", encoding="utf-8")
    environment = load_settings(tmp_path, COMPLETE, networks=KINDS).environment
    assert environment.database_url.get_secret_value() == "sqlite:///switchboard.db"
    assert environment.openai_api_key is None


def test_choices_are_read(tmp_path: Path) -> None:
    choices = load_with_choices(
        tmp_path,
        """
        [intake]
        poll_seconds = 30
        search_terms = ["acme pay"]
        [[slack.routes]]
        situation = "press"
        channel = "#press"
        """,
    ).choices
    assert choices.intake.poll_seconds == 30
    assert choices.intake.search_terms == ("acme pay",)
    assert choices.slack.routes[0].situation is Situation.PRESS
    assert choices.slack.routes[0].language is None


@pytest.mark.parametrize(
    ("toml", "name"),
    [
        ("[intake]\npol_seconds = 3", "intake.pol_seconds"),
        ("[intakes]", "intakes"),
        ('[intake]\npoll_seconds = "3"', "intake.poll_seconds"),
        ("[intake]\npoll_seconds = 0", "intake.poll_seconds"),
        ("[reply]\nsign_with_initials = 1", "reply.sign_with_initials"),
        ('[brand]\nlanguage = "English"', "brand.language"),
        ('[brand]\nhelp_url = "javascript:alert(1)"', "brand.help_url"),
        ('[[slack.routes]]\nsituation = "nope"\nchannel = "#a"', "slack.routes.0.situation"),
        ("slack = 3", "slack"),
        ('[web]\nproxies = ["proxy.example"]', "web.proxies"),
    ],
)
def test_a_wrong_choice_is_told_by_name(tmp_path: Path, toml: str, name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_with_choices(tmp_path, toml)
    assert set(caught.value.problems) == {f"switchboard.toml: {name}"}


def test_both_kinds_of_problem_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "switchboard.toml").write_text("[sla]\nurgent = 0", encoding="utf-8")
    assert {"SLACK_BOT_TOKEN", "switchboard.toml: sla.urgent"} <= set(problems_of(tmp_path, {}))


@pytest.mark.parametrize("content", [b"[intake\n", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "switchboard.toml").write_bytes(content)
    assert set(problems_of(tmp_path, COMPLETE)) == {"switchboard.toml"}


def test_an_env_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\xfe\xff")
    assert ".env" in problems_of(tmp_path)


def test_an_env_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert ".env" in problems_of(tmp_path)


def test_migrate_needs_the_database_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://u@h/d", encoding="utf-8")
    assert load_database_url(tmp_path).get_secret_value() == "postgresql://u@h/d"
    with pytest.raises(SettingsError):
        load_database_url(tmp_path, {"DATABASE_URL": "oracle://u@h/d"})


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('[chat]\ncolour = "reddish"', "must be a colour such as #0f766e (the brand's colour)"),
        (
            '[brand]\nhelp_url = "javascript:1"',
            "must be a web address that begins with http:// or https:// (",
        ),
        ('[brand]\nlanguage = "English"', "must be the code of a language, such as en ("),
        ('[intake]\npoll_seconds = "soon"', "must be a number ("),
        ('[intake]\npush = "perhaps"', "must be true or false ("),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(tmp_path: Path, toml: str, told: str) -> None:
    (tmp_path / "switchboard.toml").write_text(toml, encoding="utf-8")
    [problem] = problems_of(tmp_path, COMPLETE).values()
    assert problem.startswith(told)


def test_no_secret_shows_in_what_prints_the_settings(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, COMPLETE | {"OPENAI_API_KEY": "sk-hidden"}, networks=KINDS)
    assert "sk-hidden" not in repr(settings)
    assert "key-secret" not in str(settings.model_dump())
    assert {"sk-hidden", *COMPLETE.values()} == set(settings.secrets())


def test_of_the_databases_address_the_password_is_secret(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path, COMPLETE | {"DATABASE_URL": "postgresql://user:p%40ss-word@host/db"}, networks=KINDS
    )
    assert {"p%40ss-word", "p@ss-word"} <= set(settings.secrets())


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, COMPLETE, networks=KINDS)
    with pytest.raises(ValueError, match="frozen"):
        settings.environment.http_port = 1  # type: ignore[misc]  # the point of the test
    with pytest.raises(ValueError, match="frozen"):
        settings.choices.intake.fold_hours = 1  # type: ignore[misc]  # the point of the test


def test_every_setting_says_what_it_means() -> None:
    rows = setting_rows(KINDS, DESTINATION_KINDS)
    assert all(row.meaning for row in rows)
    assert len({row.name for row in rows}) == len(rows)


def test_the_example_file_holds_every_choice_with_its_default(tmp_path: Path) -> None:
    example = EXAMPLES / "switchboard.example.toml"
    assert load_with_choices(tmp_path, example.read_text(encoding="utf-8")).choices == Choices()
    given = tomllib.loads(example.read_text(encoding="utf-8"))
    named = {f"{section}.{key}" for section, keys in given.items() for key in keys}
    assert named | {
        "slack.routes",
        "outages.components",
        "sla.policies",
        "tags.customers",
        "reports.digests",
    } == {row.name for row in setting_rows(KINDS) if row.is_choice}


def test_the_example_routes_are_right(tmp_path: Path) -> None:
    text = (EXAMPLES / "switchboard.example.toml").read_text(encoding="utf-8")
    commented = [
        line.removeprefix("# ")
        for line in text.partition("[intake]")[0].splitlines()
        if line.startswith(
            (
                "# [[slack",
                "# situation =",
                "# language =",
                "# channel =",
                "# mention =",
                "# words =",
                "# rank =",
            )
        )
    ]
    assert [r.channel for r in load_with_choices(tmp_path, "\n".join(commented)).choices.slack.routes] == [
        "#press",
        "#support-jp",
        None,
    ]


def test_the_example_component_is_right(tmp_path: Path) -> None:
    text = (EXAMPLES / "switchboard.example.toml").read_text(encoding="utf-8")
    _, _, commented = text.partition("# [[outages.components]]")
    table = "[[outages.components]]" + commented.replace("\n# ", "\n")
    (component,) = load_with_choices(tmp_path, table).choices.outages.components
    assert (component.name, component.words, component.ids) == (
        "Payments",
        ("payment", "card", "checkout"),
        {"statuspage": "kz8dq1", "cachet": "3"},
    )


def test_the_example_environment_names_every_secret() -> None:
    text = (EXAMPLES / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    addresses = {"GITHUB_API_URL", "LINEAR_API_URL", "SLACK_API_URL", "STATUSPAGE_API_URL", "X_API_URL"}
    rows = setting_rows(**setting_kinds())
    assert named | addresses == {row.name for row in rows if not row.is_choice}


ONLY_MAIL = {name: value for name, value in COMPLETE.items() if not name.startswith("X_")}


def test_a_network_is_needed_only_where_nothing_else_arrives(tmp_path: Path) -> None:
    assert load_settings(tmp_path, ONLY_MAIL | MAIL, networks=KINDS).networks == {}
    problems = problems_of(tmp_path, ONLY_MAIL)
    assert set(problems) == {name for name in REQUIRED if name.startswith("X_")}
    assert all("without a network, or a mailbox, nothing arrives here" in told for told in problems.values())


def test_a_network_that_is_set_in_part_is_missed_in_part_even_beside_a_mailbox(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, ONLY_MAIL | MAIL | {"X_ACCESS_TOKEN": "token"})
    assert set(problems) == {"X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN_SECRET"}


def test_a_capped_cost_needs_a_price(tmp_path: Path) -> None:
    capped = "[model]\ndaily_cost = 5.0\n"
    (tmp_path / "switchboard.toml").write_text(capped, encoding="utf-8")
    assert "a cost needs a price" in problems_of(tmp_path, {})["switchboard.toml: model.output_price"]
    for price in ("input_price", "output_price"):
        (tmp_path / "switchboard.toml").write_text(f"{capped}{price} = 1.5\n", encoding="utf-8")
        assert "switchboard.toml: model.output_price" not in problems_of(tmp_path, {})


STATUSPAGE = {"STATUSPAGE_API_KEY": "status-key-7", "STATUSPAGE_PAGE_ID": "acmepage01"}


def loaded_with(folder: Path, given: dict[str, str]) -> Settings:
    """Load the complete settings and these, with the destinations."""
    return load_settings(folder, COMPLETE | given, networks=KINDS, destinations=DESTINATION_KINDS)


def test_a_destination_is_configured_where_all_its_variables_are_set(tmp_path: Path) -> None:
    assert "statuspage" not in loaded_with(tmp_path, {}).destinations
    settings = loaded_with(tmp_path, STATUSPAGE)
    assert "statuspage" in settings.destinations
    assert "status-key-7" in settings.secrets()
    assert "status-key-7" not in repr(settings)


@pytest.mark.parametrize("missing", sorted(STATUSPAGE))
def test_a_destination_that_is_set_in_part_is_missed_in_part(tmp_path: Path, missing: str) -> None:
    given = {name: value for name, value in STATUSPAGE.items() if name != missing}
    with pytest.raises(SettingsError) as caught:
        loaded_with(tmp_path, given)
    assert set(caught.value.problems) == {missing}


def test_a_page_id_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded_with(tmp_path, STATUSPAGE | {"STATUSPAGE_PAGE_ID": "../hidden-7"})
    assert set(caught.value.problems) == {"STATUSPAGE_PAGE_ID"}
    assert "hidden-7" not in str(caught.value)


@pytest.mark.parametrize(
    ("chosen", "channel"),
    [("", None), ("#rehearsal", "C0DRILL"), ("#support", None), ("#calls", None)],
)
def test_the_rehearsal_channel_has_no_other_use(tmp_path: Path, chosen: str, channel: str | None) -> None:
    toml = f'[slack]\nrehearsal_channel = "{chosen}"\noncall_channel = "C0ONCALL"\n'
    choices = load_with_choices(tmp_path, toml).choices
    ids = {"#support": "C0SUPPORT", "#oncall": "C0ONCALL", "#calls": "C0ONCALL", "#rehearsal": "C0DRILL"}
    assert outage_policy(choices, ids).rehearsal_channel == channel


TRACKER = {"GITHUB_ISSUES_TOKEN": "ghp-secret-7", "GITHUB_ISSUES_REPOSITORIES": "acme/app, acme/site"}


def test_a_tracker_is_configured_where_all_its_variables_are_set_and_its_token_is_secret(
    tmp_path: Path,
) -> None:
    kinds = setting_kinds()
    assert load_settings(tmp_path, COMPLETE, **kinds).trackers == {}
    settings = load_settings(tmp_path, COMPLETE | TRACKER, **kinds)
    assert list(settings.trackers) == ["github"]
    assert "ghp-secret-7" in settings.secrets()
    for given, missing in (
        ({"GITHUB_ISSUES_TOKEN": "x"}, "GITHUB_ISSUES_REPOSITORIES"),
        (TRACKER | {"GITHUB_ISSUES_REPOSITORIES": "app"}, "GITHUB_ISSUES_REPOSITORIES"),
        (TRACKER | {"JIRA_PROJECTS": "sup"}, "JIRA_URL"),
    ):
        with pytest.raises(SettingsError) as told:
            load_settings(tmp_path, COMPLETE | given, **kinds)
        assert missing in told.value.problems
        assert "ghp-secret-7" not in str(told.value)


def test_who_may_also_act_is_chosen_by_kind() -> None:
    choices = Choices.model_validate({"slack": {"may_also_act": ["guests", "bots"]}})
    ids = {name: name for name in choices.channels()}
    chosen = policy(choices, brand="", channel_ids=ids, drafting=False)
    assert chosen.may_also_act == {Standing.GUEST, Standing.BOT}
    with pytest.raises(ValueError, match="may_also_act"):
        Choices.model_validate({"slack": {"may_also_act": ["deactivated"]}})


@pytest.mark.parametrize(
    ("make", "why"),
    [(Path.mkdir, r" \(Is a directory\)"), (lambda path: path.write_bytes(b"\xff"), "$")],
    ids=["folder", "bytes"],
)
def test_a_file_of_choices_that_cannot_be_read_says_why(
    tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    make(tmp_path / "switchboard.toml")
    with pytest.raises(SettingsError, match=rf"(?m)cannot be read as a text file in UTF-8{why}"):
        load_choices(tmp_path)
