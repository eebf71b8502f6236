"""Agents at work while the bot is killed and restarted: they retry when Slack reports a timeout."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.delivery import Ack
from tests.crash.cards import Message, card_of, option_values
from tests.stories import Story, has_it, old_release, shown

PATIENCE = 240.0  # seconds, for a machine on which the bot takes half a minute to start
LOOKS_SECONDS = 4.0  # seconds that a person looks at a card before they press again
PLANS = ("look", "claim", "claim", "release", "answer", "answer", "answer", "resolve", "resolve")


@dataclass
class Acknowledged:
    """What agents know for certain, because the bot acknowledged it; by customer's handle."""

    assignees: dict[str, str | None] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    resolved: set[str] = field(default_factory=set)


@dataclass
class Agent:
    """One agent, who works one case after another.

    No case is resolved before `silent` is set, its customer writes no more, and all that they wrote is shown:
    what the bot reads after it was closed begins another case.
    """

    story: Story
    user: str
    channels: tuple[str, ...]
    rng: random.Random
    acknowledged: Acknowledged
    silent: asyncio.Event

    async def work(self, customer: str) -> None:
        """Work on one customer's case by a random plan."""
        await _until(lambda: card_of(self.story.world, self.channels, customer), PATIENCE)
        plan = self.rng.choice(PLANS)
        if plan in {"claim", "release", "resolve"}:
            await self.claim(customer)
        if plan == "release":
            await self.release(customer)
        if plan in {"answer", "resolve"}:
            await self.answer(customer)
        if plan == "resolve":
            await self.silent.wait()
            await _until(lambda: self._shows_all(customer), PATIENCE)
            await self.resolve(customer)

    async def claim(self, customer: str) -> None:
        """Press Claim until the card shows it."""
        await self._press_until(customer, "case.claim", has_it(self.user))
        self.acknowledged.assignees[customer] = self.user

    async def release(self, customer: str) -> None:
        """Release the case until the card offers Claim again."""
        await self._press_until(customer, "case.release", "Claim Answer")
        self.acknowledged.assignees[customer] = None

    async def resolve(self, customer: str) -> None:
        """Choose Resolve from the menu until the card shows it."""
        await self._press_until(customer, "case.more", "✅ *Resolved*", option="resolve:")
        self.acknowledged.resolved.add(customer)

    async def answer(self, customer: str) -> None:
        """Submit an answer until the bot accepts it; the typed text stays while the modal is open."""
        words = f"Hello @{customer}, we are looking into it. Your number is {self.rng.randrange(10**9)}."
        deadline = _now() + PATIENCE
        while customer not in self.acknowledged.answers:
            view = await self._form(customer)
            ack = await self.story.world.slack.submit(self.user, view["id"], {"answer.text": words})
            if ack.answered and ack.payload is None:
                self.acknowledged.answers[customer] = words
                self.acknowledged.assignees[customer] = self.user
            elif ack.answered:
                self._assert_asked_again(ack)
            else:
                await self._pause()
            assert _now() < deadline, ack

    def _assert_asked_again(self, ack: Ack) -> None:
        """Assert that the modal asks for confirmation since the customer wrote meanwhile."""
        assert ack.payload is not None
        assert ack.payload.get("response_action") == "update", ack.payload
        view = self.story.world.slack.open_view(self.user)
        assert view is not None
        assert view["callback_id"] == "answer", shown(view)

    async def _form(self, customer: str) -> Message:
        """Press Answer… until its modal is open; returns the view."""
        deadline = _now() + PATIENCE
        while (view := self.story.world.slack.open_view(self.user)) is None:
            if not (await self._press(customer, "case.answer")).answered:
                await self._pause()
            assert _now() < deadline, (
                f"no form for {customer}; heard: {self.story.ephemeral_text(self.user)[-500:]}"
            )
        return view

    async def _press_until(self, customer: str, action_id: str, words: str, *, option: str = "") -> None:
        deadline = _now() + PATIENCE
        while words not in self._text(customer):
            assert _now() < deadline, f"{words!r} is not on {self._text(customer)!r}"
            if (await self._press(customer, action_id, option)).answered:
                await self._wait_for(lambda: words in self._text(customer))
            else:
                await self._pause()

    async def _press(self, customer: str, action_id: str, option: str = "") -> Ack:
        channel, card = self._card(customer)
        value = next((v for v in option_values(card) if v.startswith(option)), None) if option else None
        slack = self.story.world.slack
        try:
            if action_id == "case.release":
                return await slack.act(self.user, old_release(card), channel=channel, ts=card["ts"])
            return await slack.press(self.user, channel, card["ts"], action_id, value)
        except (LookupError, StopIteration):
            return Ack(failure="the button has gone from the card")

    def _card(self, customer: str) -> tuple[str, Message]:
        found = card_of(self.story.world, self.channels, customer)
        assert found is not None, f"the card of {customer} is gone"
        return found

    def _text(self, customer: str) -> str:
        return shown(self._card(customer)[1])

    def _shows_all(self, customer: str) -> bool:
        """Return whether the card and its thread show all that the customer posted."""
        channel, card = self._card(customer)
        world = self.story.world
        told = " ".join(shown(one) for one in (card, *world.slack.thread(channel, card["ts"])))
        return all(post.text in told for post in world.x.posts.values() if post.author.username == customer)

    async def _pause(self) -> None:
        await asyncio.sleep(self.rng.uniform(0.1, 0.5))

    async def _wait_for(self, condition: Callable[[], object]) -> None:
        with contextlib.suppress(TimeoutError):
            await _until(condition, LOOKS_SECONDS)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _until(condition: Callable[[], object], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the simulated Slack sets no event
            await asyncio.sleep(0.1)
