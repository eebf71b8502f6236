"""Limit the files of one chat, counted from the database, so that the limit holds across processes."""

import asyncio
from datetime import timedelta

import pytest

from domain.chat.session import MAX_CHAT_FILES
from handlers.chat import session
from tests.handlers.made import BEN
from tests.handlers.web.chat.sites import Browser, Site

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)
ENOUGH = (429, {"error": "too_many_files"})


async def test_the_number_of_files_a_day_is_limited(site: Site) -> None:
    async with Browser(site) as ana, Browser(site) as ben:
        await ana.open(site.link(site.offer(site.a_case())))
        await ben.open(site.link(site.offer(site.a_case(BEN))))
        for _ in range(MAX_CHAT_FILES - 1):
            assert (await ana.send_file(PNG))[0] == 200
        answers = await asyncio.gather(*(ana.send_file(PNG) for _ in range(4)))
        assert sorted(status for status, _ in answers) == [200, 429, 429, 429]
        assert await ana.send_file(PNG) == ENOUGH
        assert (await ben.send_file(PNG))[0] == 200
        assert len((await ana.history())["messages"]) == 1 + MAX_CHAT_FILES
        site.clock.moment += timedelta(hours=24, seconds=1)
        assert (await ana.send_file(PNG))[0] == 200


async def test_an_empty_file_is_called_empty(site: Site) -> None:
    async with Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        assert await ana.send_file(b"") == (422, {"error": "empty_file"})
        assert len((await ana.history())["messages"]) == 1


@pytest.mark.parametrize("number", ["9" * 5_000, "9" * 18, "-1", "x"])
async def test_an_id_of_any_length_is_not_found(site: Site, number: str) -> None:
    async with Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        assert (await ana.get(f"/uploads/{number}"))[0] == 404


async def test_the_size_of_files_a_day_is_limited(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_CHAT_BYTES", 2 * len(PNG))
    async with Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        assert (await ana.send_file(PNG))[0] == 200
        assert await ana.send_file(PNG + bytes(1)) == ENOUGH
        assert (await ana.send_file(PNG))[0] == 200
        assert await ana.send_file(PNG) == ENOUGH
