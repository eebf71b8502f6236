"""Serve Slack's requests over HTTP; refuse forged and malformed ones without side effects."""

import io
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.networks.registry import NETWORKS, settings_of
from adapters.settings import load_settings
from bot import SystemClock, build
from sandbox.slack.http_mode import sign
from sandbox.world import World, running
from tests.crash.bot_database import BotDatabase
from tests.stories import QUICK, SAM, SUPPORT, Story, has_it, patient_limits

SECRET = "a-signing-secret-of-this-test"
COMPLAINT = "@acme third time the app eats my payment"
ANSWER = "Hi Ana, we are sorry. We are looking into it right now."
FORM = "application/x-www-form-urlencoded"
_CLICKS = itertools.count()


@dataclass
class Endpoint:
    """The bot's request URL, and the ts of a case's card."""

    story: Story
    url: str
    ts: str

    async def send(
        self, body: str | bytes, headers: Mapping[str, str], *, kind: str = FORM, method: str = "POST"
    ) -> tuple[int, str]:
        """Send a request; return the response's status and body."""
        data = io.BytesIO(body.encode() if isinstance(body, str) else body)
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url, data=data, headers={"Content-Type": kind, **headers}) as answer,
        ):
            return answer.status, await answer.text()

    async def send_signed(self, body: str, *, kind: str = FORM) -> tuple[int, str]:
        """Send a request with Slack's signature."""
        return await self.send(body, signed(body), kind=kind)

    def state(self) -> object:
        """Return all that a request might change."""
        database = BotDatabase(self.story.environment["DATABASE_URL"])
        return database.query("SELECT id, version, state, claimed_by FROM cases"), database.query(
            "SELECT id, action FROM audit"
        )

    async def still_works(self) -> None:
        """Check that the next click is answered."""
        assert (await self.story.world.slack.press(SAM, SUPPORT, self.ts, "case.claim")).answered
        await self.story.card_shows(self.ts, has_it(SAM))


def signed(body: str, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return Slack's signature headers for a body."""
    moment = str(int(time.time() if at is None else at))
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": sign(secret, moment, body)}


def click(action_id: str, value: object) -> str:
    """Build the body of a new click by Sam, as Slack sends it."""
    payload = {
        "type": "block_actions",
        "user": {"id": SAM, "team_id": "T0SWITCH"},
        "team": {"id": "T0SWITCH", "domain": "acme"},
        "api_app_id": "A0SWITCH",
        "container": {"type": "message", "channel_id": SUPPORT},
        "channel": {"id": SUPPORT, "name": "support"},
        "trigger_id": f"1.2.{next(_CLICKS)}",
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }
    return urlencode({"payload": json.dumps(payload)})


@asynccontextmanager
async def by_http(folder: Path, database_url: str) -> AsyncIterator[Endpoint]:
    """Run a sandbox and a bot in HTTP mode, with one mention ingested."""
    world = World.create()
    world.slack.limits = patient_limits()
    (folder / "switchboard.toml").write_text(QUICK, encoding="utf-8")
    async with running(world) as address:
        environment = {**world.environment(address), "DATABASE_URL": database_url}
        del environment["OPENAI_API_KEY"], environment["SLACK_APP_TOKEN"]
        environment["SLACK_SIGNING_SECRET"] = SECRET
        story = Story(world, address, folder, environment)
        story.bot = build(load_settings(folder, environment, networks=settings_of(NETWORKS)), SystemClock())
        try:
            edges = await story.bot.start()
            url = f"{edges.web.address}/slack/events"
            world.slack.use_http(url, SECRET)
            story.customer_writes(COMPLAINT)
            yield Endpoint(story, url, (await story.card("third time"))["ts"])
        finally:
            await story.stop()


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[Endpoint]:
    """A bot on SQLite: refused requests never reach the database."""
    async with by_http(tmp_path, f"sqlite:///{tmp_path / 'switchboard.db'}") as endpoint:
        yield endpoint


async def test_the_whole_story_works_over_http(tmp_path: Path, database_url: str) -> None:
    async with by_http(tmp_path, database_url) as endpoint:
        story = endpoint.story
        assert story.world.slack.sockets.connections == []
        await endpoint.still_works()
        assert (await story.answer(SAM, endpoint.ts, ANSWER)).answered
        await story.card_shows(endpoint.ts, "Sent")
        assert story.our_posts() == [ANSWER]
        assert (await story.world.slack.command(SAM, SUPPORT, "/mentions mine")).answered
        await story.until(lambda: "Ana" in story.ephemeral_text(SAM), "the answer to /mentions mine")
        story.world.slack.open_home(SAM)
        await story.until(lambda: story.world.slack.home(SAM), "App Home")


async def test_slack_may_verify_the_address(endpoint: Endpoint) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc123", "token": "t"})
    status, said = await endpoint.send_signed(body, kind="application/json")
    assert (status, "abc123" in said) == (200, True)


async def test_a_click_signed_by_slack_counts_and_the_same_click_at_another_time_does_not(
    endpoint: Endpoint,
) -> None:
    claim, release = click("case.claim", "1:1"), click("case.release", "1:1")
    headers = signed(claim)
    assert (await endpoint.send(claim, headers))[0] == 200
    await endpoint.story.card_shows(endpoint.ts, has_it(SAM))
    assert (await endpoint.send_signed(release))[0] == 200
    await endpoint.story.until(
        lambda: "has it" not in str(endpoint.story.card_at(endpoint.ts)), "the release"
    )
    before = endpoint.state()
    later = {**headers, "X-Slack-Request-Timestamp": str(int(time.time()) + 1)}
    assert (await endpoint.send(claim, later))[0] == 401
    assert endpoint.state() == before
    await endpoint.still_works()


CLAIM = click("case.claim", "1:1")


UNPROVEN: Mapping[str, Callable[[], dict[str, str]]] = {
    "forged signature": lambda: signed(CLAIM, secret="somebody-else's"),
    "signature of another body": lambda: signed(click("case.claim", "2:1")),
    "older than five minutes": lambda: signed(CLAIM, at=time.time() - 301),
    "from the future": lambda: signed(CLAIM, at=time.time() + 400),
    "no headers": dict,
    "no timestamp": lambda: {"X-Slack-Signature": signed(CLAIM)["X-Slack-Signature"]},
    "no signature": lambda: {"X-Slack-Request-Timestamp": str(int(time.time()))},
    "no number": lambda: {**signed(CLAIM), "X-Slack-Request-Timestamp": "soon"},
    "no time": lambda: {**signed(CLAIM), "X-Slack-Request-Timestamp": "1e400"},
    "not ASCII": lambda: {**signed(CLAIM), "X-Slack-Signature": "v0=ü"},
}


async def test_who_cannot_prove_to_be_slack_is_refused(endpoint: Endpoint, subtests: pytest.Subtests) -> None:
    before = endpoint.state()
    for what, headers in UNPROVEN.items():
        with subtests.test(what):
            status, _said = await endpoint.send(CLAIM, headers())
            assert status == 401
            assert endpoint.state() == before
    await endpoint.still_works()


UNREADABLE: Mapping[str, tuple[Callable[[Endpoint], Awaitable[tuple[int, str]]], int]] = {
    "malformed JSON": (lambda endpoint: endpoint.send_signed("{", kind="application/json"), 400),
    "bottomless JSON": (lambda endpoint: endpoint.send_signed("[" * 200_000, kind="application/json"), 400),
    "a JSON list": (lambda endpoint: endpoint.send_signed("[]", kind="application/json"), 400),
    "malformed payload": (lambda endpoint: endpoint.send_signed("payload=%7B"), 400),
    "a payload that is a number": (lambda endpoint: endpoint.send_signed("payload=7"), 400),
    "an empty payload": (lambda endpoint: endpoint.send_signed("payload=%7B%7D"), 404),
    "an empty body": (lambda endpoint: endpoint.send_signed(""), 404),
    "invalid UTF-8": (lambda endpoint: endpoint.send(b"payload=\xff\xfe", {}), 400),
    "10 MB": (lambda endpoint: endpoint.send(b"a" * 10_000_000, {}), 413),
    "GET": (lambda endpoint: endpoint.send("", {}, method="GET"), 405),
}


async def test_what_cannot_be_read_is_refused(endpoint: Endpoint, subtests: pytest.Subtests) -> None:
    before = endpoint.state()
    for what, (send, expected) in UNREADABLE.items():
        with subtests.test(what):
            status, said = await send(endpoint)
            assert status == expected, said
            assert "Traceback" not in said
            assert endpoint.state() == before
    await endpoint.still_works()


async def test_an_unknown_value_of_a_button_is_told_to_the_person(
    endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    before = endpoint.state()
    for value in ("", "x", "1:1; DROP TABLE cases", "9" * 400, "0:0:\ud800", 7, None):
        with subtests.test(value=value):
            heard = len(endpoint.story.ephemeral_text(SAM))
            assert (await endpoint.send_signed(click("case.claim", value)))[0] == 200
            assert "does not understand, so nothing was done" in endpoint.story.ephemeral_text(SAM)[heard:]
            assert endpoint.state() == before
    await endpoint.still_works()


async def test_a_button_of_a_case_that_is_gone_says_so(endpoint: Endpoint) -> None:
    before = endpoint.state()
    assert (await endpoint.send_signed(click("case.claim", "999:1")))[0] == 200
    assert "not here any more" in endpoint.story.ephemeral_text(SAM)
    assert endpoint.state() == before
    await endpoint.still_works()
