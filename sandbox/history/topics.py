"""Describe what the posts of a history are about: how often, how soon answered, and how it ends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic of `texts.toml`.

    `share` is its weight among all posts. Half of its posts are answered within `minutes` of office hours.
    Of them `offered` are moved to a private venue, and `unanswered` are resolved without an answer.
    """

    name: str
    share: float
    minutes: float
    offered: float = 0.03
    unanswered: float = 0.0


VOUCHER = Topic(name="voucher", share=0, minutes=38)
DELIVERY = Topic(name="delivery", share=24, minutes=44, offered=0.15)
TOPICS = (
    DELIVERY,
    Topic(name="question", share=15, minutes=77),
    Topic(name="refund", share=12, minutes=41, offered=0.3),
    Topic(name="access", share=10, minutes=19, offered=0.35),
    Topic(name="charged", share=9, minutes=16, offered=0.45),
    Topic(name="app", share=9, minutes=50),
    Topic(name="damaged", share=8, minutes=50, offered=0.2),
    Topic(name="praise", share=7, minutes=132, offered=0.0, unanswered=0.5),
    Topic(name="cancel", share=5, minutes=61, offered=0.1),
    Topic(name="danger", share=1, minutes=6, offered=0.2),
)
