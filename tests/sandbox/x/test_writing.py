"""Publishing and deleting, with X's rules on who may reply to whom."""

import json

import pytest
import tweepy

from sandbox.x import problems
from tests.sandbox.x.conftest import X


async def test_a_reply_to_a_mention_is_published_with_the_author_in_front(x: X) -> None:
    mention = x.mention("@acme help")
    made = await x.client.create_tweet(text="Hola Ana", in_reply_to_tweet_id=mention.id, user_auth=True)
    assert made.data["text"] == "@anaruiz Hola Ana"
    own = await x.client.get_users_tweets(
        90000001,
        tweet_fields=["conversation_id", "in_reply_to_user_id", "referenced_tweets", "entities"],
        user_auth=True,
    )
    found = own.data[0]
    assert str(found.id) == made.data["id"]
    assert found.conversation_id == int(mention.id)
    assert found.in_reply_to_user_id == int(mention.author.id)
    assert [(r.type, r.id) for r in found.referenced_tweets] == [("replied_to", int(mention.id))]
    assert found.entities["mentions"] == [
        {"start": 0, "end": 8, "username": "anaruiz", "id": mention.author.id}
    ]


async def test_a_reply_addresses_everybody_in_the_post_but_those_left_out(x: X) -> None:
    bob, cleo = x.author("bob"), x.author("cleo")
    mention = x.mention("@acme help, @bob @cleo @nobody")
    made = await x.client.create_tweet(
        text="Hi", in_reply_to_tweet_id=mention.id, exclude_reply_user_ids=[cleo.id], user_auth=True
    )
    assert made.data["text"] == "@anaruiz @bob Hi"
    assert x.network.posts[made.data["id"]].mentioned == {mention.author.id, bob.id}


async def test_the_ledger_counts_one_act_per_reply(x: X) -> None:
    mention = x.mention()
    await x.client.create_tweet(text="Hola Ana", in_reply_to_tweet_id=mention.id, user_auth=True)
    (entry,) = x.network.ledger.of("x", "POST /2/tweets")
    assert (entry.detail["text"], entry.detail["in_reply_to"]) == ("Hola Ana", mention.id)


async def _refusal(x: X, text: str = "Hello", **more: str) -> str:
    with pytest.raises(tweepy.Forbidden) as caught:
        await x.client.create_tweet(text=text, user_auth=True, **more)
    assert x.network.ledger.of("x", "POST /2/tweets") == []
    return str(caught.value.api_messages[0])


async def test_a_reply_nobody_asked_for_is_refused(x: X) -> None:
    post = x.mention("acme is a shop, they say")
    assert await _refusal(x, in_reply_to_tweet_id=post.id) == problems.NOT_SUMMONED


async def test_an_enterprise_app_may_answer_anybody(x: X) -> None:
    x.network.self_serve = False
    post = x.mention("acme is a shop, they say")
    made = await x.client.create_tweet(text="Hi", in_reply_to_tweet_id=post.id, user_auth=True)
    assert made.data["text"] == "@anaruiz Hi"


async def test_quoting_us_is_a_summons_and_a_mention(x: X) -> None:
    ours = x.network.post(x.network.brand, "We moved")
    quote = x.network.post(x.author(), "good for you", quotes=ours.id)
    found = await x.client.get_users_mentions(90000001, expansions=["referenced_tweets.id"], user_auth=True)
    assert [t.id for t in found.data] == [int(quote.id)]
    assert [t.id for t in found.includes["tweets"]] == [int(ours.id)]
    await x.client.create_tweet(text="Thank you", in_reply_to_tweet_id=quote.id, user_auth=True)


async def test_answering_our_reply_mentions_us_without_typing_it(x: X) -> None:
    mention = x.mention()
    made = await x.client.create_tweet(text="Hola", in_reply_to_tweet_id=mention.id, user_auth=True)
    x.network.post(x.author(), "gracias", reply_to=made.data["id"])
    found = await x.client.get_users_mentions(90000001, since_id=made.data["id"], user_auth=True)
    assert found.data[0].text == "@acme gracias"


@pytest.mark.parametrize("settings", ["following", "subscribers", "verified"])
async def test_a_closed_conversation_refuses_us(x: X, settings: str) -> None:
    post = x.network.post(x.author(), "@acme hello", reply_settings=settings)
    assert await _refusal(x, in_reply_to_tweet_id=post.id) == problems.NOT_SUMMONED


async def test_a_conversation_of_the_mentioned_is_open_to_us(x: X) -> None:
    post = x.network.post(x.author(), "@acme hello", reply_settings="mentionedUsers")
    made = await x.client.create_tweet(text="Hi", in_reply_to_tweet_id=post.id, user_auth=True)
    assert x.network.posts[made.data["id"]].reply_to == post.id


async def test_a_deleted_post_cannot_be_answered(x: X) -> None:
    mention = x.mention()
    x.network.delete(mention.id)
    assert await _refusal(x, in_reply_to_tweet_id=mention.id) == problems.TARGET_GONE


async def test_the_same_words_twice_are_refused_until_the_first_are_gone(x: X) -> None:
    mention = x.mention()
    made = await x.client.create_tweet(text="Hola", in_reply_to_tweet_id=mention.id, user_auth=True)
    with pytest.raises(tweepy.Forbidden) as caught:
        await x.client.create_tweet(text="Hola", in_reply_to_tweet_id=mention.id, user_auth=True)
    assert caught.value.api_messages == [problems.DUPLICATE]
    assert (await x.client.delete_tweet(made.data["id"], user_auth=True)).data == {"deleted": True}
    await x.client.create_tweet(text="Hola", in_reply_to_tweet_id=mention.id, user_auth=True)
    assert len(x.network.ledger.of("x", "POST /2/tweets")) == 2


async def test_the_same_words_to_somebody_else_are_fine(x: X) -> None:
    for username in ("ana", "bob"):
        mention = x.mention(username=username)
        await x.client.create_tweet(text="We are on it", in_reply_to_tweet_id=mention.id, user_auth=True)
    assert len(x.network.ledger.of("x", "POST /2/tweets")) == 2


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * 280, True),
        ("a" * 281, False),
        ("字" * 140, True),
        ("字" * 141, False),
        ("https://e.com/" + "a" * 300, True),
    ],
)
async def test_length_is_counted_as_x_counts(x: X, text: str, fits: bool) -> None:
    if fits:
        await x.client.create_tweet(text=text, user_auth=True)
        return
    with pytest.raises(tweepy.BadRequest) as caught:
        await x.client.create_tweet(text=text, user_auth=True)
    assert caught.value.api_messages == [problems.TOO_LONG]


async def test_the_text_is_composed_and_trimmed(x: X) -> None:
    made = await x.client.create_tweet(text="  Cafe\u0301 is open \n", user_auth=True)
    assert made.data["text"] == "Caf\u00e9 is open"


async def test_we_cannot_delete_the_posts_of_others(x: X) -> None:
    with pytest.raises(tweepy.Forbidden):
        await x.client.delete_tweet(x.mention().id, user_auth=True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"text": ""}',
        b'{"text": 7}',
        b'{"text": "\\ud83d"}',
        b'{"text": "a", "reply": {}}',
        b'{"text": "a", "reply": "7"}',
        b'{"text": "a", "reply": {"in_reply_to_tweet_id": 7}}',
        b'{"text": "a", "quote_tweet_id": "x"}',
        b'{"text": "a", "reply_settings": "nobody"}',
        b'{"text": "a", "colour": "red"}',
        b"\xff\xfe",
        b"[" * 200_000,
    ],
)
async def test_a_bad_body_is_answered_400(x: X, body: bytes) -> None:
    status, answer, _ = await x.send("POST", "/2/tweets", body)
    assert status == 400
    assert answer["title"] == "Invalid Request"
    assert x.network.ledger.entries == []


async def test_ten_megabytes_are_too_large_and_harm_nothing(x: X) -> None:
    status, _, _ = await x.send("POST", "/2/tweets", json.dumps({"text": "a" * 10_000_000}).encode())
    assert status == 413
    await x.client.create_tweet(text="still here", user_auth=True)
