"""Read the brand's direct messages on X, from the sandbox's X and from malformed responses."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.networks.x import ids
from adapters.networks.x.dm_reading import FIRST_PAGE, MAX_PAGES
from adapters.networks.x.profile import PROFILE
from domain.cases.files import FileFault
from domain.intake.private_messages import IncomingAttachment, IncomingFile, IncomingPage
from domain.intake.streams import SourceError, SourceFault
from domain.venues import Venue
from sandbox.faults import Fault, Faults
from sandbox.ledger import Ledger
from sandbox.x import XNetwork
from tests.adapters.networks.x.direct_messages import PNG
from tests.adapters.networks.x.servers import ACME, Answer, payload, sandbox_x, scripted_x


def texts(page: IncomingPage) -> list[str]:
    return [heard.text for heard in page.messages]


def event(event_id: int | str = 1990, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the fields
    sent = {"id": str(event_id), "event_type": "MessageCreate", "sender_id": "77", "text": "hello"}
    return {name: value for name, value in (sent | changes).items() if value is not None}


def listing(*events: object, **more: object) -> Answer:
    return Answer(json.dumps({"data": list(events), "meta": {"result_count": len(events)}, **more}))


async def read(*answers: Answer, since_id: str | None = "1") -> IncomingPage:
    async with scripted_x(*answers) as (x, _):
        return await x.direct.read(ACME, since_id)


async def test_what_customers_wrote_is_heard_oldest_first_as_they_wrote_it() -> None:
    async with sandbox_x() as (x, network):
        ana, bo = (network.accounts.get(n, n.title(), followers=12) for n in ("ana", "bo"))
        first = network.direct.receive(ana, "Tom & Ana <3 &amp;\nline two")
        network.direct.receive(bo, "x" * 5_000)
        network.direct.send(ana, "our own answer")
        page = await x.direct.read(ACME, ids.BEGINNING)
    assert texts(page) == ["Tom & Ana <3 &amp;\nline two", "x" * 5_000]
    heard = page.messages[0]
    assert (heard.venue, heard.network, heard.account_id) == (Venue.DM, "x", ACME.id)
    assert (heard.external_id, heard.address, heard.author.id) == (first.id, ana.id, ana.id)
    assert (heard.author.handle, heard.author.name, heard.author.followers) == ("ana", "Ana", 12)
    assert abs(heard.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert (page.gap, page.skipped, page.attached) == (False, (), {})


async def test_only_what_is_new_is_heard_and_a_little_before_it_once_more() -> None:
    long_ago = [1_700_000_000.0]
    network = XNetwork(Ledger(), Faults(), clock=lambda: long_ago[0])
    async with sandbox_x(network) as (x, _):
        ana = network.accounts.get("ana")
        network.direct.receive(ana, "old")
        long_ago[0] += 600
        network.direct.receive(ana, "just before")
        long_ago[0] += 10
        cursor = network.direct.receive(ana, "read already").id
        long_ago[0] += 10
        newest = network.direct.receive(ana, "new").id
        page = await x.direct.read(ACME, cursor)
    assert texts(page) == ["just before", "read already", "new"]
    assert page.newest_id == newest


async def test_every_page_is_read() -> None:
    async with sandbox_x() as (x, network):
        ana = network.accounts.get("ana")
        cursor = network.direct.receive(ana, "read already").id
        for number in range(150):
            network.direct.receive(ana, f"no. {number}")
        page = await x.direct.read(ACME, cursor)
    assert texts(page) == ["read already", *(f"no. {n}" for n in range(150))]
    assert len(network.ledger.of("x", "GET /2/dm_events")) == 3
    assert not page.gap


async def test_a_quiet_inbox_costs_one_short_page() -> None:
    async with sandbox_x() as (x, network):
        for number in range(60):
            cursor = network.direct.receive(network.accounts.get("ana"), f"no. {number}").id
        network.clock = lambda: 0.0
        await x.direct.read(ACME, ids.newest(cursor, str(int(cursor) + (10 * 60_000 << 22))))
    [asked] = network.ledger.of("x", "GET /2/dm_events")
    assert asked.detail["query"]["max_results"] == str(FIRST_PAGE)
    assert asked.detail["query"]["event_types"] == "MessageCreate"


async def test_the_first_reading_takes_what_we_have_not_answered() -> None:
    async with sandbox_x() as (x, network):
        ana, bo = (network.accounts.get(name) for name in ("ana", "bo"))
        network.direct.receive(ana, "answered by hand")
        network.direct.receive(bo, "still waiting")
        newest = network.direct.send(ana, "there you are")
        page = await x.direct.read(ACME, None)
        assert texts(page) == ["still waiting"]
        assert page.newest_id == newest.id
        assert not page.gap


async def test_an_empty_inbox_has_a_beginning() -> None:
    async with sandbox_x() as (x, _):
        assert await x.direct.read(ACME, None) == IncomingPage(newest_id=ids.BEGINNING)


async def test_more_than_is_read_at_most_is_reported() -> None:
    said = [
        listing(event(5000 - n), meta={"result_count": 1, "next_token": f"t{n}"})
        for n in range(MAX_PAGES + 3)
    ]
    async with scripted_x(*said) as (x, script):
        page = await x.direct.read(ACME, "1")
    assert page.gap
    assert len(script.requests) == MAX_PAGES
    assert script.requests[1].query["pagination_token"] == "t0"


async def test_what_cannot_be_read_harms_no_neighbour() -> None:
    odd: list[object] = [
        event(sender_id=None),
        event(1991, sender_id={"id": "7"}),
        event(id=None),
        event(1992, text=None),
        event(1993, text=7),
        "no object",
        None,
        event("../7"),
    ]
    page = await read(listing(*odd, event(1989, text="fine")))
    assert texts(page) == ["fine"]
    assert sorted(page.skipped) == ["1990", "1991", "1992", "1993", "?", "?", "?", "?"]
    assert page.newest_id == "1993"


@pytest.mark.parametrize("kind", ["ParticipantsJoin", "ParticipantsLeave", "Typing", 7])
async def test_other_kinds_of_events_are_passed_over(kind: object) -> None:
    page = await read(listing(event(event_type=kind, text=None), event(1989)))
    assert (texts(page), page.skipped) == (["hello"], ())


async def test_a_stranger_without_a_profile_is_called_by_their_id() -> None:
    [heard] = (await read(listing(event(created_at="yesterday")))).messages
    assert (heard.author.handle, heard.author.name) == ("77", "77")
    assert abs(heard.at - datetime.now(UTC)) < timedelta(minutes=5)


TROUBLES = [
    (Answer(payload("401_unauthorized.json"), status=401), SourceFault.REFUSED),
    (Answer(payload("403_app_permissions.json"), status=403), SourceFault.REFUSED),
    (Answer(payload("402_credits_depleted.json"), status=402), SourceFault.OUT_OF_CREDIT),
    (Answer(payload("429_usage_cap.json"), status=429), SourceFault.USAGE_CAP),
    (
        Answer(payload("503_over_capacity.html"), status=503, content_type="text/html"),
        SourceFault.UNAVAILABLE,
    ),
    (Answer("<html>", content_type="text/html"), SourceFault.UNAVAILABLE),
    (Answer("{}"), SourceFault.UNAVAILABLE),
    (Answer("[]"), SourceFault.UNAVAILABLE),
    (Answer(lost=True), SourceFault.UNAVAILABLE),
]


@pytest.mark.parametrize(("said", "trouble"), TROUBLES)
async def test_a_reading_that_fails_says_what_that_means(said: Answer, trouble: SourceFault) -> None:
    with pytest.raises(SourceError) as caught:
        await read(said)
    assert caught.value.fault is trouble


async def test_the_rate_limit_says_when_to_go_on() -> None:
    async with sandbox_x() as (x, network):
        for _ in range(15):
            await x.direct.read(ACME, None)
        with pytest.raises(SourceError) as caught:
            await x.direct.read(ACME, None)
    assert caught.value.fault is SourceFault.RATE_LIMIT
    assert caught.value.resume_at is not None
    left = caught.value.resume_at - datetime.now(UTC)
    assert timedelta(minutes=10) < left < timedelta(minutes=16)
    assert len(network.ledger.of("x", "GET /2/dm_events")) == 15


async def test_whether_somebody_may_be_written_to_is_read_with_their_posts_and_where_they_write_to_us() -> (
    None
):
    async with sandbox_x() as (x, network):
        ana, bo = (network.accounts.get(name) for name in ("ana", "bo"))
        ana.dms_open = True
        for who in (ana, bo):
            network.post(who, "@acme hello")
        page = await x.mentions(ACME, None)
        assert {post.author.handle: post.author.takes_messages for post in page.posts} == {
            "ana": True,
            "bo": False,
        }
    assert PROFILE.direct_message_page(ACME) == "https://x.com/messages/compose?recipient_id=90000001"
    assert PROFILE.direct_message_length == 10_000


# --- pictures ---------------------------------------------------------------------------------


async def read_picture(content: bytes, name: str = "parcel.png", fault: Fault | None = None) -> IncomingFile:
    async with sandbox_x() as (x, network):
        media = network.direct.add_media(name, "text/html", content)
        network.direct.receive(network.accounts.get("ana"), "look", media)
        page = await x.direct.read(ACME, None)
        assert texts(page) == ["look"]
        [attachment] = page.attached[page.messages[0].external_id]
        if fault is not None:
            network.faults.add(fault)
        return await x.direct.fetch(attachment)


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (PNG, "image/png", "parcel.png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64), "image/jpeg", "parcel.jpg"),
        (b"%PDF-1.7\n" + bytes(64), "application/pdf", "parcel.pdf"),
    ],
)
async def test_a_picture_is_what_its_content_shows(content: bytes, media_type: str, name: str) -> None:
    file = await read_picture(content)
    assert file == IncomingFile(name=name, media_type=media_type, content=content)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", FileFault.WRONG_TYPE),
        (b"MZ" + bytes(200), FileFault.WRONG_TYPE),
        (b"PK\x03\x04" + bytes(200), FileFault.WRONG_TYPE),
        (b"just words", FileFault.WRONG_TYPE),
        (b"", FileFault.EMPTY),
        (PNG + bytes(50 * 1024 * 1024), FileFault.TOO_LARGE),
    ],
    ids=["html", "program", "zip", "words", "empty", "50 MB"],
)
async def test_what_may_not_pass_is_refused_with_its_fault_and_not_kept(
    content: bytes, fault: FileFault
) -> None:
    file = await read_picture(content)
    assert file.refused is fault
    assert file.content == b""


async def test_a_picture_is_asked_for_twice() -> None:
    once = Fault("x:dm media", "status", status=503, body=payload("503_over_capacity.html"))
    assert (await read_picture(PNG, fault=once)).refused is None
    ever = Fault("x:dm media", "lost-before", times=-1)
    assert "look at it in the conversation on X" in str((await read_picture(PNG, fault=ever)).refused)


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/a.png",
        "https://ton.twitter.com.evil.example/a.png",
        "http://ton.twitter.com/a.png",
        "file:///etc/passwd",
        "//x",
        "https://[half",
        "\x00",
    ],
)
async def test_our_signature_goes_to_x_alone(address: str) -> None:
    async with sandbox_x() as (x, network):
        file = await x.direct.fetch(IncomingAttachment(name="a.png", address=address))
    assert "not its own" in str(file.refused)
    assert network.ledger.of("x", "fetch dm media") == []


async def test_a_film_is_named_and_not_fetched() -> None:
    async with sandbox_x() as (x, network):
        clip = network.direct.add_media("clip.mp4", "video/mp4", b"film", kind="video")
        network.direct.receive(network.accounts.get("ana"), "", clip)
        page = await x.direct.read(ACME, None)
        file = await x.direct.fetch(page.attached[page.messages[0].external_id][0])
    assert page.messages[0].text == ""
    assert (file.name, file.content) == ("video", b"")
    assert "look at it in the conversation on X" in str(file.refused)


@pytest.mark.parametrize("is_taken", [True, False])
async def test_pictures_come_by_the_download_where_x_takes_our_keys_else_from_their_address(
    is_taken: bool,
) -> None:
    async with sandbox_x() as (x, network):
        network.media_by_any_user = is_taken
        for name in ("a.png", "b.png"):
            network.direct.receive(
                network.accounts.get("ana"), name, network.direct.add_media(name, "image/png", PNG)
            )
        page = await x.direct.read(ACME, "1")
        files = [await x.direct.fetch(one) for attached in page.attached.values() for one in attached]
    assert [file.content for file in files] == [PNG, PNG]
    paths = [entry.detail["path"] for entry in network.ledger.of("x", "fetch dm media")]
    by_download = [path.startswith("/x/2/dm_conversations/media/") for path in paths]
    assert by_download == [is_taken, is_taken]


async def test_a_download_that_x_refuses_is_asked_for_once() -> None:
    async with scripted_x(
        Answer("{}", status=403), Answer(PNG.decode("latin-1"), content_type="image/png")
    ) as (x, script):
        for name in ("a.jpg", "b.jpg"):
            address = f"{x._client.base_url}/1.1/ton/data/dm/12/34/{name}"
            await x.direct.fetch(IncomingAttachment(name=name, address=address))
    assert [request.path.removeprefix("/base") for request in script.requests] == [
        "/2/dm_conversations/media/12/34/a.jpg",
        "/1.1/ton/data/dm/12/34/a.jpg",
        "/1.1/ton/data/dm/12/34/b.jpg",
    ]


async def test_links_show_where_they_lead() -> None:
    """X gives each link short, with its place in code points; those to files of the message are left out."""
    text = "👩‍👩‍👧 &lt;see&gt; https://t.co/a and https://t.co/m"
    urls = [
        {
            "url": "https://t.co/a",
            "expanded_url": "https://shop.example/order?id=4471&x=1",
            "start": 18,
            "end": 32,
        },
        {"url": "https://t.co/m", "expanded_url": "https://x.com/messages/media/1990"},
    ]
    page = await read(listing(event(text=text, entities={"urls": urls}, attachments={"media_keys": ["3_1"]})))
    assert texts(page) == ["👩‍👩‍👧 <see> https://shop.example/order?id=4471&x=1 and"]


@pytest.mark.parametrize("nothing", ["event_type", "text", "entities"])
async def test_a_picture_is_heard_where_x_gives_null(nothing: str) -> None:
    told = event(attachments={"media_keys": ["3_1"]}) | {nothing: None}
    assert len((await read(listing(told))).messages) == 1
