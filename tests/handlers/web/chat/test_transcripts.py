"""Request the transcript by mail, as a browser does."""

import pytest

from domain.chat.transcript import ADDRESS_PAUSE
from handlers.chat.transcript import record_transcript_failed, record_transcript_sent
from handlers.web.chat.rate_limits import Rates
from storage.engine import Store
from tests.handlers.made import queued
from tests.handlers.web.chat.sites import Browser, served

ANA = "ana@example.com"


async def test_the_state_of_the_transcript_is_streamed(store: Store) -> None:
    async with served(store, mails=True) as site, Browser(site) as ana:
        handoff = site.offer(site.a_case())
        await ana.open(site.link(handoff))
        async with ana.events() as events:
            assert "transcript" not in await events.next("state")
            asked = await ana.post("/transcript", {"address": " Ana@Example.com "})
            assert asked == (200, {"address": ANA, "state": "sending"})
            assert (await events.next("state"))["transcript"] == {"address": ANA, "state": "sending"}
            with store.unit_of_work() as uow:
                [transcript] = uow.transcripts.of_handoff(handoff.id)
            now = site.clock.now()
            await site.chat.ctx.desk.run(record_transcript_sent, transcript_id=transcript.id, now=now)
            assert (await events.next("state"))["transcript"]["state"] == "sent"
            await site.chat.ctx.desk.run(
                record_transcript_failed, transcript_id=transcript.id, reason="550", now=now
            )
            told = (await events.next("state"))["transcript"]
        assert told == {"address": ANA, "state": "failed"}, "why it failed is for us"


async def test_invalid_addresses_and_requests_without_a_session_are_refused(sqlite: Store) -> None:
    async with served(sqlite, mails=True) as site, Browser(site) as ana, Browser(site) as nobody:
        await ana.open(site.link(site.offer(site.a_case())))
        for wrong in ("", "ana", f"{ANA}\nBcc: all@example.com", f"{ANA},ben@example.com", "<a@b.example>"):
            assert await ana.post("/transcript", {"address": wrong}) == (
                422,
                {"error": "invalid_address"},
            ), wrong
        assert (await ana.post("/transcript", {"address": [ANA]}))[0] == 400
        assert (await ana.post("/transcript", {"address": f"{'a' * 250}@example.com"}))[0] == 413
        assert (await nobody.post("/transcript", {"address": ANA}))[0] == 401
        ana.origin = "https://evil.example"
        assert (await ana.post("/transcript", {"address": ANA}))[0] == 403
    assert queued(sqlite, "send_transcript") == []


async def test_what_the_browser_says_of_its_reader_is_kept_within_bounds(sqlite: Store) -> None:
    async with served(sqlite, mails=True) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        for wrong, status in ((["de"], 400), ("d" * 65, 413)):
            for name in ("language", "time_zone"):
                assert (await ana.post("/transcript", {"address": ANA, name: wrong}))[0] == status
        # A page of an earlier version says nothing.
        assert (await ana.post("/transcript", {"address": ANA}))[0] == 200
    [mail] = [row["payload"] for row in queued(sqlite, "send_transcript")]
    assert "time_zone" not in mail


async def test_the_number_of_transcripts_is_limited(sqlite: Store) -> None:
    rates = Rates(transcripts="5/minute")
    async with served(sqlite, mails=True, rates=rates) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        got = []
        for n in range(6):
            got.append(await ana.post("/transcript", {"address": f"{n}@example.com"}))
            site.clock.moment += ADDRESS_PAUSE
    assert [status for status, _ in got] == [200, 200, 200, 429, 429, 429]
    assert [told["error"] for status, told in got if status == 429] == [
        "too_many_transcripts",
        "too_many_transcripts",
        "too_fast",
    ]
    assert len(queued(sqlite, "send_transcript")) == 3


async def test_a_second_address_within_an_hour_is_refused(sqlite: Store) -> None:
    async with served(sqlite, mails=True) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        assert (await ana.post("/transcript", {"address": ANA}))[0] == 200
        refused = (429, {"error": "other_address"})
        assert await ana.post("/transcript", {"address": "eve@example.com"}) == refused


@pytest.mark.parametrize("mails", [True, False])
async def test_no_transcript_without_email(sqlite: Store, mails: bool) -> None:
    async with served(sqlite, mails=mails) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        _, html = await ana.get("")
        assert f"&#34;can_mail_transcript&#34;: {str(mails).lower()}" in html
        assert (await ana.post("/transcript", {"address": ANA}))[0] == (200 if mails else 404)
