"""Encode texts: what means the same in two languages is near, and no text breaks the encoder."""

from collections.abc import Sequence
from operator import mul

import pytest

from adapters.encoder.cache import CachedEncoder
from adapters.encoder.use_multilingual import MAX_ENCODED_LENGTH, SIZE, UseMultilingual
from domain.triage.encoder import EncoderError, Vector

ENCODER = UseMultilingual()


def cosine(one: Vector, other: Vector) -> float:
    return float(sum(map(mul, one, other)))


@pytest.mark.parametrize(
    "text", ["where is my parcel", "¿dónde está mi paquete?", "wo ist mein Paket", "荷物はどこですか"]
)
def test_a_text_is_nearer_to_its_translation_than_to_another_matter(text: str) -> None:
    own, parcel, payment = ENCODER.encode([text, "my package has not arrived", "my card was charged twice"])
    assert cosine(own, parcel) > cosine(own, payment)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "😀😀", "x\u200b\u202e", "\ud800", "a" * (MAX_ENCODED_LENGTH + 1)]
)
def test_any_text_has_a_vector_of_length_one(text: str) -> None:
    [vector] = ENCODER.encode([text])
    assert len(vector) == SIZE
    assert cosine(vector, vector) == pytest.approx(1, abs=1e-3)


def test_a_batch_gives_what_single_texts_give() -> None:
    texts = ["hello there", "my card was declined", "何ですか"]
    for single, batched in zip(
        (ENCODER.encode([text])[0] for text in texts), ENCODER.encode(texts), strict=True
    ):
        assert list(single) == pytest.approx(list(batched), abs=1e-5)
    assert ENCODER.encode([]) == []


def test_a_failure_of_the_package_is_an_encoder_error(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = UseMultilingual()

    def fail() -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(broken, "_loaded", fail)
    with pytest.raises(EncoderError, match="MemoryError: no room"):
        broken.encode(["hello"])


class _Counting:
    """An encoder that counts the texts it was given."""

    name = "counting"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        self.texts += texts
        return ENCODER.encode(texts)


def test_the_cache_encodes_a_text_once_until_it_is_pushed_out() -> None:
    counting = _Counting()
    cached = CachedEncoder(counting, size=2)
    first = cached.encode(["a", "b", "a"])
    assert [list(vector) for vector in cached.encode(["b", "a"])] == [list(first[1]), list(first[0])]
    assert counting.texts == ["a", "b"]
    cached.encode(["c"])
    cached.encode(["a", "b"])
    assert counting.texts == ["a", "b", "c", "b"]
    assert cached.name == "counting"
