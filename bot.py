"""Switchboard's composition root and command line: everything is put together here, and nowhere else."""

import argparse
import asyncio
import logging
import signal
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.email import Email
from adapters.language.detector import LinguaDetector
from adapters.logs import configure_logging
from adapters.model import ModelDrafter, load_prompt
from adapters.networks.x import Keys, X, build_query, keys_fault
from adapters.prompts.rules_of_engagement import load_rules_of_engagement
from adapters.prompts.triage import load_words
from adapters.sentiment import VaderSentiment
from adapters.settings import (
    Choices,
    Settings,
    SettingsError,
    check_settings,
    load_database_url,
    load_settings,
    policy,
)
from adapters.slack.api_calls import web_client
from adapters.slack.client import SlackTeamChat
from adapters.slack.diagnostics import probe as probe_slack
from adapters.slack.directory import Directory, Identity
from adapters.slack.file_download import SlackFiles
from adapters.slack.manifest import manifest_text
from adapters.slack.modal_client import Modals
from adapters.slack.signature import Signature
from adapters.slack.tokens import app_token_fault, bot_token_fault
from domain.clock import Clock
from domain.diagnostics import CheckLine
from domain.errors import UnusableFile
from domain.networks import Account
from domain.policy import Policy
from handlers.cases.views import outbox_counts
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import pace_of, performers
from handlers.delivery.performers.base import Room
from handlers.desk import Desk
from handlers.lifecycle import CannotStart, Running, account_of, patiently
from handlers.slack.app import slack_app
from handlers.slack.payloads import Edge
from handlers.timers.deletion_sweep import DeletionSweep
from handlers.timers.mentions import MentionsPoller, PollSettings
from handlers.timers.schedule import Schedule
from handlers.triage.classify import Classifier
from handlers.venues import Venues, open_email
from handlers.web.app import web_app
from handlers.web.server import WebServer
from handlers.web.slack_requests import SlackRequests
from storage.diagnostics import check_database
from storage.engine import Store, open_store
from storage.errors import StoreError
from storage.schema import HEAD, create_if_empty, migrate

log = logging.getLogger("switchboard")

PROMPTS = Path(__file__).resolve().parent / "prompts"


class SystemClock:
    """The one place that asks for the time."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)


@dataclass(kw_only=True)
class Bot:
    """The parts that need no network to be made. `start` connects them, `stop` lets them finish."""

    settings: Settings
    clock: Clock
    store: Store
    desk: Desk
    slack: AsyncWebClient
    directory: Directory
    network: X
    drafter: ModelDrafter | None
    email: Email | None
    running: Running | None = None

    async def start(self) -> Running:
        """Connect to everything, then begin to work. Raises `CannotStart`."""
        asked = account_of(self.desk, self.network, keys_fault)
        slack, network = asyncio.create_task(self._identity()), asyncio.create_task(asked)
        try:
            self.running = await assemble(self, *await asyncio.gather(slack, network))
        finally:
            for one in (slack, network):
                one.cancel()
            await asyncio.wait([slack, network])
        await self.running.start()
        # The first count loads a library for half a second: better now than within somebody's click.
        await asyncio.to_thread(self.network.count, "warm")
        return self.running

    async def stop(self) -> None:
        """Finish what is under way, then let go of everything."""
        if self.email is not None:
            self.email.stop()
        if self.running is not None:
            await self.running.stop()
        await _close(self.network, self.drafter, self.email)
        await asyncio.to_thread(self.desk.close)

    async def _identity(self) -> Identity:
        identity = await patiently(self.directory.identity, bot_token_fault, "Slack")
        await patiently(self._socket_mode, app_token_fault, "Slack's Socket Mode")
        return identity

    async def _socket_mode(self) -> None:
        """See that Socket Mode can be opened: Slack's own library would try a wrong token for ever."""
        token = self.settings.environment.slack_app_token
        if token is not None:
            await self.slack.apps_connections_open(app_token=token.get_secret_value())


def build(settings: Settings, clock: Clock) -> Bot:
    """Put the parts together. Raises `StoreError`, `SchemaError` where the database cannot be used."""
    store = open_store(settings.environment.database_url.get_secret_value())
    create_if_empty(store)
    client, directory = _slack(settings)
    network = _network(settings, clock)
    return Bot(
        settings=settings,
        clock=clock,
        store=store,
        desk=Desk(store),
        slack=client,
        directory=directory,
        network=network,
        drafter=_drafter(settings, network),
        email=open_email(settings, clock, PROMPTS),
    )


def _slack(settings: Settings) -> tuple[AsyncWebClient, Directory]:
    environment, slack = settings.environment, settings.choices.slack
    client = web_client(environment.slack_bot_token.get_secret_value(), base_url=environment.slack_api_url)
    directory = Directory(
        client,
        support_channel=slack.support_channel,
        agents_group=slack.agents_group,
        seconds=time.monotonic,
    )
    return client, directory


async def _close(*parts: X | ModelDrafter | Email | None) -> None:
    for part in parts:
        if part is not None:
            await part.close()


def _network(settings: Settings, clock: Clock) -> X:
    environment = settings.environment
    keys = Keys(
        consumer_key=environment.x_consumer_key.get_secret_value(),
        consumer_secret=environment.x_consumer_secret.get_secret_value(),
        access_token=environment.x_access_token.get_secret_value(),
        access_token_secret=environment.x_access_token_secret.get_secret_value(),
    )
    return X(base_url=environment.x_api_url, keys=keys, clock=clock)


def _drafter(settings: Settings, network: X) -> ModelDrafter | None:
    environment = settings.environment
    if environment.openai_api_key is None:
        return None
    return ModelDrafter(
        api_key=environment.openai_api_key.get_secret_value(),
        base_url=environment.openai_base_url,
        model=environment.openai_model,
        prompt=load_prompt(PROMPTS / "draft" / "reply.md"),
        count=network.count,
    )


async def assemble(bot: Bot, identity: Identity, account: Account) -> Running:
    """Connect the parts, now that it is known who we are."""
    chosen = await _policy(bot, account)
    words = load_words(PROMPTS)
    classifier = Classifier(
        policy=chosen,
        cues=words.cues,
        replies=words.saved_replies,
        detector=LinguaDetector(),
        sentiment=VaderSentiment(words.sentiment, words.negations),
    )
    room = Room(
        desk=bot.desk,
        chat=SlackTeamChat(bot.slack, bot.directory),
        clock=bot.clock,
        policy=chosen,
        account=account,
        network=bot.network,
        team_url=identity.team_url,
    )
    edge = Edge(
        desk=bot.desk,
        clock=bot.clock,
        policy=chosen,
        classifier=classifier,
        rules=load_rules_of_engagement(PROMPTS / "rules_of_engagement.toml"),
        network=bot.network,
        account=account,
        directory=bot.directory,
        doors=Modals(bot.slack),
        team_url=identity.team_url,
        bot_user_id=identity.bot_user_id,
        channels=_venues(bot).channels(account),
    )
    return _running(bot, room, edge)


def _venues(bot: Bot) -> Venues:
    return Venues(
        settings=bot.settings, network=bot.network, email=bot.email, clock=bot.clock, prompts=PROMPTS
    )


def _running(bot: Bot, room: Room, edge: Edge) -> Running:
    environment, choices = bot.settings.environment, bot.settings.choices
    secret = environment.slack_signing_secret
    by_http = not environment.uses_socket_mode
    signed = secret.get_secret_value() if by_http and secret else None
    app = slack_app(edge, bot.slack, signing_secret=signed)
    requests = SlackRequests(app, Signature(signed)) if signed else None
    venues = _venues(bot)
    chat = venues.chat(edge)
    delivery = Delivery(
        bot.desk,
        Dispatcher(
            performers=performers(
                room,
                bot.drafter,
                edge.classifier,
                private=venues.sender(edge, SlackFiles(bot.slack).fetch),
                transcripts=venues.transcripts(edge),
            ),
            paces=pace_of,
            owner=f"bot-{uuid.uuid4().hex}",
        ),
        bot.clock,
        alone=bot.store.workers == 1,
    )
    bot.desk.on_effects = delivery.wake
    intake = MentionsPoller(
        desk=bot.desk,
        network=bot.network,
        account=edge.account,
        classifier=edge.classifier,
        policy=edge.policy,
        reading=PollSettings(
            query=_query(choices),
            pause=timedelta(minutes=choices.intake.pause_minutes),
            quiet_after=timedelta(hours=choices.intake.quiet_alert_hours),
        ),
        clock=bot.clock,
    )
    return Running(
        account=edge.account,
        delivery=delivery,
        schedule=Schedule(
            desk=bot.desk,
            intake=intake,
            recheck=_recheck(bot, edge),
            policy=edge.policy,
            clock=bot.clock,
            poll_every=timedelta(seconds=choices.intake.poll_seconds),
            searches=bool(choices.intake.searched),
            leads=lambda: bot.store.leadership("timers"),
            others=venues.timers(edge),
        ),
        web=WebServer(
            web_app(_health(bot), requests, venues.pages(edge, chat)),
            environment.http_host,
            environment.http_port,
            proxies=choices.web.proxies,
        ),
        chat=chat,
        socket=AsyncSocketModeHandler(app, environment.slack_app_token.get_secret_value())
        if environment.slack_app_token
        else None,
    )


def _recheck(bot: Bot, edge: Edge) -> DeletionSweep | None:
    intake = bot.settings.choices.intake
    if not intake.recheck_days:
        return None
    return DeletionSweep(
        desk=bot.desk,
        network=bot.network,
        account=edge.account,
        policy=edge.policy,
        within=timedelta(days=intake.recheck_days),
        pause=timedelta(minutes=intake.pause_minutes),
        clock=bot.clock,
    )


def _query(choices: Choices) -> str | None:
    try:
        return build_query(choices.intake.searched, choices.intake.excluded_words)
    except ValueError as error:
        raise CannotStart(f"switchboard.toml: {error}") from None


async def _policy(bot: Bot, account: Account) -> Policy:
    """What people chose, with channels by id, so that each has one pace however it is named."""
    choices = bot.settings.choices
    ids = {name: await bot.directory.channel_id(name) for name in choices.slack.channels()}
    return policy(choices, brand=account.name, channel_ids=ids, drafting=bot.drafter is not None)


def _health(bot: Bot) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def health() -> dict[str, Any]:
        counts = await bot.desk.run(outbox_counts)
        return {"ok": bot.running is not None and bot.running.is_well, "outbox": counts}

    return health


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; what is under way then finishes, or is looked for at the next start."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    bot = build(settings, SystemClock())
    stopped = asyncio.create_task(stop.wait())
    started = asyncio.create_task(bot.start())
    try:
        await asyncio.wait({stopped, started}, return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            await started
            await stopped
        log.info("stopping: what is under way is finished first")
    finally:
        started.cancel()
        stopped.cancel()
        await bot.stop()
    log.info("stopped")


def _run(arguments: argparse.Namespace) -> int:
    settings = load_settings(arguments.folder)
    configure_logging(settings.secrets())
    asyncio.run(serve(settings))
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from sandbox.demo import demo

    return asyncio.run(demo(Path(__file__).resolve(), port=arguments.port))


def _check(arguments: argparse.Namespace) -> int:
    lines = asyncio.run(check(arguments.folder))
    marks = {True: "ok  ", False: "FAIL", None: "--  "}
    for line in lines:
        print(f"{marks[line.ok]} {line.name}: {line.detail}" + (f" -> {line.remedy}" if line.remedy else ""))
    failed = sum(line.ok is False for line in lines)
    print(f"{failed} of {len(lines)} checks failed." if failed else f"All {len(lines)} checks passed.")
    return 1 if failed else 0


async def check(folder: Path) -> list[CheckLine]:
    """What `check` reports: settings, database, then each system that the settings let us reach."""
    settings, lines = check_settings(folder)
    if settings is None:
        return lines
    configure_logging(settings.secrets(), level=logging.CRITICAL)
    environment, choices = settings.environment, settings.choices
    lines.append(await asyncio.to_thread(check_database, environment.database_url.get_secret_value()))
    try:
        _query(choices)
    except CannotStart as error:
        lines.append(CheckLine("Search", ok=False, detail=str(error), remedy="Edit switchboard.toml"))
    client, directory = _slack(settings)
    clock = SystemClock()
    network, email = _network(settings, clock), open_email(settings, clock, PROMPTS)
    drafter = _drafter(settings, network)
    venues = Venues(settings=settings, network=network, email=email, clock=clock, prompts=PROMPTS)
    token = environment.slack_app_token
    try:
        lines += await probe_slack(
            client,
            directory,
            app_token=token.get_secret_value() if token is not None else None,
            channels=sorted(choices.slack.channels()),
            agents_group=choices.slack.agents_group,
            now=clock.now(),
        )
        lines += await network.probe(direct=choices.dm.enabled)
        lines += await drafter.probe() if drafter is not None else []
        lines += await venues.probe()
    finally:
        await _close(network, drafter, email)
    return lines


def _migrate(arguments: argparse.Namespace) -> int:
    migrate(load_database_url(arguments.folder).get_secret_value())
    print(f"The database is at revision {HEAD}.")
    return 0


def _manifest(arguments: argparse.Namespace) -> int:
    url = arguments.request_url
    print(manifest_text(socket_mode=url is None, request_url=url))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bot.py", description="Switchboard: public mentions become Slack cards that a person answers."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, act, help_ in (
        ("run", _run, "work until told to stop"),
        ("demo", _demo, "show everything in a pretend world; no key needed"),
        ("check", _check, "look at every setting and connection, and say what to do"),
        ("migrate", _migrate, "bring the database to this version's schema"),
        ("manifest", _manifest, "print the Slack app manifest to paste"),
    ):
        command = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(act=act, folder=Path.cwd())
        if name == "demo":
            command.add_argument("--port", type=int, default=8700, help="the demo's port; 0 picks a free one")
        if name == "manifest":
            command.add_argument(
                "--request-url", help="for HTTP mode: where Slack reaches the bot, ending in /slack/events"
            )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """The command line. What a person can mend is said in plain words; exit code 2 then."""
    arguments = _parser().parse_args(argv)
    try:
        act: Callable[[argparse.Namespace], int] = arguments.act
        return act(arguments)
    except (CannotStart, SettingsError, StoreError, UnusableFile) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
