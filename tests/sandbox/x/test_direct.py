"""Direct messages on the simulated X: its API through tweepy, and the page's inbox."""

import asyncio
import base64
import json
from http import HTTPStatus
from typing import Any

import aiohttp
import pytest
import tweepy

from sandbox.faults import Fault
from sandbox.x.messaging import SEND
from tests.sandbox.x.conftest import X

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
FIELDS = {
    "dm_event_fields": ["created_at", "sender_id", "text", "attachments", "entities", "dm_conversation_id"],
    "expansions": ["sender_id", "attachments.media_keys"],
    "media_fields": ["url", "type"],
}


async def listed(x: X, **more: Any) -> Any:  # noqa: ANN401 - tweepy is untyped
    return await x.client.get_direct_message_events(**(FIELDS | more))


async def test_what_a_customer_wrote_is_listed_newest_first_with_who_they_are(x: X) -> None:
    ana = x.author()
    first = x.network.direct.receive(ana, "Tom & Ana <3 https://example.org/a")
    second = x.network.direct.receive(ana, "hello?")
    page = await listed(x)
    assert [str(event.id) for event in page.data] == [second.id, first.id]
    assert page.data[1].text.startswith("Tom &amp; Ana &lt;3 https://t.co/")
    assert page.data[1].entities["urls"][0]["expanded_url"] == "https://example.org/a"
    assert page.data[0].dm_conversation_id == f"{ana.id}-{x.network.brand.id}"
    assert [(str(user.id), user.username) for user in page.includes["users"]] == [(ana.id, "anaruiz")]
    assert x.network.meter.counts["dm read"] == 2
    await listed(x)
    assert x.network.meter.counts["dm read"] == 2, "X charges for an event once a day"


async def test_pages_lead_to_the_oldest_message(x: X) -> None:
    ids = [x.network.direct.receive(x.author(), f"no. {n}").id for n in range(5)]
    seen, token = [], None
    while True:
        page = await listed(x, max_results=2, pagination_token=token)
        seen += [str(event.id) for event in page.data]
        token = page.meta.get("next_token")
        if token is None:
            break
    assert seen == ids[::-1]


async def test_kinds_of_events_are_kept_apart_and_unknown_ones_refused(x: X) -> None:
    x.network.direct.receive(x.author(), "hello")
    assert (await listed(x, event_types="ParticipantsJoin")).data is None
    with pytest.raises(tweepy.BadRequest):
        await listed(x, event_types="Typing")


async def test_the_brand_writes_only_to_those_who_wrote_first_or_let_everybody(x: X) -> None:
    ana, bo = x.author(), x.author("bo")
    with pytest.raises(tweepy.Forbidden, match="do not have permission to DM one or more participants"):
        await x.client.create_direct_message(participant_id=ana.id, text="Hi")
    x.network.direct.receive(ana, "hello")
    x.network.direct.set_open_to_all(bo, everybody=True)
    for one in (ana, bo):
        found = await x.client.get_user(id=one.id, user_fields=["receives_your_dm"], user_auth=True)
        assert found.data.data["receives_your_dm"] is True
        made = await x.client.create_direct_message(participant_id=one.id, text=" Hi ")
        [entry] = [e for e in x.network.ledger.of("x", SEND) if e.detail["recipient_id"] == one.id]
        assert made.data["dm_event_id"] == entry.detail["id"]
        assert (entry.detail["text"], entry.detail["dollars"]) == ("Hi", 0.015)
    x.network.direct.set_open_to_all(bo, everybody=False)
    with pytest.raises(tweepy.Forbidden):
        await x.client.create_direct_message(participant_id=bo.id, text="Hi again")


async def test_the_conversation_with_one_person_has_both_sides_and_nobody_elses(x: X) -> None:
    x.network.direct.receive(x.author("bo"), "not this")
    theirs = x.network.direct.receive(x.author(), "hello")
    ours = x.network.direct.send(x.author(), "hi")
    page = await x.client.get_direct_message_events(participant_id=x.author().id)
    assert [str(event.id) for event in page.data] == [ours.id, theirs.id]


async def test_a_picture_is_shown_to_the_brand_alone(x: X) -> None:
    picture = x.network.direct.add_media("parcel.png", "image/png", PNG)
    clip = x.network.direct.add_media("clip.mp4", "video/mp4", b"mp4", kind="video")
    x.network.direct.receive(x.author(), "", picture, clip)
    page = await listed(x)
    photo, video = page.includes["media"]
    assert page.data[0].attachments == {"media_keys": [photo.media_key, video.media_key]}
    assert "messages/media" in page.data[0].entities["urls"][0]["expanded_url"]
    assert (photo.type, video.type, video.url) == ("photo", "video", None)
    async with x.client.session.real.get(photo.url) as answer:
        assert answer.status == HTTPStatus.UNAUTHORIZED
    signer = x.client.session.signer
    for url, status in ((photo.url, 200), (photo.url.replace(picture.id, "17"), 404)):
        _, headers, _ = signer.sign(url, "GET")
        async with x.client.session.real.get(url, headers=headers) as answer:
            assert answer.status == status
            assert status != 200 or await answer.read() == PNG


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"text": " "}',
        b'{"text": 5}',
        b'{"text": "\\ud83d"}',
        b'{"text": "x", "to": "1"}',
        b'{"text": "x", "attachments": [{"media_id": "17"}]}',
        b'{"text": "x", "attachments": 3}',
        json.dumps({"text": "x" * 10_001}).encode(),
    ],
)
async def test_a_bad_message_is_refused(x: X, body: bytes) -> None:
    ana = x.author()
    x.network.direct.receive(ana, "hello")
    status, answer, _ = await x.send("POST", f"/2/dm_conversations/with/{ana.id}/messages", body)
    assert (status, answer["title"]) == (400, "Invalid Request")


async def test_nobody_is_written_to_by_a_wrong_id(x: X) -> None:
    for wrong in ("17", x.network.brand.id, "x1"):
        status, _, _ = await x.send("POST", f"/2/dm_conversations/with/{wrong}/messages", b'{"text": "x"}')
        assert status == 400


async def test_fifteen_calls_in_a_quarter_of_an_hour_and_so_many_a_day(x: X) -> None:
    ana = x.author()
    x.network.direct.receive(ana, "hello")
    path, body = f"/2/dm_conversations/with/{ana.id}/messages", b'{"text": "x"}'
    x.network.limits.per_day[SEND] = 16
    for _ in range(15):
        assert (await x.send("POST", path, body))[0] == 201
    status, _, headers = await x.send("POST", path, body)
    assert (status, headers["x-rate-limit-remaining"], headers["x-user-limit-24hour-remaining"]) == (
        429,
        "0",
        "0",
    )
    x.network.limits.limit[SEND] = 100
    assert (await x.send("POST", path, body))[0] == 201
    status, _, headers = await x.send("POST", path, body)
    assert status == 429
    assert int(headers["x-user-limit-24hour-reset"]) > int(headers["x-rate-limit-reset"])
    for _ in range(15):
        assert (await x.send("GET", "/2/dm_events"))[0] == 200
    assert (await x.send("GET", "/2/dm_events"))[0] == 429


async def test_an_app_without_the_right_is_refused(x: X) -> None:
    x.network.access_level = "read-write"
    status, answer, headers = await x.send("GET", "/2/dm_events")
    assert (status, headers["x-access-level"]) == (403, "read-write")
    assert answer["type"].endswith("oauth1-permissions")


async def test_a_message_whose_answer_is_lost_is_there_all_the_same(x: X) -> None:
    ana = x.author()
    x.network.direct.receive(ana, "hello")
    for mode, sent in (("lost-before", 0), ("lost-after", 1)):
        x.network.faults.add(Fault(f"x:{SEND}", mode))  # type: ignore[arg-type]
        with pytest.raises(aiohttp.ClientError):
            await x.client.create_direct_message(participant_id=ana.id, text="Hi")
        assert len(x.network.ledger.of("x", SEND)) == sent


async def test_a_visitor_writes_as_a_customer_and_sees_the_answer(x: X) -> None:
    http = x.client.session.real
    picture = {"name": "../my parcel.png", "type": "image/png", "data": base64.b64encode(PNG).decode()}
    form = {"username": "@anaruiz", "name": "Ana", "text": "look", "picture": picture}
    async with http.post(f"{x.address}/ui/x/dm", json=form) as answer:
        written = await answer.json()
    x.network.direct.send(x.author(), "Thank you")
    async with http.get(f"{x.address}/ui/x/dm?username=anaruiz") as answer:
        inbox = await answer.json()
    assert [(m["text"], m["from_brand"]) for m in inbox["messages"]] == [("look", False), ("Thank you", True)]
    assert written["media"][0]["name"] == "..myparcel.png"
    async with http.get(f"{x.address}/ui/x/dm/media/{written['media'][0]['id']}") as answer:
        assert (await answer.read(), answer.content_type) == (PNG, "image/png")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with http.get(f"{x.address}/ui/x/dm/media/17") as answer:
        assert answer.status == HTTPStatus.NOT_FOUND
    async with http.get(f"{x.address}/ui/x/dm?username=nobody") as answer:
        inbox = await answer.json()
        assert (inbox["messages"], [one["username"] for one in inbox["customers"]]) == ([], ["anaruiz"])


async def test_a_visitor_opens_and_closes_a_customers_messages(x: X) -> None:
    for yes in (True, False):
        async with x.client.session.real.post(
            f"{x.address}/ui/x/dm/open", json={"username": "anaruiz", "open": yes}
        ) as answer:
            assert await answer.json() == {"open": yes}
        assert x.author().receives_dm is yes


@pytest.mark.parametrize(
    "form",
    [
        [],
        {},
        {"username": "acme", "text": "x"},
        {"username": "ana"},
        {"username": "ana", "text": 5},
        {"username": "ana", "text": "\ud83d"},
        {"username": "ana", "picture": 5},
        {"username": "ana", "picture": {"type": "image/png", "data": "§"}},
        {"username": "ana", "picture": {"type": "image/png", "data": ""}},
        {"username": "ana", "picture": {"type": "image/svg+xml", "data": "AAAA"}},
    ],
)
async def test_a_bad_form_is_explained(x: X, form: object) -> None:
    async with x.client.session.real.post(f"{x.address}/ui/x/dm", data=json.dumps(form)) as answer:
        assert answer.status == HTTPStatus.BAD_REQUEST
        assert (await answer.json())["error"]
    assert x.network.direct.all == []


async def test_the_page_hears_of_messages_as_they_happen(x: X) -> None:
    async with x.client.session.real.get(f"{x.address}/ui/x/events") as stream:
        await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 10)
        x.network.direct.receive(x.author(), "hello")
        block = (await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 10)).decode()
    name, data = block.strip().split("\n")
    assert name == "event: dm"
    assert json.loads(data.removeprefix("data: "))["customer"]["username"] == "anaruiz"
