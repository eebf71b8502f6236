"""Benchmark sizes: enough to measure, or just enough to see that it works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Sizes of one run.

    `clicks` are the clicks of one round by the number of concurrent clients, `taken_out` how many examples of
    each saved reply are taken out and asked for, `surge_days` the days of a generated year. `surge_seeds` are
    the seeds of a quiet year and of one with outages: first those of the figures, then those on which the
    detector was tuned. `brands` are the posts a day of brands that are generated for `brand_days` with
    `brand_outages`. `overlap_days` with each of `overlap_seeds` have `overlap_pairs` pairs of outages for
    each overlap, and `overlap_changing` long ones whose words change, and as many of each way to grow.
    `flood_mentions` arrive in each of `flood_minutes`. `subscribers` are mailed, and
    `bare_mails` sent without the bot. Reports are made with each
    number of `report_messages` stored, and topics are found in `topic_posts`. The outlook is tested on
    the last `outlook_weeks` of `outlook_days`, with so many seeds, of each of the first `outlook_desks`.
    """

    rounds: int
    clicks: dict[int, int]
    mentions: int
    effects: int
    starts: int
    many_cases: int
    rest_seconds: float
    chats: int
    chat_messages: int
    read_posts: int
    taken_out: int
    surge_days: int
    surge_seeds: tuple[tuple[int, int], ...]
    brands: tuple[float, ...]
    brand_days: int
    brand_outages: int
    overlap_days: int
    overlap_seeds: tuple[int, ...]
    overlap_pairs: int
    overlap_changing: int
    flood_mentions: int
    flood_minutes: tuple[float, ...]
    subscribers: int
    bare_mails: int
    report_messages: tuple[int, ...]
    topic_posts: int
    outlook_desks: int
    outlook_seeds: int
    outlook_days: int
    outlook_weeks: int


FULL = Sizes(
    rounds=4,
    clicks={1: 200, 10: 300, 50: 400},
    mentions=2_000,
    effects=1_000,
    starts=4,
    many_cases=100_000,
    rest_seconds=3.0,
    chats=200,
    chat_messages=200,
    read_posts=1_000,
    taken_out=10,
    surge_days=365,
    surge_seeds=((1, 2), (103, 102)),
    brands=(5.0, 50.0, 500.0, 5_000.0),
    brand_days=90,
    brand_outages=20,
    overlap_days=120,
    overlap_seeds=(24, 25),
    overlap_pairs=12,
    overlap_changing=12,
    flood_mentions=10_000,
    flood_minutes=(10, 1),
    subscribers=50_000,
    bare_mails=5_000,
    report_messages=(10_000, 1_000_000),
    topic_posts=20_000,
    outlook_desks=5,
    outlook_seeds=3,
    outlook_days=140,
    outlook_weeks=8,
)
TINY = Sizes(
    rounds=1,
    clicks={1: 3, 2: 6},
    mentions=200,
    effects=20,
    starts=1,
    many_cases=100,
    rest_seconds=0.0,
    chats=3,
    chat_messages=6,
    read_posts=20,
    taken_out=1,
    surge_days=40,
    surge_seeds=((1, 2),),
    brands=(50.0,),
    brand_days=36,
    brand_outages=3,
    overlap_days=36,
    overlap_seeds=(5,),
    overlap_pairs=1,
    overlap_changing=1,
    flood_mentions=400,
    flood_minutes=(0.5,),
    subscribers=60,
    bare_mails=20,
    report_messages=(300,),
    topic_posts=200,
    outlook_desks=2,
    outlook_seeds=1,
    outlook_days=28,
    outlook_weeks=1,
)
