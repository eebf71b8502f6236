"""Load labelled posts from JSON Lines and CSV."""

from pathlib import Path

import pytest

from adapters.prompts.labelled_posts import load_labelled_posts
from adapters.prompts.toml_file import PromptFileError
from domain.knowledge.labelled_posts import LabelledPost
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from handlers.classifiers import HELD_OUT, TRAINING

FULL = LabelledPost(
    text="no money, \u2028 twice",
    language="en",
    situation=Situation.CANNOT_PAY,
    also_right=frozenset({Situation.RANT, Situation.REFUND}),
    urgency=Urgency.HIGH,
    request=True,
    sentiment=-1,
    brand="b1",
    desk="bank",
    replies=("fees", "sorry"),
)


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(
        '{"id": "7", "text": "no money, \u2028 twice", "lang": "en", "situation": "cannot_pay", "also_right": ["rant", "refund"],'
        ' "urgency": "high", "request": true, "sentiment": "negative", "parent": "Hi", "brand": "b1", "desk": "bank", "replies": ["fees", "sorry"]}\n\n{"text": "hm"}\n',
        encoding="utf-8",
    )
    assert load_labelled_posts(path) == [FULL, LabelledPost(text="hm")]


def test_csv_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "posts.CSV"
    path.write_text(
        "\ufefftext,lang,situation,also_right,urgency,request,sentiment,parent,brand,desk,replies\r\n"
        '"no money, \u2028 twice",en,cannot_pay,rant|refund,high,true,negative,Hi,b1,bank,fees|sorry\r\n'
        'hm,,,,,,,,,,\r\n"two\nlines",,,,,,,,,,\r\n',
        encoding="utf-8",
    )
    assert load_labelled_posts(path) == [FULL, LabelledPost(text="hm"), LabelledPost(text="two\nlines")]


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(
        '{"text": "a", "situation": "nonsense"}\n{\n{"text": "", "urgency": "huge"}\n', encoding="utf-8"
    )
    with pytest.raises(PromptFileError) as refused:
        load_labelled_posts(path)
    told = str(refused.value)
    for place in (
        "posts.jsonl:1: situation",
        "posts.jsonl:2: ",
        "posts.jsonl:3: text",
        "posts.jsonl:3: urgency",
    ):
        assert place in told
    assert "nonsense" not in told.replace("posts", "")


@pytest.mark.parametrize(
    ("name", "contents", "said"),
    [
        ("posts.jsonl", "[" * 100_000, "posts.jsonl:1: lists or objects stand within others too deeply"),
        ("posts.jsonl", '{"text": ' * 100_000, "posts.jsonl:1: lists or objects stand"),
        ("posts.csv", 'text,lang\na,en\n"' + "b,en\n" * 50_000, "is a quotation mark missing above?"),
    ],
)
def test_what_cannot_be_taken_apart_is_named(tmp_path: Path, name: str, contents: str, said: str) -> None:
    (tmp_path / name).write_text(contents, encoding="utf-8")
    with pytest.raises(PromptFileError) as refused:
        load_labelled_posts(tmp_path / name)
    assert said in str(refused.value)


@pytest.mark.parametrize("contents", [b"", b"\xff\xfe\x00"])
def test_an_empty_or_unreadable_file_is_refused(tmp_path: Path, contents: bytes) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(contents)
    with pytest.raises(PromptFileError, match=r"posts\.jsonl"):
        load_labelled_posts(path)


def test_the_training_posts_are_labelled_throughout_and_none_is_held_out() -> None:
    training, held_out = load_labelled_posts(TRAINING), load_labelled_posts(HELD_OUT)
    for post in (*training, *held_out):
        assert None not in (post.language, post.situation, post.urgency, post.request, post.sentiment), (
            post.text
        )
    assert {post.situation for post in training} == set(Situation)
    assert len({post.language for post in training}) >= 8
    assert len({post.text for post in (*training, *held_out)}) == len(training) + len(held_out)
    assert not {post.brand for post in training} & {post.brand for post in held_out}
