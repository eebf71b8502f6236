"""Posts and histories for the tests of surges."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from domain.outages.policy import Component
from domain.surge.baseline import HOURS_OF_WEEK, hour_number
from domain.surge.series import Arrival, Counts, Series, SeriesKind
from domain.surge.watch import SurgeWatch
from domain.triage.situations import Situation

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)  # a Wednesday
PAY = Series(SeriesKind.SITUATION, Situation.CANNOT_PAY.value)
RANT = Series(SeriesKind.SITUATION, Situation.RANT.value)
_numbers: Iterator[int] = count(1)


def arrivals(
    number: int,
    *,
    minutes: float,
    until: datetime = NOW,
    situation: Situation = Situation.CANNOT_PAY,
    author: str = "",
    words: str = "",
    conversations: tuple[str, ...] = (),
    network: str = "net",
) -> list[Arrival]:
    """Return posts spread over the minutes before `until`, each of another author unless one is named."""
    made = []
    for position in range(number):
        number_of_post = next(_numbers)
        made.append(
            Arrival(
                id=number_of_post,
                case_id=number_of_post,
                at=until - timedelta(minutes=minutes) * (1 - (position + 0.5) / number),
                network=network,
                author=author or f"author {number_of_post}",
                situation=situation.value,
                language="en",
                words=words,
                conversations=conversations,
            )
        )
    return made


def history(a_hour: float, *, weeks: int = 8, until: datetime = NOW) -> Counts:
    """Return the counts of past hours, the same in each but for what is rounded."""
    last = hour_number(until)
    first = last - weeks * HOURS_OF_WEEK
    return {hour: int(a_hour * (hour + 1)) - int(a_hour * hour) for hour in range(first, last)}


def watch(*, a_hour: float = 2.0, components: tuple[str, ...] = (), weeks: int = 8) -> SurgeWatch:
    """Return a watch that knows of so many posts an hour in each series."""
    made = SurgeWatch(false_alarms=1.0, components=[Component(name=name) for name in components])
    counted = [*made.finder.counted(), Series(SeriesKind.NETWORK, "net")]
    made.learn({series.key: history(a_hour, weeks=weeks) for series in counted}, hour=hour_number(NOW))
    return made
