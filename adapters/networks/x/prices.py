"""List what X charges a self-serve app, in US dollars: the one place for forms, the budget and the README.

docs.x.com, "Pricing" (also "X Activity API event payload examples" for what is pushed), as published on
`AS_OF`. A post, user or message that is read counts once in a day (UTC).
"""

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 8, 28)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one act, and the act in words."""

    act: str
    dollars: float


MENTION_READ = Price("a mention read, of the account that owns the app", 0.001)
POST_READ = Price(
    "another post read: a search result, a post looked up again, one that is quoted or answered", 0.005
)
POST_PUSHED = Price("a post that is pushed (`intake.push`)", 0.005)
USER_READ = Price("an author read", 0.010)
MESSAGE_READ = Price("a direct message read", 0.010)
MESSAGE_SENT = Price("a direct message sent", 0.015)
REPLY = Price("a reply to somebody who mentioned or quoted the account", 0.010)
POST = Price("a post of our own", 0.015)
POST_WITH_LINK = Price("a post or reply with a link", 0.200)

ALL = (
    MENTION_READ,
    POST_READ,
    POST_PUSHED,
    USER_READ,
    MESSAGE_READ,
    MESSAGE_SENT,
    REPLY,
    POST,
    POST_WITH_LINK,
)
