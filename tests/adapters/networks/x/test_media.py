"""Parse the media of posts, and fetch pictures from X's own hosts alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.networks.x.media import is_fetched, is_shown
from adapters.networks.x.parsing import Includes, post_of
from domain.intake.posts import MAX_ALT_TEXT, MAX_MEDIA, Media, MediaKind, Post
from domain.intake.streams import SourceError
from tests.adapters.networks.x.servers import ACME, Answer, sandbox_x, scripted_x
from tests.stories import PIXEL

API = "https://api.x.com"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PHOTO = {
    "media_key": "3_1",
    "type": "photo",
    "url": "https://pbs.twimg.com/media/A.jpg",
    "alt_text": "Error 51",
}
VIDEO = {"media_key": "7_2", "type": "video", "preview_image_url": "https://pbs.twimg.com/ext/B.jpg"}
LINK = {"url": "https://t.co/a", "expanded_url": "https://x.com/a/status/7/photo/1", "media_key": "3_1"}


def read(*media: object, keys: object = ("3_1", "7_2"), **more: Any) -> Post:  # noqa: ANN401 - as X sends it
    keys = list(keys) if isinstance(keys, tuple) else keys
    tweet = {
        "id": "7",
        "author_id": "501",
        "text": "@acme ??? https://t.co/a",
        "attachments": {"media_keys": keys},
    }
    return post_of(
        {**tweet, **more}, Includes.of({"includes": {"media": list(media)}}, API), ACME, "mention", NOW
    )


def test_a_picture_and_a_videos_still_come_with_the_post() -> None:
    post = read(VIDEO, PHOTO, entities={"urls": [LINK]})
    assert post.media == (
        Media(kind=MediaKind.PICTURE, url="https://pbs.twimg.com/media/A.jpg", alt_text="Error 51"),
        Media(kind=MediaKind.VIDEO, url="https://pbs.twimg.com/ext/B.jpg"),
    )
    assert post.text == "@acme ???"
    assert post.words == "@acme ???\nError 51"


def test_the_link_to_media_that_x_does_not_send_along_stays() -> None:
    post = read(entities={"urls": [LINK]})
    assert (post.media, post.text) == ((), "@acme ??? https://x.com/a/status/7/photo/1")


@pytest.mark.parametrize(
    "media",
    [
        "no object",
        {**PHOTO, "type": "poll"},
        {**PHOTO, "type": ["photo"]},
        {**PHOTO, "media_key": ["3_1"]},
        {**PHOTO, "url": None},
        {**PHOTO, "url": 7},
        {**PHOTO, "url": "javascript:alert(1)"},
        {**PHOTO, "url": "data:image/png;base64,AAAA"},
        {**PHOTO, "url": "http://pbs.twimg.com/media/A.jpg"},
        {**PHOTO, "url": "https://127.0.0.1/a.png"},
        {**PHOTO, "url": "https://[::1]/a.png"},
        {**PHOTO, "url": "https://10.0.0.8/a.png"},
        {**PHOTO, "url": "https://169.254.169.254/latest"},
        {**PHOTO, "url": "https://localhost/a.png"},
        {**PHOTO, "url": "https://2130706433/a.png"},
        {**PHOTO, "url": "https://127.1/a.png"},
        {**PHOTO, "url": "https://printer.local/a.png"},
        {**PHOTO, "url": "https://pbs.twimg.com@evil.example/a.png"},
        {**PHOTO, "url": "https://pbs.twimg.com:x/a.png"},
        {**PHOTO, "url": "https://[bad/a.png"},
        {**PHOTO, "url": "https://pbs.twimg.com/a b.png"},
        {**PHOTO, "url": "https://pbs.twimg.com/a|b>.png"},
        {**PHOTO, "url": "https://pbs.twimg.com/" + "a" * 5000},
        {"media_key": "3_1", "type": "video", "url": "https://pbs.twimg.com/media/A.jpg"},
    ],
)
def test_a_picture_that_cannot_be_shown_is_left_out_and_the_post_kept(media: object) -> None:
    assert read(media, VIDEO).media == (Media(kind=MediaKind.VIDEO, url="https://pbs.twimg.com/ext/B.jpg"),)


@pytest.mark.parametrize("keys", [None, "3_1", {"3_1": 1}, [None, 7, ["3_1"], {"a": 1}], ["3_9"]])
def test_wrong_keys_of_media_lose_no_post(keys: object) -> None:
    assert read(PHOTO, keys=keys).media == ()
    assert read(PHOTO, attachments=keys).media == ()


def test_only_the_first_of_a_hundred_pictures_are_kept_each_once() -> None:
    many = [
        {**PHOTO, "media_key": f"3_{n}", "url": f"https://pbs.twimg.com/media/{n}.jpg"} for n in range(100)
    ]
    post = read(*many, keys=[f"3_{n // 2}" for n in range(100)])
    assert len(post.media) == MAX_MEDIA
    assert len({one.url for one in post.media}) == MAX_MEDIA


@pytest.mark.parametrize(
    ("alt_text", "kept"),
    [
        ("two\n\nlines\t here ", "two lines here"),
        ("x" * 5000, "x" * MAX_ALT_TEXT),
        ("\ud83d", "\ufffd"),
        ("<!channel>", "<!channel>"),
        (None, ""),
        (7, ""),
        (["a"], ""),
    ],
)
def test_alt_text_is_one_bounded_line(alt_text: object, kept: str) -> None:
    assert read({**PHOTO, "alt_text": alt_text}).media[0].alt_text == kept


def test_pictures_at_the_address_of_the_api_are_shown_and_fetched() -> None:
    own = "http://127.0.0.1:8000/x/media/1.png"
    assert is_shown(own, "http://127.0.0.1:8000/x")
    assert is_fetched(own, "http://127.0.0.1:8000/x")
    assert not is_shown(own, "http://127.0.0.1:8001/x")
    assert not is_fetched(own, "http://127.0.0.1:80")


@pytest.mark.parametrize(
    "address",
    [
        "http://pbs.twimg.com/media/A.jpg",
        "https://pbs.twimg.com.evil.example/A.jpg",
        "https://evil.example/pbs.twimg.com/A.jpg",
        "https://pbs.twimg.com:8443/A.jpg",
        "https://video.twimg.com/A.jpg",
        "https://user@pbs.twimg.com/A.jpg",
        "ftp://pbs.twimg.com/A.jpg",
        "https://169.254.169.254/latest/meta-data",
        "//pbs.twimg.com/A.jpg",
        "",
    ],
)
async def test_pictures_are_fetched_from_nowhere_else(address: str) -> None:
    assert is_fetched("https://pbs.twimg.com/media/A.jpg?name=orig", API)
    assert not is_fetched(address, API)
    async with scripted_x(Answer("picture")) as (x, script):
        with pytest.raises(SourceError, match="not its own"):
            await x.picture(address)
    assert not script.requests


async def test_a_picture_is_fetched_without_our_signature() -> None:
    async with sandbox_x() as (x, network):
        media = network.direct.add_media("a.png", "image/png", PIXEL, alt_text="one pixel")
        network.post(network.accounts.get("ana"), "@acme look", media=[media])
        [post] = (await x.mentions(ACME, None)).posts
        assert [one.alt_text for one in post.media] == ["one pixel"]
        assert post.text == "@acme look"
        assert await x.picture(post.media[0].url) == PIXEL
        [entry] = network.ledger.of("x", "fetch media")
        assert entry.detail["signed"] is False
        network.delete(post.id)
        with pytest.raises(SourceError):
            await x.picture(post.media[0].url)


async def test_a_redirect_of_a_picture_is_not_followed() -> None:
    async with scripted_x(Answer("", status=302, headers={"Location": "/base/elsewhere"})) as (x, script):
        with pytest.raises(SourceError):
            await x.picture(f"{x._client.base_url}/media/A.jpg")
        assert len(script.requests) == 1


async def test_a_picture_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.networks.x.network.MAX_FILE_SIZE", 1000)
    async with scripted_x(Answer("x" * 5000)) as (x, _):
        with pytest.raises(SourceError):
            await x.picture(f"{x._client.base_url}/media/A.jpg")
