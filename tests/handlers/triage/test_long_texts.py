"""Read texts that are as bad as can be: anybody can send one, and clicks must not wait for it."""

import pytest

from domain.intake.posts import Author, Post, ReplyBlock
from domain.triage.features import MAX_READ_LENGTH
from domain.triage.message_kind import kind_of
from tests.growth import assert_linear
from tests.handlers.made import NOW, a_classifier

WORST = {
    "negations": "not ",
    "negations in Spanish": "no ",
    "negated cues": "not pay ",
    "quoted negations": '"not" ',
    "cues": "not my card was charged twice, refund! ",
    "one word": "a",
    "no spaces": "退款",
    "digits": "1",
    "codes": "1-",
    "addresses": "a@b.co ",
    "handles": "@a ",
    "links": "https://",
    "lines": " \n",
    "combining": "e\u0301",
    "isolates": "\u2068",
    "brackets": "(",
}


def a_post(text: str) -> Post:
    return Post(
        network="x",
        account_id="1",
        id="1",
        revision_id="1",
        author=Author(id="7", handle="ana", name="Ana"),
        text=text,
        created_at=NOW,
        url="",
        conversation_id="1",
        match_reason=None,
        reply_block=ReplyBlock.NO_POST,
    )


@pytest.mark.parametrize("piece", WORST.values(), ids=WORST)
def test_the_time_of_reading_grows_with_the_length_alone(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.triage.classify.MAX_READ_LENGTH", 1_000_000)
    monkeypatch.setattr("domain.triage.message_kind.MAX_READ_LENGTH", 1_000_000)
    classifier = a_classifier()
    classifier.assess(a_post("warm"))
    assert_linear(lambda text: kind_of(text, classifier.assess(a_post(text))), piece)


def test_what_is_read_of_a_text_is_bounded() -> None:
    classifier = a_classifier()
    text = "I was charged twice, refund me! " * 400
    assert len(text) > MAX_READ_LENGTH
    assert classifier.assess(a_post(text)) == classifier.assess(a_post(text[:MAX_READ_LENGTH]))
