"""Tell for `check` what the networks charged today."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.networks.registry import NETWORKS
from adapters.settings import load_settings
from domain.surge.spending import Spent, day_of
from handlers.terminal.spending import check_spending
from storage.engine import open_store
from storage.schema import migrate
from tests.handlers.made import NOW


async def lines(folder: Path, url: str, choices: str = "") -> list[str]:
    (folder / "switchboard.toml").write_text(choices, encoding="utf-8")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": url}
    settings = load_settings(folder, tokens, networks={})
    found = await check_spending(settings, NETWORKS, NOW)
    assert {(line.name, line.ok) for line in found} <= {("Network cost", None)}
    return [line.detail for line in found]


@pytest.fixture
def spent(empty_url: str) -> str:
    """A database in which something was spent on X today, and yesterday."""
    migrate(empty_url)
    store = open_store(empty_url)
    with store.unit_of_work() as uow:
        for act, count, cost in (("mentions", 1200, 1.2), ("search", 40, 0.2)):
            uow.spending.add(day_of(NOW), Spent(network="x", act=act, count=count, cost=cost))
        earlier = day_of(NOW - timedelta(days=1))
        uow.spending.add(earlier, Spent(network="x", act="mentions", count=1, cost=9.0))
    store.close()
    return empty_url


async def test_it_tells_todays_cost_by_act_and_the_budget(tmp_path: Path, spent: str) -> None:
    acts = "1,200 mentions $1.20, 40 search $0.20"
    assert await lines(tmp_path, spent) == [f"X, today (UTC): $1.40: {acts}"]
    budget = "[intake]\ndaily_budget = 25.0\n"
    assert await lines(tmp_path, spent, budget) == [f"X, today (UTC): $1.40 of $25.00: {acts}"]


async def test_where_nothing_was_spent_there_is_nothing_to_tell(tmp_path: Path, empty_url: str) -> None:
    assert await lines(tmp_path, empty_url) == []
    migrate(empty_url)
    assert await lines(tmp_path, empty_url) == []


async def test_a_database_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    [line] = await lines(tmp_path, f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    assert "cannot be read" in line
