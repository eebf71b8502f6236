"""Read the posts of topics, measure topics, and show what was found; `handlers.topic_finder` runs these."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.causes.languages import join_languages
from domain.causes.reports import NamedTopic
from domain.causes.topics import Topic, TopicPost, in_posts
from domain.causes.trends import TopicFigures, measure
from domain.reports.filters import Filters
from domain.triage.encoder import Encoder, Vector
from domain.triage.features import encodable
from storage.topic_posts import Before
from storage.unit_of_work import UnitOfWork

PAGE = 1_000  # cases that are read in one transaction
EXAMPLES = 2
#: Cases of a topic of which it is looked up whether their customers wrote again: the newest.
_MAX_RESOLVED = 500


def read_page(
    uow: UnitOfWork, *, since: datetime, until: datetime, filters: Filters, before: Before | None
) -> tuple[Sequence[TopicPost], Before | None]:
    """Return the posts of a page, and where to read on; `None` after the last."""
    return uow.topic_posts.page(since, until, filters, before=before, limit=PAGE)


def measure_topics(
    topics: Sequence[Topic],
    posts: Sequence[TopicPost],
    earlier: Sequence[TopicPost],
    *,
    since: datetime,
    until: datetime,
    history_since: datetime,
) -> list[TopicFigures]:
    """Count the people of each topic in the period, and in the posts of `earlier`."""
    numbered = {one.phrases: number for number, one in enumerate(topics)}
    history = {
        numbered[one.phrases]: [earlier[index] for index in one.posts] for one in in_posts(topics, earlier)
    }
    # A desk that is younger than that was not silent before.
    known_since = max(history_since, earlier[-1].at) if earlier else since
    return measure(topics, posts, history, since=since, until=until, history_since=known_since)


def join_by_vectors(
    topics: Sequence[Topic],
    posts: Sequence[TopicPost],
    compared: Sequence[int],
    known: Mapping[int, Vector],
    encoder: Encoder,
) -> list[Topic]:
    """Join topics of different languages by `known` vectors; those that are missing are made. Takes seconds.

    Raises `EncoderError`.
    """
    missing = [index for index in compared if index not in known]
    made = encoder.encode([encodable(posts[index].text) for index in missing]) if missing else []
    return join_languages(topics, posts, {**known, **dict(zip(missing, made, strict=True))})


def stored_vectors(uow: UnitOfWork, *, message_ids: Sequence[int], encoder: str) -> dict[int, Vector]:
    """Return the stored vectors of these messages."""
    return uow.vectors.of_messages(message_ids, encoder=encoder)


def show_topic(uow: UnitOfWork, *, figures: TopicFigures) -> NamedTopic:
    """Add how often the topic's customers wrote again, and its newest posts, each of another person.

    Those in the language of its words come first.
    """
    found = uow.response_figures.resolutions_of([post.case_id for post in figures.posts[:_MAX_RESOLVED]])
    first = sorted(figures.posts, key=lambda post: post.language != figures.topic.language)
    newest = list({post.author: post for post in reversed(first)}.values())[::-1][:EXAMPLES]
    return NamedTopic(
        figures=replace(figures, resolved=found.count, repeated=found.repeated),
        examples=tuple((post, uow.cases.get(post.case_id)) for post in newest),
    )
