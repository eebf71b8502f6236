"""Hear of posts by X's Activity API: what is told, what ends, and what is never charged for twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from adapters.networks.x import X
from adapters.networks.x.activity import EVENT_TYPES, XPostEvents
from domain.intake.streams import SourceError, SourceFault
from sandbox.app import serving
from sandbox.faults import Fault
from sandbox.x import XNetwork
from sandbox.x.api_facts import TWEETS
from tests.adapters.networks.x.servers import ACME, SECRETS, adapter_at, sandbox_x

#: Long enough for any machine; a wait ends as soon as something is told.
PATIENCE = 60.0
SHORT = 0.02
NOT_ENROLLED = json.dumps({"title": "Client Forbidden", "detail": "The app is not enrolled", "status": 403})


@asynccontextmanager
async def pushing_x() -> AsyncIterator[tuple[X, XPostEvents, XNetwork]]:
    async with sandbox_x() as (x, network):
        network.activity.heartbeat_seconds = 0.01
        yield x, x.events, network


async def connected(events: XPostEvents) -> None:
    assert await events.wait(ACME, SHORT) == []


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - the sandbox has no event for it
        await asyncio.sleep(0.005)


async def heard(events: XPostEvents, many: int) -> list[str]:
    found: list[str] = []
    while len(found) < many:
        found += await events.wait(ACME, PATIENCE)
    return found


async def test_mentions_answers_and_quotes_are_told_and_nothing_else() -> None:
    async with pushing_x() as (_, events, network):
        ana = network.accounts.get("anaruiz")
        ours = network.post(network.brand, "All is well, @acme")
        await connected(events)
        told = [
            network.post(ana, "@acme it is broken").id,
            network.post(ana, "so it is not", reply_to=ours.id).id,
            network.post(ana, "see this", quotes=ours.id).id,
        ]
        network.post(ana, "", retweets=ours.id)
        network.post(ana, "nothing about anybody")
        network.post(network.brand, "@acme says hello")
        told.append(network.post(ana, "@acme and the last").id)
        assert await heard(events, 4) == told


async def test_what_is_told_is_looked_up_as_a_poll_reads_it() -> None:
    async with pushing_x() as (x, events, network):
        ana = network.accounts.get("anaruiz", "Ana Ruiz", followers=1240)
        first = network.post(ana, "@acme it is broken " + "and long " * 60)
        second = network.post(ana, "@acme again")
        gone = network.post(ana, "@acme sorry")
        network.delete(gone.id)
        page = await events.posts(ACME, [second.id, gone.id, first.id])
        assert page.posts == (await x.mentions(ACME, "1")).posts
    assert (page.newest_id, page.gap) == (None, False)


async def test_subscriptions_are_made_once_and_only_where_missing() -> None:
    async with pushing_x() as (_, events, network):
        network.activity.subscribe({"event_type": EVENT_TYPES[0], "filter": {"user_id": ACME.id}})
        network.activity.subscribe({"event_type": EVENT_TYPES[1], "filter": {"user_id": "5"}})
        await connected(events)
        events.close()
        await connected(events)
        ours = [one for one in network.activity.subscriptions if one["filter"] == {"user_id": ACME.id}]
    assert sorted(one["event_type"] for one in ours) == sorted(EVENT_TYPES)


async def test_a_version_without_answers_and_quotes_tells_of_mentions() -> None:
    async with pushing_x() as (_, events, network):
        network.api_versions = frozenset({TWEETS})
        await connected(events)
        post = network.post(network.accounts.get("anaruiz"), "@acme hello")
        assert await heard(events, 1) == [post.id]
    assert [one["event_type"] for one in network.activity.subscriptions] == [EVENT_TYPES[0]]


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_plan_without_answers_tells_of_mentions_and_quotes(status: int) -> None:
    async with pushing_x() as (_, events, network):
        network.activity.subscribe({"event_type": EVENT_TYPES[0], "filter": {"user_id": ACME.id}})
        network.faults.add(
            Fault("x:POST /2/activity/subscriptions", "status", status=status, body=NOT_ENROLLED)
        )
        await connected(events)
    assert [one["event_type"] for one in network.activity.subscriptions] == [EVENT_TYPES[0], EVENT_TYPES[2]]


@pytest.mark.parametrize("part", [{"keyword": "refund"}, {"direction": "outbound"}])
async def test_another_tools_subscription_to_a_part_is_not_taken_for_ours(part: dict[str, str]) -> None:
    async with pushing_x() as (_, events, network):
        theirs = {"event_type": EVENT_TYPES[0], "filter": {"user_id": ACME.id, **part}}
        network.activity.subscribe(theirs)
        await connected(events)
    wanted = {"user_id": ACME.id}
    ours = [one["event_type"] for one in network.activity.subscriptions if one["filter"] == wanted]
    assert ours == list(EVENT_TYPES)


@pytest.mark.parametrize("detail", ["", "This stream has been disconnected for operational reasons."])
async def test_a_stream_that_ends_is_told_and_opened_again(detail: str) -> None:
    async with pushing_x() as (_, events, network):
        await connected(events)
        network.activity.end(detail)
        with pytest.raises(SourceError, match="X ended the stream") as caught:
            await heard(events, 1)
        assert caught.value.fault is SourceFault.UNAVAILABLE
        await connected(events)
        post = network.post(network.accounts.get("anaruiz"), "@acme hello")
        assert await heard(events, 1) == [post.id]


async def test_keys_that_give_no_token_are_told_without_them() -> None:
    async with pushing_x() as (_, events, network):
        network.keys = replace(network.keys, consumer_secret="renewed")
        with pytest.raises(SourceError, match="HTTP 40") as caught:
            await events.wait(ACME, SHORT)
        assert caught.value.fault is SourceFault.REFUSED
        assert not [secret for secret in SECRETS if secret in str(caught.value)]
        line = await events.probe()
        assert line.ok is False
        assert "intake.push" in line.remedy


async def test_an_app_without_the_activity_api_is_told_so() -> None:
    async with pushing_x() as (_, events, network):
        network.faults.add(Fault("x:GET /2/activity/stream", "status", status=403, body=NOT_ENROLLED))
        with pytest.raises(SourceError, match="not enrolled") as caught:
            await events.wait(ACME, SHORT)
        assert caught.value.fault is SourceFault.REFUSED


async def test_check_opens_the_stream_and_closes_it() -> None:
    async with pushing_x() as (_, events, network):
        assert (await events.probe()).ok
        await until(lambda: network.activity.listeners == 0)
        network.limits.limit["GET /2/activity/stream"] = 0
        assert (await events.probe()).ok is None


async def test_a_connection_on_which_nobody_waits_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its events are charged for, and X allows few: another copy of the bot may lead by now."""
    monkeypatch.setattr("adapters.networks.x.activity.UNUSED_SECONDS", 0.01)
    async with pushing_x() as (_, events, network):
        await connected(events)
        await until(lambda: network.activity.listeners == 0)
        await connected(events)


# --- what comes over the line ----------------------------------------------------------------------


@asynccontextmanager
async def sending_x(send: Callable[[web.StreamResponse], Awaitable[None]]) -> AsyncIterator[XPostEvents]:
    """Serve a stream on which `send` writes."""

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await send(response)
        return response

    async def subscriptions(_request: web.Request) -> web.Response:
        return web.json_response(
            {"data": [{"event_type": kind, "filter": {"user_id": ACME.id}} for kind in EVENT_TYPES]}
        )

    async def token(_request: web.Request) -> web.Response:
        return web.json_response({"access_token": "AAAA"})

    app = web.Application()
    app.router.add_post("/oauth2/token", token)
    app.router.add_get("/2/activity/stream", stream)
    app.router.add_get("/2/activity/subscriptions", subscriptions)
    async with serving(app) as where, adapter_at(where) as x:
        yield x.events


def an_event(post_id: object = "1001", kind: str = EVENT_TYPES[0]) -> bytes:
    return json.dumps({"data": {"event_type": kind, "payload": {"id": post_id}}}).encode()


async def pieces(response: web.StreamResponse, sent: Sequence[bytes]) -> None:
    for piece in sent:
        await response.write(piece)
        await asyncio.sleep(0)


async def test_events_are_read_whole_whatever_the_pieces() -> None:
    line = an_event() + b"\r\n\r\n" + an_event("1002") + b"\r\n"
    async with sending_x(lambda response: pieces(response, [bytes([byte]) for byte in line])) as events:
        assert await heard(events, 2) == ["1001", "1002"]


@pytest.mark.parametrize(
    "line",
    [
        b"not JSON", b"[]", b'"text"', b"null", b"[" * 5000, b'{"data": null}', b'{"data": {"payload": 5}}',
        an_event(5), an_event("abc"), an_event(None), an_event(kind="like.create"), b"\xff\xfe",
    ],
)  # fmt: skip
async def test_a_line_of_nonsense_hides_no_event(line: bytes) -> None:
    sent = [line + b"\r\n", an_event("1002") + b"\r\n"]
    async with sending_x(lambda response: pieces(response, sent)) as events:
        assert await heard(events, 1) == ["1002"]


async def test_a_line_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.networks.x.activity.MAX_LINE_BYTES", 1000)
    async with sending_x(lambda response: pieces(response, [b"x" * 500] * 10)) as events:
        with pytest.raises(SourceError, match="without end"):
            await heard(events, 1)


async def test_a_stream_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.networks.x.activity.SILENCE_SECONDS", 0.0)

    is_over = asyncio.Event()

    async def say_nothing(_response: web.StreamResponse) -> None:
        await is_over.wait()

    async with sending_x(say_nothing) as events:
        with pytest.raises(SourceError, match="fallen silent"):
            await events.wait(ACME, SHORT)
        is_over.set()
