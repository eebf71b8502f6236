"""Join topics of different languages that are about the same, by the vectors of their posts."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import mul, sub

from domain.causes.topics import Topic, TopicPost, joined
from domain.triage.encoder import Vector

#: Posts whose vectors are compared: of each topic, and of each language, whose mean is taken off.
_OF_TOPIC = 12
_OF_LANGUAGE = 60
#: The cosine of what two topics have beyond the mean of their languages; see docs/words.md.
_SAME_FROM = 0.45


def compared_posts(topics: Iterable[Topic], posts: Sequence[TopicPost]) -> list[int]:
    """Return the indexes of the posts whose vectors `join_languages` takes; none for a single language."""
    topics = list(topics)
    if len({one.language for one in topics}) <= 1:
        return []
    found = {index for one in topics for index in _sample(one.posts, _OF_TOPIC)}
    for indexes in _by_language(topics, posts).values():
        found.update(_sample(indexes, _OF_LANGUAGE))
    return sorted(found)


def join_languages(
    topics: Sequence[Topic], posts: Sequence[TopicPost], vectors: Mapping[int, Vector]
) -> list[Topic]:
    """Join topics of different languages that are about the same; `vectors` are by index of the post."""
    means = {
        language: _mean([vectors[index] for index in _sample(indexes, _OF_LANGUAGE) if index in vectors])
        for language, indexes in _by_language(topics, posts).items()
    }
    kept: list[tuple[Topic, list[tuple[str, Vector]]]] = []
    for one in topics:
        found = [vectors[index] for index in _sample(one.posts, _OF_TOPIC) if index in vectors]
        own = _beyond(_mean(found), means[one.language])
        same = next((at for at, (_, others) in enumerate(kept) if _is_same(one.language, own, others)), None)
        if same is None:
            kept.append((one, [(one.language, own)]))
        else:
            other, others = kept[same]
            kept[same] = joined(other, one), [*others, (one.language, own)]
    return [one for one, _ in kept]


def _is_same(language: str, own: Vector, others: Collection[tuple[str, Vector]]) -> bool:
    """Return whether it is the same as one of these, none of which is in its language."""
    return all(other != language for other, _ in others) and any(
        sum(map(mul, own, vector)) >= _SAME_FROM for _, vector in others
    )


def _by_language(topics: Iterable[Topic], posts: Sequence[TopicPost]) -> dict[str, list[int]]:
    languages = {one.language for one in topics}
    found: dict[str, list[int]] = defaultdict(list)
    for index, post in enumerate(posts):
        if post.language in languages:
            found[post.language].append(index)
    return found


def _sample(indexes: Sequence[int], many: int) -> Sequence[int]:
    """Return about so many of them, evenly spread."""
    return indexes[:: max(1, -(-len(indexes) // many))]


def _mean(vectors: Sequence[Vector]) -> Vector:
    if not vectors:
        return array("f")
    return array("f", [sum(values) / len(vectors) for values in zip(*vectors, strict=True)])


def _beyond(vector: Vector, mean: Vector) -> Vector:
    """Return what a mean vector has beyond that of its language, of length 1; empty where it has nothing."""
    rest = list(map(sub, vector, mean))
    length = sum(map(mul, rest, rest)) ** 0.5
    return array("f", [value / length for value in rest]) if length else array("f")
