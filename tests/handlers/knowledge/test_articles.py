"""Find the help article that answers a message, or none."""

from dataclasses import replace

import pytest

from adapters.encoder.matrix_index import MatrixIndex
from adapters.prompts.articles import ArticleFolder
from domain.knowledge.articles import Article
from domain.triage.encoder import EncoderError, Vector
from handlers.classifiers import trained_heads
from handlers.knowledge.articles import ArticleLibrary
from tests.source import ROOT

SAMPLES = ROOT / "sandbox" / "articles"
ASKED = [
    ("my parcel says delivered but nothing came", "track-a-parcel.md"),
    ("how do I pause my plan for two months", "pause-or-cancel.md"),
    ("can I change to another payment method", "payment-methods.md"),
    ("new phone number and the sign-in code does not arrive", "sign-in-code.md"),
    ("my box arrived soaked and all of it is damaged", "damaged-item.md"),
]
OTHER = ["look what a nice sunset over the harbour", "your new logo is ugly", "hello", "", "thanks, you rock"]


def library(*, encoder: bool) -> ArticleLibrary:
    read = ArticleFolder(SAMPLES).read_changed
    made = (
        ArticleLibrary.by_encoder(read, trained_heads().encoder, MatrixIndex)
        if encoder
        else ArticleLibrary(read)
    )
    made.sync()
    return made


@pytest.mark.parametrize("encoder", [True, False])
def test_the_article_that_answers_is_found_and_none_where_none_does(encoder: bool) -> None:
    articles = library(encoder=encoder)
    found = [(best.name if (best := articles.best(text)) else "") for text, _ in ASKED]
    assert found == [name for _, name in ASKED]
    assert [articles.best(text) for text in OTHER] == [None] * len(OTHER)


def test_articles_that_changed_take_the_place_of_the_others() -> None:
    article = Article(
        name="a.md", title="Refunds", url="https://a.example/r", passages=("refunds take days",)
    )
    batches = iter([[article], None, [replace(article, url="https://a.example/s")], []])
    articles = ArticleLibrary(lambda: next(batches))
    assert articles.urls == frozenset()
    urls = []
    for _ in range(4):
        articles.sync()
        urls.append(articles.urls)
    assert urls == [{"https://a.example/r"}, {"https://a.example/r"}, {"https://a.example/s"}, frozenset()]
    assert articles.best("refunds take days") is None


def test_without_articles_none_is_offered() -> None:
    articles = ArticleLibrary()
    articles.sync()
    assert articles.best("where is my parcel") is None


class _BrokenEncoder:
    name = "broken"

    def encode(self, texts: object) -> list[Vector]:
        raise EncoderError(f"no memory for {texts}")


def test_an_encoder_that_fails_offers_none() -> None:
    articles = ArticleLibrary.by_encoder(ArticleFolder(SAMPLES).read_changed, _BrokenEncoder(), MatrixIndex)
    articles.sync()
    assert articles.best("where is my parcel") is None
    assert articles.urls
