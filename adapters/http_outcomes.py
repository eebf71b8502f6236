"""Map failed calls of an HTTP API to outcomes, findings and texts for people."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from adapters.http_calls import CallFailed, NotSent, RateLimited, Refusal
from domain.delivery.outcomes import Failed, Later, Outcome, Unknown
from domain.diagnostics import CheckLine

#: What a person can do, by status.
Advice = Mapping[int, str]

_CHECK_LATER = "run `python bot.py check` again in some minutes; the settings need no change for this"

_RATE_LIMITS = frozenset({420, HTTPStatus.TOO_MANY_REQUESTS})  # 420 is Statuspage's


def write_outcome(failure: CallFailed, label: str, advice: Advice) -> Outcome:
    """Map a failed call that was to change something.

    Retried: a call that was not sent, and a rate limit. `Unknown`: no response, a 5xx or 408 response, and a
    success that cannot be read. Everything else fails.
    """
    if isinstance(failure, NotSent):
        return Later(str(failure))
    if isinstance(failure, RateLimited):
        return _limited(str(failure), failure.wait)
    if not isinstance(failure, Refusal):
        return Unknown(str(failure))
    if is_server_fault(failure):
        return Unknown(f"{label} answered with a fault of its own (HTTP {failure.status})", responded=True)
    return _refused(failure, label, advice)


def read_outcome(failure: CallFailed, label: str, advice: Advice) -> Later | Failed:
    """Map a failed read, before a change or to reconcile one: what may pass is retried, the rest fails."""
    if isinstance(failure, RateLimited):
        return _limited(str(failure), failure.wait)
    if not isinstance(failure, Refusal) or is_server_fault(failure):
        return Later(reason_of(failure, label, advice))
    return _refused(failure, label, advice)


def reason_of(failure: CallFailed, label: str, advice: Advice) -> str:
    """Say why a call failed, and what can be done about it."""
    if not isinstance(failure, Refusal):
        return str(failure)
    if is_server_fault(failure):
        return f"{label} is not available (HTTP {failure.status})"
    if failure.status in _RATE_LIMITS:
        return f"{label}'s rate limit is reached (HTTP {failure.status})"
    if failure.status in range(HTTPStatus.MULTIPLE_CHOICES, HTTPStatus.BAD_REQUEST):
        return f"{label} redirects to another address (HTTP {failure.status}). Set the final address"
    said = f'. It says: "{failure.detail}"' if failure.detail else ""
    if (todo := advice.get(failure.status)) is not None:
        return f"{label} refused it (HTTP {failure.status}). {todo}{said}"
    return f"{label} did not take it (HTTP {failure.status}){said}"


def failed_check(name: str, failure: CallFailed, label: str, advice: Advice, remedy: str) -> CheckLine:
    """Return the line of `check` for a failed call.

    `remedy` says what to look at in the settings. A rate limit, and a fault of the other side, pass.
    """
    passes = isinstance(failure, RateLimited) or (
        isinstance(failure, Refusal) and (is_server_fault(failure) or failure.status in _RATE_LIMITS)
    )
    detail = reason_of(failure, label, advice)
    return CheckLine(name, ok=False, detail=detail, remedy=_CHECK_LATER if passes else remedy)


def is_gone(failure: CallFailed) -> bool:
    """Return whether what was asked for does not exist, or no longer."""
    return isinstance(failure, Refusal) and failure.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def is_server_fault(failure: Refusal) -> bool:
    """Return whether the other side failed by itself."""
    return failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR or failure.status == HTTPStatus.REQUEST_TIMEOUT


def _refused(failure: Refusal, label: str, advice: Advice) -> Later | Failed:
    reason = reason_of(failure, label, advice)
    if failure.status in _RATE_LIMITS:
        return _limited(reason, failure.wait)
    return Failed(reason, code=str(failure.status))


def _limited(reason: str, wait: timedelta) -> Later:
    return Later(reason, wait=wait, pause_destination=True, counts=False)
