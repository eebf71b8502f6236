"""Connect to networks and destinations with retries, check them, and fetch our accounts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeVar

from adapters.destinations.entry import CountSubscribers, DestinationContext
from adapters.destinations.registry import connect_destinations
from adapters.networks.entry import NetworkEntry
from adapters.networks.registry import requirements_of
from adapters.settings import Settings, outage_policy
from adapters.settings.intake import Intake
from adapters.slack.api_calls import CALL_ERRORS
from adapters.slack.outages.announcements import draw_announcement
from adapters.slack.permalinks import permalink
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.team_chat import TeamChat
from domain.diagnostics import CheckLine
from domain.intake.streams import SourceError
from domain.networks import Networks, SocialNetwork
from domain.outages.destinations import Destinations
from domain.outages.policy import OutagePolicy
from handlers.desk import Desk
from handlers.intake.stream_health import get_account, save_account
from handlers.lifecycle import CannotStart

log = logging.getLogger(__name__)
T = TypeVar("T")

RETRY_SECONDS = 5.0


async def connect_with_retry(
    connect: Callable[[], Awaitable[T]], permanent_fault: Callable[[Exception], str | None], name: str
) -> T:
    """Connect to a system, retrying while it is unreachable, every `RETRY_SECONDS` and without limit.

    `name` is the system's in the log. Raises `CannotStart` with the text of `permanent_fault` if that returns
    one: then a retry will not help.
    """
    while True:
        try:
            return await connect()
        except (*CALL_ERRORS, SourceError) as error:
            if (reason := permanent_fault(error)) is not None:
                raise CannotStart(reason) from None
            log.warning("%s cannot be reached, so the bot waits: %s", name, error)
        await asyncio.sleep(RETRY_SECONDS)


def search_query(intake: Intake, entry: NetworkEntry) -> str | None:
    """Return the network's query for what is searched for. Raises `CannotStart`."""
    try:
        return entry.search_query(intake.searched, intake.excluded_words)
    except ValueError as error:
        raise CannotStart(f"switchboard.toml: {error}") from None


def _check_query(intake: Intake, entry: NetworkEntry) -> list[CheckLine]:
    """Check that what is searched for makes a query; a line where it does not, or cannot."""
    if intake.searched and not entry.has_search:
        detail = f"{entry.profile.label} has none: intake.accounts and intake.search_terms do not apply to it"
        return [CheckLine("Search", ok=None, detail=detail)]
    try:
        search_query(intake, entry)
    except CannotStart as error:
        return [CheckLine("Search", ok=False, detail=str(error), remedy="Edit switchboard.toml")]
    return []


async def _check_push(network: SocialNetwork, label: str) -> CheckLine:
    if network.events is not None:
        return await network.events.probe()
    return CheckLine("Push", ok=None, detail=f"{label} pushes no posts, they are polled")


async def check_networks(
    clients: Mapping[str, SocialNetwork],
    intake: Intake,
    registry: Mapping[str, NetworkEntry],
    *,
    direct: bool,
) -> list[CheckLine]:
    """Check each configured network and its search query, and direct messages where `direct` is true.

    Where there is no network, tells which there could be.
    """
    if not clients:
        detail = f"none is configured, so no posts are read; there could be {requirements_of(registry)}"
        return [CheckLine("Network", ok=None, detail=detail)]
    lines: list[CheckLine] = []
    for name, network in clients.items():
        lines += _check_query(intake, registry[name])
        lines += await network.probe(direct=direct)
        if intake.push:
            lines.append(await _check_push(network, registry[name].profile.label))
    return lines


def open_destinations(
    settings: Settings,
    *,
    policy: OutagePolicy,
    networks: Networks,
    team_chat: TeamChat,
    team_url: str,
    clock: Clock,
    count_subscribers: CountSubscribers | None = None,
) -> Destinations:
    """Make the clients of all destinations of notices that are configured. Makes no call.

    `count_subscribers` is given where mails can be sent to the e-mail list.
    """
    context = DestinationContext(
        clock=clock,
        policy=policy,
        team_chat=team_chat,
        draw_notice=draw_announcement,
        message_url=partial(permalink, team_url),
        public_url=settings.environment.public_url,
        count_subscribers=count_subscribers,
    )
    return connect_destinations(settings.destinations, context, networks)


async def check_destinations(settings: Settings, team_chat: TeamChat, clock: Clock) -> list[CheckLine]:
    """Check each configured destination of notices but the networks, which `check_networks` checks."""
    destinations = open_destinations(
        settings,
        policy=outage_policy(settings.choices),
        networks=Networks({}),
        team_chat=team_chat,
        team_url="",
        clock=clock,
    )
    lines: list[CheckLine] = []
    for destination in destinations.values():
        lines += await destination.client.probe()
        await destination.client.close()
    return lines


async def fetch_accounts(
    desk: Desk, registry: Mapping[str, NetworkEntry], clients: Mapping[str, SocialNetwork]
) -> dict[str, Account]:
    """Fetch our account on each configured network, by the network's name. Raises `CannotStart`.

    Logs which networks there could be where none is configured.
    """
    if not clients:
        log.warning(
            "no network is configured, so no posts are read; there could be %s", requirements_of(registry)
        )
    lookups = [_fetch_account(desk, registry[name], client) for name, client in clients.items()]
    return dict(zip(clients, await asyncio.gather(*lookups), strict=True))


async def _fetch_account(desk: Desk, entry: NetworkEntry, client: SocialNetwork) -> Account:
    """Fetch our account from a network and store it, or fall back to the stored one.

    The fallback lets agents work while the network is unreachable. Without a stored account this retries
    without limit; raises `CannotStart` if the credentials are refused.
    """
    label = entry.profile.label
    stored = await desk.run(get_account, network=entry.name)
    if stored is None:
        account = await connect_with_retry(client.account, entry.credentials_fault, label)
    else:
        try:
            account = await client.account()
        except SourceError as error:
            log.warning(
                "%s does not say whose keys these are, so it is taken to be @%s: %s",
                label,
                stored.handle,
                error,
            )
            return stored
    if account != stored:
        await desk.run(save_account, account=account)
    return account
