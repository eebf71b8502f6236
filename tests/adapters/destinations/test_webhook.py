"""Send signed events: what is in them, and what a receiver can trust."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.destinations.webhook import Webhook
from bot import SystemClock
from domain.delivery.outcomes import Done, Failed
from domain.outages.outage import OutageKind
from sandbox import webhook
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from tests.adapters.destinations.notices import ANNOUNCEMENT, receipt, update
from tests.adapters.destinations.stand_ins import a_webhook
from tests.adapters.networks.x.servers import Answer, AnswerScript


async def sent(notice: Any = ANNOUNCEMENT) -> tuple[dict[str, str], bytes]:  # noqa: ANN401
    """Return the headers and the body of a published notice."""
    script = AnswerScript([Answer()])
    app = new_app()
    app.router.add_post("/", script.handle)
    async with serving(app) as where:
        client = Webhook(url=f"{where}/", secret="s" * 16, clock=SystemClock(), feed_url="https://f")
        assert isinstance(await client.publish(notice, first=None, latest=None), Done)
        await client.close()
    [request] = script.requests
    return dict(request.headers), await request.read()


async def test_the_event_is_as_documented() -> None:
    moment = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
    notice = replace(
        ANNOUNCEMENT, texts={"en": "It fails.", "ja": "障害です。"}, created_at=moment, starts_at=moment
    )
    _, body = await sent(notice)
    assert json.loads(body) == {
        "version": 1,
        "id": "notice-71",
        "event": "notice.published",
        "kind": "announcement",
        "phase": "investigating",
        "texts": {"en": "It fails.", "ja": "障害です。"},
        "created_at": "2026-11-29T04:00:00+00:00",
        "outage": {
            "id": 7,
            "kind": OutageKind.OUTAGE.value,
            "title": "Payments fail",
            "severity": "critical",
            "components": ["Payments"],
            "starts_at": "2026-11-29T04:00:00+00:00",
            "ends_at": None,
        },
        "links": {"feed": "https://f"},
    }


async def test_timestamp_and_body_are_signed() -> None:
    headers, body = await sent()
    timestamp = headers["Switchboard-Timestamp"]
    signed = hmac.new(b"s" * 16, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Switchboard-Signature"] == f"v1={signed}"
    assert abs(int(timestamp) - datetime.now(UTC).timestamp()) < 60
    assert headers["Idempotency-Key"] == "notice-71"
    assert headers["Content-Type"] == "application/json"


async def test_another_secret_and_an_old_timestamp_are_refused() -> None:
    receiver = webhook.Receiver(Ledger(), Faults())
    app = new_app()
    webhook.add_routes(app, receiver)
    async with serving(app) as where:
        client = Webhook(url=where + webhook.PATH, secret="another secret!!", clock=SystemClock())
        outcome = await client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert "NOTICE_WEBHOOK_SECRET" in outcome.reason
        await client.close()
        receiver.clock = lambda: datetime.now(UTC).timestamp() + 600
        late = Webhook(url=where + webhook.PATH, secret=webhook.SECRET, clock=SystemClock())
        assert isinstance(await late.publish(ANNOUNCEMENT, first=None, latest=None), Failed)
        await late.close()
    assert receiver.events == {}


async def test_a_receiver_that_wants_no_more_is_told_of() -> None:
    script = AnswerScript([Answer(status=410)])
    app = new_app()
    app.router.add_post("/", script.handle)
    async with serving(app) as where:
        client = Webhook(url=f"{where}/", secret="s" * 16, clock=SystemClock())
        outcome = await client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert "no notices any more" in outcome.reason
        await client.close()


async def test_a_redirect_is_not_followed() -> None:
    elsewhere = AnswerScript([Answer()])
    app = new_app()
    app.router.add_post("/elsewhere", elsewhere.handle)
    app.router.add_post("/", AnswerScript([Answer(status=307, headers={"Location": "/elsewhere"})]).handle)
    async with serving(app) as where:
        client = Webhook(url=f"{where}/", secret="s" * 16, clock=SystemClock())
        assert isinstance(await client.publish(ANNOUNCEMENT, first=None, latest=None), Failed)
        await client.close()
    assert elsewhere.requests == []


async def test_corrections_and_retractions_are_events_of_their_own() -> None:
    async with a_webhook() as there:
        done = await there.client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(done, Done)
        first = receipt(done.result)
        correction = update(77, "Some card payments fail.")
        corrected = await there.client.correct(correction, receipt=first)
        assert isinstance(corrected, Done)
        assert corrected.result["id"] == first.id
        assert there.shown() == ["Some card payments fail."]
        for _ in range(2):
            assert isinstance(await there.client.retract(first, latest=first), Done)
        assert there.shown() == []


@pytest.mark.parametrize("size", [0, 9 * 1024 * 1024])
async def test_what_the_receiver_answers_does_not_matter_within_limits(size: int) -> None:
    script = AnswerScript([Answer(body="x" * size, content_type="text/plain")])
    app = new_app()
    app.router.add_post("/", script.handle)
    async with serving(app) as where:
        client = Webhook(url=f"{where}/", secret="s" * 16, clock=SystemClock())
        outcome = await client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(outcome, Done) is (size == 0)
        await client.close()
