"""Benchmark how posts are read and saved replies found: time, throughput, memory, and quality of retrieval.

Retrieval asks three desks for the reply to examples of theirs that were taken out. Its floors are TF-IDF of
words, and BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), in the same run.
"""

import math
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import psutil

from adapters.prompts.triage import load_saved_replies
from domain.triage.saved_replies import SavedReply
from handlers.classifiers import reading_classifier
from handlers.triage.classify import Classifier
from tests.bench.figures import Figure, at_least, at_most
from tests.bench.posts import batches, posts
from tests.bench.sizes import Sizes
from tests.source import ROOT

DESKS = ("airline", "bank", "telecom")
_K1, _B = 1.5, 0.75  # the usual parameters of BM25
_WORD = re.compile(r"\w+")
_AMONG = 3

#: Ranks the replies for a text: returns their names, the best first.
Rank = Callable[[str], Sequence[str]]


def reading(sizes: Sizes) -> list[Figure]:
    """Measure reading with the encoder against the rules alone, and retrieval against TF-IDF and BM25."""
    rules, trained = reading_classifier(trained=False), reading_classifier(trained=True)
    before = psutil.Process().memory_info().rss
    trained.prepare(["warm"])
    rules.assess_many(posts(1))
    loaded = (psutil.Process().memory_info().rss - before) / 1_000_000
    return [
        at_most("reading a post, median", "ms", _median_ms(trained, sizes), 5.0, _median_ms(rules, sizes)),
        at_least("reading in batches of 100", "/s", _rate(trained, sizes), 1_000.0, _rate(rules, sizes)),
        at_most("memory of the encoder", "MB", loaded, 150.0),
        *_retrieval(sizes),
    ]


def _median_ms(classifier: Classifier, sizes: Sizes) -> float:
    seconds = []
    for post in posts(sizes.read_posts, first=1_000_000):
        began = time.perf_counter()
        classifier.assess(post)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * 1_000


def _rate(classifier: Classifier, sizes: Sizes) -> float:
    made = posts(sizes.read_posts, first=2_000_000)
    began = time.perf_counter()
    for batch in batches(made):
        classifier.assess_many(batch)
    return len(made) / (time.perf_counter() - began)


def _retrieval(sizes: Sizes) -> list[Figure]:
    hits: dict[str, list[tuple[bool, bool]]] = {}
    for desk in DESKS:
        replies = load_saved_replies(ROOT / "tests" / "desks" / desk)
        for number in range(sizes.taken_out):
            left = [_without(reply, number) for reply in replies]
            for name, rank in (("ours", _ours(left)), ("TF-IDF", _tfidf(left)), ("BM25", _bm25(left))):
                for reply in replies:
                    found = list(rank(reply.examples[number]))
                    hit = (reply.name == found[0], reply.name in found[:_AMONG])
                    hits.setdefault(name, []).append(hit)
    share = {
        name: [100 * sum(column) / len(found) for column in zip(*found, strict=True)]
        for name, found in hits.items()
    }
    return [
        Figure(
            what=f"right reply {where}, floor {floor}",
            unit="%",
            measured=share["ours"][at],
            floor=share[floor][at],
        )
        for floor in ("TF-IDF", "BM25")
        for at, where in enumerate(("first", "among three"))
    ]


def _without(reply: SavedReply, number: int) -> SavedReply:
    return replace(reply, examples=(*reply.examples[:number], *reply.examples[number + 1 :]))


def _ours(replies: Sequence[SavedReply]) -> Rank:
    classifier = reading_classifier(trained=True, replies=replies)
    return lambda text: [reply.name for reply in classifier.rank(text)]


def _tfidf(replies: Sequence[SavedReply]) -> Rank:
    # Half a second, which each of pytest's workers would need to collect the tests.
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True)
    known = vectorizer.fit_transform([_document(reply) for reply in replies])

    def rank(text: str) -> list[str]:
        scores = (known @ vectorizer.transform([text]).T).toarray().ravel()
        return _by_score(replies, [float(score) for score in scores])

    return rank


def _bm25(replies: Sequence[SavedReply]) -> Rank:
    documents = [Counter(_words(_document(reply))) for reply in replies]
    lengths = [document.total() for document in documents]
    mean = sum(lengths) / len(lengths)
    containing = Counter(word for document in documents for word in document)

    def score(document: Counter[str], length: int, word: str) -> float:
        rarity = math.log(1 + (len(documents) - containing[word] + 0.5) / (containing[word] + 0.5))
        count = document[word]
        return rarity * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / mean))

    def rank(text: str) -> list[str]:
        words = _words(text)
        scores = [
            sum(score(document, length, word) for word in words)
            for document, length in zip(documents, lengths, strict=True)
        ]
        return _by_score(replies, scores)

    return rank


def _document(reply: SavedReply) -> str:
    return " ".join(
        [reply.title, *reply.examples, *(text for texts in reply.wordings.values() for text in texts)]
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _by_score(replies: Sequence[SavedReply], scores: Sequence[float]) -> list[str]:
    ordered = sorted(zip(scores, replies, strict=True), key=lambda pair: (-pair[0], pair[1].name))
    return [reply.name for _, reply in ordered]
