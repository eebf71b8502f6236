"""Tell of one fault once, however many streams of the account it keeps from being read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.intake.posts import Page
from domain.intake.stream_names import DIRECT_MESSAGES, MENTIONS, SEARCH
from domain.intake.streams import SourceError, SourceFault, Stream
from handlers.intake.stream_health import record_failure, record_success
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import ACME, HOUR, MINUTE, NOW, POLICY, do, queued

IN_TOWN = replace(ACME, network="town", id="7")
PAUSE = timedelta(minutes=15)
REFUSED = SourceError(SourceFault.REFUSED, "X does not accept our keys (HTTP 401).")


def stream(name: str, account: Account = ACME) -> Stream:
    return Stream(account=account, name=name, label="X")


def fails(
    store: Store, name: str, at: datetime, error: SourceError = REFUSED, account: Account = ACME
) -> None:
    of = stream(name, account)
    do(store, record_failure, stream=of, error=error, pause=PAUSE, policy=POLICY, now=at)


def works(store: Store, name: str, at: datetime) -> None:
    do(store, _read, name=name, now=at)


def _read(uow: UnitOfWork, *, name: str, now: datetime) -> None:
    cursor = uow.cursors.get(ACME.network, ACME.id, name)
    uow.cursors.save(replace(cursor, read_at=now))
    record_success(uow, stream=stream(name), page=Page(posts=(), newest_id=None), policy=POLICY, now=now)


def told(store: Store) -> list[str]:
    """Return the first three words of each alert so far, and how it goes on."""
    texts: list[Mapping[str, str]] = [row["payload"] for row in queued(store, "alert")]
    return [
        f"{' '.join(text['text'].split(' of @')[0].split())} {'paused' if 'paused' in text['text'] else 'works'}"
        for text in texts
    ]


def all_work(store: Store, at: datetime) -> None:
    for name in (MENTIONS, SEARCH, DIRECT_MESSAGES):
        works(store, name, at)


def test_refused_keys_are_told_once_and_so_is_that_they_work_again(store: Store) -> None:
    all_work(store, NOW)
    for minutes, name in ((1, MENTIONS), (1, SEARCH), (4, DIRECT_MESSAGES), (16, MENTIONS), (16, SEARCH)):
        fails(store, name, NOW + minutes * MINUTE)
    assert told(store) == ["Reading mentions paused"]
    assert "is not told again" in queued(store, "alert")[0]["payload"]["text"]
    all_work(store, NOW + 40 * MINUTE)
    assert told(store) == ["Reading mentions paused", "Reading mentions works"]
    fails(store, SEARCH, NOW + 41 * MINUTE)
    assert told(store)[2:] == ["Reading search paused"], "it is another time, within the same hour"


def test_a_stream_that_was_read_after_the_other_failed_has_a_fault_of_its_own(store: Store) -> None:
    """Direct messages may lack a permission for weeks; when the keys fail, too, that is news."""
    all_work(store, NOW)
    for hours in range(1, 40):
        fails(store, DIRECT_MESSAGES, NOW + hours * HOUR)
        works(store, MENTIONS, NOW + hours * HOUR - MINUTE)
        works(store, SEARCH, NOW + hours * HOUR - MINUTE)
    assert told(store) == ["Reading direct messages paused"]
    fails(store, MENTIONS, NOW + 40 * HOUR)
    fails(store, SEARCH, NOW + 40 * HOUR)
    assert told(store) == ["Reading direct messages paused", "Reading mentions paused"]


def test_what_is_still_refused_once_the_other_works_again_is_told(store: Store) -> None:
    all_work(store, NOW)
    fails(store, MENTIONS, NOW + MINUTE)
    fails(store, SEARCH, NOW + MINUTE)
    works(store, MENTIONS, NOW + 20 * MINUTE)
    for minutes in (21, 36, 90, 200):
        fails(store, SEARCH, NOW + minutes * MINUTE)
        works(store, MENTIONS, NOW + minutes * MINUTE)
    assert told(store) == ["Reading mentions paused", "Reading mentions works", "Reading search paused"]
    works(store, SEARCH, NOW + 300 * MINUTE)
    assert told(store)[3:] == ["Reading search works"]


def test_another_fault_and_another_account_are_told_apart(store: Store) -> None:
    all_work(store, NOW)
    fails(store, MENTIONS, NOW + MINUTE)
    fails(store, SEARCH, NOW + MINUTE, SourceError(SourceFault.OUT_OF_CREDIT, "No credit."))
    fails(store, MENTIONS, NOW + MINUTE, account=IN_TOWN)
    assert len(told(store)) == 3


def test_a_rate_limit_and_a_clock_that_is_set_back_make_no_second_alert(store: Store) -> None:
    all_work(store, NOW)
    fails(store, MENTIONS, NOW + HOUR)
    fails(store, MENTIONS, NOW + HOUR + 16 * MINUTE, SourceError(SourceFault.RATE_LIMIT, "429"))
    fails(store, SEARCH, NOW + HOUR + 20 * MINUTE)
    fails(store, MENTIONS, NOW + MINUTE)
    fails(store, MENTIONS, NOW + 17 * MINUTE)
    assert told(store) == ["Reading mentions paused"]
