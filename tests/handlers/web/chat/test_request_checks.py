"""Refuse forged, expired and used links, other cases' cookies, other origins, and excess requests."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from adapters.chat import ChatLinks
from domain.handoffs.handoff import HandoffState
from domain.records.audit import Action
from domain.venues import Venue
from handlers.handoffs.arrival import return_to_public
from handlers.handoffs.expiry import remind_and_expire_offers
from handlers.web.chat.rate_limits import Rates
from storage.engine import Store
from tests.handlers.made import BEN, PAYMENT, SAM, do, messages, trail
from tests.handlers.web.chat.sites import Browser, Site, served

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


async def test_a_link_opens_once(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana, Browser(site) as other:
        assert (await ana.open(site.link(handoff)))[0] == 200
        cookie = ana.cookie
        assert len(cookie) == 43
        assert await other.open(site.link(handoff)) == (403, {"error": "link_used"})
        assert trail(site.store, handoff.case_id)[-1].action is Action.LINK_REUSED
        assert other.cookie == ""
        # A browser that lost the response retries with the same key and gets the same session.
        other.key = ana.key
        assert (await other.open(site.link(handoff)))[0] == 200
        assert other.cookie == cookie
    with site.store.unit_of_work() as uow:
        [session] = uow.chat_sessions.of_handoff(handoff.id)
    assert cookie not in repr(session)


async def test_checking_a_link_does_not_use_it_up(site: Site) -> None:
    handoff = site.offer(site.a_case())
    token = site.link(handoff).partition("#")[2]
    async with Browser(site) as scanner, Browser(site) as ana:
        looks = [{"token": token, "key": one.key, "check_only": True} for one in (scanner, ana)]
        assert await scanner.post("/link", looks[0]) == (200, {"has_session": False})
        assert site.handoff(handoff).state is HandoffState.OFFERED
        assert await ana.open(site.link(handoff)) == (200, {"has_session": True})
        assert await ana.post("/link", looks[1]) == (200, {"has_session": True})
        assert await scanner.post("/link", looks[0]) == (403, {"error": "link_used"})
        assert scanner.cookie == ""


@pytest.mark.parametrize("embed_on", [[], ["https://shop.example"]])
@pytest.mark.parametrize("public_url", [None, "https://help.example.com/desk"])
async def test_attributes_of_the_session_cookie(
    sqlite: Store, public_url: str | None, embed_on: list[str]
) -> None:
    secure = public_url is not None
    framed = secure and bool(embed_on)
    async with (
        served(sqlite, public_url=public_url, embed_on=embed_on) as site,
        Browser(site, site.chat.origin) as ana,
    ):
        token = site.link(site.offer(site.a_case())).partition("#")[2]
        async with ana.session.post(
            f"{site.address}/chat/link",
            json={"token": token, "key": ana.key},
            headers={"Origin": site.chat.origin},
        ) as answer:
            given = answer.headers["Set-Cookie"]
        path = "/desk/chat" if secure else "/chat"
        assert f"HttpOnly; Max-Age=2592000; Path={path}; SameSite={'none' if framed else 'lax'}" in given
        assert ("Secure" in given) is secure
        assert given.endswith("; Partitioned") is framed


async def test_forged_expired_and_ended_links_have_different_errors(site: Site) -> None:
    case = site.a_case()
    handoff = site.offer(case)
    page, _, token = site.link(handoff).partition("#")
    other_key = ChatLinks(public_url=page.removesuffix("/chat"), secret_key="t" * 40).link(handoff.nonce)
    other_use = URLSafeSerializer("s" * 40, salt="another").dumps(handoff.nonce)
    not_a_nonce = site.chat.links.link("nobody's nonce")
    async with Browser(site) as ana:
        for forged in (token[:-1], f"{token}x", "", "a.b", "é" * 3, other_use, "x" * 1999):
            assert await ana.open(f"{page}#{forged}") == (403, {"error": "link_forged"}), forged
        for link in (other_key, not_a_nonce):
            assert await ana.open(link) == (403, {"error": "link_forged"})
        site.clock.moment += timedelta(hours=25)
        assert await ana.open(site.link(handoff)) == (403, {"error": "link_expired"})
        do(site.store, remind_and_expire_offers, now=site.clock.now())
        assert await ana.open(site.link(handoff)) == (403, {"error": "link_expired"})
        again = site.offer(case)
        do(site.store, return_to_public, case_id=case.id, user_id=SAM, now=site.clock.now())
        assert await ana.open(site.link(again)) == (403, {"error": "link_ended"})
        by_mail = site.offer(case, venue=Venue.EMAIL)
        assert await ana.open(site.link(by_mail)) == (403, {"error": "link_forged"})
        assert (await ana.post("/link", {"token": token, "key": "short"}))[0] == 400
        assert ana.cookie == ""


async def test_missing_forged_and_expired_cookies_are_refused(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana, Browser(site) as thief:
        await ana.open(site.link(handoff))
        for cookie in ("", "x" * 43, ana.cookie[:-1], "\udcff"):
            headers = (
                {"Cookie": f"switchboard_chat={cookie}".encode("utf-8", "replace").decode()} if cookie else {}
            )
            for path in ("/history", "/events", "/uploads/1"):
                assert (await thief.get(path, headers=headers))[0] == 401
            assert (await thief.post("/messages", {"key": "a" * 32, "text": "hi"}, headers=headers))[0] == 401
        site.clock.moment += timedelta(days=31)
        assert (await ana.get("/history"))[0] == 401
    assert [m.text for m in messages(site.store, handoff.case_id) if m.venue is Venue.CHAT] == []


async def test_use_extends_the_session(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana:
        await ana.open(site.link(handoff))
        for day in range(3):
            site.clock.moment += timedelta(days=29)
            await ana.write(f"day {day}")
            site.clock.moment += timedelta(days=29)
            async with ana.session.get(f"{site.address}/chat/history") as answer:
                given = answer.headers["Set-Cookie"]
            assert given.startswith(f"switchboard_chat={ana.cookie}; HttpOnly; Max-Age=2592000;")
        site.clock.moment += timedelta(days=31)
        assert (await ana.get("/history"))[0] == 401


async def test_a_cookie_gives_access_to_its_own_case_only(site: Site) -> None:
    one, other = site.offer(site.a_case()), site.offer(site.a_case(BEN))
    async with Browser(site) as ana, Browser(site) as ben:
        await ana.open(site.link(one))
        await ben.open(site.link(other))
        # Even with a key that was used in another chat.
        await ana.write("I am Ana", key="a" * 32)
        await ben.write("I am Ben", key="a" * 32)
        assert [message["text"] for message in (await ana.history())["messages"]][1:] == ["I am Ana"]
        assert [message["text"] for message in (await ben.history())["messages"]][1:] == ["I am Ben"]


async def test_requests_with_another_chat_id_than_the_cookies_are_refused(site: Site) -> None:
    one, other = site.offer(site.a_case()), site.offer(site.a_case(BEN))
    async with Browser(site) as shared:
        for handoff in (one, other):
            await shared.open(site.link(handoff))
        refused = (409, {"error": "other_chat"})
        chat = {"chat_id": str(one.id)}
        said = {"key": "a" * 32, "text": "for Ana's case", "id": 1, "solved": True}
        for path in ("/messages", "/seen", "/rating", f"/uploads?key={'a' * 32}"):
            assert await shared.post(path, said, params=chat) == refused, path
        for path in ("/history", "/events"):
            assert await shared.get(path, params=chat) == refused, path
        assert (await shared.post("/messages", said, params={"chat_id": "one"}))[0] == 400
        assert [message["text"] for message in (await shared.history())["messages"]] == [PAYMENT]
        assert (await shared.history())["state"]["solved"] is None
        assert (await shared.post("/messages", said, params={"chat_id": str(other.id)}))[0] == 200


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1:1"])
async def test_requests_from_other_origins_are_refused(sqlite: Store, origin: str | None) -> None:
    async with served(sqlite) as site:
        handoff = site.offer(site.a_case())
        async with Browser(site) as ana:
            await ana.open(site.link(handoff))
            ana.origin = origin
            for path in ("/link", "/messages", "/seen", "/rating", f"/uploads?key={'a' * 32}"):
                assert await ana.post(path, {"key": "a" * 32, "text": "hi"}) == (
                    403,
                    {"error": "other_origin"},
                )
        assert [m.text for m in messages(site.store, handoff.case_id) if m.venue is Venue.CHAT] == []


async def test_malformed_bodies_are_refused(sqlite: Store) -> None:
    async with served(sqlite) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        plain = {"Content-Type": "text/plain"}
        json_ = {"Content-Type": "application/json"}
        body = json.dumps({"key": "a" * 32, "text": "hi"})
        assert (await ana.post("/messages", data=body, headers=plain))[0] == 415
        for unread in ("", "[]", "{", "nonsense", "[" * 9_000, '{"key": 1}', '{"key": "a"}', '{"text": []}'):
            assert (await ana.post("/messages", data=unread, headers=json_))[0] == 400, unread
        for shown in (-1, 2**31, "1", True, None, 1.5):
            assert (await ana.post("/seen", {"id": shown}))[0] == 400
        assert (await ana.post("/rating", {"solved": "yes"}))[0] == 400
        assert (await ana.post("/messages", {"key": "a" * 32, "text": " \0 "}))[0] == 400
        sent = await ana.write("a\ud800b\0c")
        assert (await ana.history())["messages"][-1] | {"sent_at": ""} == {
            "id": sent["id"],
            "from_agent": False,
            "author_name": "Visitor",
            "text": "abc",
            "sent_at": "",
            "venue": "chat",
            "chat_id": (await ana.history())["chat_id"],
            "files": [],
            "key": (await ana.history())["messages"][-1]["key"],
        }


async def test_oversized_and_wrong_files_are_refused_with_an_error(sqlite: Store) -> None:
    async with served(sqlite) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        assert (await ana.post("/messages", {"key": "a" * 32, "text": "é" * 4001}))[0] == 413
        assert (await ana.post("/messages", {"key": "a" * 32, "text": "x" * 70_000}))[0] == 413
        assert (await ana.write("😀" * 4000))["id"]
        assert await ana.send_file(bytes(50_000_000)) == (413, {"error": "file_too_large"})
        for content in (
            b"hello",
            b"<html><script>alert(1)</script>",
            b"<svg xmlns='x'/>",
            b"PK\x03\x04" + bytes(99),
        ):
            assert await ana.send_file(content, "a.png") == (415, {"error": "wrong_file_type"})
        assert await ana.send_file(b"", "a.png") == (422, {"error": "empty_file"})
        assert (await ana.post(f"/uploads?key={'a' * 32}", data="png"))[0] == 415
        assert len((await ana.history())["messages"]) == 2


async def test_rate_limits(sqlite: Store) -> None:
    few = Rates(links="3/minute", messages="2/minute", files="1/minute", receipts="1/minute", streams=1)
    async with served(sqlite, rates=few) as site:
        handoff = site.offer(site.a_case())
        async with Browser(site) as ana, Browser(site) as ben:
            await ana.open(site.link(handoff))
            for text in ("one", "two"):
                await ana.write(text)
            too_fast = (429, {"error": "too_fast"})
            assert await ana.post("/messages", {"key": "c" * 32, "text": "three"}) == too_fast
            async with ana.events() as events:
                await events.next("state")
                assert await ana.get("/events") == too_fast
            # Limits per case are separate; limits per address are shared by all behind it.
            await ben.open(site.link(site.offer(site.a_case(BEN))))
            await ben.write("hello")
            await ben.open("#x")
            assert await ben.open("#x") == too_fast


async def test_texts_are_escaped_in_the_page(sqlite: Store) -> None:
    async with served(sqlite, greeting=SCRIPT, waiting=SCRIPT) as site, Browser(site) as ana:
        case = site.a_case()
        handoff = site.offer(case)
        await ana.open(site.link(handoff))
        status, html = await ana.get("", headers={"Accept-Language": "<script>, de;q=0.5"})
        assert status == 200
        assert "<script>alert" not in html
        assert "onerror=alert" not in html.replace("onerror=alert(1)\\u003e", "")
        assert '<html lang="de" dir="ltr">' in html
        await ana.write(SCRIPT)
        async with ana.session.get(f"{site.address}/chat/history") as answer:
            assert answer.content_type == "application/json"


async def test_every_response_has_the_security_headers(sqlite: Store) -> None:
    async with served(sqlite, embed_on=["https://shop.example"]) as site, Browser(site) as ana:
        for path in ("", "/static/app.js", "/history", "/static/../words.py", "/static/nothing.js"):
            async with ana.session.get(f"{site.address}/chat{path}") as answer:
                policy = answer.headers["Content-Security-Policy"]
                if path == "/static/../words.py":  # no page of the chat: aiohttp asks for /chat/words.py
                    assert (answer.status, policy) == (404, "default-src 'none'; frame-ancestors 'none'")
                    continue
                assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
                assert "frame-ancestors https://shop.example;" in policy
                assert "unsafe" not in policy
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_get_request_does_not_open_the_link(site: Site) -> None:
    """A link preview opens nothing: the token is in the fragment, and is exchanged by POST alone."""
    handoff = site.offer(site.a_case())
    async with Browser(site) as preview:
        assert (await preview.get(f"#{site.link(handoff).partition('#')[2]}"))[0] == 200
        assert (await preview.get("/link"))[0] == 405
    with site.store.unit_of_work() as uow:
        assert uow.chat_sessions.of_handoff(handoff.id) == []


async def test_the_cookie_is_checked_before_the_body_is_read(sqlite: Store) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield secrets.token_bytes(1000)
            await asyncio.sleep(0.01)

    async with served(sqlite) as site, Browser(site) as nobody:
        headers = {"Content-Type": "application/octet-stream"}
        async with asyncio.timeout(20):
            assert (await nobody.post(f"/uploads?key={'a' * 32}", data=endless(), headers=headers))[0] == 401
