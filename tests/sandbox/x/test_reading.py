"""X's read calls through tweepy."""

import pytest
import tweepy

from tests.sandbox.x.conftest import X


async def test_the_keys_belong_to_the_brand(x: X) -> None:
    me = (await x.client.get_me()).data
    assert (me.id, me.username, me.name) == (90000001, "acme", "Acme")


async def test_mentions_come_newest_first_with_their_authors(x: X) -> None:
    first, second = x.mention("@acme one"), x.mention("@ACME two", "bob")
    x.mention("nothing about the brand")
    found = await x.client.get_users_mentions(
        90000001,
        expansions=["author_id"],
        tweet_fields=["created_at", "conversation_id", "lang"],
        user_fields=["public_metrics"],
        user_auth=True,
    )
    assert [t.id for t in found.data] == [int(second.id), int(first.id)]
    assert found.data[1].text == "@acme one"
    assert {u.username: u.public_metrics["followers_count"] for u in found.includes["users"]} == {
        "anaruiz": 1240,
        "bob": 1240,
    }
    assert found.meta == {"newest_id": second.id, "oldest_id": first.id, "result_count": 2}


async def test_only_what_is_asked_for_is_shown(x: X) -> None:
    x.mention()
    found = await x.client.get_users_mentions(90000001, user_auth=True)
    assert set(found.data[0].data) == {"id", "text", "edit_history_tweet_ids"}
    assert found.includes == {}


async def test_pages_lead_to_every_post_exactly_once(x: X) -> None:
    posts = [x.mention(f"@acme number {n}") for n in range(23)]
    seen: list[int] = []
    token = None
    while True:
        page = await x.client.get_users_mentions(
            90000001, max_results=10, pagination_token=token, user_auth=True
        )
        seen += [t.id for t in page.data]
        token = page.meta.get("next_token")
        if token is None:
            break
    assert seen == [int(p.id) for p in reversed(posts)]


async def test_an_empty_page_has_no_data_and_a_zero_count(x: X) -> None:
    newest = x.mention()
    found = await x.client.get_users_mentions(90000001, since_id=newest.id, user_auth=True)
    assert found.data is None
    assert found.meta == {"result_count": 0}


async def test_wrong_secret_is_unauthorised(x: X) -> None:
    client = x.new_client(consumer_secret="wrong")
    with pytest.raises(tweepy.Unauthorized):
        await client.get_me()
