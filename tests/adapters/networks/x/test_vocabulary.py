"""Read and write in the vocabulary that X takes: posts first, tweets where it refuses."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.delivery.outcomes import Done
from domain.intake.posts import MatchReason, Page
from domain.intake.streams import SourceError
from sandbox.x.api_facts import POSTS, TWEETS
from sandbox.x.vocabulary import newer_answer
from tests.adapters.networks.x.servers import ACME, Answer, payload, sandbox_x, scripted_x

EMPTY = Answer('{"meta": {"result_count": 0}}')
ONE = Answer(json.dumps({"data": [{"id": "1001", "text": "@acme hi", "author_id": "501"}]}))
OLDER = ('"tweets"', '"referenced_tweets"', '"note_tweet"')
BARE = Answer(json.dumps({"data": [{"id": "1001", "text": "@acme hi"}]}))


def refused(parameter: str) -> Answer:
    said = {"errors": [{"parameters": {parameter: ["…"]}, "message": f"[{parameter}] is not one of […]"}]}
    return Answer(json.dumps(said | {"title": "Invalid Request"}), status=400)


async def asked(*answers: Answer, reads: int = 2) -> list[str]:
    """Read the mentions some times; return which vocabulary was asked for."""
    async with scripted_x(*answers) as (x, script):
        for _ in range(reads):
            await x.mentions(ACME, "1")
    return ["posts" if "post.fields" in request.query else "tweets" for request in script.requests]


async def test_posts_are_asked_for_first() -> None:
    assert await asked(EMPTY) == ["posts", "posts"]


@pytest.mark.parametrize("name", ["post.fields", "expansions"])
async def test_tweets_are_asked_for_where_x_refuses_the_names_and_from_then_on(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert await asked(refused(name), EMPTY) == ["posts", "tweets", "tweets"]
    [said] = [record.message for record in caplog.records if "does not take the names" in record.message]
    assert "mentions" in said


async def test_a_later_refusal_of_the_older_names_is_heard_too() -> None:
    answers = (refused("post.fields"), EMPTY, refused("tweet.fields"), EMPTY)
    assert await asked(*answers, reads=3) == ["posts", "tweets", "tweets", "posts", "posts"]


async def test_names_that_are_passed_over_are_asked_for_in_the_other_vocabulary() -> None:
    """Where X answers 200 without what was asked for, no post would be read, and nobody be told."""
    assert await asked(BARE, ONE) == ["posts", "tweets", "tweets"]
    async with sandbox_x() as (x, network):
        network.api_versions, network.passes_over_names = frozenset({TWEETS}), True
        network.post(network.accounts.get("anaruiz"), "@acme hello")
        page = await x.mentions(ACME, "1")
    assert [post.author.handle for post in page.posts] == ["anaruiz"]
    assert not page.skipped


async def test_an_answer_that_neither_vocabulary_mends_is_taken_as_it_is() -> None:
    assert await asked(BARE, BARE, ONE) == ["posts", "tweets", "posts"]


@pytest.mark.parametrize(
    "answers", [(refused("max_results"),), (refused("post.fields"), refused("tweet.fields"))]
)
async def test_what_is_not_about_the_names_or_is_refused_in_both_is_told(answers: tuple[Answer, ...]) -> None:
    async with scripted_x(*answers) as (x, script):
        with pytest.raises(
            SourceError, match=rf"\[{'max_results' if len(answers) == 1 else 'post.fields'}\]"
        ):
            await x.mentions(ACME, "1")
    assert len(script.requests) == len(answers)


async def test_each_kind_of_read_finds_its_own_vocabulary() -> None:
    async with scripted_x(refused("post.fields"), EMPTY) as (x, script):
        await x.mentions(ACME, "1")
        await x.search(ACME, "acme", "1")
    assert ["post.fields" in request.query for request in script.requests] == [True, False, True]


# --- both vocabularies in answers ---------------------------------------------------------------


def in_posts(name: str) -> str:
    """Return a captured answer in the newer vocabulary."""
    return json.dumps(newer_answer(POSTS, {}, json.loads(payload(name))))


async def read(body: str) -> Page:
    async with scripted_x(Answer(body)) as (x, _):
        return await x.mentions(ACME, "1")


async def test_a_page_is_the_same_in_both() -> None:
    older, newer = payload("mentions_page.json"), in_posts("mentions_page.json")
    assert {'"tweets"', '"referenced_tweets"', '"note_tweet"'} == {name for name in OLDER if name in older}
    assert not [name for name in OLDER if name in newer]
    assert await read(newer) == await read(older)


async def test_a_reply_is_found_in_both() -> None:
    text = "Hi Ana & co,\nsee https://acme.example/help?a=1&b=2  and try again — cafe\u0301"
    since = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    found = []
    for body in (payload("own_posts.json"), in_posts("own_posts.json")):
        async with scripted_x(Answer(body)) as (x, _):
            found.append(await x.find_reply(ACME, text, "1990000000000000005", since))
    assert found[0] == found[1]
    assert isinstance(found[0], Done)


async def test_posts_that_are_gone_are_told_in_both() -> None:
    for body in (payload("lookup_gone.json"), in_posts("lookup_gone.json")):
        async with scripted_x(Answer(body)) as (x, _):
            assert await x.missing_posts(["11", "12", "13", "14"]) == {"12", "13"}


async def test_an_author_who_is_gone_is_not_a_post_that_is() -> None:
    error = {
        "resource_type": "user",
        "resource_id": "12",
        "type": "https://api.x.com/2/problems/resource-not-found",
    }
    async with scripted_x(
        Answer(json.dumps({"data": [{"id": "12", "text": "here"}], "errors": [error]}))
    ) as (x, _):
        assert await x.missing_posts(["12"]) == frozenset()


@pytest.mark.parametrize("host", ["x.com", "twitter.com", "mobile.twitter.com"])
async def test_a_quote_of_us_is_known_by_its_link_where_its_author_is_not_sent_along(host: str) -> None:
    """The newer API names no expansion for the author of a post that is included."""
    link = {"url": "https://t.co/a1", "expanded_url": f"https://{host}/Acme/status/1000"}
    quote: dict[str, Any] = {
        "id": "1001",
        "text": "look at this https://t.co/a1",
        "author_id": "501",
        "referenced_posts": [{"type": "quoted", "id": "1000"}],
        "entities": {"urls": [link]},
    }
    [ours] = (await read(json.dumps({"data": [quote]}))).posts
    assert ours.match_reason is MatchReason.QUOTE
    link["expanded_url"] = f"https://{host}/acme2/status/1000"
    async with scripted_x(Answer(json.dumps({"data": [quote]}))) as (x, _):
        [another] = (await x.search(ACME, "acme", "1")).posts
    assert another.match_reason is MatchReason.SEARCH


def refused_article(query_name: str, *, quoted: bool) -> Answer:
    message = f"The `{query_name}` query parameter value [article] is not one of [attachments,entities]"
    said: dict[str, Any] = {"parameters": {query_name: ["article"]}} if quoted else {"message": message}
    return Answer(json.dumps({"errors": [said], "title": "Invalid Request"}), status=400)


@pytest.mark.parametrize("quoted", [True, False])
async def test_articles_are_left_out_where_x_refuses_them_and_from_then_on(quoted: bool) -> None:
    async with scripted_x(refused_article("post.fields", quoted=quoted), EMPTY) as (x, script):
        for _ in range(2):
            await x.mentions(ACME, "1")
    fields = [set(request.query["post.fields"].split(",")) for request in script.requests]
    assert ["article" in one for one in fields] == [True, False, False]
    assert fields[0] - fields[1] == {"article"}, "all else is asked for as before"


ARTICLES = {
    "title": {"article": {"title": "Why I left @acme &amp; Co"}},
    "text": {"article": {"title": "Why I left @acme &amp; Co", "plain_text": "The lamp was red."}},
    "newer": {"article": {"preview_text": "The lamp was red."}, "article_title": "Why I left @acme &amp; Co"},
}


@pytest.mark.parametrize("article", ARTICLES.values(), ids=ARTICLES)
async def test_the_words_of_an_article_are_read(article: dict[str, Any]) -> None:
    post = {"id": "1001", "text": "https://t.co/a", "author_id": "501", **article}
    async with scripted_x(Answer(json.dumps({"data": [post], "meta": {}}))) as (x, _):
        page = await x.search(ACME, "acme", "1")
    [read] = page.posts
    assert read.text.startswith("https://t.co/a\nWhy I left @acme & Co")
    assert ("The lamp was red." in read.text) is (len(str(article)) > len(str(ARTICLES["title"])))


@pytest.mark.parametrize("followers", [1200, "1200", 1200.0])
async def test_a_number_may_be_written_as_text(followers: object) -> None:
    author = {"id": "501", "username": "kim", "name": "Kim", "public_metrics": {"followers_count": followers}}
    body = {"data": [{"id": "1001", "text": "hi", "author_id": "501"}], "includes": {"users": [author]}}
    async with scripted_x(Answer(json.dumps(body | {"meta": {"result_count": "1"}}))) as (x, _):
        [read] = (await x.mentions(ACME, "1")).posts
    assert read.author.followers == 1200


async def test_no_post_may_be_counted_as_text() -> None:
    async with scripted_x(Answer('{"meta": {"result_count": "0"}}')) as (x, _):
        assert (await x.mentions(ACME, "1")).posts == ()
