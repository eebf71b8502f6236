"""What people write in the history: every line there is in each language."""

import random

import pytest

from sandbox.history.people import LANGUAGES, People, languages, line, post_text
from sandbox.history.topics import TOPICS, VOUCHER

LINES = ("again", "thanks", "still_broken", "private", "answers", "edited", "private_answers", "comments")


def test_there_are_texts_in_every_language_that_customers_have() -> None:
    assert set(languages()) == {language for shares in LANGUAGES.values() for language in shares}


@pytest.mark.parametrize("language", languages())
def test_every_topic_and_line_has_words(language: str) -> None:
    rng = random.Random(1)
    customer = People(rng).customer(language=language)
    for topic in (*TOPICS, VOUCHER):
        assert "@acme" in post_text(rng, language, topic.name)
    assert "@acme" in post_text(rng, language, "login_down")
    for kind in LINES:
        assert "{" not in line(rng, customer, kind)
