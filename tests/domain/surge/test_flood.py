"""Enter flood mode where more comes than a channel takes, and leave it when it is calm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery.effects import PostCard
from domain.surge.flood import (
    BOARD_EVERY,
    BOARD_EVERY_IF_URGENT,
    CALM_FOR,
    MAX_WAITING,
    MAX_WAITING_WHILE_GATHERING,
    Backlog,
    Board,
    Flood,
    begins,
    is_calm,
    is_over,
    is_urgent,
    next_board_edit,
    room_for_cards,
    share_out,
)
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from handlers.delivery.performers import PACES
from tests.adapters.slack.samples import case

NOW = datetime(2026, 11, 29, 14, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FLOOD = Flood(id=1, channel="C1", began_at=NOW)


@pytest.mark.parametrize(
    ("waiting", "recent", "oldest_seconds", "flooded"),
    [
        (0, 0, None, False),
        (100, 100, 0, False),  # the first reading of an account: a burst, which is posted in two minutes
        (85, 1, 16, False),  # what is left of that burst a little later
        (60, 1, 40, False),
        (20, 20, 60, False),  # soon posted
        (40, 35, 10, False),  # has only just begun
        (40, 35, 20, True),
        (115, 115, 0, True),
        (5_000, 5_000, 0, True),
    ],
)
def test_what_is_a_flood(waiting: int, recent: int, oldest_seconds: int | None, flooded: bool) -> None:
    oldest = None if oldest_seconds is None else NOW - oldest_seconds * SECOND
    assert begins(Backlog(waiting=waiting, recent=recent, oldest=oldest), NOW) is flooded


def test_cards_that_are_given_out_are_no_growing_backlog() -> None:
    given = Backlog(waiting=100, recent=MAX_WAITING_WHILE_GATHERING, oldest=NOW - 60 * SECOND)
    assert not begins(given, NOW)
    assert begins(replace(given, recent=MAX_WAITING_WHILE_GATHERING + 4), NOW)


def test_it_is_calm_well_below_what_the_channel_takes() -> None:
    assert [posts for posts in (0, 28, 29, 57, 1000) if is_calm(posts)] == [0, 28]


def test_it_is_over_only_after_a_time_of_calm() -> None:
    assert not is_over(FLOOD, NOW)
    calm = replace(FLOOD, calm_since=NOW)
    assert not is_over(calm, NOW + CALM_FOR - SECOND)
    assert is_over(calm, NOW + CALM_FOR)


def test_urgent_ones_get_cards_but_no_spam() -> None:
    def assessed(urgency: Urgency, situation: Situation = Situation.OTHER) -> Assessment:
        return Assessment("en", situation, urgency, (), 0.0)

    assert is_urgent(assessed(Urgency.URGENT))
    assert not is_urgent(assessed(Urgency.HIGH))
    assert not is_urgent(assessed(Urgency.URGENT, Situation.SPAM))


def test_few_cards_wait_at_a_time() -> None:
    assert [room_for_cards(waiting) for waiting in range(MAX_WAITING + 2)] == [3, 2, 1, 0, 0]


def test_no_more_cards_are_shared_out_than_there_is_room_for() -> None:
    first, second = (replace(case(), id=number) for number in (1, 2))
    assert [share_out([first, second], {}, room) for room in (0, 1, 2, 3)] == [
        [],
        [first],
        [first, second],
        [first, second],
    ]


def test_the_board_is_edited_sooner_where_something_urgent_has_no_card() -> None:
    assert next_board_edit(FLOOD, urgent_waits=True, now=NOW) == NOW
    board = Board(channel="C1", ts="1.2", digest="d", edited_at=NOW)
    shown = replace(FLOOD, board=board)
    assert next_board_edit(shown, urgent_waits=False, now=NOW) == NOW + BOARD_EVERY
    assert next_board_edit(shown, urgent_waits=True, now=NOW) == NOW + BOARD_EVERY_IF_URGENT
    assert next_board_edit(shown, urgent_waits=True, now=NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)


def test_the_paces_keep_within_what_slack_guarantees() -> None:
    pace = PACES["slack:update"]
    assert pace.burst + 1 + timedelta(minutes=1) // pace.interval <= 50
    assert PACES[PostCard(1, "").destination].interval >= SECOND
    boards = timedelta(minutes=1) // BOARD_EVERY_IF_URGENT
    assert boards <= 20, "the other edits of a minute are for cards that agents act on"
