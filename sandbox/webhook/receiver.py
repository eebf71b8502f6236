"""Receive events as docs/webhook.md tells a receiver to."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger

SECRET = "sandbox-webhook-secret"  # noqa: S105 - the sandbox has no secrets
PATH = "/webhook/in/token-5f1c"
CALL = "webhook:POST"
MAX_AGE_SECONDS = 300

Json = dict[str, Any]
REQUIRED = {
    "notice.published": ("kind", "phase", "texts", "outage"),
    "notice.corrected": ("texts", "corrects"),
    "notice.retracted": ("retracts",),
    "ping": (),
}


@dataclass(slots=True)
class Receiver:
    """The events that were received, and how often one came again. `clock` is in seconds."""

    ledger: Ledger
    faults: Faults
    clock: Callable[[], float] = time.time
    events: dict[str, Json] = field(default_factory=dict)
    repeats: int = 0

    def notices(self) -> list[Json]:
        """Return the notices that hold, with corrected texts, oldest first."""
        held: dict[str, Json] = {}
        for event in self.events.values():
            match event["event"]:
                case "notice.published":
                    held[event["id"]] = event
                case "notice.corrected" if event["corrects"] in held:
                    held[event["corrects"]] = held[event["corrects"]] | {"texts": event["texts"]}
                case "notice.retracted":
                    held.pop(event["retracts"], None)
        return list(held.values())

    def receive(self, headers: Json, body: bytes) -> tuple[int, str]:
        """Take an event; returns the status and text of the answer."""
        if (refusal := self._refusal(headers, body)) is not None:
            return refusal
        event = json.loads(body)
        if event["event"] == "ping":
            return 200, "pong"
        if event["id"] in self.events:
            self.repeats += 1
            return 200, "known"
        self.events[event["id"]] = event
        self.ledger.record("webhook", "POST", id=event["id"], event=event["event"])
        return 202, "taken"

    def _refusal(self, headers: Json, body: bytes) -> tuple[int, str] | None:
        timestamp = str(headers.get("Switchboard-Timestamp", ""))
        signed = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        given = str(headers.get("Switchboard-Signature", ""))
        if not hmac.compare_digest(given.encode(), f"v1={signed}".encode()):
            return 401, "the signature is wrong"
        if not timestamp.isdigit() or abs(self.clock() - int(timestamp)) > MAX_AGE_SECONDS:
            return 401, "the timestamp is too old"
        try:
            event = json.loads(body)
        except ValueError:
            return 400, "the body is not JSON"
        if event.get("version") != 1 or event.get("id") != headers.get("Idempotency-Key"):
            return 400, "the version or the id is wrong"
        missing = [name for name in REQUIRED.get(event.get("event"), ()) if name not in event]
        return (422, f"{', '.join(missing)} missing") if missing else None


def add_routes(app: web.Application, receiver: Receiver) -> None:
    """Mount the receiver at `PATH`."""

    async def handle(request: web.Request) -> web.StreamResponse:
        async def act() -> web.StreamResponse:
            status, text = receiver.receive(dict(request.headers), await request.read())
            return web.json_response({"message": text}, status=status)

        return await receiver.faults.guard(CALL, request, act)

    app.router.add_post(PATH, handle)
