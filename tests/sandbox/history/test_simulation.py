"""The history of the demo: the same for the same seed, and plausible."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median

import pytest

from sandbox.faults import Faults
from sandbox.history import publish, simulate
from sandbox.history.events import Answered, Customer, Event, NoticeSent, OwnPost, Phase, Posted, Resolved
from sandbox.history.office import MIA, NEW_YORK
from sandbox.history.stories import LOUD
from sandbox.ledger import Ledger
from sandbox.x import XNetwork

#: The day after Thanksgiving.
NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@cache
def history(seed: int = 1) -> tuple[Event, ...]:
    return tuple(simulate(NOW, seed=seed))


def posts() -> list[Posted]:
    return [event for event in history() if isinstance(event, Posted)]


def first_posts() -> list[Posted]:
    return [post for post in posts() if post.post_id == post.conversation_id]


def test_the_same_seed_has_the_same_events() -> None:
    assert simulate(NOW, seed=1) == list(history())
    assert history(2) != history()


def test_events_are_in_order_and_within_the_days_before_now() -> None:
    times = [event.at for event in history()]
    assert times == sorted(times)
    assert times[0] >= NOW - 30 * DAY
    assert times[-1] < NOW


def test_a_story_begins_with_its_first_post() -> None:
    begun = {0}
    for event in history():
        if isinstance(event, Posted):
            begun.add(event.story)
        assert event.story in begun
    assert len(begun) > 100


def test_authors_with_many_followers_are_answered_so_much_sooner_that_the_ledger_finds_it() -> None:
    asked = {post.story: post for post in reversed(first_posts())}
    minutes: dict[bool, list[float]] = {True: [], False: []}
    for event in history():
        if isinstance(event, Answered) and (post := asked.pop(event.story, None)):
            waited = (event.at - post.at).total_seconds() / 60
            if waited < 6 * 60:  # not until the next shift
                minutes[post.customer.followers >= LOUD].append(waited)
    assert len(minutes[True]) > 30
    assert 2 * median(minutes[True]) < median(minutes[False])


def test_ids_are_unique_and_grow_with_time() -> None:
    dated = {event.post_id: event.at for event in history() if isinstance(event, Posted | Answered)}
    in_order = sorted(dated, key=int)
    assert len(in_order) == sum(isinstance(event, Posted | Answered) for event in history())
    assert [dated[post_id] for post_id in in_order] == sorted(dated.values())


def test_there_is_as_much_as_in_a_month() -> None:
    stories = Counter(post.customer.id for post in first_posts())
    assert 400 < stories.total() < 800
    assert sum(count >= 5 for count in stories.values()) >= 5, "a handful writes often"
    assert {post.customer.language for post in posts()} == {"en", "de", "es", "fr", "it", "pt"}
    assert all("@acme" in post.text and len(post.text) <= 280 for post in posts())


def test_a_few_are_still_waiting() -> None:
    settled = {event.story for event in history() if isinstance(event, Answered | Resolved)}
    waiting = [post for post in first_posts() if post.story not in settled]
    assert 6 <= len(waiting) <= 40
    assert min(post.at for post in waiting) < NOW - 2 * DAY


def test_the_voucher_is_rarely_refused_after_the_fix() -> None:
    names = ("voucher", "gutschein", "cupón", "cupom", "code promo", "le bon de", "buono sconto")
    refused = [post.at for post in first_posts() if any(name in post.text.lower() for name in names)]
    before = [at for at in refused if at < NOW - 13 * DAY]
    assert len(before) > 20
    assert len(refused) - len(before) < len(before) / 4


def test_each_outage_is_announced_updated_and_resolved() -> None:
    notices = [event for event in history() if isinstance(event, NoticeSent)]
    assert [(notice.outage, notice.phase) for notice in notices] == [
        (number, phase) for number in (1, 2) for phase in Phase
    ]
    assert all(notice.by != notice.approved_by for notice in notices)
    hour = timedelta(hours=1)
    for notice in notices[::3]:
        around = [post for post in first_posts() if abs(post.at - notice.at) < hour]
        usual = [post for post in first_posts() if abs(post.at - notice.at + DAY) < hour]
        assert len(around) > 4 * len(usual) + 10


def test_on_a_holiday_less_is_written_and_nobody_is_in_the_office() -> None:
    def of_new_york(day: datetime) -> int:
        at_home = (post for post in first_posts() if post.customer.zone == NEW_YORK)
        return sum(day <= post.at < day + DAY for post in at_home)

    thanksgiving = datetime(2026, 11, 26, 5, tzinfo=UTC)
    assert of_new_york(thanksgiving) < of_new_york(thanksgiving - 7 * DAY)
    answered = [event for event in history() if isinstance(event, Answered) and event.by == MIA]
    assert not any(thanksgiving <= event.at < thanksgiving + DAY for event in answered)
    assert any(thanksgiving - DAY <= event.at < thanksgiving for event in answered)


@pytest.mark.parametrize("days", [1, 3])
def test_a_shorter_history_has_no_outage(days: int) -> None:
    events = simulate(NOW, days=days)
    assert not any(isinstance(event, NoticeSent) for event in events)
    posted = [event.at for event in events if isinstance(event, Posted)]
    assert min(posted) >= NOW - days * DAY


def test_posts_stand_on_x_with_their_ids_and_times() -> None:
    network = XNetwork(Ledger(), Faults(), clock=NOW.timestamp)
    customer = Customer(
        id="60000007", handle="ana_7", name="Ana Alves", language="pt", zone=NEW_YORK, followers=12
    )
    asked = posts()[0]
    asked = Posted(
        at=asked.at,
        story=1,
        post_id=asked.post_id,
        conversation_id=asked.post_id,
        customer=customer,
        text="@acme oi",
    )
    later = asked.at + DAY
    answer_id = str(int(asked.post_id) + (86_400_000 << 22))
    publish(network, [asked], [OwnPost(at=later, post_id=answer_id, text="Oi Ana", reply_to=asked.post_id)])
    stored, answer = network.posts[asked.post_id], network.posts[answer_id]
    assert (stored.author.id, stored.author.followers, stored.created_at) == (
        "60000007",
        12,
        asked.at.timestamp(),
    )
    assert (answer.author, answer.reply_to, answer.conversation_id) == (
        network.brand,
        asked.post_id,
        asked.post_id,
    )
    assert int(network.post(stored.author, "@acme oi?").id) > int(answer_id)
