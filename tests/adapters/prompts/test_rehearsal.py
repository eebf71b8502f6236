"""The words of the invented flood: our classifier finds what is urgent in it, and only that."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.prompts.rehearsal import load_flood_words
from adapters.prompts.toml_file import PromptFileError
from domain.outages.invented_flood import invent_flood
from domain.outages.rehearsal import post_of
from domain.triage.assessment import Urgency
from handlers.classifiers import reading_classifier
from tests.source import ROOT

WORDS = ROOT / "prompts" / "rehearsal" / "payments_fail.toml"


def test_the_urgent_posts_are_urgent_and_no_other() -> None:
    flood = invent_flood(load_flood_words(WORDS), count=120, handle="acme")
    assert {post.language for post in flood} == {"en", "de", "es", "fr", "pt", "it"}
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    posts = [post_of(post, account_id="1", now=now) for post in flood]
    found = reading_classifier(trained=False).assess_many(posts)
    wrong = [
        post.text
        for post, assessment in zip(flood, found, strict=True)
        if (assessment.urgency is Urgency.URGENT) is not post.is_urgent
    ]
    assert wrong == []


def test_a_language_without_posts_is_named(tmp_path: Path) -> None:
    file = tmp_path / "flood.toml"
    file.write_text('[en]\nopenings = ["{us}"]\nevents = []\nendings = [""]\nurgent = ["help"]\n')
    with pytest.raises(PromptFileError, match="events"):
        load_flood_words(file)
