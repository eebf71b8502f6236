"""The examples of what got worse show it by the words that do, and not by the newest ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.cases.case import Case
from domain.intake.posts import Author
from domain.reports.changes import Change, ChangeKind
from domain.reports.periods import parse_period
from handlers.intake.redaction import redact_post
from handlers.replies.results import record_sent
from handlers.reports.summaries import example_of
from storage.engine import Store
from storage.response_tables import responses
from tests.handlers.made import NOW, PAYMENT, POLICY, a_post, arrive, cases, do, messages
from tests.handlers.replies.test_results import answered

THANKS = "@acme it works now, thank you so much!"
STILL = "@acme no, it still fails, and I am furious"
DAY = parse_period("24h", now=NOW + timedelta(hours=12), zone=UTC)


@pytest.fixture
def case(store: Store) -> Case:
    """A case: a problem, our answer after five hours, which did not help, and thanks at last."""
    post(store, 1, PAYMENT, NOW)
    [one] = cases(store)
    message = answered(store, one, key="V1", text="Please update the app.")
    do(store, record_sent, message_id=message.id, result={"id": "V1"}, now=NOW + timedelta(hours=5))
    post(store, 2, STILL, NOW + timedelta(hours=6))
    post(store, 3, THANKS, NOW + timedelta(hours=7))
    with store.unit_of_work() as uow:
        for said in uow.messages.of_case(one.id):
            if said.assessment is not None:
                tone = -0.9 if said.text == STILL else 0.4
                uow.messages.save(replace(said, assessment=replace(said.assessment, sentiment=tone)))
        return uow.cases.get(one.id)


def post(store: Store, number: int, text: str, at: datetime) -> None:
    author = Author(id="7", handle="ana", name="Ana", followers=1)
    arrive(store, a_post(f"{number}00", text, author=author, created_at=at), now=at)


def words(store: Store, case: Case, kind: ChangeKind) -> str:
    change = Change(kind=kind, key="cannot_pay", now=2, before=1)
    found: str = do(store, example_of, change, case.id, DAY).words
    return found


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (ChangeKind.SITUATION, PAYMENT),
        (ChangeKind.LATE_FIRST, PAYMENT),
        (ChangeKind.STILL_BROKEN, STILL),
        (ChangeKind.SENTIMENT, STILL),
    ],
)
def test_an_example_shows_the_words_that_tell(store: Store, case: Case, kind: ChangeKind, shown: str) -> None:
    assert words(store, case, kind) == shown


def test_words_that_were_deleted_are_not_shown(store: Store, case: Case) -> None:
    first, _, still, thanks = messages(store, case.id)
    do(store, redact_post, message_id=first.id, policy=POLICY, now=NOW)
    assert words(store, case, ChangeKind.SITUATION) == STILL
    assert words(store, case, ChangeKind.LATE_FIRST) == ""
    for message in (still, thanks):
        do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    assert {words(store, case, kind) for kind in ChangeKind} == {""}


def test_of_words_that_waited_too_long_those_that_waited_longest_are_shown(store: Store, case: Case) -> None:
    """The first of them waited for five hours, and the second for thirty."""
    crash = "@acme and now the app crashes when I pay"
    second = answered(store, case, key="V2", text="We look into it.")
    do(store, record_sent, message_id=second.id, result={"id": "V2"}, now=NOW + timedelta(hours=11))
    post(store, 4, crash, NOW + timedelta(hours=11, minutes=30))
    third = answered(store, case, key="V3", text="Please update it again.")
    do(
        store,
        record_sent,
        message_id=third.id,
        result={"id": "V3"},
        now=NOW + timedelta(hours=41, minutes=30),
    )
    with store.engine.begin() as connection:
        due_at_once = responses.update().where(responses.c.kind == "next").values(due_at=responses.c.asked_at)
        connection.execute(due_at_once)
    assert words(store, case, ChangeKind.LATE_NEXT) == crash
