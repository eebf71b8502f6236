"""Find the topics of a period: read posts page by page, then group them in a worker thread."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.causes.languages import compared_posts
from domain.causes.reports import TopicReport
from domain.causes.topics import Topic, TopicPost, find_topics, topics_in
from domain.causes.trends import HISTORY_PERIODS, MAX_HISTORY
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period
from domain.triage.encoder import Encoder, EncoderError
from handlers.causes.topics import join_by_vectors, measure_topics, read_page, show_topic, stored_vectors
from handlers.desk import Desk
from storage.topic_posts import Before

log = logging.getLogger(__name__)

MAX_POSTS = 20_000  # of the period and of its history together: the newest
SHOWN = 8


async def report_topics(
    desk: Desk,
    *,
    period: Period,
    filters: Filters,
    stop_words: Mapping[str, frozenset[str]],
    encoder: Encoder | None,
) -> TopicReport:
    """Find the topics of a period, with their history, and how often their customers wrote again.

    `encoder` joins topics of different languages; without one they stay apart. What a situation's posts are
    about shows beside those of the others, so that they are read too where only one is asked for.
    """
    wanted = filters.values.get(FilterKey.SITUATION)
    among = filters.without(FilterKey.SITUATION)
    asked = HISTORY_PERIODS * timedelta(seconds=period.seconds)
    oldest = period.since - min(asked, MAX_HISTORY)
    loaded, is_cut = await _load(desk, oldest, period.until, among)
    known_since = loaded[-1].at if is_cut and loaded else oldest
    since = max(period.since, known_since)
    posts = [post for post in loaded if post.at >= since]
    earlier = [post for post in loaded if post.at < since]
    topics = await asyncio.to_thread(find_topics, posts, stop_words)
    if encoder is not None:
        topics = await _joined(desk, topics, posts, encoder)
    if wanted is not None:
        posts = [post for post in posts if post.situation in wanted]
        earlier = [post for post in earlier if post.situation in wanted]
        topics = topics_in(topics, posts)
    found = await asyncio.to_thread(
        measure_topics, topics, posts, earlier, since=since, until=period.until, history_since=known_since
    )
    shown = [await desk.run_to_read(show_topic, figures=one) for one in found[:SHOWN]]
    return TopicReport(period=period, filters=filters, topics=shown, posts=len(posts), since=since)


async def _load(
    desk: Desk, since: datetime, until: datetime, filters: Filters
) -> tuple[list[TopicPost], bool]:
    """Return the newest posts, up to `MAX_POSTS`, the newest first; and whether there are more."""
    found: list[TopicPost] = []
    before: Before | None = None
    while True:
        posts, before = await desk.run_to_read(
            read_page, since=since, until=until, filters=filters, before=before
        )
        found += posts
        if before is None:
            return found, False
        if len(found) >= MAX_POSTS:
            return found[:MAX_POSTS], True


async def _joined(
    desk: Desk, topics: Sequence[Topic], posts: Sequence[TopicPost], encoder: Encoder
) -> list[Topic]:
    """Join topics of different languages by stored vectors; those that are missing are made in the thread."""
    compared = compared_posts(topics, posts)
    if not compared:
        return list(topics)
    numbers = {posts[index].message_id: index for index in compared}
    stored = await desk.run_to_read(stored_vectors, message_ids=list(numbers), encoder=encoder.name)
    known = {numbers[message_id]: vector for message_id, vector in stored.items()}
    try:
        return await asyncio.to_thread(join_by_vectors, topics, posts, compared, known, encoder)
    except EncoderError as error:
        log.warning("topics of different languages are not joined: %s", error)
        return list(topics)
