"""When posts of a rehearsal arrive, when it is over, and how it is scored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.outages.rehearsal import (
    TIME_TO_FINISH,
    EndReason,
    FloodPost,
    Marks,
    Rehearsal,
    due_posts,
    end_of,
    score_of,
    spread,
)

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
RUNNING = Rehearsal(
    id=1, channel="C1", posts=4, minutes=10, started_by="U1", asked_at=NOW, started_at=NOW, seen_at=NOW
)


def posts(*ats: float) -> list[FloodPost]:
    return [
        FloodPost(key=f"{number:06}", author=f"a{number}", text="x", language="en", at=at, is_urgent=False)
        for number, at in enumerate(ats, 1)
    ]


def after(**by: float) -> datetime:
    return NOW + timedelta(**by)


def test_posts_are_due_by_the_share_of_the_time_and_each_once() -> None:
    flood = posts(0, 0.25, 0.5, 0.75)
    assert [post.key for post in due_posts(flood, 0.0, None)] == ["000001"]
    assert [post.key for post in due_posts(flood, 0.5, "000001")] == ["000002", "000003"]
    assert due_posts(flood, 0.5, "000003") == []
    assert [post.key for post in due_posts(flood, 7.0, "000003")] == ["000004"]


def test_while_the_bot_is_stopped_no_time_passes() -> None:
    seen = RUNNING
    for second in range(0, 120, 2):
        seen = seen.seen(after(seconds=second))
    assert seen.progress(after(seconds=120)) == pytest.approx(0.2)
    back = seen.seen(after(hours=1))
    assert back.progress(after(hours=1)) == pytest.approx(0.2, abs=0.01)
    assert due_posts(posts(0, 0.15, 0.5, 0.75), back.progress(after(hours=1)), "000002") == []
    assert end_of(back, Marks(), after(hours=1)) is None


def test_it_ends_when_all_is_done_and_not_before() -> None:
    marks = Marks(posts=4, first_post=NOW, first_act=NOW, announced=NOW, urgent=[(7, NOW)], answers={7: NOW})
    done = replace(marks, is_resolved=True)
    over = after(minutes=11)
    seen = replace(RUNNING, seen_at=over)
    assert end_of(seen, done, over) is EndReason.COMPLETE
    assert end_of(seen, done, after(minutes=9)) is None, "posts are still to come"
    assert end_of(seen, marks, over) is None, "the outage goes on"
    assert end_of(seen, replace(done, answers={8: NOW}), over) is None, "an urgent post waits"


def test_it_ends_by_stop_and_by_time() -> None:
    assert end_of(replace(RUNNING, stop_asked_by="U2"), Marks(), NOW) is EndReason.STOPPED
    limit = NOW + RUNNING.duration + TIME_TO_FINISH
    assert end_of(RUNNING, Marks(), limit) is None
    assert end_of(RUNNING, Marks(), limit + timedelta(seconds=1)) is EndReason.TIME_UP


def test_the_score_counts_from_the_posts_to_what_was_done() -> None:
    score = score_of(
        Marks(
            posts=20,
            first_post=NOW,
            first_act=after(seconds=80),
            announced=after(minutes=6),
            urgent=[(7, after(minutes=1)), (8, after(minutes=2))],
            answers={8: after(minutes=4), 9: after(seconds=70)},
        )
    )
    assert (score.noticed, score.announced, score.answered) == (80, 360, 180)
    assert (score.urgent, score.urgent_answered, score.posts) == (2, 1, 20)
    nothing = score_of(Marks())
    assert (nothing.noticed, nothing.announced, nothing.answered) == (None, None, None)


def test_recorded_posts_keep_their_rhythm() -> None:
    assert [post.at for post in spread(posts(0, 30, 120))] == [0, 0.25, 1]
    assert [post.at for post in spread(posts(0))] == [0]
