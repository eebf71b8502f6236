"""Find topics: what many people name about one situation; nothing where it is not sure."""

from array import array
from dataclasses import replace

import pytest

from domain.causes.languages import compared_posts, join_languages
from domain.causes.topics import MIN_PEOPLE, Topic, TopicPost, find_topics, in_posts, people_in
from domain.triage.encoder import Vector
from tests.domain.causes.made import PARCEL, REFUND, STOP_WORDS, VOUCHER, posts_about

EVERYDAY = [
    *posts_about(VOUCHER, "cannot_pay", times=4),
    *posts_about(PARCEL, "delivery", times=8),
    *posts_about(REFUND, "refund", times=4),
]
GUTSCHEIN = ["die App nimmt meinen Gutschein nicht", "Gutschein ungültig, bitte"]
PAKET = ["mein Paket ist nicht da", "Paket kommt nicht"]


def words(posts: list[TopicPost]) -> list[tuple[str, int]]:
    return [(one.words[0], people_in(one, posts)) for one in find_topics(posts, STOP_WORDS)]


def test_topics_are_named_by_what_their_posts_say() -> None:
    assert words(EVERYDAY) == [("parcel", 24), ("refund", 12), ("voucher", 12)]


def test_one_person_counts_once_a_topic() -> None:
    loud = posts_about(["my headset is broken"], "delivery", times=20, author="net:loud")
    assert [name for name, _ in words([*EVERYDAY, *loud])] == ["parcel", "refund", "voucher"]
    again = posts_about(VOUCHER, "cannot_pay", times=5, author=EVERYDAY[0].author)
    assert ("voucher", 12) in words([*EVERYDAY, *again])


@pytest.mark.parametrize("situation", ["praise", "spam"])
def test_praise_and_spam_make_no_topic(situation: str) -> None:
    lovely = posts_about(["lovely packaging"], situation, times=20)
    assert words([*EVERYDAY, *lovely]) == words(EVERYDAY)


def test_what_people_say_about_everything_is_no_topic() -> None:
    polite = [replace(post, text=f"{post.text} kindly") for post in EVERYDAY]
    assert "kindly" not in [name for name, _ in words(polite)]


def test_a_word_of_several_situations_is_no_topic() -> None:
    orders = [
        *posts_about(["order"], "outage_report", times=12),
        *posts_about(["order"], "refund", times=9),
    ]
    assert "order" not in [name for name, _ in words([*EVERYDAY, *orders])]


def test_words_of_anger_are_no_topic() -> None:
    angry = posts_about(["worst company"], "rant", times=20)
    assert [name for name, _ in words([*EVERYDAY, *angry])] == ["parcel", "refund", "voucher"]


def test_too_few_people_make_no_topic() -> None:
    few = posts_about(["lamp has a broken shade"], "delivery", times=MIN_PEOPLE - 1)
    assert "shade" not in [word for one in find_topics([*EVERYDAY, *few], STOP_WORDS) for word in one.words]
    assert find_topics([], STOP_WORDS) == []
    assert find_topics(few, STOP_WORDS) == []


def test_a_script_without_spaces_has_topics() -> None:
    posts = [
        *posts_about(
            ["クーポンが使えません", "このクーポンは無効です"], "cannot_pay", language="ja", times=4
        ),
        *posts_about(["荷物が届かない", "荷物はどこですか"], "delivery", language="ja", times=4),
        *posts_about(["返金はまだですか", "返金してください"], "refund", language="ja", times=4),
    ]
    found = {one.words[0]: one.phrases for one in find_topics(posts, STOP_WORDS)}
    assert found == {"クーポン": ("クーポン",), "荷物": ("荷物",), "返金": ("返金",)}


def test_the_phrases_find_the_posts_of_another_time() -> None:
    later = [
        *posts_about(["my vouchers are refused", "two parcels"], "cannot_pay"),
        *posts_about(["voucher!"], "spam"),
    ]
    found = in_posts(find_topics(EVERYDAY, STOP_WORDS), later)
    assert {one.words[0]: one.posts for one in found} == {"voucher": (), "parcel": (), "refund": ()}
    known = posts_about(["my vouchers"], "cannot_pay")
    [voucher] = [
        one for one in find_topics([*EVERYDAY, *known], STOP_WORDS) if one.words[0].lower() == "voucher"
    ]
    assert voucher.phrases == ("voucher", "vouchers")
    assert len(in_posts([voucher], later)[0].posts) == 1


def a_vector(*values: float) -> Vector:
    length = sum(value * value for value in values) ** 0.5
    return array("f", [value / length for value in values])


def test_topics_of_two_languages_are_joined_by_their_vectors() -> None:
    german = [
        *posts_about(GUTSCHEIN, "cannot_pay", language="de", times=4),
        *posts_about(PAKET, "delivery", language="de", times=4),
        *posts_about(["Erstattung fehlt", "keine Erstattung da"], "refund", language="de", times=4),
    ]
    posts = [*EVERYDAY, *german]
    topics = find_topics(posts, STOP_WORDS)
    axes = {"cannot_pay": (1.0, 0.0, 0.0), "delivery": (0.0, 1.0, 0.0), "refund": (0.0, 0.0, 1.0)}
    vectors = {index: a_vector(*axes[posts[index].situation], 0.3) for index in compared_posts(topics, posts)}
    found = join_languages(topics, posts, vectors)
    assert {one.words[0]: (one.phrases, people_in(one, posts)) for one in found} == {
        "parcel": (("parcel", "paket"), 32),
        "voucher": (("voucher", "gutschein"), 20),
        "refund": (("refund", "erstattung"), 20),
    }
    apart = join_languages(topics, posts, {})
    assert len(apart) == len(topics) == 6


def test_one_language_needs_no_vectors() -> None:
    assert compared_posts(find_topics(EVERYDAY, STOP_WORDS), EVERYDAY) == []


def test_topics_do_not_depend_on_the_order_of_arrival() -> None:
    def found(posts: list[TopicPost]) -> set[tuple[tuple[str, ...], int]]:
        return {(one.phrases, len(one.posts)) for one in find_topics(posts, STOP_WORDS)}

    assert found(EVERYDAY) == found(EVERYDAY[::-1])
    assert isinstance(find_topics(EVERYDAY, STOP_WORDS)[0], Topic)
