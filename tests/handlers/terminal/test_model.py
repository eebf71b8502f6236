"""Check the language model from the terminal: whether it drafts, what it refuses, what it cost."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.model import ModelClient, load_model
from adapters.settings import Settings, load_settings
from domain.diagnostics import CheckLine
from handlers.terminal.model import check_model
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, MODEL_NAME, Model, add_routes
from storage.engine import open_store
from storage.schema import migrate
from tests.source import ROOT
from tests.storage.test_model_calls import CALL

PROMPTS = ROOT / "prompts"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def model() -> Model:
    return Model(Ledger(), Faults())


@pytest.fixture
async def client(model: Model) -> AsyncIterator[ModelClient]:
    app = new_app()
    add_routes(app, model)
    async with serving(app) as where:
        opened = load_model(PROMPTS, api_key=API_KEY, base_url=f"{where}/openai/v1", model=MODEL_NAME)
        yield opened
        await opened.close()


def settings(folder: Path, url: str, choices: str = "") -> Settings:
    (folder / "switchboard.toml").write_text(choices, encoding="utf-8")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": url}
    return load_settings(folder, tokens, networks={})


async def check(client: ModelClient, chosen: Settings) -> list[CheckLine]:
    return await check_model(client, chosen, PROMPTS, NOW)


async def test_it_tells_that_the_model_works_and_what_its_server_refuses(
    model: Model, client: ModelClient, tmp_path: Path, empty_url: str
) -> None:
    line, cost = await check(client, settings(tmp_path, empty_url))
    assert line.ok
    assert line.detail.startswith(f"{MODEL_NAME} wrote a draft in ")
    assert "does not take" not in line.detail
    assert cost.detail == "today (UTC) 0 calls, 0 of 2,000,000 tokens, price not known"
    assert "model.input_price" in cost.remedy


async def test_it_tells_what_the_server_refuses(
    model: Model, client: ModelClient, tmp_path: Path, empty_url: str
) -> None:
    model.unsupported = frozenset({"store", "strict"})
    [line, _] = await check(client, settings(tmp_path, empty_url))
    assert line.detail.endswith("; its server does not take store, strict schema")


async def test_it_tells_what_to_do_where_the_model_does_not_work(
    model: Model, client: ModelClient, tmp_path: Path, empty_url: str
) -> None:
    model.behave("http-401")
    [line, _] = await check(client, settings(tmp_path, empty_url))
    assert line.ok is False
    assert "OPENAI_API_KEY" in line.remedy
    assert API_KEY not in line.detail + line.remedy


async def test_it_tells_what_each_prompt_version_cost(
    client: ModelClient, tmp_path: Path, empty_url: str
) -> None:
    migrate(empty_url)
    store = open_store(empty_url)
    with store.unit_of_work() as uow:
        uow.model_calls.add(CALL, at=NOW)
        uow.model_calls.add(CALL, at=datetime(2026, 11, 28, 12, tzinfo=UTC))
    store.close()
    priced = "[model]\ninput_price = 1.0\ndaily_cost = 5.0\n"
    [_, cost, use] = await check(client, settings(tmp_path, empty_url, priced))
    assert cost.detail == "today (UTC) 1 calls, 120 of 2,000,000 tokens, $0.25 of $5.00"
    assert use.detail == (
        "draft with small-1, prompt 4/1, last 30 days: 2 calls, 0 failed, 2.0 s each, 240 tokens, $0.50"
    )


async def test_without_a_model_there_is_nothing_to_tell(tmp_path: Path, empty_url: str) -> None:
    assert await check_model(None, settings(tmp_path, empty_url), PROMPTS, NOW) == []


async def test_a_database_in_use_is_told(client: ModelClient, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'switchboard.db'}"
    migrate(url)
    store = open_store(url)
    [_, cost] = await check(client, settings(tmp_path, url))
    store.close()
    assert "in use" in cost.detail
