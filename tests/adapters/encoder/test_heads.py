"""Train heads, keep them in a file, and refuse a file that does not fit."""

import json
from array import array
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.encoder.heads import HeadsError, LinearHeads, load_heads, save_heads
from adapters.encoder.training import train_heads
from adapters.encoder.use_multilingual import UseMultilingual
from domain.knowledge.labelled_posts import LabelledPost, TrainingExample
from domain.triage.assessment import Urgency
from domain.triage.features import FEATURES
from domain.triage.ngrams import BUCKETS, NGrams, hashed_ngrams
from domain.triage.situations import Situation
from handlers.classifiers import HEADS

PAY, PRAISE = Situation.CANNOT_PAY, Situation.PRAISE
NONE = (0.0,) * len(FEATURES)


def example(x: float, y: float, situation: Situation, urgency: Urgency, **labels: Any) -> TrainingExample:  # noqa: ANN401 - any of the labels
    post = LabelledPost(text="", situation=situation, urgency=urgency, **labels)
    return TrainingExample(post, array("f", [x, y]), NONE)


EXAMPLES = [
    *(example(1, n / 10, PAY, Urgency.HIGH, request=True, sentiment=-1) for n in range(5)),
    *(example(n / 10, 1, PRAISE, Urgency.LOW, request=False, sentiment=1) for n in range(5)),
    example(0.5, 0.5, Situation.OTHER, Urgency.NORMAL, request=True, sentiment=0),
]


@pytest.fixture(scope="module")
def heads() -> LinearHeads:
    return train_heads(EXAMPLES, encoder="two numbers")


def test_heads_tell_apart_what_they_learnt(heads: LinearHeads) -> None:
    paying, praising = heads.score(
        [array("f", [1, 0]), array("f", [0, 1])], [NONE, NONE], [NGrams(), NGrams()]
    )
    assert paying.situations[PAY] > paying.situations[PRAISE]
    assert praising.situations[PRAISE] > praising.situations[PAY]
    assert sum(paying.situations.values()) == pytest.approx(1)
    assert paying.high > praising.high
    assert paying.request > praising.request
    assert paying.sentiment < 0 < praising.sentiment
    assert heads.score([], [], []) == []


def test_words_tell_apart_what_the_vectors_do_not() -> None:
    texts = {"lovely crew": PRAISE, "card declined": PAY}
    alike = [
        replace(example, vector=array("f", [1, 1]), ngrams=hashed_ngrams(text))
        for text, situation in texts.items()
        for example in EXAMPLES
        if example.post.situation is situation
    ]
    heads = train_heads(alike, encoder="two numbers")
    posts = [hashed_ngrams("the crew was lovely"), hashed_ngrams("my card is declined")]
    praising, paying = heads.score([array("f", [1, 1])] * 2, [NONE] * 2, posts)
    assert praising.situations[PRAISE] > paying.situations[PRAISE]
    assert praising.high < paying.high


def test_training_twice_gives_the_same_file(heads: LinearHeads, tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    save_heads(heads, one)
    save_heads(train_heads(EXAMPLES, encoder="two numbers"), other)
    assert one.read_bytes() == other.read_bytes()


def test_what_is_saved_scores_the_same(heads: LinearHeads, tmp_path: Path) -> None:
    save_heads(heads, tmp_path / "heads.json")
    loaded = load_heads(tmp_path / "heads.json", encoder="two numbers")
    post = ([array("f", [0.3, 0.7])], [NONE], [hashed_ngrams("paid twice")])
    assert loaded.score(*post) == heads.score(*post)
    assert loaded.posts == len(EXAMPLES)


def test_what_is_also_right_takes_part_of_the_weight() -> None:
    both = [
        example(0.5, 0.5, PAY, Urgency.HIGH, request=True, sentiment=-1, also_right=frozenset({PRAISE})),
        *EXAMPLES,
    ]
    [alone] = train_heads(EXAMPLES, encoder="x").score([array("f", [0.5, 0.5])], [NONE], [NGrams()])
    [shared] = train_heads(both, encoder="x").score([array("f", [0.5, 0.5])], [NONE], [NGrams()])
    assert shared.situations[PRAISE] > alone.situations[PRAISE] / 2


def test_one_class_cannot_be_learnt() -> None:
    with pytest.raises(ValueError, match="no situation can be learnt: the posts have \\['praise'\\]"):
        train_heads(EXAMPLES[5:10], encoder="x")


def test_posts_without_a_label_teach_the_other_heads() -> None:
    unlabelled = TrainingExample(LabelledPost(text="", situation=PAY), array("f", [1, 0]), NONE)
    assert train_heads([*EXAMPLES, unlabelled], encoder="x").posts == len(EXAMPLES) + 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda contents: contents | {"encoder": "another"}, "they were trained for another encoder"),
        (lambda contents: contents | {"features": ["another"]}, "they were trained for another features"),
        (lambda contents: contents | {"buckets": BUCKETS // 2}, "they were trained for another buckets"),
        (lambda contents: contents | {"format": 0}, "they were trained for another format"),
        (lambda _contents: {}, "KeyError"),
        (lambda _contents: [], "TypeError"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(
    heads: LinearHeads, tmp_path: Path, change: Callable[[dict[str, Any]], object], why: str
) -> None:
    path = tmp_path / "heads.json"
    save_heads(heads, path)
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(HeadsError, match=why) as refused:
        load_heads(path, encoder="two numbers")
    assert "python bot.py train" in str(refused.value)


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    for name in ("missing.json", "broken.json"):
        with pytest.raises(HeadsError, match=name):
            load_heads(tmp_path / name, encoder="x")


def test_the_shipped_heads_fit_the_encoder_and_the_features() -> None:
    heads = load_heads(HEADS, encoder=UseMultilingual().name)
    assert heads.posts >= 1_500
