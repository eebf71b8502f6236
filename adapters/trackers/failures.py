"""Say why a tracker could not be read."""

from adapters.http_calls import CallFailed, RateLimited, Refusal
from adapters.http_outcomes import Advice, is_server_fault, read_outcome
from domain.delivery.outcomes import Later
from domain.trackers.trackers import TrackerUnavailable


def unavailable(failure: CallFailed, label: str, advice: Advice) -> TrackerUnavailable:
    """Map a failed read to the error of `Tracker.read`."""
    outcome = read_outcome(failure, label, advice)
    wait = outcome.wait if isinstance(outcome, Later) else None
    passes = not isinstance(failure, Refusal) or isinstance(outcome, Later) or is_server_fault(failure)
    return TrackerUnavailable(outcome.reason, wait=wait, passes=passes or isinstance(failure, RateLimited))
