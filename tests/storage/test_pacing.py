"""Rate limits, pauses and ordering per stream, on both databases."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery.effect import Effect
from domain.delivery.effects import PostCard, SendPublicReply, UpdateCard
from domain.delivery.pacing import Pace
from storage.engine import Store
from storage.pacing import advanced, allowance
from tests.storage.made import NOW, SECOND
from tests.storage.outboxes import OutboxCalls, keys


@pytest.fixture
def box(store: Store) -> OutboxCalls:
    return OutboxCalls(store)


def posts(destination: str) -> Pace | None:
    """Slack's rate limit: one message a second for each channel."""
    return Pace(SECOND) if destination.startswith("slack:post:") else None


def cards(many: int, channel: str = "C1", *, first: int = 1) -> list[Effect]:
    return [PostCard(number, channel) for number in range(first, first + many)]


def test_each_channel_gets_one_send_a_second(box: OutboxCalls) -> None:
    box.add(*cards(3), *cards(2, "C2", first=8))
    assert keys(box.claim(paces=posts)) == [PostCard(1, "C1").key, PostCard(8, "C2").key]
    assert box.claim(NOW + 0.9 * SECOND, paces=posts) == []
    assert keys(box.claim(NOW + SECOND, paces=posts)) == [PostCard(2, "C1").key, PostCard(9, "C2").key]
    assert keys(box.claim(NOW + 9 * SECOND, paces=posts)) == [PostCard(3, "C1").key]


def test_a_burst_is_limited_and_refills_over_time(box: OutboxCalls) -> None:
    box.add(*cards(9))

    def paces(_name: str) -> Pace:
        return Pace(SECOND, burst=2)

    assert len(box.claim(paces=paces)) == 3
    assert box.claim(paces=paces) == []
    assert len(box.claim(NOW + SECOND, paces=paces)) == 1
    assert len(box.claim(NOW + 3 * SECOND, paces=paces)) == 2
    assert len(box.claim(NOW + 60 * SECOND, paces=paces)) == 3


def test_many_rows_of_one_channel_do_not_delay_another_channel(box: OutboxCalls) -> None:
    box.add(*cards(200), priority=100)
    box.add(PostCard(801, "C2"), SendPublicReply(1, 900, "x"))
    first = box.claim(limit=5, paces=posts)
    assert keys(first) == [SendPublicReply(1, 900, "x").key, PostCard(1, "C1").key, PostCard(801, "C2").key]
    box.add(PostCard(802, "C2"), now=NOW)
    assert keys(box.claim(NOW + SECOND, limit=5, paces=posts)) == [
        PostCard(2, "C1").key,
        PostCard(802, "C2").key,
    ]


def test_a_check_does_not_count_against_the_pace(box: OutboxCalls) -> None:
    box.add(*cards(2))
    [job] = box.claim(paces=posts)
    box.mark_unsure(job, due=NOW)
    [look] = box.claim(paces=posts)
    assert look.reconciling
    assert [job.reconciling for job in box.claim(NOW + SECOND, paces=posts)] == [False]


def test_checks_and_sends_share_the_claim_limit(box: OutboxCalls) -> None:
    box.add(*cards(1), *cards(2, "C2", first=8))
    jobs = box.claim(limit=1)
    box.mark_unsure(jobs[0], due=NOW)
    assert [job.reconciling for job in box.claim(limit=1)] == [True]


def test_a_pause_applies_to_its_destination_only(box: OutboxCalls) -> None:
    box.add(*cards(2), *cards(1, "C2", first=8))
    [first, other] = box.claim(paces=posts)
    assert other.effect == PostCard(8, "C2")
    box.mark_unsure(first, due=NOW)
    box.pause("slack:post:C1", until=NOW + 9 * SECOND)
    box.pause("slack:post:C1", until=NOW + 5 * SECOND)
    assert box.claim(NOW + 8 * SECOND, paces=posts) == []
    assert len(box.claim(NOW + 9 * SECOND, paces=posts)) == 2


def test_a_row_waits_for_the_earlier_ones_of_its_stream(box: OutboxCalls) -> None:
    box.add(PostCard(1, "C1"), UpdateCard(1), UpdateCard(2))
    card, other = sorted(box.claim(), key=lambda job: job.id)
    assert (card.effect, other.effect) == (PostCard(1, "C1"), UpdateCard(2))
    assert box.claim() == []
    box.mark_unsure(card, due=None)
    assert box.claim() == []
    box.by_person(card.effect.key, happened=True)
    assert box.claim_one().effect == UpdateCard(1)


def test_a_requeued_row_waits_for_a_later_one_that_is_being_sent(box: OutboxCalls) -> None:
    box.add(UpdateCard(1), PostCard(1, "C1", again=2))
    box.settle(box.claim_one())
    card = box.claim_one()
    box.add(UpdateCard(1))
    assert box.claim() == []
    box.settle(card)
    assert box.claim_one().effect == UpdateCard(1)


def test_next_due_considers_pace_pause_and_stream(box: OutboxCalls) -> None:
    assert box.next_due() is None
    box.add(PostCard(1, "C1"), UpdateCard(1), *cards(2, "C2")[1:], now=NOW - SECOND)
    assert box.next_due() == NOW
    first, _ = box.claim(paces=posts)
    assert box.next_due() is None
    box.add(PostCard(3, "C1"))
    assert box.next_due() == NOW + SECOND
    box.pause("slack:post:C1", until=NOW + 7 * SECOND)
    assert box.next_due() == NOW + 7 * SECOND
    box.mark_unsure(first, due=NOW + 8 * SECOND)
    assert box.next_due() == NOW + 7 * SECOND
    assert box.next_due(NOW + 60 * SECOND) == NOW + 60 * SECOND
    [posted] = box.claim(NOW + 7 * SECOND, paces=posts)
    box.postpone(posted, due=NOW + 30 * SECOND)
    assert box.next_due() == NOW + 8 * SECOND
    [look] = box.claim(NOW + 8 * SECOND, paces=posts)
    box.settle(look)
    assert box.next_due() == NOW
    assert box.claim_one(NOW + 9 * SECOND).effect == UpdateCard(1)
    assert box.next_due() == NOW + 30 * SECOND


@given(
    interval=st.integers(1, 5),
    burst=st.integers(0, 4),
    steps=st.lists(st.tuples(st.integers(0, 7), st.integers(1, 6)), max_size=30),
)
def test_no_window_exceeds_the_pace_and_its_burst(
    interval: int, burst: int, steps: list[tuple[int, int]]
) -> None:
    pace = Pace(timedelta(seconds=interval), burst)
    now, next_at = NOW, None
    went: list[datetime] = []
    for wait, wanted in steps:
        now += wait * SECOND
        many = allowance(pace, next_at, now, wanted)
        assert many <= wanted
        if many:
            next_at, free_at = advanced(pace, next_at, now, many)
            assert (allowance(pace, next_at, now, 99) == 0) == (free_at > now)
            assert allowance(pace, next_at, max(free_at, now), 1) == 1
        went += [now] * many
    for index, start in enumerate(went):
        for many, end in enumerate(went[index:], start=1):
            assert many <= (end - start) // pace.interval + 1 + burst


def test_a_pace_without_an_interval_does_not_limit() -> None:
    assert allowance(Pace(timedelta()), NOW, NOW, 7) == 7
