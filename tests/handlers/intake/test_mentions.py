"""Ingest posts into cases: one case per author, deduplicated, complete and atomic."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.cases.case import CaseState
from domain.cases.messages import Direction
from domain.intake.posts import Author
from domain.intake.stream_names import MENTIONS, SEARCH
from domain.records.audit import SYSTEM, Action
from domain.triage.assessment import Urgency
from handlers.cases.assignment import claim
from handlers.cases.resolution import resolve
from handlers.intake.mentions import IngestResult, ingest_posts
from handlers.intake.stream_health import get_cursor
from storage.engine import Store
from tests.handlers.made import (
    ACME,
    ANA,
    BEN,
    FIRE,
    HOUR,
    MINUTE,
    NOW,
    PAYMENT,
    POLICY,
    PROFILE,
    SAM,
    THANKS,
    a_classifier,
    a_post,
    arrive,
    audit_actions,
    card_view,
    case_of,
    cases,
    do,
    in_parallel,
    messages,
    queued,
)

DAY = timedelta(days=1)
#: Distinguishes the examples of a property in one database.
EXAMPLES = itertools.count(1)
AGAIN = "@acme hello? anybody?"


def test_a_post_opens_a_case_with_card_draft_audit_entry_and_suggestion(store: Store) -> None:
    wrote = NOW - MINUTE
    assert arrive(store, a_post(created_at=wrote), drafting=True) == IngestResult(opened=1, added=1)
    [case] = cases(store)
    assert (case.state, case.version, case.author, case.channel) == (CaseState.OPEN, 1, ANA, "C0SUPPORT")
    assert (case.waiting_since, case.opened_at, case.reply_to_id) == (wrote, NOW, "900")
    assert case.reply_due == NOW + HOUR
    [message] = messages(store, case.id)
    assert (message.direction, message.text, message.external_id) == (Direction.IN, PAYMENT, "900")
    assert audit_actions(store, case.id) == [(SYSTEM, Action.CASE_OPENED, 1)]
    assert [row["key"] for row in queued(store)] == [
        f"post_card:{case.id}:C0SUPPORT:0",
        f"draft_reply:{case.id}:{message.id}",
    ]
    assert all(row["priority"] == case.sort_key for row in queued(store))
    suggestion = card_view(store, case).suggestion
    assert suggestion is not None
    assert suggestion.message_id == message.id
    assert "Ana" in suggestion.text


def test_our_own_posts_and_bare_reposts_make_no_case(store: Store) -> None:
    ours = a_post("1", author=Author(id=ACME.id, handle="acme", name="Acme"))
    assert arrive(store, ours, a_post("2", is_repost=True)) == IngestResult()
    assert cases(store) == []
    assert queued(store) == []


def test_posts_that_are_read_again_are_stored_once(store: Store) -> None:
    batch = [a_post("900"), a_post("901", AGAIN)]
    arrive(store, *batch)
    before = queued(store)
    assert arrive(store, *batch, *batch, stream=SEARCH).added == 0
    [case] = cases(store)
    assert case.version == 1
    assert queued(store) == before


# --- folding ----------------------------------------------------------------------------------


def test_ten_posts_by_one_author_are_one_case_with_one_card(store: Store) -> None:
    posts = [a_post(str(900 + n), f"{AGAIN} {n}", created_at=NOW + n * MINUTE) for n in range(10)]
    assert arrive(store, *reversed(posts), now=NOW + HOUR) == IngestResult(opened=1, added=10)
    [case] = cases(store)
    assert [message.text for message in messages(store, case.id)] == [post.text for post in posts]
    assert len(queued(store, "post_card")) == 1
    assert case.reply_to_id == "909"
    assert case.waiting_since == NOW
    assert [action for _, action, _ in audit_actions(store, case.id)] == [Action.CASE_OPENED] + 9 * [
        Action.CUSTOMER_WROTE
    ]


@pytest.mark.parametrize(("after", "many"), [(48 * HOUR, 1), (48 * HOUR + MINUTE, 2)])
def test_the_same_author_elsewhere_folds_within_the_window(store: Store, after: timedelta, many: int) -> None:
    arrive(store, a_post())
    arrive(store, a_post("901", AGAIN, created_at=NOW + after), now=NOW + after)
    assert len(cases(store)) == many


def test_a_further_post_updates_the_card_and_the_thread_and_keeps_the_holder(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    arrive(store, a_post("901", AGAIN), drafting=True)
    after = case_of(store, case.id)
    assert (after.claimed_by, after.version) == (SAM, 3)
    assert {row["kind"] for row in queued(store)} == {
        "post_card",
        "update_card",
        "post_thread",
        "draft_reply",
        "tell_person",
    }
    assert len(queued(store, "post_card")) == 1


def test_the_assignee_is_notified_once_for_each_batch(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    arrive(store, a_post("901", AGAIN), a_post("902", AGAIN), a_post("903", author=BEN))
    arrive(store, a_post("902", AGAIN))
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    arrive(store, a_post("904", AGAIN, conversation_id="900"))
    told_sam = [row["payload"] for row in queued(store, "tell_person")]
    assert [(sam["user_id"], sam["action"], sam["case_id"]) for sam in told_sam] == [
        (SAM, "customer_wrote", case.id)
    ] * 2


def test_a_bystander_in_the_conversation_has_a_case_of_their_own(store: Store) -> None:
    arrive(store, a_post())
    arrive(store, a_post("901", "@acme same here", author=BEN, conversation_id="900"))
    assert [case.author.id for case in cases(store)] == [ANA.id, BEN.id]
    assert len({message.case_id for case in cases(store) for message in messages(store, case.id)}) == 2


def test_a_post_joins_no_case_because_others_write_in_its_conversation(store: Store) -> None:
    arrive(store, a_post("900"))
    later = NOW + POLICY.fold_window + MINUTE
    elsewhere = a_post("950", "@acme another thing", conversation_id="950", created_at=later)
    there = a_post("951", "@acme same here", author=BEN, conversation_id="900", created_at=later)
    assert arrive(store, elsewhere, there, now=later) == IngestResult(
        opened=2, added=2, posted_at=[later, later]
    )
    assert [case.author.id for case in cases(store)] == [ANA.id, ANA.id, BEN.id]


def test_several_authors_in_one_batch(store: Store) -> None:
    authors = [replace(ANA, id=str(500 + n), handle=f"a{n}") for n in range(5)]
    posts = [a_post(str(100 + n), author=authors[n % 5]) for n in range(20)]
    assert arrive(store, *posts) == IngestResult(opened=5, added=20)
    assert [len(messages(store, case.id)) for case in cases(store)] == [4] * 5


def test_the_most_urgent_assessment_counts(store: Store) -> None:
    arrive(store, a_post(text=THANKS))
    [mild] = cases(store)
    arrive(store, a_post("901", FIRE, created_at=NOW + MINUTE), now=NOW + MINUTE)
    grave = case_of(store, mild.id)
    assert grave.assessment.urgency is Urgency.URGENT
    assert grave.sort_key > mild.sort_key
    assert grave.reply_due == NOW + 15 * MINUTE
    arrive(store, a_post("902", THANKS, created_at=NOW + 2 * MINUTE), now=NOW + 2 * MINUTE)
    assert case_of(store, mild.id).assessment == grave.assessment


# --- the cursor -------------------------------------------------------------------------------


def cursor_of(store: Store, stream: str = MENTIONS) -> str | None:
    return do(store, get_cursor, account=ACME, stream=stream).since_id


def test_the_cursor_moves_with_the_posts_and_for_its_own_stream(store: Store) -> None:
    arrive(store, a_post(), newest_id="900")
    assert (cursor_of(store), cursor_of(store, SEARCH)) == ("900", None)
    arrive(store, newest_id=None)
    assert cursor_of(store) == "900"


def test_an_exception_rolls_back_the_batch_and_its_cursor(store: Store) -> None:
    arrive(store, a_post("800", author=BEN), newest_id="800")
    before = queued(store)

    class Faulty:
        seen = 0

        def score(self, text: str, language: str) -> float:
            self.seen += 1
            if self.seen == 3:
                raise RuntimeError(f"a fault of ours at {text!r} in {language}")
            return 0.0

    posts = [a_post(str(900 + n), f"hello {n}", author=replace(ANA, id=str(500 + n))) for n in range(5)]
    classifier = replace(a_classifier(), sentiment=Faulty())
    with pytest.raises(RuntimeError):
        do(
            store,
            ingest_posts,
            account=ACME,
            profile=PROFILE,
            posts=posts,
            stream=MENTIONS,
            newest_id="904",
            classifier=classifier,
            now=NOW,
        )
    assert cursor_of(store) == "800"
    assert len(cases(store)) == 1
    assert queued(store) == before
    assert arrive(store, *posts, newest_id="904").opened == 5
    assert cursor_of(store) == "904"


# --- malformed posts --------------------------------------------------------------------------


def test_a_post_from_the_future_is_dated_now(store: Store) -> None:
    arrive(store, a_post(created_at=NOW + 400 * DAY))
    [case] = cases(store)
    assert (case.waiting_since, case.last_message_at) == (NOW, NOW)
    assert messages(store, case.id)[0].created_at == NOW


@pytest.mark.parametrize(
    "text",
    ["", "x" * 25_000, "a\0b", "\ud800 lone", "\ud83d\ude00", "😀" * 500, "<!channel> <@U1>", "\u202eabc"],
)
def test_any_text_is_stored(store: Store, text: str) -> None:
    author = replace(ANA, name=text[:500], handle="h")
    arrive(store, a_post(text=text, author=author))
    arrive(store, a_post(text=text + "!", revision_id="950", author=author))
    [case] = cases(store)
    [message] = messages(store, case.id)
    assert message.text.endswith("!")
    message.text.encode()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(1, 30), st.integers(1, 4), st.integers(1, 3)), max_size=8), max_size=5
    ),
)
def test_every_post_is_in_exactly_one_case_of_its_author(
    store: Store, batches: list[list[tuple[int, int, int]]]
) -> None:
    """For any pages of posts, in any order, overlapping in any way."""
    number = next(EXAMPLES)
    seen: dict[str, str] = {}
    for minute, batch in enumerate(batches):
        posts = []
        for post, author, talk in batch:
            post_id = f"{number}-{post}"
            writer = seen.setdefault(post_id, f"{number}-{author}")
            posts.append(
                a_post(post_id, f"text {post}", author=replace(ANA, id=writer), conversation_id=str(talk))
            )
        arrive(store, *posts, now=NOW + minute * MINUTE)
    with store.unit_of_work() as uow:
        stored = uow.messages.known(ACME.network, ACME.id, seen)
        by_author: dict[str, set[int]] = {}
        for post_id, author_id in seen.items():
            case = uow.cases.get(stored[post_id].case_id)
            assert case.author.id == author_id
            by_author.setdefault(author_id, set()).add(case.id)
    assert all(len(ids) == 1 for ids in by_author.values())


# --- concurrency ------------------------------------------------------------------------------


def test_the_same_posts_by_several_copies_at_once_are_stored_once(store: Store) -> None:
    posts = [a_post(str(900 + n), author=replace(ANA, id=str(500 + n % 3))) for n in range(9)]
    results = in_parallel([lambda: arrive(store, *posts, newest_id="908")] * 3)
    assert sum(result.added for result in results if isinstance(result, IngestResult)) == 9
    assert len(cases(store)) == 3


def test_two_streams_that_bring_one_author_at_the_same_moment_open_one_case(postgres: Store) -> None:
    stored, go_on = Event(), Event()

    def slowly() -> None:
        with postgres.unit_of_work() as uow:
            ingest_posts(
                uow,
                account=ACME,
                profile=PROFILE,
                posts=[a_post("900")],
                stream=MENTIONS,
                newest_id="900",
                classifier=a_classifier(),
                now=NOW,
            )
            stored.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(slowly)
        assert stored.wait(10)
        second = threads.submit(arrive, postgres, a_post("901", AGAIN), stream=SEARCH)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.3)
        go_on.set()
        first.result()
        second.result()
    [case] = cases(postgres)
    assert len(messages(postgres, case.id)) == 2


def test_a_claim_while_the_customer_writes_keeps_both(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    in_parallel(
        [
            lambda: do(store, claim, case_id=case.id, user_id=SAM, now=NOW).version,
            lambda: arrive(store, a_post("901", AGAIN)).added,
        ]
    )
    after = case_of(store, case.id)
    assert (after.claimed_by, after.version) == (SAM, 3)
    assert len(messages(store, case.id)) == 2
