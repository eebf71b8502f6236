"""Agents at work while the bot dies and comes back: they press again when Slack says that it did not respond."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.delivery import Ack
from tests.crash.cards import Message, card_of, option_values
from tests.stories import Story, shown

PATIENCE = 240.0  # seconds, for a machine on which the bot takes half a minute to start
LOOKS_FOR = 4.0  # seconds that a person looks at a card before they press again
PLANS = ("look", "claim", "claim", "release", "answer", "answer", "answer", "resolve", "resolve")


@dataclass
class Told:
    """What people know for certain, because Slack took it from them: by customer's handle."""

    holders: dict[str, str | None] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    resolved: set[str] = field(default_factory=set)


@dataclass
class Agent:
    """One person, who works one case after another. Nobody closes a case before the customers have `fallen_silent`."""

    story: Story
    user: str
    channels: tuple[str, ...]
    dice: random.Random
    told: Told
    fallen_silent: asyncio.Event

    async def work(self, customer: str) -> None:
        """Take one customer's case as far as this person feels like."""
        await _until(lambda: card_of(self.story.world, self.channels, customer), PATIENCE)
        plan = self.dice.choice(PLANS)
        if plan in {"claim", "release", "resolve"}:
            await self.claim(customer)
        if plan == "release":
            await self.release(customer)
        if plan in {"answer", "resolve"}:
            await self.answer(customer)
        if plan == "resolve":
            await self.fallen_silent.wait()
            await self.resolve(customer)

    async def claim(self, customer: str) -> None:
        """Press Claim until the card says so."""
        await self._press_until(customer, "case.claim", f"Claimed by <@{self.user}>")
        self.told.holders[customer] = self.user

    async def release(self, customer: str) -> None:
        """Press Release until the card offers Claim again."""
        await self._press_until(customer, "case.release", "Claim Answer")
        self.told.holders[customer] = None

    async def resolve(self, customer: str) -> None:
        """Choose Resolve from the menu until the card says so."""
        await self._press_until(customer, "case.more", "✅ Resolved", option="resolve:")
        self.told.resolved.add(customer)

    async def answer(self, customer: str) -> None:
        """Write an answer and send it until the bot takes it: what was typed stays while the form stands open."""
        words = f"Hello @{customer}, we are looking into it. Your number is {self.dice.randrange(10**9)}."
        deadline = _now() + PATIENCE
        while customer not in self.told.answers:
            view = await self._form(customer)
            ack = await self.story.world.slack.submit(self.user, view["id"], {"answer.text": words})
            if ack.answered and ack.payload is None:
                self.told.answers[customer] = words
                self.told.holders[customer] = self.user
            elif ack.answered:
                self._is_asked_again(ack)
            else:
                await self._breathe()
            assert _now() < deadline, ack

    def _is_asked_again(self, ack: Ack) -> None:
        """The customer wrote meanwhile, so the form shows that before it sends."""
        assert ack.payload is not None
        assert ack.payload.get("response_action") == "update", ack.payload
        view = self.story.world.slack.open_view(self.user)
        assert view is not None
        assert view["callback_id"] == "answer", shown(view)

    async def _form(self, customer: str) -> Message:
        """The answer's form, open on the screen."""
        deadline = _now() + PATIENCE
        while (view := self.story.world.slack.open_view(self.user)) is None:
            if not (await self._press(customer, "case.answer")).answered:
                await self._breathe()
            assert _now() < deadline, f"no form for {customer}; heard: {self.story.hears(self.user)[-500:]}"
        return view

    async def _press_until(self, customer: str, action_id: str, words: str, *, option: str = "") -> None:
        deadline = _now() + PATIENCE
        while words not in self._text(customer):
            assert _now() < deadline, f"{words!r} is not on {self._text(customer)!r}"
            if (await self._press(customer, action_id, option)).answered:
                await self._glance(lambda: words in self._text(customer))
            else:
                await self._breathe()

    async def _press(self, customer: str, action_id: str, option: str = "") -> Ack:
        channel, card = self._card(customer)
        value = next((v for v in option_values(card) if v.startswith(option)), None) if option else None
        try:
            return await self.story.world.slack.press(self.user, channel, card["ts"], action_id, value)
        except LookupError:
            return Ack(failure="the button has gone from the card")

    def _card(self, customer: str) -> tuple[str, Message]:
        found = card_of(self.story.world, self.channels, customer)
        assert found is not None, f"the card of {customer} is gone"
        return found

    def _text(self, customer: str) -> str:
        return shown(self._card(customer)[1])

    async def _breathe(self) -> None:
        await asyncio.sleep(self.dice.uniform(0.1, 0.5))

    async def _glance(self, look: Callable[[], object]) -> None:
        with contextlib.suppress(TimeoutError):
            await _until(look, LOOKS_FOR)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _until(look: Callable[[], object], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 - the screen of the pretend Slack rings no bell
            await asyncio.sleep(0.1)
