"""Name greetings of languages that the chat page has no texts in: in the log at the start, and in `check`."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from adapters.chat import check_greetings
from adapters.settings import Settings, load_settings
from adapters.slack.directory import Directory
from domain.diagnostics import CheckLine
from handlers.classifiers import PROMPTS
from handlers.desk import Desk
from handlers.terminal.diagnostics import check_files
from handlers.terminal.setting_kinds import setting_kinds
from handlers.web.pages import open_chat
from tests.handlers.context import a_context
from tests.handlers.made import NOW

TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-" + "a" * 24,
    "SLACK_APP_TOKEN": "xapp-1-A1-2-" + "a" * 24,
    "X_CONSUMER_KEY": "key",
    "X_CONSUMER_SECRET": "secret",
    "X_ACCESS_TOKEN": "token",
    "X_ACCESS_TOKEN_SECRET": "secret",
}
WHERE = {"PUBLIC_URL": "https://help.acme.example", "SECRET_KEY": "s" * 40}


def settings(folder: Path, greetings: str) -> Settings:
    (folder / "switchboard.toml").write_text(f"[chat]\ngreetings = {greetings}\n", encoding="utf-8")
    database = {"DATABASE_URL": f"sqlite:///{folder}/none.db"}
    return load_settings(folder, TOKENS | WHERE | database, **setting_kinds())


async def lines_of(settings: Settings) -> list[CheckLine]:
    directory = cast("Directory", SimpleNamespace(pin=lambda _channels: None))
    lines = await check_files(settings, directory, PROMPTS, NOW)
    return [line for line in lines if line.name == "chat.greetings"]


async def test_a_greeting_that_nobody_sees_is_named_with_what_to_do(
    tmp_path: Path, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    chosen = settings(tmp_path, '{ de = "Hallo!", nl = "Hoi!", en = "Hello!" }')
    assert open_chat(a_context(desk), chosen, PROMPTS) is not None
    [line] = await lines_of(chosen)
    assert line.ok is False
    assert "nobody sees the greeting in nl" in line.detail
    assert "name one of ar, de, en" in line.remedy
    assert "/chat/nl.toml like" in line.remedy
    assert "nobody sees the greeting in nl" in caplog.text


async def test_greetings_that_are_seen_are_not_named(
    tmp_path: Path, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    chosen = settings(tmp_path, '{ de = "Hallo!", en = "Hello!" }')
    assert open_chat(a_context(desk), chosen, PROMPTS) is not None
    assert await lines_of(chosen) == []
    assert "greeting" not in caplog.text


def test_several_languages_are_named_together() -> None:
    [line] = check_greetings({"nl": "Hoi!", "da": "Hej!"}, ["en", "de"])
    assert "in da, nl" in line.detail
    assert re.search(r"/chat/da\.toml and \S+/chat/nl\.toml like", line.remedy)
