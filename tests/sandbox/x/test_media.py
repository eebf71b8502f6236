"""Posts with pictures: what X sends of them, and who may fetch them."""

from typing import Any

import pytest
import tweepy

from sandbox.replay import play_at_once
from tests.sandbox.x.conftest import X
from tests.stories import PIXEL

ASKED: dict[str, Any] = {
    "expansions": ["attachments.media_keys"],
    "media_fields": ["type", "url", "preview_image_url", "alt_text"],
    "tweet_fields": ["attachments", "entities"],
    "user_auth": True,
}


def post(x: X) -> Any:  # noqa: ANN401 - the sandbox's post
    photo = x.network.direct.add_media("a.png", "image/png", PIXEL, alt_text="one pixel")
    video = x.network.direct.add_media("b.png", "image/png", PIXEL, kind="video")
    return x.network.post(x.network.accounts.get("ana"), "@acme look", media=[photo, video])


async def test_media_come_with_their_post_where_they_are_asked_for(x: X) -> None:
    made = post(x)
    found = await x.client.get_users_mentions(90000001, **ASKED)
    [tweet] = found.data
    photo, video = made.media
    assert tweet.attachments == {"media_keys": [photo.key, video.key]}
    [link, second] = tweet.entities["urls"]
    assert tweet.text == f"@acme look {link['url']}"
    assert link["expanded_url"] == f"https://x.com/ana/status/{made.id}/photo/1"
    assert [link["media_key"], second["media_key"]] == [photo.key, video.key]
    path = f"{x.address}/x/media/{made.id}"
    assert [one.data for one in found.includes["media"]] == [
        {"media_key": photo.key, "type": "photo", "url": f"{path}/{photo.id}/a.png", "alt_text": "one pixel"},
        {"media_key": video.key, "type": "video", "preview_image_url": f"{path}/{video.id}/b.png"},
    ]


async def test_media_are_left_out_where_they_are_not_asked_for(x: X) -> None:
    post(x)
    found = await x.client.get_users_mentions(90000001, expansions=["attachments.media_keys"], user_auth=True)
    assert [set(one.data) for one in found.includes["media"]] == [{"media_key", "type"}] * 2
    assert (await x.client.get_users_mentions(90000001, user_auth=True)).includes == {}


async def test_an_unknown_field_of_media_is_refused(x: X) -> None:
    with pytest.raises(tweepy.BadRequest, match=r"media\.fields"):
        await x.client.get_users_mentions(90000001, media_fields=["pixels"], user_auth=True)


async def test_anybody_may_fetch_a_picture_until_its_post_is_deleted(x: X) -> None:
    made = post(x)
    address = f"{x.address}/x/media/{made.id}/{made.media[0].id}/a.png"
    async with x.client.session.real.get(address) as answer:
        assert (await answer.read(), answer.content_type) == (PIXEL, "image/png")
    x.network.delete(made.id)
    async with x.client.session.real.get(address) as answer:
        assert answer.status == 404


async def test_a_bundled_mention_brings_its_picture(x: X) -> None:
    mention = {
        "id": "m1",
        "at": 0,
        "author": {"username": "ana"},
        "text": "@acme look",
        "media": [{"picture": "payment-error.png", "alt_text": "Error 51"}],
    }
    made = x.network.posts[play_at_once(x.network, [mention])["m1"]]
    assert [(one.alt_text, one.content[:4]) for one in made.media] == [("Error 51", b"\x89PNG")]
