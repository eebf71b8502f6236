"""Find the topics that recur in customers' posts, without a model. How, and how well: docs/words.md."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.causes.membership import CAUSELESS
from domain.causes.terms import as_written, join_inflections, terms_of
from domain.triage.phrases import Phrases, is_unspaced, tokens
from domain.triage.situations import Situation

#: A topic is named by at least so many people, and by this share of the posts in its language.
MIN_PEOPLE = 5
_MIN_SHARE = 0.003
#: A term in more than this share of the posts of a language tells nothing.
_MAX_SHARE = 0.7
#: So sure must it be that a term is more frequent in one situation (standard deviations of the log-odds), and
#: of so many of its posts this is the situation.
_MIN_FOCUS = 2.6
_MIN_PURITY = 0.65
_PRIOR = 10.0  # posts
#: A term belongs to a topic where so many of its posts do.
_MIN_INSIDE = 0.6
_MIN_NAMING = 0.25
_MAX_NAMES = 3
#: Situations that say how somebody feels, and no cause.
_NO_CAUSE = frozenset({Situation.RANT.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPost:
    """The first public post of a case; `author` names its writer among all networks."""

    case_id: int
    message_id: int
    author: str
    text: str
    language: str
    situation: str
    at: datetime
    outage_id: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic: posts belong to it that have one of its `phrases`.

    `words` are its most telling ones, as customers wrote them, the best first. `posts` are the indexes of its
    posts among those that it was found in.
    """

    phrases: tuple[str, ...]
    words: tuple[str, ...]
    language: str
    situation: str
    posts: tuple[int, ...] = ()


@dataclass(slots=True)
class _Language:
    """The posts of one language, by index, and where each term occurs."""

    posts: list[int]
    situations: Counter[str]
    postings: dict[str, set[int]] = field(default_factory=dict)
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    focus: dict[str, float] = field(default_factory=dict)


def find_topics(posts: Sequence[TopicPost], stop_words: Mapping[str, Collection[str]]) -> list[Topic]:
    """Return the topics of the posts, those of most people first.

    `stop_words` are those of each language, folded. Posts of praise and spam are of no topic.
    """
    words = [tokens(post.text) for post in posts]
    by_language: dict[str, list[int]] = defaultdict(list)
    for index, post in enumerate(posts):
        if post.situation not in CAUSELESS:
            by_language[post.language].append(index)
    found = [
        topic
        for language, indexes in by_language.items()
        if len(indexes) >= MIN_PEOPLE
        for topic in _of_language(language, indexes, posts, words, stop_words.get(language, ()))
    ]
    distinct = _distinct(_with_posts(found, posts, words))
    return _by_people([one for one in distinct if _is_pure(one, posts)], posts)


def _distinct(topics: Sequence[Topic]) -> list[Topic]:
    """Join topics most of whose posts are those of a larger one, as where languages share a word."""
    kept: list[Topic] = []
    for one in topics:
        same = next((at for at, other in enumerate(kept) if _is_inside(one, other)), None)
        if same is None:
            kept.append(one)
        else:
            kept[same] = joined(kept[same], one)
    return kept


def joined(one: Topic, other: Topic) -> Topic:
    """Return a topic with the phrases and posts of both, and the words of the first."""
    return replace(
        one,
        phrases=tuple(dict.fromkeys((*one.phrases, *other.phrases))),
        posts=tuple(sorted({*one.posts, *other.posts})),
    )


def _is_inside(one: Topic, other: Topic) -> bool:
    return len(set(one.posts) & set(other.posts)) >= _MIN_INSIDE * len(one.posts)


def _is_pure(topic: Topic, posts: Sequence[TopicPost]) -> bool:
    """Return whether the topic's posts in all languages are about one situation."""
    counts = Counter(posts[index].situation for index in topic.posts)
    return counts[topic.situation] >= _MIN_PURITY * len(topic.posts)


def in_posts(topics: Sequence[Topic], posts: Sequence[TopicPost]) -> list[Topic]:
    """Return the topics with their posts among these, by their phrases; those of most people first."""
    return _with_posts(topics, posts, [tokens(post.text) for post in posts])


def topics_in(topics: Sequence[Topic], posts: Sequence[TopicPost]) -> list[Topic]:
    """Return the topics that enough people name in these posts alone; those of most people first."""
    return [one for one in in_posts(topics, posts) if people_in(one, posts) >= MIN_PEOPLE]


def _with_posts(
    topics: Sequence[Topic], posts: Sequence[TopicPost], words: Sequence[Sequence[str]]
) -> list[Topic]:
    phrases = Phrases((phrase, number) for number, one in enumerate(topics) for phrase in one.phrases)
    members: dict[int, list[int]] = defaultdict(list)
    for index, post in enumerate(posts):
        if post.situation not in CAUSELESS:
            for number in {hit.label for hit in phrases.find(words[index])}:
                members[number].append(index)
    found = [replace(one, posts=tuple(members[number])) for number, one in enumerate(topics)]
    return _by_people(found, posts)


def _by_people(topics: Sequence[Topic], posts: Sequence[TopicPost]) -> list[Topic]:
    return sorted(topics, key=lambda one: (-people_in(one, posts), one.phrases))


def people_in(topic: Topic, posts: Sequence[TopicPost]) -> int:
    """Count the people who wrote the topic's posts."""
    return len({posts[index].author for index in topic.posts})


def _of_language(
    code: str,
    indexes: list[int],
    posts: Sequence[TopicPost],
    words: Sequence[Sequence[str]],
    stop_words: Collection[str],
) -> list[Topic]:
    language = _Language(posts=indexes, situations=Counter(posts[index].situation for index in indexes))
    postings: dict[str, set[int]] = defaultdict(set)
    for index in indexes:
        for term in terms_of(words[index], stop_words):
            postings[term].add(index)
    for stem, forms in join_inflections(postings).items():
        language.postings[stem] = set().union(*(postings[form] for form in forms))
        language.forms[stem] = forms
    need = max(MIN_PEOPLE, _MIN_SHARE * len(indexes))
    for term, found in language.postings.items():
        if need <= len(found) <= _MAX_SHARE * len(indexes) and _people(found, posts) >= need:
            focus = _focus(found, language, posts)
            if focus >= _MIN_FOCUS:
                language.focus[term] = focus
    return [
        _topic(code, seed, support, language, posts) for seed, support in _seeds(language, posts, need=need)
    ]


def _seeds(
    language: _Language, posts: Sequence[TopicPost], *, need: float
) -> Iterable[tuple[str, Sequence[str]]]:
    """Choose the terms that tell most of the posts apart, each with those that go with it."""
    left, candidates = set(language.posts), set(language.focus)
    while candidates:
        seed = max(
            candidates,
            key=lambda term: (
                len(left & language.postings[term]) * language.focus[term],
                len(term) if is_unspaced(term) else 0,
                term,
            ),
        )
        candidates.discard(seed)
        own = language.postings[seed]
        if _people(left & own, posts) < need:
            continue
        inside = {
            term: len(language.postings[term] & own) / len(language.postings[term])
            for term in language.focus
            if term != seed
        }
        support = [term for term, share in inside.items() if share >= _MIN_INSIDE]
        candidates.difference_update(support)
        left -= own
        yield seed, sorted(support, key=lambda term: (-len(language.postings[term] & own), term))


def _topic(
    code: str, seed: str, support: Sequence[str], language: _Language, posts: Sequence[TopicPost]
) -> Topic:
    own = language.postings[seed]
    texts = [posts[index].text for index in sorted(own)]
    names: list[str] = []
    for term in (seed, *support):
        is_telling = len(language.postings[term] & own) >= _MIN_NAMING * len(own)
        if is_telling and not any(set(term.split()) & set(name.split()) for name in names):
            names.append(term)
    situation, _ = Counter(posts[index].situation for index in own).most_common(1)[0]
    return Topic(
        phrases=tuple(form.replace(" ", "") if is_unspaced(form) else form for form in language.forms[seed]),
        words=tuple(as_written(term, texts) for term in names[:_MAX_NAMES]),
        language=code,
        situation=situation,
    )


def _people(indexes: Iterable[int], posts: Sequence[TopicPost]) -> int:
    return len({posts[index].author for index in indexes})


def _focus(found: Collection[int], language: _Language, posts: Sequence[TopicPost]) -> float:
    """Return how surely a term's posts are about one situation; 0 where too few of them are.

    In standard deviations of the log-odds ratio, with a Dirichlet prior (Monroe et al., "Fightin' Words").
    """
    situation, count = Counter(posts[index].situation for index in found).most_common(1)[0]
    if situation in _NO_CAUSE or count < _MIN_PURITY * len(found):
        return 0.0
    total, whole = language.situations[situation], len(language.posts)
    prior = _PRIOR * len(found) / whole
    inside, outside = count + prior, len(found) - count + prior
    rest_inside, rest_outside = total - count, whole - total - (len(found) - count)
    odds = math.log(inside / (rest_inside + _PRIOR - prior))
    odds_outside = math.log(outside / (rest_outside + _PRIOR - prior))
    return (odds - odds_outside) / math.sqrt(1 / inside + 1 / outside)
