"""What Slack tells of a rehearsal goes to the rehearsal or nowhere, and everything else goes past it."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.blocks import paragraph
from adapters.slack.outages.rehearsal import mark_message, mark_view
from domain.outages.policy import OutagePolicy
from domain.outages.rehearsal import Rehearsal
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.slack.rehearsal_routing import RehearsalRouter
from tests.handlers.context import a_context
from tests.handlers.made import NOW, POLICY, SAM

DRILL, SUPPORT = "C0DRILL", "C0SUPPORT"
CARD = mark_message({"text": "x", "blocks": [paragraph("x")]})
VIEW = {"type": "modal", "id": "V1", "callback_id": "answer", "blocks": [paragraph("x")]}
TS = f"{NOW.timestamp() + 60:.6f}"


def pressed(channel: str, message: Any = None, ts: str = TS) -> dict[str, Any]:  # noqa: ANN401 - as Slack sends it
    return {
        "type": "block_actions",
        "user": {"id": SAM},
        "actions": [{"action_id": "case.claim", "value": "1"}],
        "channel": {"id": channel},
        "container": {"channel_id": channel, "message_ts": ts},
        **({"message": message} if message is not None else {}),
    }


@dataclass
class Told:
    """Modals that keep what is told to whom."""

    said: list[str] = field(default_factory=list)

    async def send_ephemeral(
        self,
        _channel: str,
        _user: str,
        content: Any,  # noqa: ANN401 - a message
        *,
        thread_ts: str | None = None,  # noqa: ARG002 - as Modals has it
    ) -> None:
        self.said.append(content["text"])

    async def notify(self, _trigger: str, _user: str, content: Any) -> None:  # noqa: ANN401 - a message
        self.said.append(content["text"])


class OwnApp:
    """A rehearsal's app, which keeps what it is given and answers with a view."""

    def __init__(self, _ctx: AppContext) -> None:
        self.bodies: list[dict[str, Any]] = []

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        self.bodies.append(req.body)
        return BoltResponse(status=200, body=json.dumps({"response_action": "update", "view": VIEW}))


@dataclass
class Routed:
    """A router between a real app, of which only is kept that it was reached, and a rehearsal's."""

    ctx: AppContext
    told: Told
    running: Rehearsal | None
    reached: int = 0
    app: OwnApp | None = None

    async def send(self, body: dict[str, Any]) -> BoltResponse | None:
        async def find() -> tuple[Rehearsal, AppContext] | None:
            return None if self.running is None else (self.running, self.ctx)

        async def go_on() -> Any:  # noqa: ANN401 - as Bolt's own
            self.reached += 1

        def build(ctx: AppContext) -> AsyncApp:
            self.app = OwnApp(ctx)
            return self.app  # type: ignore[return-value]

        router = RehearsalRouter(self.ctx, find, build)
        request = AsyncBoltRequest(body=body, mode="socket_mode")
        return await router.async_process(req=request, resp=BoltResponse(status=200), next=go_on)


RUNNING = Rehearsal(
    id=1, channel=DRILL, posts=20, minutes=5, started_by=SAM, asked_at=NOW, started_at=NOW, seen_at=NOW
)


@pytest.fixture
def routed(sqlite_desk: Desk) -> Routed:
    told = Told()
    policy = replace(POLICY, outages=OutagePolicy(rehearsal_channel=DRILL))
    return Routed(ctx=a_context(sqlite_desk, modals=told, policy=policy), told=told, running=RUNNING)


@pytest.fixture
def sqlite_desk(sqlite: Any) -> Any:  # noqa: ANN401 - a generator of a desk
    desk = Desk(sqlite)
    yield desk
    desk.close()


OF_REHEARSAL = [
    pressed(DRILL),
    pressed(SUPPORT, dict(CARD)),
    {"type": "message_action", "channel": {"id": DRILL}, "user": {"id": SAM}, "message": {"ts": TS}},
    {"command": "/outage", "text": "list", "channel_id": DRILL, "user_id": SAM},
    {"command": "/mentions", "text": "rehearse", "channel_id": DRILL, "user_id": SAM},
    {"type": "event_callback", "event": {"type": "message", "channel": DRILL}},
    {"type": "event_callback", "event": {"type": "reaction_added", "item": {"channel": DRILL}}},
    {"type": "view_submission", "user": {"id": SAM}, "view": mark_view(VIEW)},
    {"type": "view_closed", "user": {"id": SAM}, "view": mark_view(VIEW)},
]
REAL = [
    pressed(SUPPORT),
    pressed(SUPPORT, {"ts": TS, "blocks": [paragraph("x")]}),
    {"command": "/outage", "text": "rehearse stop", "channel_id": DRILL, "user_id": SAM},
    {"command": "/outage", "text": "", "channel_id": "C0ONCALL", "user_id": SAM},
    {"type": "event_callback", "event": {"type": "message", "channel": "D0SAM"}},
    {"type": "view_submission", "user": {"id": SAM}, "view": VIEW},
    {"type": "block_actions", "user": {"id": SAM}, "view": {"type": "home", "blocks": []}},
]


@pytest.mark.parametrize("body", OF_REHEARSAL)
async def test_what_is_of_the_rehearsal_never_reaches_the_real_app(
    routed: Routed, body: dict[str, Any]
) -> None:
    await routed.send(body)
    assert routed.app is not None
    assert len(routed.app.bodies) == 1
    routed.running, routed.app = None, None
    await routed.send(body)
    assert (routed.reached, routed.app) == (0, None)


@pytest.mark.parametrize("body", REAL)
async def test_everything_else_goes_on(routed: Routed, body: dict[str, Any]) -> None:
    await routed.send(body)
    assert (routed.reached, routed.app) == (1, None)


async def test_a_form_comes_without_its_mark_and_leaves_with_it(routed: Routed) -> None:
    answer = await routed.send({"type": "view_submission", "user": {"id": SAM}, "view": mark_view(VIEW)})
    assert routed.app is not None
    assert routed.app.bodies[0]["view"] == VIEW
    assert answer is not None
    assert json.loads(answer.body)["view"]["callback_id"] == "rehearsal:answer"


async def test_without_a_rehearsal_whoever_acts_is_told(routed: Routed) -> None:
    routed.running = None
    await routed.send(pressed(DRILL))
    shortcut = {"type": "message_action", "trigger_id": "1", "message": {"ts": TS}, "user": {"id": SAM}}
    await routed.send({**shortcut, "channel": {"id": DRILL}})
    assert len(routed.told.said) == 2
    command = await routed.send({"command": "/outage", "text": "", "channel_id": DRILL, "user_id": SAM})
    form = await routed.send({"type": "view_submission", "user": {"id": SAM}, "view": mark_view(VIEW)})
    assert command is not None
    assert form is not None
    for said in (*routed.told.said, command.body, form.body):
        assert "no rehearsal is going on" in said


async def test_a_card_of_an_earlier_rehearsal_does_nothing(routed: Routed) -> None:
    await routed.send(pressed(DRILL, dict(CARD), ts=f"{NOW.timestamp() - 3600:.6f}"))
    assert (routed.reached, routed.app) == (0, None)
    assert "a rehearsal that is over" in routed.told.said[0]
