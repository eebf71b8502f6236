"""Check the README and its pages: commands work, the tables of settings match the code, links resolve."""

import os
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

import bot
from adapters.settings import setting_rows
from handlers.terminal.setting_kinds import setting_kinds
from tests.source import PRODUCTION, ROOT, committed, python_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
MARKDOWN = [path for path in committed() if path.endswith(".md") and not path.startswith("prompts/")]

#: System programs that a reader is expected to know.
FOREIGN = {"docker", "pg_dump", "sqlite3"}


def shell_lines(text: str) -> list[str]:
    """Return every command in a fenced block marked as sh, with continued lines joined."""
    blocks: list[str] = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    joined = "\n".join(blocks).replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.strip().startswith("#")]


def make(*arguments: str) -> str:
    """Return the commands that make would run."""
    done = subprocess.run(
        ["make", "-n", f"PYTHON={sys.executable}", *arguments],
        cwd=ROOT,
        # As from a shell: these tests may have been started by make.
        env={
            name: value
            for name, value in os.environ.items()
            if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def table_rows(text: str) -> dict[str, tuple[str, str]]:
    """Return the rows of all settings tables: name to meaning and default, without their code marks."""
    rows = re.findall(r"^\| `([A-Z_a-z.]+)` \| (.+?) \| (.*?) ?\|$", text, re.MULTILINE)
    return {name: (meaning, default.strip().strip("`")) for name, meaning, default in rows}


def test_settings_tables_are_the_code() -> None:
    assert table_rows(SETTINGS) == {
        row.name: (row.meaning, row.default) for row in setting_rows(**setting_kinds())
    }


COMMANDS = sorted(
    {line for path in MARKDOWN for line in shell_lines((ROOT / path).read_text(encoding="utf-8"))}
)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_real(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    program, *arguments = shlex.split(line)
    match program, arguments:
        case "make", [*targets]:
            make(*targets)
        case (("python" | ".venv/bin/python"), ["bot.py", command, *options]):
            told = helped([command], capsys)
            assert [option for option in options if option.startswith("--") and option not in told] == []
        case ".venv/bin/python", ["-m", "pytest", *_]:
            assert make("test").rstrip().endswith(line)
        case ".venv/bin/python", ["-m", "pip", "install", "--require-hashes", "-r", lock]:
            assert lock in committed()
            assert f"--require-hashes -r {lock}" in (ROOT / "Makefile").read_text(encoding="utf-8").replace(
                "$(1)", lock
            )
        case "python3", ["-m", "venv", ".venv"]:
            pass
        case "cp", [source, _]:
            assert source in committed()
        case _:
            assert program in FOREIGN, f"nobody checks {line!r}"


def helped(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the help text of a command of the bot."""
    with pytest.raises(SystemExit) as ended:
        bot.main([*command, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_every_command_of_the_bot_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    commands = re.findall(r"^    ([a-z]+) ", helped([], capsys), re.MULTILINE)
    shown = {found[1] for line in shell_lines(README) if (found := re.search(r"\bbot\.py (\w+)", line))}
    assert set(commands) == shown


def test_ci_runs_the_test_command() -> None:
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert "make test" in shell_lines(README)
    assert ci[-2:] == ["make lint", "make test"]
    assert "set -euo pipefail" in ci


def test_lint_checks_format_lint_types_and_contracts() -> None:
    ran = make("lint")
    for tool in ("ruff format --check .", "ruff check .", "mypy", "lint-imports"):
        assert f"\n.venv/bin/{tool}\n" in f"\n{ran}"


def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [phony] = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert re.findall(r"^([a-z]+):.* ## ", makefile, re.MULTILINE) == phony.split()


def test_make_runs_modules_that_are_there() -> None:
    modules = re.findall(r"-m (tests\.\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert modules
    assert {f"{name.replace('.', '/')}/__main__.py" for name in modules} <= set(committed())


@pytest.mark.parametrize("path", MARKDOWN)
def test_links_lead_somewhere(path: str) -> None:
    folder = (ROOT / path).parent
    text = re.sub(r"```.*?```", "", (ROOT / path).read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    broken = [target for target in targets if not (folder / target.partition("#")[0]).exists()]
    assert broken == []


@pytest.mark.parametrize("path", MARKDOWN)
def test_names_of_the_environment_are_settings(path: str) -> None:
    families = r"(?:SLACK|X|OPENAI|DATABASE|HTTP|STATUSPAGE|CACHET|NOTICE)"
    named = set(re.findall(rf"\b{families}_[A-Z][A-Z_]*\b", (ROOT / path).read_text(encoding="utf-8")))
    assert named <= {row.name for row in setting_rows(**setting_kinds())}


def test_troubles_are_quoted_from_the_code() -> None:
    code = "\n".join((ROOT / path).read_text(encoding="utf-8") for path in python_files(*PRODUCTION))
    _, _, section = README.partition("## When something is wrong")
    quoted = re.findall(r"^\| `(.+?)` \|", section, re.MULTILINE)
    parts = [part.strip() for text in quoted for part in text.split("…") if part.strip()]
    assert len(parts) > 4
    assert [part for part in parts if part not in code] == []


def test_changes_tell_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = re.search(
        r"^## (?!Unreleased)(\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert newest is not None
    assert newest[1] == version
