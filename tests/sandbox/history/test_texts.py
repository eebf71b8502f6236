"""What people write in the history: every line there is in each language."""

import random
import tomllib

import pytest

from sandbox.history.people import LANGUAGES, TEXTS, People, line, post_text
from sandbox.history.topics import TOPICS, VOUCHER

#: The languages that there are texts in.
WRITTEN = list(tomllib.loads(TEXTS.read_text(encoding="utf-8")))
LINES = ("again", "thanks", "still_broken", "private", "answers", "edited", "private_answers", "comments")


def test_there_are_texts_in_every_language_that_customers_have() -> None:
    assert set(WRITTEN) == {language for shares in LANGUAGES.values() for language in shares}


@pytest.mark.parametrize("language", WRITTEN)
def test_every_topic_and_line_has_words(language: str) -> None:
    rng = random.Random(1)
    customer = People(rng).customer(language=language)
    for topic in (*TOPICS, VOUCHER):
        assert "@acme" in post_text(rng, language, topic.name)
    assert "@acme" in post_text(rng, language, "login_down")
    for kind in LINES:
        assert "{" not in line(rng, customer, kind)
