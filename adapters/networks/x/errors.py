"""Map failed calls to X to outcomes: of a read, of a reply or post, of a direct message."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus

from adapters.http_calls import CallFailed, NotSent
from adapters.networks.x.call_failures import Refusal
from domain.clock import Clock
from domain.delivery.outcomes import RECIPIENT_UNREACHABLE, TARGET_GONE, Failed, Later, Outcome, Unknown
from domain.intake.streams import SourceError, SourceFault

_OPEN_ON_X = "Open on X and answer there by hand."
_MAX_WAIT = timedelta(days=1)
_DEFAULT_WAIT = timedelta(minutes=1)  # where X states no time

_REFUSED: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "X does not accept our keys (HTTP 401). Check the four X_… settings and the server's clock",
    HTTPStatus.FORBIDDEN: "X forbids this to our app (HTTP 403). Check the app's access and permissions in X's console",
    HTTPStatus.PAYMENT_REQUIRED: "X's credit is used up (HTTP 402). Top it up in X's console",
}
_USAGE_CAP = "X's monthly usage cap is reached. Raise it in X's console, or wait for the next period"
_NOT_SUMMONED = "X lets an app reply only to posts that mention or quote us, or this one is restricted"
_MESSAGES_CLOSED_REASON = "This person takes no direct messages from us at the moment. With a link to our inbox, posted in public, they can write first."
_TARGET_GONE_REASON = "The post is gone, or its author has hidden it from us. There is nothing to reply to."
_DUPLICATE = "duplicate content"
_IS_DUPLICATE = "X says that it already has this very text, so an earlier try may have landed"
_FAULTS: dict[int, SourceFault] = {
    HTTPStatus.UNAUTHORIZED: SourceFault.REFUSED,
    HTTPStatus.FORBIDDEN: SourceFault.REFUSED,
    HTTPStatus.PAYMENT_REQUIRED: SourceFault.OUT_OF_CREDIT,
    HTTPStatus.TOO_MANY_REQUESTS: SourceFault.RATE_LIMIT,
}


def source_error(failure: CallFailed, now: datetime) -> SourceError:
    """Map a failed read to a `SourceError`, which tells when to read again."""
    if not isinstance(failure, Refusal):
        return SourceError(SourceFault.UNAVAILABLE, str(failure))
    if failure.is_usage_cap:
        return SourceError(SourceFault.USAGE_CAP, _USAGE_CAP)
    if failure.is_rate_limit:
        ends = now + wait if (wait := _stated_wait(failure, now)) is not None else None
        return SourceError(SourceFault.RATE_LIMIT, "X's rate limit is reached (HTTP 429)", resume_at=ends)
    if not failure.is_json or failure.status < HTTPStatus.BAD_REQUEST or _is_server_fault(failure.status):
        return SourceError(SourceFault.UNAVAILABLE, f"X is not available (HTTP {failure.status})")
    fault = _FAULTS.get(failure.status, SourceFault.BAD_REQUEST)
    return SourceError(fault, _with_detail(_REFUSED.get(failure.status, "X refused the reading"), failure))


@contextmanager
def source_errors(clock: Clock) -> Iterator[None]:
    """Raise the `SourceError` of a call to X that fails within."""
    try:
        yield
    except CallFailed as failure:
        raise source_error(failure, clock.now()) from None


def keys_fault(error: Exception) -> str | None:
    """Describe refused keys to whoever starts the bot; `None` for an error that a retry may resolve."""
    if isinstance(error, SourceError) and error.fault is SourceFault.REFUSED:
        return f"X does not accept the four X_… keys: {error} Then run `python bot.py check`."
    return None


def reply_outcome(failure: CallFailed, now: datetime) -> Outcome:
    """Map a failed reply to its outcome.

    Retried: a call that was not sent, and a rate limit. `Unknown`: no response, a 5xx or 408 response, and
    "duplicate content", because an earlier try may have been posted. Everything else fails.
    """
    return _outcome(failure, now, "reply", _forbidden_reply)


def post_outcome(failure: CallFailed, now: datetime) -> Outcome:
    """Map a failed post of our own, or its failed deletion, to its outcome, as `reply_outcome` does."""
    return _outcome(failure, now, "post", _forbidden_post)


def message_outcome(failure: CallFailed, now: datetime) -> Outcome:
    """Map a failed direct message to its outcome.

    `RECIPIENT_UNREACHABLE` where the customer takes no messages from us.
    """
    return _outcome(failure, now, "direct message", _forbidden_message)


def _outcome(
    failure: CallFailed, now: datetime, sent_kind: str, forbidden: Callable[[Refusal], Outcome]
) -> Outcome:
    if isinstance(failure, NotSent):
        return Later(str(failure))
    if not isinstance(failure, Refusal):
        return Unknown(str(failure))
    if failure.is_rate_limit:
        return Later(
            "X's rate limit is reached (HTTP 429)",
            wait=limit_wait(failure, now),
            pause_destination=True,
            counts=False,
        )
    if _is_server_fault(failure.status):
        return Unknown(f"X answered with a fault of its own (HTTP {failure.status})", responded=True)
    return _refused(failure, sent_kind, forbidden)


def limit_wait(failure: Refusal, now: datetime) -> timedelta:
    """Return how long a rate limit lasts; a minute where X does not say."""
    wait = _stated_wait(failure, now)
    return _DEFAULT_WAIT if wait is None else wait


def _stated_wait(failure: Refusal, now: datetime) -> timedelta | None:
    """Return the wait that X states plus 1 s. By X's clock, so that a wrong clock of ours does not matter."""
    ends = failure.response.limit_ends
    if ends is None:
        return failure.response.retry_after
    wait = failure.response.wait_until(ends)
    return min((ends - now if wait is None else wait) + timedelta(seconds=1), _MAX_WAIT)


def _refused(failure: Refusal, sent_kind: str, forbidden: Callable[[Refusal], Outcome]) -> Outcome:
    if failure.is_usage_cap:
        return Failed(f"{_USAGE_CAP}, then press Try again.", code="usage_cap")
    if failure.status == HTTPStatus.FORBIDDEN:
        return forbidden(failure)
    if (reason := _REFUSED.get(failure.status)) is not None:
        return Failed(f"{reason}, then press Try again.", code=str(failure.status))
    reason = f"X did not take the {sent_kind} (HTTP {failure.status})"
    return Failed(_with_detail(reason, failure), code=str(failure.status))


def _forbidden_reply(failure: Refusal) -> Outcome:
    detail = failure.detail.casefold()
    if _DUPLICATE in detail:
        return Unknown(_IS_DUPLICATE)
    if "not been mentioned" in detail or "engaged by the author" in detail:
        return Failed(f"{_NOT_SUMMONED}. {_OPEN_ON_X}", code="not_summoned")
    if "deleted or not visible" in detail:
        return Failed(_TARGET_GONE_REASON, code=TARGET_GONE)
    return Failed(_with_detail(f"X forbids the reply (HTTP 403). {_OPEN_ON_X}", failure), code="403")


def _forbidden_post(failure: Refusal) -> Outcome:
    detail = failure.detail.casefold()
    if _DUPLICATE in detail:
        return Unknown(_IS_DUPLICATE)
    if "deleted or not visible" in detail:
        return Failed("Our first post is gone. There is nothing to add to.", code=TARGET_GONE)
    return Failed(
        _with_detail(_REFUSED[HTTPStatus.FORBIDDEN] + ", then press Try again.", failure), code="403"
    )


def _forbidden_message(failure: Refusal) -> Outcome:
    detail = failure.detail.casefold()
    if "already said that" in detail or "duplicate" in detail:
        return Unknown("X says that it already has this very message, so an earlier try may have landed")
    if "permission to dm" in detail or "cannot send messages to this user" in detail:
        return Failed(_MESSAGES_CLOSED_REASON, code=RECIPIENT_UNREACHABLE)
    return Failed(
        _with_detail(_REFUSED[HTTPStatus.FORBIDDEN] + ", then press Try again.", failure), code="403"
    )


def _with_detail(reason: str, failure: Refusal) -> str:
    return f'{reason.rstrip(".")}. X says: "{failure.detail}"' if failure.detail else reason


def _is_server_fault(status: int) -> bool:
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT
