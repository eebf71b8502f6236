"""Match phrases at word boundaries, ignoring case, accents and script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.triage.phrases import CHARACTER_GAP, WORD_GAP, Phrases, tokens


def found(phrase: str, text: str) -> bool:
    return bool(Phrases([(phrase, "label")]).find(tokens(text)))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("can't pay", "I CAN’T PAY for this"),
        ("cant pay", "can't pay"),
        ("vergüenza", "que VERGUENZA"),
        ("verguenza", "¡qué vergüenza!"),
        ("charg*", "they keep charging me"),
        ("card ... declined", "my card was just now declined"),
        ("支払いでき", "全然支払いできません"),
        ("支払い ... でき", "支払いが全然できない"),
        ("スマホ", "ｽﾏﾎが熱い"),
        ("الدفع", "توقف والدفع لا يعمل"),
        ("المحكمة", "سأذهب الى المحكمه"),
        ("est ce que", "Est-ce que vous livrez ?"),
        ("payment failed", "pay\u200bment fa\u00adiled"),
        ("😡", "no 😡😡"),
        ("app down", "again #AppDown"),
        ("avería total", "#AveríaTotal"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("sue", "this issue again"),
        ("pay", "payment"),
        ("fire", "https://acme.example/fire now"),
        ("fire", "@fire hello"),
        ("がっかり", "かつかり"),
        ("card ... declined", "my card is fine but one two three they declined"),
        ("charged twice", "twice I was charged"),
    ],
)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert not found(phrase, text)


def test_a_gap_is_a_few_words_or_characters_wide_and_no_wider() -> None:
    assert found("card ... declined", "card " + "so " * WORD_GAP + "declined")
    assert not found("card ... declined", "card " + "so " * (WORD_GAP + 1) + "declined")
    assert found("荷物 ... 来", "荷物" + "あ" * CHARACTER_GAP + "来")
    assert not found("荷物 ... 来", "荷物" + "あ" * (CHARACTER_GAP + 1) + "来")


@pytest.mark.parametrize("phrase", ["", "...", "*", "turn * into", "@acme", "!?"])
def test_a_phrase_without_words_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="a phrase needs"):
        Phrases([(phrase, "label")])


def test_hits_say_what_was_found_and_where() -> None:
    hits = Phrases([("not", "no"), ("great", "good")]).find(tokens("@acme that is not great"))
    assert [(hit.label, hit.phrase, hit.at) for hit in hits] == [("no", "not", 2), ("good", "great", 3)]


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_splits_into_tokens(text: str) -> None:
    assert all(tokens(text))


@settings(deadline=None)
@given(st.text("abc ", max_size=30), st.text("abc ", max_size=30))
def test_a_word_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert found("needle", f"{before} NEEDLE {after}")
