"""The card: one message per case, updated in place."""

from datetime import datetime

from adapters.slack.cards.counting import Count
from adapters.slack.content import Content
from domain.views import CaseView


def render_card(view: CaseView, *, now: datetime, brand: str, count: Count) -> Content:
    """The case as its card shows it.

    `brand` is our account's handle on the case's network, without "@"; `count` is `SocialNetwork.count`.
    """
    raise NotImplementedError
