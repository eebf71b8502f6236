"""Keep the help articles in memory, and find the one that answers a message."""

import logging
import threading
from collections.abc import Callable, Sequence

from domain.knowledge.articles import Article
from domain.triage.encoder import Encoder, EncoderError, Vector, VectorIndex
from handlers.triage.text_index import (
    EncodedIndexes,
    IndexedText,
    MakeTextIndex,
    TextIndex,
    tfidf_index,
)

log = logging.getLogger(__name__)


#: Cosines from which an article is offered; see docs/words.md.
_MIN_BY_ENCODER = 0.48
_MIN_BY_TFIDF = 0.25

#: Reads the articles; returns `None` where they have not changed since the last time.
ReadChanged = Callable[[], Sequence[Article] | None]


class ArticleLibrary:
    """The articles that may be linked to; none without a way to read them. Thread-safe."""

    def __init__(
        self,
        read: ReadChanged | None = None,
        make_index: MakeTextIndex = tfidf_index,
        min_cosine: float = _MIN_BY_TFIDF,
    ) -> None:
        self._read = read
        self._make_index = make_index
        self._min_cosine = min_cosine
        self._lock = threading.Lock()
        self._owners: list[Article] = []
        self._index: TextIndex | None = None
        self.urls: frozenset[str] = frozenset()

    @classmethod
    def by_encoder(
        cls, read: ReadChanged, encoder: Encoder, index: Callable[[Sequence[Vector]], VectorIndex]
    ) -> "ArticleLibrary":
        """Make a library that compares by the encoder's vectors."""
        return cls(read, EncodedIndexes(encoder, index), _MIN_BY_ENCODER)

    def sync(self) -> None:
        """Index the articles anew where they have changed. Call it in a thread: it reads and encodes."""
        articles = self._read() if self._read is not None else None
        if articles is not None:
            self.replace(articles)
            log.info("%d help articles are known", len(articles))

    def replace(self, articles: Sequence[Article]) -> None:
        """Index these articles, and no others."""
        owners = [article for article in articles for _ in article.passages]
        texts = [
            IndexedText(f"{article.title}. {passage}") for article in articles for passage in article.passages
        ]
        try:
            index = self._make_index(texts) if texts else None
        except EncoderError as error:
            log.warning("articles are not offered: %s", error)
            index = None
        with self._lock:
            self._owners, self._index = owners, index
            self.urls = frozenset(article.url for article in articles)

    def best(self, text: str) -> Article | None:
        """Return the article that answers the message; `None` where none surely does."""
        with self._lock:
            index, owners = self._index, self._owners
        if index is None or not text.strip():
            return None
        try:
            cosines = index.cosines(text)
        except EncoderError:  # told when the message was classified
            return None
        cosine, number = max((cosine, -number) for number, cosine in enumerate(cosines))
        return owners[-number] if cosine >= self._min_cosine else None
