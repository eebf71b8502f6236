"""The invented flood: many languages, every post by somebody else, urgent ones in between."""

from domain.outages.invented_flood import FloodWords, invent_flood


def words(language: str, urgent: int = 1) -> FloodWords:
    return FloodWords(
        openings=["{us}", "Hi {us},"],
        events=[f"{language} {n}" for n in range(5)],
        endings=["", "Why?"],
        urgent=[f"{language} urgent {n}" for n in range(urgent)],
    )


FLOOD = invent_flood({"en": words("en", 2), "de": words("de")}, count=60, handle="acme")


def test_every_post_is_by_another_author_and_addresses_us() -> None:
    assert len({post.author for post in FLOOD}) == len({post.key for post in FLOOD}) == 60
    assert all("@acme" in post.text for post in FLOOD if not post.is_urgent)
    assert {post.language for post in FLOOD} == {"en", "de"}


def test_keys_and_times_grow() -> None:
    assert [post.key for post in FLOOD] == sorted(post.key for post in FLOOD)
    assert [post.at for post in FLOOD] == sorted(post.at for post in FLOOD)
    assert all(0 <= post.at < 1 for post in FLOOD)


def test_urgent_posts_come_between_and_take_turns_in_the_languages() -> None:
    urgent = [post.text for post in FLOOD if post.is_urgent]
    assert urgent == ["en urgent 0", "de urgent 0", "en urgent 1", "en urgent 0", "de urgent 0"]
    assert any(post.is_urgent for post in invent_flood({"en": words("en")}, count=20, handle="acme"))


def test_the_same_words_make_the_same_flood() -> None:
    assert invent_flood({"en": words("en", 2), "de": words("de")}, count=60, handle="acme") == FLOOD
