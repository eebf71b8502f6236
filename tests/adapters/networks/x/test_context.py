"""Read what comes with a post of X: quoted and answered posts, links, people, and where it is withheld."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.networks.x.parsing import Includes, post_of
from domain.intake.post_context import Named, Withheld
from domain.intake.posts import Post
from tests.adapters.networks.x.servers import ACME

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BEN = {"id": "733", "username": "ben_k", "name": "Ben"}
QUOTED = {"id": "777", "author_id": "733", "text": "@acme charged me 3 times &amp; more"}
QUOTE_LINK = {"url": "https://t.co/q1", "expanded_url": "https://x.com/ben_k/status/777?s=20"}
PHOTO = {
    "media_key": "3_1",
    "type": "photo",
    "url": "https://pbs.twimg.com/media/a.jpg",
    "alt_text": "Error 51",
}


def read(text: str, *, includes: dict[str, Any] | None = None, **fields: object) -> Post:
    tweet = {"id": "7", "author_id": "501", "text": text, "created_at": "2026-11-21T10:00:00Z", **fields}
    return post_of(tweet, Includes.of({"includes": includes or {}}), ACME, "mention", NOW)


def linked(*urls: Mapping[str, object]) -> dict[str, Any]:
    return {"entities": {"urls": list(urls)}}


def test_a_quoted_post_comes_with_its_author_its_words_and_its_picture() -> None:
    quoted = {**QUOTED, "attachments": {"media_keys": ["3_1"]}}
    post = read(
        "this 👇 @acme https://t.co/q1",
        referenced_tweets=[{"type": "quoted", "id": "777"}],
        includes={"tweets": [quoted], "users": [BEN], "media": [PHOTO]},
        **linked(QUOTE_LINK),
    )
    [reference] = post.context.references
    assert (reference.handle, reference.text) == ("ben_k", "@acme charged me 3 times & more")
    assert (reference.alt_texts, reference.url) == (("Error 51",), "https://x.com/ben_k/status/777")
    assert post.text == "this 👇 @acme", "the link to what is shown beside it is no word of the customer's"
    assert post.words == "this 👇 @acme"
    assert post.context.pointed_at == "@acme charged me 3 times & more\nError 51"


def test_a_long_quoted_post_is_whole() -> None:
    quoted = {
        **QUOTED,
        "text": "@acme I waited… https://t.co/z",
        "note_tweet": {"text": "@acme I waited, long"},
    }
    post = read("see", referenced_tweets=[{"type": "quoted", "id": "777"}], includes={"tweets": [quoted]})
    assert [one.text for one in post.context.references] == ["@acme I waited, long"]


def test_the_link_to_a_quoted_post_that_is_not_shown_stays() -> None:
    post = read(
        "see https://t.co/q1", referenced_tweets=[{"type": "quoted", "id": "777"}], **linked(QUOTE_LINK)
    )
    assert post.text == "see https://x.com/ben_k/status/777?s=20"
    assert [(one.words, one.handle) for one in post.context.references] == [("", "ben_k")]


def test_what_answers_and_quotes_us_is_told() -> None:
    ours = {"id": "778", "author_id": ACME.id, "text": "We are hiring"}
    post = read("no", referenced_tweets=[{"type": "replied_to", "id": "778"}], includes={"tweets": [ours]})
    assert [one.is_ours for one in post.context.references] == [True]
    assert post.context.pointed_at == ""


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("🧑‍🔧😡 @acme https://t.co/ab asks", 12, "🧑‍🔧😡 @acme https://shop.example/x asks"),
        ("Q&amp;A https://t.co/ab &lt;-", 8, "Q&A https://shop.example/x <-"),
        ("先https://t.co/abです", 1, "先https://shop.example/xです"),
        ("at https://t.co/abc now", 3, "at https://shop.example/xc now"),  # by its place, which X gives
        ("at https://t.co/ab now", 999, "at https://shop.example/x now"),  # by its text
    ],
)
def test_a_link_is_found_by_its_place_in_code_points_else_by_its_text(
    text: str, start: int, expected: str
) -> None:
    entity = {
        "start": start,
        "end": start + 15,
        "url": "https://t.co/ab",
        "expanded_url": "https://shop.example/x",
    }
    assert read(text, **linked(entity)).text == expected


def test_an_address_is_not_unescaped() -> None:
    entity = {"url": "https://t.co/ab", "expanded_url": "https://shop.example/?a=1&lt;=2"}
    assert read("https://t.co/ab &lt;3", **linked(entity)).text == "https://shop.example/?a=1&lt;=2 <3"


def test_the_link_to_a_picture_is_left_out_also_in_the_middle() -> None:
    entity = {
        "url": "https://t.co/ab",
        "expanded_url": "https://x.com/a/status/7/photo/1",
        "media_key": "3_1",
    }
    post = read(
        "see https://t.co/ab @acme",
        attachments={"media_keys": ["3_1"]},
        includes={"media": [PHOTO]},
        **linked(entity),
    )
    assert post.text == "see @acme"


def test_whom_a_post_names_beside_us_and_its_author() -> None:
    mentions = [
        {"id": ACME.id, "username": "acme"},
        {"id": "501", "username": "anaruiz"},
        {"id": "801", "username": "bob_b"},
        {"id": "801", "username": "bob_b"},
        {"id": "no id", "username": "eve"},
    ]
    note = {"text": "@acme @bob_b long", "entities": {"mentions": [{"id": "802", "username": "carol"}]}}
    post = read("@acme @bob_b", entities={"mentions": mentions}, note_tweet=note)
    assert post.context.named == (Named("802", "carol"), Named("801", "bob_b"))


@pytest.mark.parametrize(
    "notice",
    [
        "@acme This Post is withheld in your country in response to a legal demand.",
        "This Tweet from @lou_says has been withheld in response to a report from the copyright holder. Learn more.",
        "This post was withheld in Germany and Austria",
    ],
)
def test_a_notice_is_not_taken_for_words(notice: str) -> None:
    post = read(notice, withheld={"copyright": False, "country_codes": ["DE", "AT", 7, "nowhere"]}, lang="en")
    assert (post.text, post.language_hint) == ("", None)
    assert post.context.withheld == Withheld(countries=("DE", "AT"))


def test_a_withheld_account_withholds_its_posts() -> None:
    ana = {"id": "501", "username": "anaruiz", "withheld": {"country_codes": ["DE"], "scope": "user"}}
    post = read("This account is withheld in Germany", includes={"users": [ana]})
    assert (post.text, post.context.withheld) == ("", Withheld(countries=("DE",)))
    assert post.author.handle == "anaruiz"


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        ("@acme why? This post is withheld in Germany", {"copyright": False, "country_codes": ["DE"]}),
        ("@acme my parcel 661 never came", {"copyright": True, "country_codes": ["XY"]}),
        ("@acme This post is withheld in Germany", {}),
        ("@acme This post is withheld in Germany", ["DE"]),
    ],
)
def test_in_doubt_the_customers_words_are_shown(text: str, withheld: object) -> None:
    assert read(text, withheld=withheld).text == text


@pytest.mark.parametrize("entities", [{}, {"entities": None}, {"entities": {"mentions": []}}])
def test_the_link_to_its_picture_is_left_out_where_x_explains_no_link(entities: dict[str, Any]) -> None:
    pictured = {"attachments": {"media_keys": ["3_1"]}, "includes": {"media": [PHOTO]}, **entities}
    assert read("look https://t.co/p1", **pictured).text == "look"
    assert read("https://t.co/p1", **pictured).text == ""
    assert read("see https://t.co/a1 here https://t.co/p1", **pictured).text == "see https://t.co/a1 here"
    assert read("look https://t.co/p1").text == "look https://t.co/p1", "without a picture it is the author's"


def test_the_link_at_the_end_stays_where_the_one_to_the_picture_is_another() -> None:
    picture = {
        "url": "https://t.co/p1",
        "expanded_url": "https://x.com/a/status/7/photo/1",
        "media_key": "3_1",
    }
    fields = {"attachments": {"media_keys": ["3_1"]}, **linked(picture)}
    post = read("https://t.co/p1 and https://t.co/a1", includes={"media": [PHOTO]}, **fields)
    assert post.text == " and https://t.co/a1"


def test_a_link_leads_where_x_unwound_it_where_nothing_else_is_told() -> None:
    link = {"url": "https://t.co/a1", "expanded_url": None, "unwound_url": "https://example.com/a"}
    assert read("see https://t.co/a1", **linked(link)).text == "see https://example.com/a"
