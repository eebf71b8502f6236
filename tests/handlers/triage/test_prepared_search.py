"""Index what a message is compared with outside of transactions and of the event loop, on both databases."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.slack.modals import FormMetadata
from domain.cases.case import Case
from domain.replies.forms import PublicReplyForm
from domain.triage.encoder import EncoderError
from domain.triage.reply_weights import BY_TFIDF
from domain.triage.sentiment import SentimentScorer
from handlers.desk import Desk
from handlers.live_classifier import LiveClassifier
from handlers.slack.case_views import details_view
from handlers.slack.reply_forms import OpenReplyForm, load_form
from handlers.triage.learnt_replies import LearntReplies
from handlers.triage.reply_index import ReplyIndex
from handlers.triage.reply_search import ReplySearch
from handlers.triage.text_index import IndexedText, TextIndex, tfidf_index
from storage.engine import Store
from storage.reply_choices import State
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.delivery.performers.test_cards import a_harness
from tests.handlers.knowledge.test_reply_choices import answer
from tests.handlers.made import (
    ANA,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    a_words,
    arrive,
    card_view,
    networks,
)
from tests.handlers.slack.listening import a_slack_context
from tests.handlers.timers.test_mentions import Network

PARCEL = "@acme where is my parcel?"
#: The first part of the names of the threads of `asyncio.to_thread`: neither the event loop's nor the desk's.
ASIDE = "asyncio"


class IndexesByThread:
    """Makes indexes, and notes how many texts each has and the thread that it was made in."""

    def __init__(self) -> None:
        self.made: list[tuple[int, str]] = []
        self.fails = False

    def __call__(self, texts: Sequence[IndexedText]) -> TextIndex:
        self.made.append((len(texts), threading.current_thread().name.split("_")[0]))
        if self.fails:
            raise EncoderError("it cannot be loaded")
        return tfidf_index(texts)


class ScoredByThread:
    """Scores the sentiment of texts, and notes the thread of each."""

    def __init__(self, scorer: SentimentScorer) -> None:
        self.threads: list[str] = []
        self._scorer = scorer

    def score(self, text: str, language: str) -> float:
        self.threads.append(threading.current_thread().name.split("_")[0])
        return self._scorer.score(text, language)


@pytest.fixture
def indexes() -> IndexesByThread:
    return IndexesByThread()


@pytest.fixture
def live(desk: Desk, indexes: IndexesByThread) -> LiveClassifier:
    """A live classifier as it is at a start: nothing is indexed yet."""
    classifier = a_classifier()
    search = ReplySearch(ReplyIndex(classifier.replies, indexes), LearntReplies(indexes), BY_TFIDF, indexes)
    shipped = a_words().shipped_replies
    return LiveClassifier(replace(classifier, by_tfidf=search), shipped, desk=desk, clock=ManualClock())


def an_answered_case(store: Store, author: str) -> Case:
    """Store a case of this author about a parcel, which was answered by a saved reply."""
    case = a_stored_case(store, PARCEL, author=replace(ANA, id=author, handle=author))
    answer(store, case, a_classifier(), name="late_parcel")
    return case


async def test_a_card_is_drawn_with_indexes_that_were_made_before(
    store: Store, desk: Desk, live: LiveClassifier, indexes: IndexesByThread
) -> None:
    harness = a_harness(desk, networks(Network()), live_classifier=live)
    case = a_stored_case(store)
    await harness.settle()
    assert card_view(store, case).suggestion is not None
    [(many, thread)] = indexes.made
    assert many > 100
    assert thread == ASIDE
    an_answered_case(store, "bea")
    arrive(store, a_post("9002", PARCEL))
    await harness.settle()
    # Two cards that are drawn at the same moment may both index it.
    assert set(indexes.made[1:]) == {(1, ASIDE)}


async def test_a_card_is_drawn_with_words_that_were_searched_before(store: Store, desk: Desk) -> None:
    """The first words in a language take longer."""
    classifier = a_classifier()
    scored = ScoredByThread(classifier.sentiment)
    harness = a_harness(
        desk,
        networks(Network()),
        live_classifier=LiveClassifier(
            replace(classifier, sentiment=scored), a_words().shipped_replies, desk=desk, clock=ManualClock()
        ),
    )
    case = a_stored_case(store)
    await harness.settle()
    assert card_view(store, case).suggestion is not None
    assert scored.threads == [ASIDE]


async def test_details_and_the_form_of_an_answer_are_shown_with_indexes_that_were_made_before(
    store: Store, desk: Desk, live: LiveClassifier, indexes: IndexesByThread
) -> None:
    ctx = a_slack_context(desk, live_classifier=live)
    an_answered_case(store, "bea")
    case = a_stored_case(store, PARCEL)
    await details_view(ctx, case.id, SAM)
    assert [thread for _, thread in indexes.made] == [ASIDE, ASIDE]
    an_answered_case(store, "cem")
    opened = OpenReplyForm(
        metadata=FormMetadata(case.id, case.version, seen=0, revision=0),
        text="",
        user_id=SAM,
        is_private=False,
        client_key="V1",
    )
    form = await load_form(ctx, opened)
    assert isinstance(form, PublicReplyForm)
    assert "late_parcel" in {option.name for option in form.options}
    assert indexes.made[2:] == [(2, ASIDE)]


async def test_an_index_that_cannot_be_made_keeps_nobody_from_the_classifier(
    live: LiveClassifier, indexes: IndexesByThread
) -> None:
    indexes.fails = True
    assert not (await live.refresh_to_suggest()).search.is_prepared
    indexes.fails = False
    assert (await live.refresh_to_suggest()).search.is_prepared
    assert len(indexes.made) == 2
    await live.refresh_to_suggest()
    assert len(indexes.made) == 2


async def test_answers_that_cannot_be_indexed_keep_nobody_from_the_classifier(
    store: Store, live: LiveClassifier, indexes: IndexesByThread
) -> None:
    await live.refresh_to_suggest()
    an_answered_case(store, "bea")
    indexes.fails = True
    assert not (await live.refresh_to_suggest()).search.is_prepared


class LockThatHandsOver:
    """A lock after whose release another thread runs first, once."""

    def __init__(self, other: Callable[[], None]) -> None:
        self._others = [other]

    def __enter__(self) -> None:
        """Take it."""

    def __exit__(self, *_: object) -> None:
        if self._others:
            self._others.pop()()


def test_answers_that_were_read_earlier_and_learnt_last_are_read_again() -> None:
    def read(number: int) -> Any:  # noqa: ANN401 - a unit of work
        choice = SimpleNamespace(asked=PARCEL, vector=None, encoder=None, chosen="late", thrown_away="")
        choices = SimpleNamespace(state=lambda: State(number, None), learnable=lambda **_: [choice] * number)
        return SimpleNamespace(reply_choices=choices)

    learnt = LearntReplies(tfidf_index)
    learnt._lock = LockThatHandsOver(lambda: learnt.refresh(read(1)))  # type: ignore[assignment]
    learnt.refresh(read(2))
    learnt.refresh(read(2))
    assert len(learnt.similarities(PARCEL)["late"].used) == 2
