"""Build posts, policies and networks, and shortcuts for use cases and queries."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from threading import Barrier
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import select

from adapters.prompts.triage import load_words
from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.errors import StaleCase
from domain.handoffs.code_answers import CodeWords
from domain.intake.posts import Author, MatchReason, Post
from domain.intake.stream_names import MENTIONS
from domain.networks import Capability, Connected, NetworkProfile, Networks, TextCount
from domain.policy import Policy
from domain.records.audit import Action, Entry
from domain.replies.forms import PublicReplyForm
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.triage.saved_replies import SavedReply
from domain.venues import Venue
from handlers.cases.views import newest_inbound_id, view_case
from handlers.classifiers import make_classifier, trained_heads
from handlers.handoffs.venues import HandoffVenues
from handlers.intake.mentions import IngestResult, ingest_posts
from handlers.replies.public import (
    PublicReplyAccepted,
    PublicReplySubmission,
    open_public_reply_form,
    submit_public_reply,
)
from handlers.triage.classify import Classifier
from handlers.triage.learnt_replies import LearntReplies
from handlers.triage.reply_search import ReplySearch, tfidf_search
from handlers.triage.suggest import with_suggestion
from storage.engine import Store
from storage.outbox_tables import outbox
from storage.unit_of_work import UnitOfWork
from tests.source import ROOT
from tests.storage.made import with_one_more_follower

P = ParamSpec("P")
R = TypeVar("R")

#: No rule of engagement.
FREE = RulesOfEngagement(version="1", rules=())
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ACME = Account(network="x", id="1", handle="acme", name="Acme")
ANA = Author(id="77", handle="anaruiz", name="Ana Ruiz", followers=1240)
BEN = Author(id="88", handle="ben", name="Ben Okri", followers=12)
SAM, MIA, KAI = "U0SAM", "U0MIA", "U0KAI"
POLICY = Policy(
    brand="Acme", support_channel="C0SUPPORT", fallback_channel="C0FALLBACK", alert_channel="C0ONCALL"
)
PAYMENT = "@acme third time the app eats my payment and shows an error"
THANKS = "@acme thank you, lovely people"
FIRE = "@acme the power bank you sent is on fire, there is smoke everywhere"


class _FixedAnalysis:
    """A language detector and sentiment scorer with fixed results: the posts state their language."""

    def detect(self, text: str) -> str | None:
        return None if text else "en"

    def score(self, text: str, language: str) -> float:
        return 0.0 * len(text + language)


@cache
def a_words() -> Any:  # noqa: ANN401 - whatever the adapter makes of the files
    """Load the shipped words, once."""
    return load_words(ROOT / "prompts")


@cache
def _shipped_replies() -> tuple[Sequence[SavedReply], ReplySearch]:
    """Index the shipped saved replies, once."""
    replies = a_words().saved_replies
    return replies, tfidf_search(replies)


def a_classifier(**choices: Any) -> Classifier:  # noqa: ANN401 - any of the policy's fields
    """Build a classifier with the shipped phrases, the shipped saved replies and a policy."""
    replies, search = _shipped_replies()
    return Classifier(
        policy=replace(POLICY, **choices),
        cues=a_words().cues,
        replies=replies,
        detector=_FixedAnalysis(),
        sentiment=_FixedAnalysis(),
        by_tfidf=replace(search, learnt=LearntReplies(search.make_index)),
    )


def a_trained_classifier() -> Classifier:
    """Build the classifier as the bot does, with the shipped heads, detector and sentiment."""
    return make_classifier(POLICY, trained_heads())


def a_post(post_id: str = "900", text: str = PAYMENT, **changes: Any) -> Post:  # noqa: ANN401 - any of the fields
    """Build a mention by Ana in a conversation of its own."""
    post = Post(
        network="x",
        account_id=ACME.id,
        id=post_id,
        revision_id=post_id,
        author=ANA,
        text=text,
        created_at=NOW,
        url=f"https://x.example/anaruiz/status/{post_id}",
        conversation_id=post_id,
        match_reason=MatchReason.MENTION,
        language_hint="en",
    )
    return replace(post, **changes)


def handoff_venues(*venues: Venue, **changes: Any) -> HandoffVenues:  # noqa: ANN401 - any of the fields
    """Set up these venues, with readable links and numbered nonces and codes."""
    numbers = itertools.count(1)
    made = HandoffVenues(
        networks=networks(direct=Venue.DM in venues),
        links={venue: partial("https://acme.example/{}/{}".format, venue.value) for venue in venues},
        unavailable_reasons={},
        proposed_text=lambda venue, language, link: (
            f"Let us go on by {venue.value} ({language}) {link}".strip()
        ),
        new_nonce=lambda: f"nonce{next(numbers)}",
        new_code=lambda: f"{next(numbers):06}",
        code_words=CodeWords({}),
    )
    return replace(made, **changes)


def count(text: str) -> TextCount:
    """Count characters; the limit is 280."""
    return TextCount(length=len(text), limit=280)


def price(text: str) -> float:
    """Price a text: 20 cents with a link, 1 cent without."""
    return 0.2 if "https://" in text else 0.01


#: The network of all cases in these tests.
PROFILE = NetworkProfile(
    name=ACME.network,
    label="X",
    capabilities=frozenset(Capability),
    count=count,
    counting_rule="where a link counts 20",
    price=price,
    direct_message_page=lambda _account: "https://x.example/compose",
)


def networks(client: Any = None, *, direct: Any = True) -> Networks:  # noqa: ANN401 - what a test puts in their place
    """Connect the one network; `direct` is its direct message client, or whether it has one."""
    connected = Connected(
        profile=PROFILE,
        client=client,
        account=ACME,
        query="acme app",
        direct=direct or None,
    )
    return Networks({PROFILE.name: connected})


def do(
    store: Store, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run a use case in a transaction of its own; retry on a stale case."""
    while True:
        try:
            with store.unit_of_work() as uow:
                return use_case(uow, *args, **kwargs)
        except StaleCase:
            continue


class ConcurrentWriter:
    """Change a case from another thread while a use case is running."""

    def __init__(self, store: Store, case_id: int) -> None:
        self._store = store
        self._case_id = case_id
        self._threads = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def start_write(self, *, is_locked: bool = True) -> None:
        """Start a write unless one is running.

        Wait for its end where nobody has locked the case, and else 0.3 s: it waits for our own transaction.
        """
        if self._last is None or self._last.done():
            self._last = self._threads.submit(self._write)
            wait([self._last], timeout=0.3 if is_locked else 60.0)

    def close(self) -> None:
        """Wait for the last write to end."""
        self._threads.shutdown()

    def _write(self) -> None:
        def change(uow: UnitOfWork) -> None:
            case = uow.cases.get(self._case_id)
            uow.cases.save(with_one_more_follower(case))

        do(self._store, change)


def arrive(
    store: Store,
    *posts: Post,
    now: datetime = NOW,
    stream: str = MENTIONS,
    newest_id: str | None = None,
    **choices: Any,  # noqa: ANN401 - any of the policy's fields
) -> IngestResult:
    """Ingest posts in one batch."""
    return do(
        store,
        ingest_posts,
        account=ACME,
        profile=PROFILE,
        posts=posts,
        stream=stream,
        newest_id=newest_id,
        classifier=a_classifier(**choices),
        now=now,
    )


def a_stored_case(store: Store, text: str = PAYMENT, *, now: datetime = NOW, author: Author = ANA) -> Case:
    """Ingest one post of this author; return its new case."""
    known = {case.id for case in cases(store)}
    arrive(store, a_post(f"9{len(known)}00", text, created_at=now, author=author), now=now)
    return next(case for case in cases(store) if case.id not in known)


def card_view(
    store: Store, case: Case, classifier: Classifier | None = None, *, now: datetime = NOW
) -> CaseView:
    """Load what the case's card shows, with the suggestion, which is chosen where that is due."""

    def load(uow: UnitOfWork) -> CaseView:
        view = view_case(uow, case_id=case.id, now=now)
        return with_suggestion(uow, view, classifier or a_classifier(), now)

    return do(store, load)


def cases(store: Store) -> list[Case]:
    """Load all cases, oldest first."""
    with store.unit_of_work() as uow:
        return uow.case_search.find([], limit=1000)[::-1]


def case_of(store: Store, case_id: int) -> Case:
    """Load the case."""
    with store.unit_of_work() as uow:
        return uow.cases.get(case_id)


def messages(store: Store, case_id: int) -> list[Message]:
    """Load the case's transcript."""
    with store.unit_of_work() as uow:
        return uow.messages.of_case(case_id, limit=1000)


def trail(store: Store, case_id: int) -> list[Entry]:
    """Load the case's audit trail."""
    with store.unit_of_work() as uow:
        return uow.audit.of_case(case_id, limit=1000)


def audit_actions(store: Store, case_id: int) -> list[tuple[str, Action, int | None]]:
    """Return (actor, action, version) of the case's audit trail."""
    return [(entry.actor, entry.action, entry.version) for entry in trail(store, case_id)]


def queued(store: Store, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the rows of the outbox (of one kind, if given), oldest first."""
    with store.engine.connect() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).mappings()
        return [dict(row) for row in rows if kind in (None, row["kind"])]


def notified_people(store: Store) -> list[tuple[str, str]]:
    """Return (user id, audit action) of each queued notification to a person, oldest first."""
    return [(row["payload"]["user_id"], row["payload"]["action"]) for row in queued(store, "tell_person")]


def alerts(store: Store) -> list[str]:
    """Return the texts of all alerts."""
    return [row["payload"]["text"] for row in queued(store, "alert")]


def in_parallel(acts: Sequence[Callable[[], R]]) -> list[R | Exception]:
    """Run the acts in threads that start together; return each one's result or exception."""
    gate = Barrier(len(acts))

    def start(act: Callable[[], R]) -> R | Exception:
        gate.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - it is what the test asks for
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(start, acts))


def public_form(
    store: Store,
    case_id: int,
    *,
    user_id: str = SAM,
    now: datetime = NOW,
    **more: Any,  # noqa: ANN401 - any other argument
) -> PublicReplyForm:
    """Open the form for a public reply."""
    return do(
        store,
        open_public_reply_form,
        case_id=case_id,
        user_id=user_id,
        classifier=a_classifier(),
        networks=networks(),
        now=now,
        **more,
    )


def an_answer(
    store: Store,
    case: Case,
    text: str = "Hi Ana",
    **changes: Any,  # noqa: ANN401 - any of the fields
) -> PublicReplySubmission:
    """Return a public answer by Sam, who has seen everything."""
    answer = PublicReplySubmission(
        case_id=case.id,
        user_id=SAM,
        text=text,
        seen=newest_inbound_id(messages(store, case.id)),
        version=case_of(store, case.id).version,
        client_key="V1",
    )
    return replace(answer, **changes)


def accepted(
    store: Store,
    answer: PublicReplySubmission,
    *,
    classifier: Classifier | None = None,
    rules: RulesOfEngagement = FREE,
    now: datetime = NOW,
) -> Message:
    """Submit a public answer that is accepted; return it while it is queued."""
    result = do(
        store,
        submit_public_reply,
        answer,
        classifier=classifier or a_classifier(),
        rules=rules,
        networks=networks(),
        now=now,
    )
    assert isinstance(result, PublicReplyAccepted)
    return result.message
