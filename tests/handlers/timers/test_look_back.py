"""Look back for mentions that a network lists late, count them by day, and stay within the budget."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.intake.completeness import DayCompleteness
from domain.intake.posts import Page, Post
from domain.intake.stream_names import MENTIONS
from domain.surge.spending import Act, day_of
from handlers.desk import Desk
from handlers.intake.completeness import list_completeness
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import ACME, HOUR, MINUTE, POLICY, PROFILE, a_post, cases, do
from tests.handlers.timers.test_mentions import Network, an_intake, cursor

#: An hour before midnight UTC.
START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
PRICED = replace(PROFILE, prices={Act.LOOK_BACK: 0.001})


def at(number: int, moment: datetime, author: str = "ana") -> Post:
    made = a_post(str(number), created_at=moment)
    return replace(made, author=replace(made.author, id=author))


def days(store: Store, now: datetime) -> list[tuple[str, int, int, int, int, int]]:
    """Return what is counted of each day: listed, held, late, unreadable and gone."""
    found: list[DayCompleteness] = list(do(store, list_completeness, days=3, now=now))
    return [
        (d.counted.day, d.counted.listed, d.counted.held, d.counted.late, d.unreadable, d.gone) for d in found
    ]


def spent(store: Store, now: datetime) -> int:
    with store.unit_of_work() as uow:
        return sum(one.count for one in uow.spending.of_day(day_of(now)) if one.act == Act.LOOK_BACK)


async def test_a_late_mention_is_taken_in_and_counted_once(store: Store, desk: Desk) -> None:
    clock, network = ManualClock(START), Network([])
    intake = an_intake(desk, network, clock, profile=PRICED)
    assert await intake.look_back() == 0  # the first time only begins to count
    assert network.calls == []
    known, late = at(905, START + 20 * MINUTE), at(901, START + 5 * MINUTE, "ben")
    ours = replace(known, id="906", revision_id="906", author=replace(known.author, id=ACME.id))
    clock.moment = START + 30 * MINUTE
    network.pages = [Page(posts=(known,), newest_id="905")]
    await intake.read(MENTIONS)
    listing = Page(posts=(late, known, ours), skipped=("907",))
    clock.moment = START + 60 * MINUTE
    network.pages = [listing, listing]
    assert await intake.look_back() == 1
    assert {case.author.id for case in cases(store)} == {"ana", "ben"}
    assert cursor(store).since_id == "905"
    expected = [("2026-11-21", 2, 2, 1, 1, 0)]
    assert days(store, clock.now()) == expected
    assert spent(store, clock.now()) == 1  # the late one: known ones of today are paid for
    clock.moment = START + 90 * MINUTE
    assert await intake.look_back() == 0
    assert (days(store, clock.now()), spent(store, clock.now())) == (expected, 1)
    # What could not be read is held later.
    network.pages = [Page(posts=(late, known, at(907, START + 70 * MINUTE, "eve")))]
    clock.moment = START + 100 * MINUTE
    assert await intake.look_back() == 0
    assert days(store, clock.now()) == [("2026-11-21", 3, 3, 1, 0, 0)]


async def test_yesterday_is_read_again_once_a_day_and_within_the_budget(store: Store, desk: Desk) -> None:
    clock, network = ManualClock(START), Network([])
    intake = an_intake(desk, network, clock, profile=PRICED)
    await intake.look_back()
    posts = tuple(at(900 + n, START + n * MINUTE, f"a{n}") for n in range(4))
    network.pages = [Page(posts=posts, newest_id="903")]
    clock.moment = START + HOUR
    await intake.read(MENTIONS)
    clock.moment = START + 2 * HOUR + 30 * MINUTE  # 00:30
    network.pages = [Page(posts=posts), Page(posts=posts)]
    await intake.look_back()
    assert (network.calls[-1][0], spent(store, clock.now())) == ("mentions of acme since 22:00", 4)
    await intake.look_back()
    assert spent(store, clock.now()) == 4
    assert days(store, clock.now())[-1] == ("2026-11-21", 4, 4, 0, 0, 0)
    frugal = an_intake(desk, network, clock, profile=PRICED)
    frugal._policy = replace(POLICY, look_back_budget=0.003)
    clock.moment = START + timedelta(days=1, hours=2, minutes=30)
    with_new = tuple(at(950 + n, clock.now() - HOUR, f"b{n}") for n in range(4))
    network.pages = [Page(posts=with_new, newest_id="953"), Page()]
    await frugal.read(MENTIONS)
    await frugal.look_back()
    assert (network.calls[-1][0], spent(store, clock.now())) == ("mentions of acme since 00:00", 0)


async def test_nothing_is_looked_at_while_reading_mentions_is_paused(store: Store, desk: Desk) -> None:
    clock, network = ManualClock(START), Network([])
    intake = an_intake(desk, network, clock)
    await intake.look_back()
    paused = replace(cursor(store), paused_until=START + HOUR)
    with store.unit_of_work() as uow:
        uow.cursors.save(paused)
    await intake.look_back()
    assert network.calls == []
