"""Report topics: read page by page, compared with what came before, with how often customers wrote again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.causes.reports import TopicReport
from domain.causes.trends import Trend
from domain.intake.posts import Author, Post
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, parse_period
from domain.triage.encoder import EncoderError
from domain.triage.situations import Situation
from handlers import topic_finder
from handlers.cases.resolution import resolve
from handlers.causes import topics
from handlers.desk import Desk
from handlers.topic_finder import report_topics
from storage.engine import Store
from tests.handlers.made import NOW, SAM, a_post, arrive, cases, do

DAY = timedelta(days=1)
STOP_WORDS = {"en": frozenset(["acme", "the", "app", "takes", "takes", "my", "not", "where", "is"])}
VOUCHER = "@acme card declined, the app takes my voucher not"
PARCEL = "@acme where is my parcel"
WEEK = parse_period("7d", now=NOW, zone=ZoneInfo("Europe/Berlin"))


def write(store: Store, text: str, authors: range, *, days: float) -> None:
    at = NOW - days * DAY
    arrive(store, *(one_post(text, author, at) for author in authors), now=at)


def one_post(text: str, author: int, at: datetime) -> Post:
    return a_post(
        f"{author}{at:%m%d}",
        text,
        author=Author(id=str(author), handle=f"u{author}", name=f"U {author}", followers=1),
        created_at=at,
    )


@pytest.fixture
def written(store: Store) -> Store:
    for day in (2, 3, 4):
        write(store, VOUCHER, range(100 * day, 100 * day + 4), days=day)
        write(store, PARCEL, range(1000 * day, 1000 * day + 3), days=day)
    for day in (10, 15, 20, 27):
        write(store, PARCEL, range(5000 * day, 5000 * day + 4), days=day)
    return store


async def report(
    desk: Desk, period: Period = WEEK, filters: Filters | None = None, encoder: object = None
) -> TopicReport:
    return await report_topics(
        desk,
        period=period,
        filters=filters or Filters(),
        stop_words=STOP_WORDS,
        encoder=encoder,  # type: ignore[arg-type]
    )


def told(found: TopicReport) -> list[tuple[tuple[str, ...], int, float | None, Trend]]:
    return [
        (one.figures.topic.phrases, one.figures.people, one.figures.usual, one.figures.trend)
        for one in found.topics
    ]


async def test_topics_are_counted_and_compared_with_the_time_before(
    written: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "PAGE", 4)
    found = await report(desk)
    assert found.posts == 21
    voucher, parcel = told(found)
    assert voucher == (("voucher",), 12, 0.0, Trend.MORE)
    assert parcel[:2] == (("parcel",), 9)
    assert parcel[2] == pytest.approx(16 * 7 / 20, rel=0.01)
    examples = [(post.text, case.author.id) for post, case in found.topics[0].examples]
    assert [text for text, _ in examples] == [VOUCHER, VOUCHER]
    assert len({author for _, author in examples}) == 2

    english = Filters({FilterKey.LANGUAGE: ("es",)})
    assert (await report(desk, filters=english)).topics == []


async def test_the_topics_of_one_situation_are_those_that_tell_it_from_the_others(
    written: Store, desk: Desk
) -> None:
    situations = {case.assessment.situation for case in cases(written)}
    assert situations == {Situation.CANNOT_PAY, Situation.DELIVERY}
    paying = Filters({FilterKey.SITUATION: (Situation.CANNOT_PAY.value,), FilterKey.LANGUAGE: ("en",)})
    found = await report(desk, filters=paying)
    assert (found.posts, found.filters) == (12, paying)
    assert [words for words, *_ in told(found)] == [("voucher",)]
    late = Filters({FilterKey.SITUATION: (Situation.DELIVERY.value,)})
    [parcel] = told(await report(desk, filters=late))
    assert (parcel[0], parcel[1]) == (("parcel",), 9)
    assert parcel[2] == pytest.approx(16 * 7 / 20, rel=0.01)


async def test_a_topic_tells_how_often_its_customers_wrote_again(written: Store, desk: Desk) -> None:
    [first, second, *_] = [one for one in cases(written) if one.author.id in {"200", "201"}]
    for case in (first, second):
        do(written, resolve, case_id=case.id, version=case.version, user_id=SAM, now=NOW - 2 * DAY)
    again = one_post("@acme it is declined again", int(first.author.id), NOW - DAY)
    arrive(written, again, now=NOW - DAY)
    voucher = (await report(desk)).topics[0].figures
    assert (voucher.resolved, voucher.repeated) == (2, 1)


async def test_only_so_many_posts_are_read_the_newest(
    written: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "PAGE", 5)
    monkeypatch.setattr(topic_finder, "MAX_POSTS", 12)
    found = await report(desk)
    assert found.posts == 12
    assert found.since > WEEK.since
    assert all(usual is None for _, _, usual, _ in told(found))


class BrokenEncoder:
    """An encoder that cannot be used."""

    name = "broken"

    def encode(self, texts: Sequence[str]) -> list[object]:
        raise EncoderError(f"{len(texts)} texts")


async def test_topics_stay_apart_where_the_encoder_fails(
    written: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_finder, "compared_posts", lambda *_: [0])
    assert len((await report(desk, encoder=BrokenEncoder())).topics) == 2
