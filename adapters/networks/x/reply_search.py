"""Looking for an answer of ours whose sending ended in doubt."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from adapters.networks.x.call_failures import CallFailed, Refusal, Unreadable
from adapters.networks.x.client import Client
from adapters.networks.x.errors import limit_wait, source_error
from adapters.networks.x.parsing import Malformed, own_post_of, post_url
from adapters.networks.x.text_length import comparable
from adapters.networks.x.timeline import PAGE_SIZE, listing
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later

SLACK = timedelta(minutes=2)  # our clock and X's may differ
_MOST_PAGES = 10
_NO_TARGET = "X shows this text among our posts, but not to whom it answers"
_FIELDS = ["created_at", "note_tweet", "referenced_tweets"]


async def find_reply(
    client: Client, clock: Clock, account: Account, text: str, to_post_id: str, since: datetime
) -> Finding:
    """Whether the account posted this text as a reply to that post since then.

    `Absent` only where every post of the time was read, with its references where it has this text; what cannot be read in full is
    looked at again `Later`.
    """
    wanted = comparable(text)
    start = (since - SLACK).astimezone(UTC)
    token: str | None = None
    doubtful = False
    for _ in range(_MOST_PAGES):
        try:
            body = await _page(client, account, start, token)
            data, meta = listing(body)
            alike = [
                (post_id, answers) for post_id, text, answers in map(_own, data) if comparable(text) == wanted
            ]
        except CallFailed as failure:
            return not_read(failure, clock.now())
        found = next((post_id for post_id, answers in alike if answers and to_post_id in answers), None)
        if found is not None:
            return Done({"id": found, "url": post_url(found, account.handle)})
        doubtful = doubtful or any(answers is None for _, answers in alike)
        token = meta.get("next_token")
        if not isinstance(token, str) or not token:
            return Later(_NO_TARGET) if doubtful else Absent()
    return Failed("there are too many posts of ours since then to look through")


async def _page(client: Client, account: Account, start: datetime, token: str | None) -> object:
    more = {"pagination_token": token} if token else {}
    body: object = await client.get_users_tweets(
        account.id, max_results=PAGE_SIZE, start_time=start, tweet_fields=_FIELDS, **more
    )
    return body


def _own(tweet: object) -> tuple[str, str, Sequence[str] | None]:
    try:
        return own_post_of(tweet)
    except Malformed:
        raise Unreadable(
            "one of our own posts cannot be read, so the answer's absence cannot be told"
        ) from None


def not_read(failure: CallFailed, now: datetime) -> Finding:
    """What it means that the other side could not be read."""
    error = source_error(failure, now)
    if isinstance(failure, Refusal) and failure.is_rate_limit:
        return Later(str(error), wait=limit_wait(failure, now))
    return Failed(str(error)) if error.fault.pauses else Later(str(error))
