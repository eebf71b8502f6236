"""Spread the daily look-ups of stored posts evenly over the hours of the day."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intake.deletion_sweep import HOURS_PER_DAY, MIN_BATCH_SIZE, batch_size, last_id_of_today
from domain.intake.streams import Cursor
from tests.domain.made import HOUR, MINUTE, NOW

MIDNIGHT = NOW.replace(hour=0)


@pytest.mark.parametrize(
    ("posts_left", "hour", "size"),
    [
        (25_000, 0, 1_042),
        (25_000, 12, 2_084),
        (25_000, 23, 25_000),
        (24_000, 0, 1_000),
        (999, 12, MIN_BATCH_SIZE),
        (0, 23, MIN_BATCH_SIZE),
    ],
)
def test_a_run_takes_its_share_of_the_day(posts_left: int, hour: int, size: int) -> None:
    assert batch_size(posts_left, NOW.replace(hour=hour)) == size


@given(st.integers(0, 1_000_000), st.integers(0, HOURS_PER_DAY - 1))
def test_whenever_it_starts_every_post_is_looked_up_by_midnight(posts: int, first_hour: int) -> None:
    left, sizes = posts, []
    for hour in range(first_hour, HOURS_PER_DAY):
        sizes.append(min(left, batch_size(left, MIDNIGHT + hour * HOUR)))
        left -= sizes[-1]
    assert left == 0
    assert max(sizes) <= max(MIN_BATCH_SIZE, posts // (HOURS_PER_DAY - first_hour) + 1)


@pytest.mark.parametrize(
    ("cursor", "last_id"),
    [
        (Cursor(network="x", account_id="1", stream="deletions"), 0),
        (Cursor(network="x", account_id="1", stream="deletions", since_id="7", read_at=NOW), 7),
        (Cursor(network="x", account_id="1", stream="deletions", since_id="7", read_at=MIDNIGHT), 7),
        (
            Cursor(network="x", account_id="1", stream="deletions", since_id="7", read_at=MIDNIGHT - MINUTE),
            0,
        ),
        (Cursor(network="x", account_id="1", stream="deletions", since_id=None, read_at=NOW), 0),
    ],
)
def test_each_day_starts_over(cursor: Cursor, last_id: int) -> None:
    assert last_id_of_today(cursor, NOW) == last_id
    assert last_id_of_today(cursor, NOW + timedelta(days=1)) == 0
