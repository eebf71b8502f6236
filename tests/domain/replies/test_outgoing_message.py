"""Tell when a message of ours was sent."""

from datetime import timedelta

import pytest

from domain.replies.outgoing_message import sent_time
from tests.domain.made import MINUTE, NOW, a_message


@pytest.mark.parametrize(
    ("at", "minute"),
    [
        ((NOW + 2 * MINUTE).isoformat(), 2),
        (NOW.isoformat(), 0),
        (None, 9),
        ("soon", 9),
        ("2026-11-21T12:02:00", 9),  # without a time zone
        ((NOW - MINUTE).isoformat(), 9),
        ((NOW + timedelta(hours=1)).isoformat(), 9),
    ],
)
def test_the_time_of_the_network_counts_where_it_is_believable(at: str | None, minute: int) -> None:
    result = {} if at is None else {"at": at}
    message = a_message(created_at=NOW)
    assert sent_time(message, result, NOW + 9 * MINUTE) == NOW + minute * MINUTE
