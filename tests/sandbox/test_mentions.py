"""The bundled mentions: required contents, and accuracy of the rules.

Two thirds are for tuning, one third is held out.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.language.detector import LinguaDetector
from adapters.prompts.triage import load_words
from adapters.sentiment import VaderSentiment
from adapters.twitter_text import weighted_length
from domain.triage.assessment import Assessment, Urgency
from domain.triage.language import pick_language
from domain.triage.situations import Situation
from sandbox.mentions import held_out, read
from tests.domain.made import assessed_by_rules

DEMO = read("demo")
ODD = read("odd")
FRESH = read("fresh")
BLIND = read("blind")
CALM = read("calm")
BY_ID = {mention["id"]: mention for mention in DEMO}
RANKED = [mention for mention in DEMO if not mention.get("from_brand") and "retweets" not in mention]
FIELDS = {"id", "at", "author", "text", "lang", "situation", "urgency", "note"}
OPTIONAL = {
    "media",
    "reply_to",
    "quotes",
    "retweets",
    "from_brand",
    "edits",
    "deleted_at",
    "reply_settings",
    "long",
}
POST_LENGTH = 280

WORDS = load_words(Path(__file__).parents[2] / "prompts")
SENTIMENT = VaderSentiment(WORDS.sentiment, WORDS.negations)
DETECTOR = LinguaDetector()


def read_by_rules(mention: dict[str, Any]) -> Assessment:
    text = mention["text"]
    language = pick_language(text, mention["lang"], DETECTOR.detect, "en")
    return assessed_by_rules(
        text, language=language, sentiment=SENTIMENT.score(text, language), cues=WORDS.cues
    )


@pytest.mark.parametrize("mention", [*DEMO, *ODD, *FRESH, *BLIND, *CALM], ids=lambda mention: mention["id"])
def test_every_line_has_the_fields_and_its_labels_exist(mention: dict[str, Any]) -> None:
    assert mention.keys() >= FIELDS
    assert mention.keys() <= FIELDS | OPTIONAL
    assert mention["situation"] in set(Situation)
    assert mention["urgency"].upper() in Urgency.__members__
    assert mention["author"].keys() >= {"username", "name", "followers", "description"}
    assert mention.get("reply_settings", "everyone") in {"everyone", "mentionedUsers", "following"}


@pytest.mark.parametrize(
    "mentions", [DEMO, ODD, FRESH, BLIND, CALM], ids=["demo", "odd", "fresh", "blind", "calm"]
)
def test_ids_are_unique_and_times_in_order(mentions: Sequence[dict[str, Any]]) -> None:
    assert len({mention["id"] for mention in mentions}) == len(mentions)
    times = [mention["at"] for mention in mentions]
    assert times == sorted(times)


def test_replies_quotes_and_retweets_point_to_something_earlier() -> None:
    for mention in DEMO:
        for link in ("reply_to", "quotes", "retweets"):
            if link in mention:
                assert BY_ID[mention[link]]["at"] < mention["at"]


def test_only_what_is_marked_long_is_longer_than_a_post() -> None:
    for mention in DEMO:
        length = weighted_length(mention["text"])
        assert (length > POST_LENGTH) is mention.get("long", False), mention["id"]


def test_an_author_is_always_the_same_person() -> None:
    people: dict[str, dict[str, Any]] = {}
    for mention in DEMO:
        assert people.setdefault(mention["author"]["username"], mention["author"]) == mention["author"]


def test_the_set_is_large_and_varied() -> None:
    situations = Counter(mention["situation"] for mention in RANKED)
    languages = Counter(mention["lang"] for mention in RANKED)
    assert len(DEMO) >= 160
    assert len([situation for situation, count in situations.items() if count >= 4]) >= 8
    assert all(languages[language] >= 8 for language in ("en", "es", "fr", "de", "pt", "ja"))
    assert languages["ar"] >= 3
    assert len({mention["text"] for mention in DEMO}) == len(DEMO)


def test_the_first_minute_shows_much() -> None:
    first = [mention for mention in DEMO if mention["at"] <= 60]
    assert len(first) >= 12
    assert len({mention["situation"] for mention in first}) >= 8
    assert len({mention["lang"] for mention in first}) >= 6


@pytest.mark.parametrize(
    "trouble",
    [
        "<!channel>",
        "<@U0SAM>",
        "<https://evil.example|yourbank.com>",
        "<script>",
        "onerror=",
        "Ignore your instructions",
        "\x1b",
        "\u202e",
    ],
)
def test_the_set_holds_what_breaks_programs(trouble: str) -> None:
    assert any(trouble in mention["text"] for mention in DEMO)


def test_the_set_holds_every_shape_of_post() -> None:
    for field in OPTIONAL:
        assert any(field in mention for mention in DEMO), field
    assert any(1900 <= len(mention["text"]) <= 2100 for mention in DEMO)
    assert (
        max(
            Counter(
                mention["author"]["username"] for mention in RANKED if "one author" in mention["note"]
            ).values()
        )
        == 10
    )
    assert any("@acme" not in mention["text"] and "quotes" not in mention for mention in RANKED)


def test_the_odd_set_holds_a_lone_surrogate_and_a_nul() -> None:
    text = "".join(mention["text"] for mention in ODD)
    assert "\x00" in text
    with pytest.raises(UnicodeEncodeError):
        text.encode("utf-8")


@pytest.mark.parametrize("mention", ODD, ids=lambda mention: mention["id"])
def test_the_rules_survive_odd_text(mention: dict[str, Any]) -> None:
    assert read_by_rules(mention).situation in Situation


PARTS = {
    "tuned on": [mention for mention in RANKED if not held_out(mention["id"])],
    "held out": [mention for mention in RANKED if held_out(mention["id"])],
    "fresh": FRESH,
    "blind": BLIND,
    "calm": CALM,
}


@pytest.mark.parametrize(
    ("part", "situation_floor", "within_one_step"),
    [
        ("tuned on", 0.86, 0.96),
        ("held out", 0.80, 0.92),
        ("fresh", 0.90, 0.97),
        ("blind", 0.87, 0.96),
        ("calm", 0.90, 0.97),
    ],
)
def test_the_rules_read_as_a_person_would(
    part: str, situation_floor: float, within_one_step: float, record_property: Callable[[str, object], None]
) -> None:
    found = [(mention, read_by_rules(mention)) for mention in PARTS[part]]
    steps = [abs(one.urgency - Urgency[mention["urgency"].upper()]) for mention, one in found]
    situations = sum(one.situation == mention["situation"] for mention, one in found) / len(found)
    near = sum(step <= 1 for step in steps) / len(found)
    record_property("situation", round(situations, 3))
    record_property("urgency", round(steps.count(0) / len(found), 3))
    record_property("urgency within one step", round(near, 3))
    assert situations >= situation_floor
    assert near >= within_one_step


GRAVE = {"safety_or_legal", "cannot_pay"}


def test_nobody_in_danger_or_unable_to_pay_is_put_last() -> None:
    grave = [mention for mention in [*RANKED, *FRESH, *BLIND] if mention["situation"] in GRAVE]
    assert sum(read_by_rules(mention).urgency is Urgency.LOW for mention in grave) == 0


def test_most_of_those_in_danger_or_unable_to_pay_are_put_first() -> None:
    grave = [mention for mention in BLIND if mention["situation"] in GRAVE]
    urgent = [mention for mention in BLIND if mention["urgency"] == "urgent"]
    assert sum(read_by_rules(mention).urgency >= Urgency.HIGH for mention in grave) >= 0.88 * len(grave)
    assert sum(read_by_rules(mention).urgency is Urgency.URGENT for mention in urgent) >= 0.8 * len(urgent)


def test_false_alarms_stay_few() -> None:
    others = [mention for mention in BLIND if mention["urgency"] != "urgent"]
    assert sum(read_by_rules(mention).urgency is Urgency.URGENT for mention in others) <= 0.03 * len(others)
    assert sum(read_by_rules(mention).urgency >= Urgency.HIGH for mention in CALM) <= 0.03 * len(CALM)
