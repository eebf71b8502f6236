"""Run a story whose destinations are lists, and take the steps of an outage."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import bot as program
from domain.accounts import Account
from domain.networks import TextCount
from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations, Languages
from handlers.context import AppContext
from tests.handlers.outages.made import ListDestination
from tests.stories import KAI, ONCALL, QUICK, RUTH, Story, running_story, shown

COMPONENTS = '\n[[outages.components]]\nname = "Payments"\n\n[[outages.components]]\nname = "Sign-in"\n'


@dataclass
class OutageStory:
    """A story in which Kai and Ruth are on call, and notices go to a page, to posts and nowhere else."""

    story: Story
    page: ListDestination = field(default_factory=ListDestination)
    posts: ListDestination = field(default_factory=ListDestination)

    @property
    def slack(self) -> Any:  # noqa: ANN401 - the workspace
        return self.story.world.slack

    def destinations(self) -> Destinations:
        """Connect the page, which can edit and delete, and the posts, one for each language."""
        page = DestinationProfile(name="page", label="Page", corrects=True, retracts=True)
        posts = DestinationProfile(
            name="posts",
            label="Posts",
            languages=Languages.EACH,
            count=lambda text: TextCount(length=len(text.strip()), limit=280),
            price=lambda _text: 0.01,
        )
        return Destinations(
            [
                ConnectedDestination(profile=page, client=self.page),
                ConnectedDestination(profile=posts, client=self.posts),
            ]
        )

    async def board(self, words: str) -> dict[str, Any]:
        """Wait for the board that shows these words."""
        return await self.story.card(words, channel=ONCALL)

    async def board_shows(self, ts: str, words: str) -> dict[str, Any]:
        """Wait until the board shows these words."""
        return await self.story.card_shows(ts, words, channel=ONCALL)

    async def press(self, who: str, ts: str, action: str, value: object = None) -> Any:  # noqa: ANN401 - an ack
        """Press on the board, or choose in its menu."""
        return await self.slack.press(who, ONCALL, ts, action, value)

    async def view(self, who: str, callback_id: str) -> dict[str, Any]:
        """Wait for this modal before the person."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] | None = self.slack.open_view(who)
            return found if found and found["callback_id"] == callback_id else None

        return await self.story.until(look, lambda: f"the modal {callback_id}, but there is {self.seen(who)}")

    def seen(self, who: str) -> str:
        """Return what this person sees in a modal and in ephemerals."""
        view = self.slack.open_view(who)
        return f"{shown(view) if view else 'no modal'} / {self.story.ephemeral_text(who)}"

    async def submit(self, who: str, values: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - an ack
        """Submit the open modal."""
        view = self.slack.open_view(who)
        assert view is not None, self.seen(who)
        return await self.slack.submit(who, view["id"], values or {})


@asynccontextmanager
async def running_outages(
    folder: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    choices: str = "",
    model: bool = False,
) -> AsyncIterator[OutageStory]:
    """Run a story whose bot is connected to lists."""
    connect, page, posts = program.connect, ListDestination(), ListDestination()

    async def connected(bot: program.Bot, identity: Any, accounts: Mapping[str, Account]) -> AppContext:  # noqa: ANN401
        ctx = await connect(bot, identity, accounts)
        return replace(ctx, destinations=OutageStory(NO_STORY, page, posts).destinations())

    monkeypatch.setattr(program, "connect", connected)
    async with running_story(
        folder, database_url, choices=QUICK + choices + COMPONENTS, model=model
    ) as story:
        story.world.slack.join(RUTH, ONCALL)
        yield OutageStory(story, page, posts)


NO_STORY: Any = None
__all__ = ["KAI", "ONCALL", "RUTH", "OutageStory", "running_outages", "shown"]
