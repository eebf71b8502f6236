"""Find a reply or post of ours whose outcome is unknown (reconciliation)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from adapters.http_calls import CallFailed, Unreadable
from adapters.networks.x.call_failures import Refusal
from adapters.networks.x.client import Client
from adapters.networks.x.errors import limit_wait, source_error
from adapters.networks.x.ids import is_id, time_of
from adapters.networks.x.parsing import Malformed, own_post_of, post_url
from adapters.networks.x.text_length import comparable
from adapters.networks.x.timeline import PAGE_SIZE, listing, whole_seconds
from adapters.networks.x.vocabulary import OWN_POSTS
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later

CLOCK_SKEW = timedelta(minutes=2)  # tolerated between our clock and X's
_MAX_PAGES = 10
_NO_TARGET = "X shows this text among our posts, but not to whom it answers"


async def find_own_post(
    client: Client, clock: Clock, account: Account, text: str, to_post_id: str | None, since: datetime
) -> Finding:
    """Look for a reply of the account with this text to that post, since then.

    Without a post to reply to, look for one that is no reply. `Absent` only where every post of that time was
    read, and those with this text had references. Where the references of a reply are missing, `Later`: it is
    looked up again.
    """
    expected = comparable(text)
    start = (since - CLOCK_SKEW).astimezone(UTC)
    token: str | None = None
    is_doubtful = False
    for _ in range(_MAX_PAGES):
        try:
            body = await _page(client, account, start, token)
            data, meta = listing(body)
            same_text = [
                (post_id, answers)
                for post_id, text, answers in map(_parsed, data)
                if comparable(text) == expected
            ]
        except CallFailed as failure:
            return unreadable_finding(failure, clock.now())
        found = next((post_id for post_id, answers in same_text if _is_it(answers, to_post_id)), None)
        if found is not None:
            sent_at = {"at": time_of(found).isoformat()} if is_id(found) else {}
            return Done({"id": found, "url": post_url(found, account.handle), **sent_at})
        is_doubtful = is_doubtful or any(answers is None for _, answers in same_text)
        token = meta.get("next_token")
        if not isinstance(token, str) or not token:
            return Later(_NO_TARGET) if is_doubtful else Absent()
    return Failed("there are too many posts of ours since then to look through")


def _is_it(answers: Sequence[str] | None, to_post_id: str | None) -> bool:
    return to_post_id in (answers or ()) if to_post_id is not None else not answers


async def _page(client: Client, account: Account, start: datetime, token: str | None) -> object:
    return await client.read(
        OWN_POSTS,
        f"/2/users/{account.id}/tweets",
        max_results=PAGE_SIZE,
        start_time=whole_seconds(start),
        pagination_token=token,
    )


def _parsed(tweet: object) -> tuple[str, str, Sequence[str] | None]:
    try:
        return own_post_of(tweet)
    except Malformed:
        raise Unreadable(
            "one of our own posts cannot be read, so the answer's absence cannot be told"
        ) from None


def unreadable_finding(failure: CallFailed, now: datetime) -> Finding:
    """Map a failed read to a finding: retry later, or fail where a person is needed."""
    error = source_error(failure, now)
    if isinstance(failure, Refusal) and failure.is_rate_limit:
        return Later(str(error), wait=limit_wait(failure, now))
    return Failed(str(error)) if error.fault.pauses else Later(str(error))
