"""Make posts for the tests of topics."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from domain.causes.topics import TopicPost

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
STOP_WORDS = {
    "en": frozenset(
        [
            "hello",
            "thanks",
            "please",
            "the",
            "and",
            "for",
            "not",
            "does",
            "work",
            "app",
            "your",
            "that",
            "who",
            "was",
        ]
    ),
    "de": frozenset(["hallo", "danke", "bitte", "die", "app", "nimmt", "nicht", "mein", "ist", "noch"]),
    "ja": frozenset({"今 日"}),
}
_numbers: Iterator[int] = count(1)


def posts_about(
    texts: Sequence[str],
    situation: str,
    *,
    language: str = "en",
    times: int = 1,
    author: str = "",
    days: float = 0,
    outage: int | None = None,
) -> list[TopicPost]:
    """Return a post for each of the texts, so many times, each by somebody else unless one is named."""
    found = []
    for text in list(texts) * times:
        number = next(_numbers)
        found.append(
            TopicPost(
                case_id=number,
                message_id=number,
                author=author or f"net:{number}",
                text=text,
                language=language,
                situation=situation,
                at=NOW + days * DAY,
                outage_id=outage,
            )
        )
    return found


VOUCHER = ["hello the app refuses my voucher", "voucher code not valid", "your Voucher does not work, please"]
PARCEL = ["where is my parcel", "parcel is late, who has it", "the tracking says my parcel was delivered"]
REFUND = ["I wait for my refund", "no refund yet, thanks", "refund please"]
