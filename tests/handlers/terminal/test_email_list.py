"""Tell for `check` whether notices can be mailed to the list's subscribers."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.settings import load_settings
from domain.diagnostics import CheckLine
from domain.outages.subscribers import Choice, Source, Subscriber, SubscriberState
from handlers.terminal.email_list import with_email_list
from storage.engine import open_store
from storage.schema import migrate
from tests.handlers.made import NOW

ANSWERS = [CheckLine("E-mail", ok=True, detail="offered"), CheckLine("E-mail out", ok=True, detail="fine")]
SILENT = [CheckLine("E-mail out", ok=False, detail="the server cannot be reached")]
UNSET = [CheckLine("E-mail", ok=None, detail="not set up")]
PUBLIC = "https://help.example.com"


def subscribed(url: str, count: int) -> str:
    """Migrate the database and store confirmed subscribers, and one who did not confirm."""
    migrate(url)
    store = open_store(url)
    states = [*[SubscriberState.CONFIRMED] * count, SubscriberState.PENDING]
    with store.unit_of_work() as uow:
        uow.subscribers.add_many(
            [
                Subscriber(
                    id=0,
                    address=f"{at}@example.com",
                    choice=Choice(language="en"),
                    state=state,
                    source=Source.PAGE,
                    created_at=NOW,
                )
                for at, state in enumerate(states)
            ]
        )
    store.close()
    return url


async def line(
    folder: Path, url: str, mail: Sequence[CheckLine], *, public_url: str | None = PUBLIC
) -> CheckLine:
    (folder / "switchboard.toml").write_text("", encoding="utf-8")
    environment = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": url}
    environment |= {} if public_url is None else {"PUBLIC_URL": public_url}
    *kept, found = await with_email_list(load_settings(folder, environment, networks={}), mail)
    assert kept == list(mail)
    return found


async def test_it_tells_how_many_subscribe_and_where_they_leave(tmp_path: Path, empty_url: str) -> None:
    found = await line(tmp_path, subscribed(empty_url, 2), ANSWERS)
    told = "2 subscribers; the mail account answers; they unsubscribe at https://help.example.com"
    assert (found.name, found.ok, found.detail) == ("E-mail list", True, told)


@pytest.mark.parametrize(("count", "ok"), [(0, None), (1, False)])
async def test_what_is_missing_is_a_fault_once_somebody_waits_for_mails(
    tmp_path: Path, empty_url: str, count: int, *, ok: bool | None
) -> None:
    url = subscribed(empty_url, count)
    found = [
        await line(tmp_path, url, SILENT),
        await line(tmp_path, url, UNSET),
        await line(tmp_path, url, ANSWERS, public_url=None),
    ]
    assert [one.ok for one in found] == [ok] * 3
    assert ["does not answer" in found[0].detail, "no mail account" in found[1].detail] == [True, True]
    assert found[2].remedy == "set PUBLIC_URL"


async def test_an_empty_database_has_no_subscribers(tmp_path: Path, empty_url: str) -> None:
    assert (await line(tmp_path, empty_url, ANSWERS)).detail.startswith("0 subscribers")
    gone = await line(tmp_path, f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}", ANSWERS)
    assert "cannot be counted" in gone.detail
