"""Implement the second network as a folder of `adapters/networks/` does: settings, client, profile, entry."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
from pydantic import Field, SecretStr

from adapters.networks.entry import NetworkEntry, NetworkSettings
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, Outcome, Unknown
from domain.delivery.pacing import Pace
from domain.diagnostics import CheckLine
from domain.intake.posts import Author, MatchReason, Page, Post
from domain.intake.private_messages import IncomingAttachment, IncomingFile, IncomingMessage, IncomingPage
from domain.intake.streams import SourceError, SourceFault
from domain.networks import Capability, NetworkProfile, TextCount
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

NAME = "town"


class TownSettings(NetworkSettings):
    """Settings of the town: API address and key."""

    town_api_url: str = Field(description="the town's address")
    town_key: SecretStr = Field(description="the town's key")


class TownClient:
    """`SocialNetwork` of the town, including direct messages."""

    def __init__(self, url: str, *, total_seconds: float = 20) -> None:
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=total_seconds)
        self.direct = TownMessages(self)
        self.events = None

    async def call(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - as the town answers
        """Send a request and return its JSON; raises aiohttp's ClientError."""
        async with (
            aiohttp.ClientSession(raise_for_status=True, timeout=self._timeout) as session,
            session.request(method, self._url + path, allow_redirects=False, **more) as answer,
        ):
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status)
            return await answer.json()

    async def read(self, path: str, since_id: str | None, **more: str) -> list[dict[str, Any]]:
        """List items with ids after `since_id`; raises `SourceError`."""
        params = {"since": since_id or "0", **more}
        try:
            listed: list[dict[str, Any]] = await self.call("GET", path, params=params)
        except aiohttp.ClientError as error:
            raise SourceError(SourceFault.UNAVAILABLE, f"the town does not answer: {error}") from None
        return listed

    async def account(self) -> Account:
        try:
            me = await self.call("GET", "/me")
        except aiohttp.ClientError as error:
            raise SourceError(SourceFault.UNAVAILABLE, f"the town does not answer: {error}") from None
        return Account(network=NAME, **me)

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        return _page(account, await self.read("/mentions", since_id), since_id)

    async def recent_mentions(self, account: Account, since: datetime) -> Page:
        page = _page(account, await self.read("/mentions", None), None)
        return replace(page, posts=tuple(post for post in page.posts if post.created_at >= since))

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        return _page(account, await self.read("/posts", since_id, query=query), since_id)

    async def reply(self, text: str, to_post_id: str, *, unnotified: Sequence[str] = ()) -> Outcome:  # noqa: ARG002 - the port's signature
        try:
            answer = await self.call("POST", "/replies", json={"to": to_post_id, "text": text})
        except aiohttp.ClientResponseError as error:
            return Failed(f"the town did not take the reply (HTTP {error.status})")
        except aiohttp.ClientError as error:
            return Unknown(str(error))
        return Done({"id": answer["id"], "url": f"https://town.example/replies/{answer['id']}"})

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: datetime) -> Finding:
        assert account.network == NAME
        assert since.tzinfo is not None
        for one in await self.read("/replies", None):
            if (one["to"], one["text"]) == (to_post_id, text):
                return Done({"id": one["id"], "url": f"https://town.example/replies/{one['id']}"})
        return Absent()

    async def post(self, text: str, reply_to_id: str | None) -> Outcome:
        try:
            answer = await self.call("POST", "/own", json={"to": reply_to_id, "text": text})
            return Done({"id": answer["id"], "url": f"https://town.example/own/{answer['id']}"})
        except aiohttp.ClientConnectorError:
            return Later("the town cannot be reached")
        except aiohttp.ClientResponseError as error:
            return _refusal(error)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unknown(str(error))

    async def find_post(
        self, account: Account, text: str, reply_to_id: str | None, since: datetime
    ) -> Finding:
        assert (account.network, since.tzinfo is None) == (NAME, False)
        try:
            held = await self.read("/own", None)
        except SourceError as error:
            return Later(str(error))
        for one in held:
            if (one["to"], one["text"]) == (reply_to_id, text):
                return Done({"id": one["id"], "url": f"https://town.example/own/{one['id']}"})
        return Absent()

    async def delete_post(self, post_id: str) -> Outcome:
        await self.call("DELETE", f"/own/{post_id}")
        return Done({"id": post_id})

    async def audience(self, account: Account) -> int | None:
        assert account.network == NAME
        try:
            told = await self.call("GET", "/followers")
        except aiohttp.ClientError as error:
            raise SourceError(SourceFault.UNAVAILABLE, f"the town does not answer: {error}") from None
        return int(told["followers"])

    async def missing_posts(self, post_ids: Sequence[str]) -> frozenset[str]:
        held = {one["id"] for one in await self.read("/posts", None)}
        return frozenset(post_ids) - held

    async def picture(self, url: str) -> bytes:
        raise SourceError(SourceFault.UNAVAILABLE, f"there is no picture at {url}")

    async def probe(self, *, direct: bool) -> list[CheckLine]:
        account = await self.account()
        return [CheckLine("Town", ok=True, detail=f"@{account.handle}, messages {direct}")]

    async def close(self) -> None:
        """Do nothing: each call has a session of its own."""


class TownMessages:
    """`DirectMessages` of the town."""

    def __init__(self, client: TownClient) -> None:
        self._client = client

    def id_of(self, parcel: OutgoingMessage) -> str | None:
        assert parcel.message.venue is Venue.DM
        return None

    async def send(self, parcel: OutgoingMessage) -> Outcome:
        to = parcel.handoff.address or parcel.case.author.id
        try:
            answer = await self._client.call(
                "POST", "/messages", json={"to": to, "text": parcel.message.text}
            )
        except aiohttp.ClientError as error:
            return Unknown(str(error))
        return Done({"id": answer["id"]})

    async def find(self, parcel: OutgoingMessage, since: datetime) -> Finding:
        assert since.tzinfo is not None
        found = [
            one for one in await self._client.read("/messages", None) if one["text"] == parcel.message.text
        ]
        return Done({"id": found[-1]["id"]}) if found else Absent()

    async def read(self, account: Account, since_id: str | None) -> IncomingPage:
        found = await self._client.read("/messages", since_id)
        heard = tuple(
            IncomingMessage(
                venue=Venue.DM,
                network=NAME,
                account_id=account.id,
                external_id=one["id"],
                author=_author(one["sender"]),
                text=one["text"],
                at=datetime.fromisoformat(one["at"]),
                address=one["sender"],
            )
            for one in found
            if one["sender"] != account.id
        )
        return IncomingPage(messages=heard, newest_id=found[-1]["id"] if found else since_id)

    async def fetch(self, attachment: IncomingAttachment) -> IncomingFile:
        raise AssertionError(f"{attachment.name} is a file, which the town has not")


def _refusal(error: aiohttp.ClientResponseError) -> Outcome:
    """Map a response other than success to its outcome."""
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = float(error.headers["Retry-After"] if error.headers else 60)
        return Later("the town is busy", wait=timedelta(seconds=wait), pause_destination=True, counts=False)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == HTTPStatus.OK:
        reason = f"Town Square failed (HTTP {error.status})"
        return Unknown(reason, responded=error.status != HTTPStatus.OK)
    return Failed(f"Town Square did not take the post (HTTP {error.status})")


def _author(handle: str) -> Author:
    return Author(id=handle, handle=handle, name=handle.title())


def _page(account: Account, found: Sequence[dict[str, Any]], since_id: str | None) -> Page:
    posts = tuple(_post(account, one) for one in found)
    return Page(posts=posts, newest_id=posts[-1].id if posts else since_id)


def _post(account: Account, one: dict[str, Any]) -> Post:
    return Post(
        network=NAME,
        account_id=account.id,
        id=one["id"],
        revision_id=one["id"],
        author=_author(one["author"]),
        text=one["text"],
        created_at=datetime.fromisoformat(one["at"]),
        url=f"https://town.example/posts/{one['id']}",
        conversation_id=one["id"],
        match_reason=MatchReason.MENTION if f"@{account.handle}" in one["text"] else MatchReason.SEARCH,
    )


def count(text: str) -> TextCount:
    """Count words; the limit is 50."""
    return TextCount(length=len(text.split()), limit=50)


def build_query(terms: Sequence[str], excluded: Sequence[str]) -> str | None:
    """Search for posts with any of the terms; the excluded words have a minus."""
    return "|".join([*terms, *(f"-{word}" for word in excluded)]) if terms else None


def _build(settings: TownSettings, _clock: Clock) -> TownClient:
    return TownClient(settings.town_api_url)


TOWN = NetworkEntry(
    profile=NetworkProfile(
        name=NAME,
        label="Town Square",
        capabilities=frozenset({Capability.DIRECT_MESSAGES, Capability.SEARCH, Capability.POSTS}),
        paces=dict.fromkeys(["reply", "post", "find", "dm"], Pace(timedelta(seconds=0.1))),
        count=count,
        counting_rule="where a word counts 1",
        direct_message_length=500,
        own_replies_page=lambda handle: f"https://town.example/{handle}/replies",
        direct_message_page=lambda account: f"https://town.example/write/{account.id}",
        author_page=lambda author: f"https://town.example/{author.handle}",
    ),
    settings=TownSettings,
    build=_build,
    build_query=build_query,
)
