"""Edits, deletions, long posts, links and untrusted text in API responses."""

import pytest

from sandbox.x import wording
from tests.sandbox.x.conftest import X

FIELDS = [
    "created_at",
    "entities",
    "note_tweet",
    "edit_controls",
    "referenced_tweets",
    "reply_settings",
    "public_metrics",
]


async def test_an_edit_is_a_new_id_in_the_same_history(x: X) -> None:
    first = x.mention("@acme helo")
    second = x.network.edit(first.id, "@acme hello")
    found = await x.client.get_users_mentions(90000001, tweet_fields=FIELDS, user_auth=True)
    assert [(t.id, t.text) for t in found.data] == [(int(second.id), "@acme hello")]
    assert found.data[0].edit_history_tweet_ids == [int(first.id), int(second.id)]
    assert found.data[0].data["edit_controls"]["edits_remaining"] == 4
    later = await x.client.get_users_mentions(90000001, since_id=first.id, user_auth=True)
    assert [t.id for t in later.data] == [int(second.id)]


async def test_six_versions_are_the_most(x: X) -> None:
    post = x.mention()
    for number in range(5):
        x.network.edit(post.id, f"@acme {number}")
    with pytest.raises(ValueError, match="five edits"):
        x.network.edit(post.id, "@acme again")


async def test_lookup_names_what_is_gone(x: X) -> None:
    kept, gone = x.mention("@acme 1"), x.mention("@acme 2")
    x.network.delete(gone.id)
    found = await x.client.get_tweets([kept.id, gone.id, "17"], user_auth=True)
    assert [t.id for t in found.data] == [int(kept.id)]
    assert {(e["value"], e["title"]) for e in found.errors} == {
        (gone.id, "Not Found Error"),
        ("17", "Not Found Error"),
    }


async def test_a_deleted_post_leaves_the_timelines_with_all_its_versions(x: X) -> None:
    post = x.mention()
    edited = x.network.edit(post.id, "@acme b")
    x.network.delete(post.id)
    assert (await x.client.get_users_mentions(90000001, user_auth=True)).data is None
    one = await x.client.get_tweet(edited.id, user_auth=True)
    assert one.data is None
    assert one.errors[0]["resource_id"] == edited.id


async def test_a_long_post_is_whole_only_in_note_tweet(x: X) -> None:
    text = "@acme " + "word " * 400
    post = x.mention(text)
    found = (await x.client.get_tweet(post.id, tweet_fields=FIELDS, user_auth=True)).data
    assert found.data["note_tweet"]["text"] == text
    assert wording.weight(found.text) <= 280
    assert "… https://t.co/" in found.text


async def test_links_are_shortened_and_markup_is_escaped(x: X) -> None:
    raw = "@acme <!channel> see https://evil.example.com/a?b=1&c=2 & <https://evil.com|yourbank.com>"
    post = x.mention(raw)
    found = (await x.client.get_tweet(post.id, tweet_fields=FIELDS, user_auth=True)).data
    assert "&lt;!channel&gt;" in found.text
    assert "evil.example.com" not in found.text
    for link in found.entities["urls"]:
        assert found.text[link["start"] : link["end"]] == link["url"]
    assert found.entities["urls"][0]["expanded_url"] == "https://evil.example.com/a?b=1&c=2"
    for mention in found.entities["mentions"]:
        assert found.text[mention["start"] : mention["end"]] == "@acme"


async def test_a_bare_retweet_shows_as_one(x: X) -> None:
    original = x.mention("@acme look at this")
    x.network.post(x.author("bob"), "", retweets=original.id)
    found = await x.client.get_users_mentions(
        90000001,
        tweet_fields=FIELDS,
        expansions=["referenced_tweets.id.author_id", "author_id"],
        user_auth=True,
    )
    assert found.data[0].text == "RT @anaruiz: @acme look at this"
    assert [(r.type, r.id) for r in found.data[0].referenced_tweets] == [("retweeted", int(original.id))]
    assert {u.username for u in found.includes["users"]} == {"anaruiz", "bob"}


async def test_a_reference_that_is_gone_is_an_error_beside_the_data(x: X) -> None:
    ours = x.network.post(x.network.brand, "We moved")
    x.network.post(x.author(), "why?", quotes=ours.id)
    x.network.delete(ours.id)
    found = await x.client.get_users_mentions(90000001, expansions=["referenced_tweets.id"], user_auth=True)
    assert len(found.data) == 1
    assert found.errors[0]["parameter"] == "referenced_tweets.id"


async def test_a_bystander_in_the_thread_mentions_us_too(x: X) -> None:
    mention = x.mention()
    x.network.post(x.author("bob"), "same for me", reply_to=mention.id)
    found = await x.client.get_users_mentions(90000001, tweet_fields=["conversation_id"], user_auth=True)
    assert found.data[0].text == "@anaruiz @acme same for me"
    assert found.data[0].conversation_id == int(mention.id)


async def test_only_the_newest_800_mentions_can_be_seen_and_deleted_ones_count(x: X) -> None:
    posts = [x.mention(f"@acme {n}") for n in range(805)]
    x.network.delete(posts.pop().id)
    seen: list[int] = []
    token = None
    while True:
        page = await x.client.get_users_mentions(
            90000001, max_results=100, since_id=posts[0].id, pagination_token=token, user_auth=True
        )
        seen += [t.id for t in page.data]
        token = page.meta.get("next_token")
        if token is None:
            break
    assert seen == [int(p.id) for p in reversed(posts[5:])]
