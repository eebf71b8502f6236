"""Drive whole stories: the sandbox over real HTTP, and the real bot in it, in this process."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from adapters.networks.entry import NetworkEntry
from adapters.networks.registry import NETWORKS
from adapters.settings import load_settings
from adapters.slack.manifest import manifest
from bot import Bot, SystemClock, build
from handlers.terminal.setting_kinds import setting_kinds
from sandbox.slack.limits import Limits
from sandbox.world import World, running
from tests.charts import drawn_here
from tests.paces import SHARE, shortened

SUPPORT = "C0SUPPORT"
ONCALL = "C0ONCALL"
SAM, MIA, KAI, RUTH, LEO = "U0SAM", "U0MIA", "U0KAI", "U0RUTH", "U0LEO"
#: Seconds on a slow and busy machine.
PATIENCE = 120.0
#: Share of the time that was waited already.
LOOK_AGAIN_AFTER = 0.05
T = TypeVar("T")

#: A picture of one pixel (PNG).
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
#: Rules alone: the stories are about what happens with a post, and say in plain words what it is about.
POLL_SECONDS = 0.4
POLL = f"poll_seconds = {POLL_SECONDS}"
QUICK = f'[triage]\nencoder = "none"\n\n[intake]\n{POLL}\n'


@dataclass(repr=False)  # asyncio's runner asks for that of what a fixture yields, at each end: 1 % of a story
class Story:
    """A world with a bot, and the steps of a story: a customer writes, an agent presses, a card shows."""

    world: World
    address: str
    folder: Path
    environment: dict[str, str]
    bot: Bot | None = None
    registry: Mapping[str, NetworkEntry] = field(default_factory=lambda: NETWORKS)

    async def start(self) -> Bot:
        """Start the bot, as its user would: settings from the environment and the folder."""
        self.bot = build(
            load_settings(
                self.folder,
                self.environment,
                **setting_kinds(self.registry),
            ),
            SystemClock(),
            self.registry,
        )
        await self.bot.start()
        return self.bot

    async def stop(self) -> None:
        """Stop the bot gracefully."""
        if self.bot is not None:
            bot, self.bot = self.bot, None
            await bot.stop()

    def customer_writes(self, text: str, *, who: str = "anaruiz", **more: Any) -> str:  # noqa: ANN401
        """Post on X as a customer; returns the post's id."""
        author = self.world.x.accounts.get(who, who.title())
        return self.world.x.post(author, text, **more).id

    async def card(self, words: str, *, channel: str = SUPPORT) -> dict[str, Any]:
        """Wait for the card that shows these words."""
        return await self.until(lambda: self.find_card(words, channel), f"a card with {words!r}")

    def find_card(self, words: str, channel: str = SUPPORT) -> dict[str, Any] | None:
        """Return the first message of the channel with these words in its blocks."""
        found = (message for message in self.world.slack.messages(channel) if words in shown(message))
        return next(found, None)

    def card_at(self, ts: str, channel: str = SUPPORT) -> dict[str, Any]:
        """Return the current message with this ts."""
        return next(message for message in self.world.slack.messages(channel) if message["ts"] == ts)

    async def card_shows(self, ts: str, words: str, *, channel: str = SUPPORT) -> dict[str, Any]:
        """Wait until the card shows these words."""
        return await self.until(
            lambda: card if words in shown(card := self.card_at(ts, channel)) else None,
            lambda: f"{words!r} on the card, which shows {shown(self.card_at(ts, channel))}",
        )

    async def thread_shows(self, ts: str, words: str, *, channel: str = SUPPORT) -> dict[str, Any]:
        """Wait for the reply in the card's thread that shows these words."""
        return await self.until(
            lambda: next((m for m in self.world.slack.thread(channel, ts)[1:] if words in shown(m)), None),
            f"{words!r} in the thread",
        )

    async def answer(self, user: str, ts: str, text: str, *, channel: str = SUPPORT) -> Any:  # noqa: ANN401
        """Press Answer…, write and submit; returns the bot's ack."""
        await self.world.slack.press(user, channel, ts, "case.answer")
        view = self.world.slack.open_view(user)
        assert view is not None, self.world.slack.notices(user)
        return await self.world.slack.submit(user, view["id"], {"answer.text": text})

    def ephemeral_text(self, user: str) -> str:
        """Return the text of all ephemeral messages to this person."""
        return " ".join(shown(message) for message in self.world.slack.ephemerals(user))

    def our_posts(self) -> list[str]:
        """Return the texts that the bot posted on X, oldest first."""
        return [entry.detail["text"] for entry in self.world.ledger.of("x", "POST /2/tweets")]

    async def form(self, who: str) -> dict[str, Any]:
        """Wait until this person has an open modal."""
        return await self.until(lambda: self.world.slack.open_view(who), f"a form before {who}")

    async def until(
        self, look: Callable[[], T | None], what: str | Callable[[], str], seconds: float = PATIENCE
    ) -> T:
        """Poll `look` until it returns something; fails after `seconds` with `what` in the message.

        A `what` that tells how things are is a function: it is called at the failure.
        The longer it has waited, the less often it looks: `look` may read all that a channel shows.
        """
        began = time.monotonic()
        while not (found := look()):
            waited = time.monotonic() - began
            if waited > seconds:
                missing = what if isinstance(what, str) else what()
                raise AssertionError(f"waited {seconds:.0f} s in vain for {missing}")
            await asyncio.sleep(min(max(waited * LOOK_AGAIN_AFTER, 0.02), 0.5))
        return found


def patient_limits() -> Limits:
    """Limits without rate limits, and with a longer ack timeout than Slack's three seconds.

    How busy the machine is, is no part of a story.
    """
    return Limits(paced=False, ack_seconds=10.0, trigger_seconds=30.0)


def shown(message: dict[str, Any]) -> str:
    """Join all text that a message or view shows, in order."""
    return " ".join(_texts([message.get("text", ""), message.get("blocks", [])]))


def _texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [text for part in node for text in _texts(part)]
    if isinstance(node, dict):
        kept = (value for name, value in node.items() if name in _SHOWN)
        return [text for value in kept for text in _texts(value)]
    return []


def has_it(user: str) -> str:
    """Return how `shown` has a card's words that this person has claimed the case."""
    return f"{user}  has it"


def button(message: dict[str, Any], action_id: str) -> dict[str, Any]:
    """Build the action of a button as Slack sends it.

    Raises `StopIteration` where the message has none such.
    """
    rows = (block for block in message["blocks"] if block["type"] == "actions")
    found = next(e for row in rows for e in row["elements"] if e["action_id"] == action_id)
    return {"type": "button", "action_id": action_id, "block_id": "b", "value": found["value"]}


async def chooses(story: Story, user: str, ts: str, label: str) -> None:
    """Choose an entry of the card's ⋯ menu by its label."""
    rows = (block for block in story.card_at(ts)["blocks"] if block["type"] == "actions")
    menu = next(e for row in rows for e in row["elements"] if e["action_id"] == "case.more")
    option = next(o for o in menu["options"] if o["text"]["text"] == label)
    await story.world.slack.press(user, SUPPORT, ts, "case.more", option["value"])


async def details(story: Story, ts: str, user: str = SAM) -> dict[str, Any]:
    """Open the Details of a card and return them."""
    await chooses(story, user, ts, "Details…")
    return await story.until(
        lambda: (
            view if (view := story.world.slack.open_view(user)) and view["callback_id"] == "details" else None
        ),
        f"the details before {user}",
    )


def old_release(card: dict[str, Any]) -> dict[str, Any]:
    """Build the action of the Release button that cards of earlier versions have.

    Raises `StopIteration` where nobody has claimed the case.
    """
    return {**button(card, "case.take_over"), "action_id": "case.release"}


_SHOWN = frozenset(
    {
        "text",
        "elements",
        "fields",
        "blocks",
        "label",
        "options",
        "element",
        "accessory",
        "initial_value",
        "user_id",
    }
)


@asynccontextmanager
async def running_story(
    folder: Path,
    database_url: str,
    *,
    choices: str = QUICK,
    limits: Limits | None = None,
    model: bool = False,
    x_limits: Mapping[str, int] | None = None,
    more: Mapping[str, str] | None = None,
    registry: Mapping[str, NetworkEntry] = NETWORKS,
    paces: float = SHARE,
) -> AsyncIterator[Story]:
    """Serve a world and run a bot in `folder` on `database_url`.

    `x_limits` overrides X's limits: calls in 15 minutes by name. Mentions may be read without one.
    `registry` are the available networks, and `more` environment variables beside those of the world.
    `paces` is what the bot waits of the intervals between its calls.
    """
    world = World.create()
    # On a slow machine a story reads mentions more often than X allows: what is tested is not its length.
    world.x.limits.limit.update({"GET /2/users/:id/mentions": 100_000, **(x_limits or {})})
    world.slack.limits = limits or patient_limits()
    (folder / "switchboard.toml").write_text(choices, encoding="utf-8")
    world.slack.install(manifest(socket_mode=True))
    async with running(world) as address:
        environment = {**world.environment(address), "DATABASE_URL": database_url, **(more or {})}
        if not model:
            del environment["OPENAI_API_KEY"]
        story = Story(world, address, folder, environment, registry=registry)
        with shortened(paces), drawn_here():
            await story.start()
            try:
                yield story
            finally:
                await story.stop()
