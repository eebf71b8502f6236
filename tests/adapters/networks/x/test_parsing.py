"""Parse captured pages of X into posts."""

from datetime import UTC, datetime

import pytest

from adapters.networks.x.parsing import Includes, Malformed, account_in, post_of
from domain.intake.posts import MatchReason, Page, Post, ReplyBlock
from tests.adapters.networks.x.servers import ACME, Answer, payload, scripted_x


async def read(name: str, found_by: str = "mention") -> Page:
    async with scripted_x(Answer(payload(name))) as (x, _):
        if found_by == "search":
            return await x.search(ACME, "acme", "1")
        return await x.mentions(ACME, "1")


async def by_last_digit(name: str = "mentions_page.json") -> dict[str, Post]:
    return {post.revision_id[-1]: post for post in (await read(name)).posts}


async def test_posts_come_oldest_first_with_the_newest_id() -> None:
    page = await read("mentions_page.json")
    assert [post.revision_id[-1] for post in page.posts] == ["4", "5", "6", "7", "8", "9"]
    assert page.newest_id == "1990000000000000009"
    assert (page.gap, page.skipped) == (False, ())


async def test_a_plain_mention() -> None:
    post = (await by_last_digit())["7"]
    assert (post.network, post.account_id) == ("x", ACME.id)
    assert (post.author.id, post.author.handle, post.author.name) == ("502", "bo_b", "Bo <b>")
    assert post.created_at == datetime(2026, 11, 21, 10, 7, tzinfo=UTC)
    assert post.url == "https://x.com/bo_b/status/1990000000000000007"
    assert post.language_hint == "en"


async def test_an_edit_keeps_the_first_revisions_id() -> None:
    post = (await by_last_digit())["7"]
    assert (post.id, post.revision_id) == ("1990000000000000002", "1990000000000000007")


def test_a_post_is_known_by_its_oldest_revision() -> None:
    history = ["30", None, "20", 10]
    tweet = {"id": "30", "author_id": "5", "text": "@acme hi", "edit_history_tweet_ids": history}
    post = post_of(tweet, Includes({}), ACME, "mention", datetime(2026, 11, 21, tzinfo=UTC))
    assert (post.id, post.revision_id) == ("20", "30")


async def test_x_escapes_are_taken_back_once() -> None:
    assert (await by_last_digit())["7"].text == "@Acme your app is down & I <3 nothing about it &lt;"


async def test_long_text_comes_from_the_note() -> None:
    post = (await by_last_digit())["5"]
    assert post.text == "@acme siempre lo mismo, os cuento toda la historia y es larga & triste. Fin."


async def test_a_reply_names_what_it_answers_and_its_conversation() -> None:
    post = (await by_last_digit())["5"]
    assert post.in_reply_to_id == "1990000000000000001"
    assert post.conversation_id == "1990000000000000001"
    assert post.author.followers == 1240


async def test_a_repost_and_our_own_post_are_told() -> None:
    posts = await by_last_digit()
    assert [digit for digit, post in posts.items() if post.is_repost] == ["9"]
    assert [digit for digit, post in posts.items() if post.author.id == ACME.id] == ["8"]


async def test_why_a_post_came_is_told() -> None:
    found = (await read("mentions_page.json", "search")).posts
    reasons = {post.revision_id[-1]: post.match_reason for post in found}
    assert reasons["4"] is MatchReason.SEARCH
    assert reasons["6"] is MatchReason.QUOTE
    assert reasons["7"] is MatchReason.MENTION


async def test_a_quote_of_ours_addresses_us() -> None:
    post = (await by_last_digit())["6"]
    assert (post.match_reason, post.reply_block) == (MatchReason.QUOTE, None)


async def test_whether_a_reply_can_be_sent_is_known() -> None:
    found = (await read("mentions_page.json", "search")).posts
    blocks = {post.revision_id[-1]: post.reply_block for post in found}
    assert blocks["4"] is None, "that X wants to be addressed is for intake to apply"
    assert blocks["5"] is ReplyBlock.RESTRICTED
    assert blocks["6"] is None
    assert blocks["7"] is None, "mentionedUsers lets us in when we are mentioned"


async def test_an_author_who_is_not_sent_along_has_no_made_up_handle() -> None:
    post = (await by_last_digit())["4"]
    assert (post.author.id, post.author.handle, post.author.name) == ("599", "", "")
    assert post.url == "https://x.com/i/status/1990000000000000004"


async def test_what_x_lists_as_a_mention_is_one_where_it_does_not_say_of_whom() -> None:
    post = (await by_last_digit())["4"]
    assert (post.match_reason, post.reply_block) == (MatchReason.MENTION, None)


async def test_a_malformed_post_is_skipped_and_never_loses_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    page = await read("malformed_posts.json")
    assert [post.revision_id[-2:] for post in page.posts] == ["10", "11", "12", "13", "20"]
    assert len(page.skipped) == 10
    assert {i for i in page.skipped if i != "?"} == {f"19900000000000000{n}" for n in range(14, 18)}
    assert page.newest_id == "1990000000000000020"
    assert caplog.text.count("is skipped") == 10


@pytest.mark.parametrize(
    "told", [{}, {"created_at": None}, {"created_at": 7}, {"created_at": "2026-11-21T11:11:00"}]
)
def test_a_post_whose_time_cannot_be_read_is_dated_when_it_is_read(told: dict[str, object]) -> None:
    bare = {"id": "1001", "author_id": "501", "text": "@acme hello", **told}
    assert post_of(bare, NOBODY, ACME, "mention", NOW).created_at == NOW


@pytest.mark.parametrize(
    ("lang", "code"),
    [
        *(
            (placeholder, None)
            for placeholder in ("und", "qme", "qst", "qht", "qam", "qct", "zxx", "art", "")
        ),
        *(("in", "id"), ("iw", "he"), ("no", "nb"), ("zh-TW", "zh"), ("es", "es"), (7, None)),
    ],
)
def test_the_language_hint_is_an_iso_code(lang: object, code: str | None) -> None:
    tweet = {"id": "1001", "author_id": "501", "text": "@acme hello", "lang": lang}
    assert post_of(tweet, NOBODY, ACME, "mention", NOW).language_hint == code


async def test_what_is_not_essential_may_be_wrong() -> None:
    post = (await read("malformed_posts.json")).posts[0]
    assert (post.id, post.conversation_id) == ("1990000000000000010", "1990000000000000010")
    assert (post.language_hint, post.in_reply_to_id, post.reply_block) == (None, None, None)
    assert (post.author.id, post.author.handle) == ("501", "")


NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TWEET = {"id": "7", "author_id": "501", "created_at": "2026-11-21T10:00:00Z", "text": "hello"}
NOBODY = Includes({})


@pytest.mark.parametrize(
    ("settings", "mentioned", "block"),
    [
        ("everyone", True, None),
        (None, True, None),
        ("mentionedUsers", True, None),
        ("following", True, ReplyBlock.RESTRICTED),
        ("subscribers", True, ReplyBlock.RESTRICTED),
        ("verified", True, ReplyBlock.RESTRICTED),
        ("something new", True, ReplyBlock.RESTRICTED),
        (["everyone"], True, ReplyBlock.RESTRICTED),
        ("everyone", False, None),
        ("following", False, ReplyBlock.RESTRICTED),
        ("mentionedUsers", False, ReplyBlock.RESTRICTED),
    ],
)
def test_reply_settings(settings: object, mentioned: bool, block: ReplyBlock | None) -> None:
    text = "hello @ACME" if mentioned else "hello acme"
    post = post_of({**TWEET, "text": text, "reply_settings": settings}, NOBODY, ACME, "search", NOW)
    assert post.reply_block is block


def test_restricted_to_the_mentioned_keeps_out_who_is_only_quoted() -> None:
    quote = {
        **TWEET,
        "reply_settings": "mentionedUsers",
        "referenced_tweets": [{"type": "quoted", "id": "3"}],
    }
    post = post_of(quote, Includes({}, posts={"3": {"author_id": ACME.id}}), ACME, "mention", NOW)
    assert (post.match_reason, post.reply_block) == (MatchReason.QUOTE, ReplyBlock.RESTRICTED)


def test_what_mentions_and_quotes_us_is_a_mention() -> None:
    quote = {**TWEET, "text": "hello @acme", "referenced_tweets": [{"type": "quoted", "id": "3"}]}
    post = post_of(quote, Includes({}, posts={"3": {"author_id": ACME.id}}), ACME, "search", NOW)
    assert post.match_reason is MatchReason.MENTION
    assert (post.quoted_id, post.in_reply_to_id) == ("3", None)


@pytest.mark.parametrize("text", ["me@acme.com", "@acmecorp", "@acme_x", "x.com/@acme@", "acme"])
def test_a_text_that_only_looks_like_a_mention(text: str) -> None:
    post = post_of({**TWEET, "text": text}, NOBODY, ACME, "search", NOW)
    assert post.match_reason is MatchReason.SEARCH


def test_short_links_are_replaced_by_where_they_lead() -> None:
    urls = [
        {"url": "https://t.co/abc", "expanded_url": "https://shop.example/a?b=1&c=2"},
        {"url": "https://t.co/abcdef", "expanded_url": "https://other.example/"},
    ]
    text = "see https://t.co/abcdef, https://t.co/abc and https://t.co/unknown"
    expanded = "see https://other.example/, https://shop.example/a?b=1&c=2 and https://t.co/unknown"
    post = {**TWEET, "text": text, "entities": {"urls": urls}}
    assert post_of(post, NOBODY, ACME, "search", NOW).text == expanded
    note = {**TWEET, "text": "see …", "note_tweet": {"text": text, "entities": {"urls": urls}}}
    assert post_of(note, NOBODY, ACME, "search", NOW).text == expanded


@pytest.mark.parametrize(
    "address", [None, 7, "", "javascript:alert(1)", "https://a b", "https://" + "x" * 2000]
)
def test_a_short_link_that_leads_nowhere_stays(address: object) -> None:
    urls = [{"url": "https://t.co/abc", "expanded_url": address}, {"url": None}, "no"]
    post = {**TWEET, "text": "see https://t.co/abc", "entities": {"urls": urls}}
    assert post_of(post, NOBODY, ACME, "search", NOW).text == "see https://t.co/abc"


@pytest.mark.parametrize("followers", [None, "12", -3, 1.5, 10**30, {}])
def test_odd_follower_counts_do_no_harm(followers: object) -> None:
    user = {"id": "501", "username": "ana", "name": " ", "public_metrics": {"followers_count": followers}}
    includes = Includes.of({"includes": {"users": [user]}})
    assert 0 <= includes.authors["501"].followers < 2**31
    assert includes.authors["501"].name == "ana"


@pytest.mark.parametrize(
    "body", [None, [], {}, {"data": None}, {"data": {"id": "1"}}, {"data": {"username": "x"}}]
)
def test_an_account_needs_an_id_and_a_name(body: object) -> None:
    with pytest.raises(Malformed):
        account_in(body)
