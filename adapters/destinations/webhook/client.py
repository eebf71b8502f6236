"""Implement `Destination` for a signed webhook."""

import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from adapters.http_calls import TOTAL_SECONDS, CallFailed, HttpApi
from adapters.http_outcomes import Advice, failed_check, reason_of, write_outcome
from domain.clock import Clock
from domain.delivery.outcomes import Done, Failed, Finding, Later, Outcome
from domain.delivery.pacing import Pace
from domain.diagnostics import CheckLine
from domain.outages.destinations import (
    DestinationProfile,
    Languages,
    OutgoingNotice,
    Preflight,
    Receipt,
)

log = logging.getLogger(__name__)

VERSION = 1
ADVICE: Advice = {
    HTTPStatus.UNAUTHORIZED: "Check NOTICE_WEBHOOK_SECRET, and the receiver's clock",
    HTTPStatus.FORBIDDEN: "Check NOTICE_WEBHOOK_SECRET, and what the receiver allows",
    HTTPStatus.NOT_FOUND: "Check NOTICE_WEBHOOK_URL",
    HTTPStatus.GONE: "The receiver wants no notices any more: remove NOTICE_WEBHOOK_URL",
}

PROFILE = DestinationProfile(
    name="webhook",
    label="Webhook",
    languages=Languages.CHOSEN,
    # The receiver is told of a correction or deletion by an event of its own.
    corrects=True,
    retracts=True,
    # Each event has an id, by which the receiver leaves out what it has already.
    is_idempotent=True,
    pace=Pace(timedelta(seconds=1), burst=10),
)


class Webhook:
    """One receiver. An event that got no answer is sent again, with the same id."""

    def __init__(
        self,
        *,
        url: str,
        secret: str,
        clock: Clock,
        feed_url: str | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._api = HttpApi("The webhook's receiver", url, total_seconds=total_seconds)
        self._secret = secret.encode()
        self._clock = clock
        self._feed_url = feed_url

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def preflight(self) -> Preflight:
        """Send a ping, which changes nothing."""
        failure = await self._ping()
        return Preflight(refusal=None if failure is None else self._reason(failure))

    async def publish(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        latest: Receipt | None,
    ) -> Outcome:
        """Send the notice."""
        return await self._sent(notice.reference, self._notice("notice.published", notice))

    async def find(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        since: datetime,
    ) -> Finding:
        """Send the notice again: a receiver that has it leaves it out."""
        return await self._sent(notice.reference, self._notice("notice.published", notice))

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Send the notice whose text takes the place of an earlier one's."""
        event = self._notice("notice.corrected", notice) | {"corrects": receipt.id}
        outcome = await self._sent(notice.reference, event)
        return Done({**outcome.result, "id": receipt.id}) if isinstance(outcome, Done) else outcome

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Send that a notice no longer holds."""
        event_id = f"{receipt.id}-retracted"
        return await self._sent(event_id, {"event": "notice.retracted", "retracts": receipt.id})

    async def probe(self) -> list[CheckLine]:
        """Send a ping."""
        failure = await self._ping()
        if failure is None:
            return [CheckLine(PROFILE.label, ok=True, detail="the receiver took a signed ping")]
        remedy = "check NOTICE_WEBHOOK_URL and NOTICE_WEBHOOK_SECRET; docs/webhook.md says what is sent"
        return [failed_check(PROFILE.label, failure, self._api.label, ADVICE, remedy)]

    def _notice(self, event: str, notice: OutgoingNotice) -> dict[str, Any]:
        return {
            "event": event,
            "kind": notice.kind.value,
            "phase": notice.phase.value,
            "texts": dict(notice.texts),
            "created_at": _time(notice.created_at),
            "outage": {
                "id": notice.outage_id,
                "kind": notice.outage_kind.value,
                "title": notice.title,
                "severity": notice.severity.value,
                "components": list(notice.components),
                "starts_at": _time(notice.starts_at),
                "ends_at": _time(notice.ends_at),
            },
            "links": {"feed": self._feed_url},
        }

    async def _sent(self, event_id: str, event: dict[str, Any]) -> Done | Later | Failed:
        try:
            await self._send(event_id, event)
        except CallFailed as failure:
            log.info("the webhook's receiver did not take an event: %s", failure)
            outcome = write_outcome(failure, self._api.label, ADVICE)
            return outcome if isinstance(outcome, Later | Failed) else Later(self._reason(failure))
        return Done({"id": event_id, "url": None, "data": {}})

    async def _ping(self) -> CallFailed | None:
        try:
            await self._send(f"ping-{_seconds(self._clock.now())}", {"event": "ping"})
        except CallFailed as failure:
            return failure
        return None

    async def _send(self, event_id: str, event: dict[str, Any]) -> None:
        """Send an event signed for this moment; raises CallFailed."""
        body = json.dumps({"version": VERSION, "id": event_id, **event}, ensure_ascii=False).encode()
        timestamp = str(_seconds(self._clock.now()))
        signature = hmac.new(self._secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": event_id,
            "Switchboard-Timestamp": timestamp,
            "Switchboard-Signature": f"v1={signature}",
        }
        await self._api.send("POST", "", data=body, headers=headers)

    def _reason(self, failure: CallFailed) -> str:
        return reason_of(failure, self._api.label, ADVICE)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
