"""Check the Containerfile and compose.yaml as far as this goes without a container engine."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.settings import setting_rows
from handlers.terminal.setting_kinds import setting_kinds
from tests.source import ROOT, committed
from tests.test_readme import README, shell_lines

CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
CODE = "/opt/switchboard"


def instructions(name: str) -> list[str]:
    """Return what follows an instruction of the Containerfile, with continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", CONTAINERFILE)
    return re.findall(rf"^{name} (.+)$", joined, re.MULTILINE)


def compose() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    services: dict[str, Any] = yaml.safe_load(text)["services"]
    return services


def ignored(path: str) -> bool:
    """Return whether .dockerignore keeps a path out of the image: the last line that matches it decides."""
    top, *_ = parts = path.split("/")
    is_ignored = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        anywhere = pattern.removeprefix("**/")
        assert "/" not in anywhere, "a pattern that this does not read as an engine would"
        if any(fnmatchcase(part, anywhere) for part in (parts if anywhere != pattern else [top])):
            is_ignored = line == pattern
    return is_ignored


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Copy what the image holds to a folder."""
    for path in committed():
        if not ignored(path):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, tmp_path / path)
    return tmp_path


def test_its_steps_are_those_of_the_readme() -> None:
    ran = [step.replace(" --no-cache-dir", "") for step in instructions("RUN")]
    [make_environment] = [line for line in shell_lines(README) if line.startswith("python3 -m venv")][:1]
    [install] = [line for line in shell_lines(README) if line.endswith(" -r requirements.lock")]
    assert ran[:2] == [make_environment, install]
    assert f'ENTRYPOINT ["{CODE}/.venv/bin/python", "{CODE}/bot.py"]' in CONTAINERFILE
    assert "python bot.py run" in shell_lines(README)
    assert instructions("CMD") == ['["run"]']


def test_it_starts_from_a_supported_python_and_copies_what_is_there() -> None:
    [base] = instructions("FROM")
    assert re.fullmatch(r"python:3\.1[1-4]-slim", base)
    assert all(
        source == "." or source in committed()
        for copy in instructions("COPY")
        for source in copy.split()[:-1]
    )


def test_no_secret_and_no_database_gets_into_it() -> None:
    assert all(
        map(ignored, (".env", "switchboard.db", "switchboard.db-wal", "switchboard.toml", ".git/config"))
    )
    ours = (
        "switchboard.sql",
        "backup.dump",
        "audit.jsonl",
        "anaruiz.zip",
        ".env.old",
        "bot.log",
        "kept/copy.db",
    )
    assert all(map(ignored, ours)), "files that the documentation lets a desk make beside the code"
    assert not (ROOT / ".containerignore").exists(), "Docker does not read it, and Podman would prefer it"
    assert not any(map(ignored, ("bot.py", "prompts/voice.md", "storage/migrations/env.py", ".env.example")))


def test_it_runs_from_another_folder_as_nobody_in_particular(
    image: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("data")
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:///here.db"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(image / "bot.py"), *arguments]
        return subprocess.run(
            command, cwd=data, env=environment, check=False, capture_output=True, text=True, timeout=120
        )

    started = run("run")
    assert started.returncode == 2
    assert "SLACK_BOT_TOKEN" in started.stderr
    assert run("migrate").returncode == 0
    assert (data / "here.db").exists()
    assert "switchboard" in run("manifest").stdout.lower()


def test_only_this_machine_reaches_it() -> None:
    services = compose()
    assert [port.split(":")[0] for port in services["bot"]["ports"]] == ["127.0.0.1"]
    assert "ports" not in services["database"]
    assert services["bot"]["build"] == {"context": ".", "dockerfile": "Containerfile"}


def test_its_settings_are_the_bots() -> None:
    names = {row.name for row in setting_rows(**setting_kinds())}
    told = dict(pair.split("=", 1) for pair in instructions("ENV"))
    assert set(told) | set(compose()["bot"]["environment"]) <= names
    [health] = instructions("HEALTHCHECK")
    assert "/healthz" in health
    assert instructions("EXPOSE") == ["8080"]


def test_no_password_stands_in_it() -> None:
    database, bot = compose()["database"]["environment"], compose()["bot"]["environment"]
    needed = "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}"
    assert database["POSTGRES_PASSWORD"] == needed
    user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
    assert bot["DATABASE_URL"] == f"postgresql://{user}:{needed}@database/{name}"
