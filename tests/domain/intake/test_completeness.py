"""Count the mentions of a day once each, over several looks back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.intake.completeness import MentionDay, counted, is_late, paid_again
from domain.intake.posts import Author, MatchReason, Post

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = MentionDay(day="2026-11-21", network="x", account_id="1", looked_from=NOON, looked_until=NOON)


def post(number: int, minute: int) -> Post:
    return Post(
        network="x",
        account_id="1",
        id=str(number),
        revision_id=str(number),
        author=Author(id="9", handle="ana", name="Ana"),
        text="@acme hi",
        created_at=NOON + minute * MINUTE,
        url="https://x.com/ana/status/1",
        conversation_id=str(number),
        match_reason=MatchReason.MENTION,
    )


def test_a_post_counts_once_it_is_ten_minutes_old_and_never_again() -> None:
    posts = [post(1, 1), post(2, 25)]
    half_past = counted(DAY, posts, new=(), late=(), held={"1", "2"}, at=NOON + 30 * MINUTE)
    assert (half_past.listed, half_past.held, half_past.looked_until) == (1, 1, NOON + 20 * MINUTE)
    later = counted(half_past, posts, new=(), late=(), held={"1", "2"}, at=NOON + 60 * MINUTE)
    assert (later.listed, later.held, later.late) == (2, 2, 0)
    assert counted(later, posts, new=(), late=(), held={"1", "2"}, at=NOON + 61 * MINUTE).listed == 2


def test_a_late_post_counts_behind_what_was_looked_at_and_what_is_not_held_is_missing() -> None:
    seen = replace(DAY, looked_until=NOON + 50 * MINUTE, listed=4, held=4)
    late = post(5, 10)
    found = counted(seen, [late], new={"5"}, late={"5"}, held={"5"}, at=NOON + 60 * MINUTE)
    assert (found.listed, found.held, found.late, found.missing) == (5, 5, 1, 0)
    lost = counted(seen, [late], new={"5"}, late={"5"}, held=(), at=NOON + 60 * MINUTE)
    assert (lost.listed, lost.held, lost.missing) == (5, 4, 1)


def test_new_posts_behind_the_cursor_are_late() -> None:
    assert is_late(post(99, 0), "100")
    assert not is_late(post(101, 0), "100")
    assert not is_late(post(99, 0), None)


def test_known_posts_of_today_cost_nothing_and_those_of_yesterday_once() -> None:
    posts = [post(1, -30), post(2, -5), post(3, 5)]
    assert paid_again(posts, new={"3"}, today=NOON, reread_from=None) == 3
    assert paid_again(posts, new=(), today=NOON, reread_from=NOON - 10 * MINUTE) == 1
    assert paid_again(posts, new=(), today=NOON, reread_from=NOON - 60 * MINUTE) == 0
