"""Put a bot together, and run it from the command line.

In order: `build` makes the parts that need no network, `connect` the context once our accounts are known,
`assemble` what works in it: Slack, the web side, the timers and the outbox loop. Then the commands.
"""

import argparse
import asyncio
import logging
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    from handlers.terminal.start_up import prepare_process

    prepare_process()

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import check_chat
from adapters.email import (
    EMAIL_PROFILE,
    PHRASE_NAMES,
    TEMPLATE_FILES,
    Email,
    MailWords,
    address_links,
    check_email,
)
from adapters.encoder.matrix_index import MatrixIndex
from adapters.encoder.use_multilingual import UseMultilingual
from adapters.language.detector import LinguaDetector
from adapters.logs import configure_logging
from adapters.model import ModelClient, load_assistant, load_drafter, load_model
from adapters.networks.entry import NetworkEntry
from adapters.networks.registry import NETWORKS, loggers_of
from adapters.process_memory import settle_memory
from adapters.prompts.abuse import load_abuse
from adapters.prompts.articles import ArticleFolder
from adapters.prompts.fixed_replies import load_fixed_replies
from adapters.prompts.glossary import load_glossary
from adapters.prompts.notices import load_notice_words
from adapters.prompts.opt_out import load_opt_out
from adapters.prompts.rules_of_engagement import load_rules_of_engagement
from adapters.prompts.sentences import load_sentences
from adapters.prompts.stop_words import load_stop_words
from adapters.prompts.templates import load_template
from adapters.settings import (
    Settings,
    SettingsError,
    check_settings,
    load_choices,
    load_database_url,
    load_settings,
)
from adapters.slack.api_calls import web_client
from adapters.slack.client import SlackTeamChat
from adapters.slack.diagnostics import probe as probe_slack
from adapters.slack.directory import Directory
from adapters.slack.file_download import SlackFiles
from adapters.slack.manifest import manifest_text
from adapters.slack.modal_client import Modals
from adapters.slack.people import SlackIdentity
from adapters.slack.signature import Signature
from adapters.slack.socket_watch import SocketWatch
from adapters.slack.token_errors import app_token_fault, bot_token_fault
from adapters.trackers.registry import connect_trackers
from domain.accounts import Account
from domain.cases.masked_views import AbuseBlur
from domain.clock import Clock
from domain.diagnostics import CheckLine
from domain.errors import UnusableFile
from domain.knowledge.reply_checks import ReplyChecker
from domain.model_calls import CallLedger
from domain.networks import Connected, Networks, SocialNetwork
from domain.outages.destinations import Destination, Destinations
from domain.trackers.trackers import Tracker, Trackers
from handlers.classifiers import (
    ACCEPTED,
    HEADS,
    HELD_OUT,
    PROMPTS,
    RULES,
    TRAINING,
    base_heads,
    make_classifier,
    make_learner,
    reading_classifier,
    shipped_words,
    trained_heads,
)
from handlers.connections import (
    check_destinations,
    check_networks,
    connect_with_retry,
    fetch_accounts,
    open_destinations,
    search_query,
)
from handlers.context import AppContext
from handlers.delivery.loop import Delivery
from handlers.delivery.performers import dispatcher_of
from handlers.desk import Desk
from handlers.intake.email import begin_mailbox
from handlers.knowledge.articles import ArticleLibrary
from handlers.lifecycle import CannotStart, RunningBot
from handlers.live_classifier import LiveClassifier
from handlers.model_ledger import DeskLedger
from handlers.outages.subscribers import count_subscribers
from handlers.rehearsal import open_rehearsals
from handlers.resolve_policy import resolve_policy
from handlers.serving import serve, stop_signals
from handlers.slack.app import slack_app
from handlers.slack.missed_lines import MissedLines
from handlers.slack.socket_requests import SocketRequests
from handlers.terminal.arguments import add_arguments
from handlers.terminal.closed_output import ends_with_its_output
from handlers.terminal.commands import COMMANDS, Run
from handlers.terminal.diagnostics import check_files, format_checks
from handlers.terminal.email_list import with_email_list
from handlers.terminal.knowledge import Evaluation, evaluate_classifiers, train
from handlers.terminal.model import check_model
from handlers.terminal.model_evaluation import evaluate_model
from handlers.terminal.roles import check_roles
from handlers.terminal.routing import check_routes, refuse_wrong_options, try_post
from handlers.terminal.rules_of_engagement import try_rules
from handlers.terminal.saved_replies import ReplyFiles
from handlers.terminal.setting_kinds import setting_kinds
from handlers.terminal.spending import check_spending
from handlers.terminal.start_up import ENDED_BY_INTERRUPT, INTERRUPTED, take_interrupts
from handlers.terminal.trackers import check_trackers
from handlers.timers.health import HealthWatch
from handlers.timers.maintenance import maintenance_timers
from handlers.timers.polling import polling_timers, reading_intervals
from handlers.timers.schedule import Schedule
from handlers.triage.trained_heads import TrainedHeads
from handlers.web.app import web_app
from handlers.web.operations import metrics_server, operations_pages
from handlers.web.pages import all_pages, handoff_venues, not_found_page, open_chat
from handlers.web.server import WebServer
from handlers.web.slack_requests import SlackRequests
from storage.engine import Store, open_store
from storage.errors import StoreError
from storage.reachability import wait_until_reachable
from storage.schema import create_if_empty, schema_fault

log = logging.getLogger("switchboard")


class SystemClock:
    """The only place that reads the system's time."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.now(UTC)


@dataclass(kw_only=True)
class Bot:
    """The parts that can be made without a network. `start` connects and runs them, `stop` shuts them down.

    `registry` holds all known networks, `clients` those that are configured; both are by network name.
    """

    settings: Settings
    clock: Clock
    store: Store
    desk: Desk
    slack: AsyncWebClient
    directory: Directory
    registry: Mapping[str, NetworkEntry]
    clients: Mapping[str, SocialNetwork]
    email: Email | None
    model: ModelClient | None = None
    destinations: Destinations = field(default_factory=Destinations)
    trackers: Trackers = field(default_factory=Trackers)
    running: RunningBot | None = None

    async def start(self) -> RunningBot:
        """Connect to Slack and the networks, then start everything. Raises `CannotStart`."""
        if self.email is not None:  # before what may take long: mail since then is read, whatever comes
            await self.desk.run(begin_mailbox, account=self.email.account, at=self.clock.now())
        identity = asyncio.create_task(self._identity())
        accounts = asyncio.create_task(fetch_accounts(self.desk, self.registry, self.clients))
        try:
            await asyncio.to_thread(shipped_words)  # while Slack and the networks answer, as the next
            if self.settings.choices.triage.encoder != "none":
                await asyncio.to_thread(base_heads)
            ctx = await connect(self, *await asyncio.gather(identity, accounts))
        finally:
            for task in (identity, accounts):
                task.cancel()
            await asyncio.wait([identity, accounts])
        self.running = assemble(self, ctx)
        await self.running.start()
        return self.running

    async def stop(self) -> None:
        """Shut down gracefully: finish work in progress, then close all connections."""
        if self.email is not None:
            self.email.stop()
        if self.running is not None:
            await self.running.stop()
        destinations = (one.client for one in self.destinations.values())
        trackers = (one.client for one in self.trackers.values())
        await _close(*self.clients.values(), *destinations, *trackers, self.model, self.email)
        await asyncio.to_thread(self.desk.close)

    async def _identity(self) -> SlackIdentity:
        identity = await connect_with_retry(self.directory.identity, bot_token_fault, "Slack")
        await connect_with_retry(self._socket_mode, app_token_fault, "Slack's Socket Mode")
        return identity

    async def _socket_mode(self) -> None:
        """Check that Socket Mode can be opened: Slack's library would retry a wrong token forever."""
        token = self.settings.environment.slack_app_token
        if token is not None:
            await self.slack.apps_connections_open(app_token=token.get_secret_value())


def build(settings: Settings, clock: Clock, registry: Mapping[str, NetworkEntry] = NETWORKS) -> Bot:
    """Make the parts that need no network.

    Raises `StoreError` or `SchemaError` where the database is unusable.
    """
    store = open_store(settings.environment.database_url.get_secret_value())
    create_if_empty(store)
    client, directory = _slack(settings)
    return Bot(
        settings=settings,
        clock=clock,
        store=store,
        desk=Desk(store),
        slack=client,
        directory=directory,
        registry=registry,
        clients=_clients(settings, clock, registry),
        email=_email(settings, clock),
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


def _clients(
    settings: Settings, clock: Clock, registry: Mapping[str, NetworkEntry]
) -> dict[str, SocialNetwork]:
    return {name: registry[name].build(section, clock) for name, section in settings.networks.items()}


def _model(settings: Settings, ledger: CallLedger | None = None) -> ModelClient | None:
    """Return the language model; `None` where it is not configured."""
    server, price = settings.environment.model_server, settings.choices.model.price
    return load_model(PROMPTS, **server, price=price, ledger=ledger) if server else None


def _email(settings: Settings, clock: Clock) -> Email | None:
    """Return the e-mail venue; `None` where it is not configured."""
    servers = settings.environment.mail_servers
    if servers is None:
        return None
    mail = PROMPTS / "mail"
    return Email(
        **servers,
        words=MailWords.of(
            {file: load_template(mail / file) for file in TEMPLATE_FILES},
            load_sentences(mail / "words.toml", settings.choices.address.forms, PHRASE_NAMES),
        ),
        clock=clock,
        public_url=settings.environment.public_url,
        idle=settings.choices.email.idle,
    )


async def connect(bot: Bot, identity: SlackIdentity, accounts: Mapping[str, Account]) -> AppContext:
    """Make the context that edges and performers share. Raises `CannotStart` for an invalid search query."""
    networks = _networks(bot, accounts)
    names = [connected.account.name for connected in networks.values()]
    names += [bot.email.account.name] if bot.email is not None else []
    chosen = await resolve_policy(bot.settings, bot.directory, bot.desk, bot.clock, names)
    bot.store.service_levels = chosen.service_levels
    trained = None if bot.settings.choices.triage.encoder == "none" else trained_heads()
    classifier = replace(make_classifier(chosen, trained), without_direct=networks.without_direct)
    bot.model = _model(bot.settings, DeskLedger(bot.desk, bot.clock, chosen))
    glossary, office = load_glossary(PROMPTS / "glossary.toml"), bot.settings.choices.office
    team_chat = SlackTeamChat(bot.slack, bot.directory, masks_contacts=chosen.masks_contacts)
    lists_mails = bot.email is not None and bot.email.subscriber_mails is not None
    bot.destinations = open_destinations(
        bot.settings,
        policy=chosen.outages,
        networks=networks,
        team_chat=team_chat,
        team_url=identity.team_url,
        clock=bot.clock,
        count_subscribers=partial(bot.desk.run, count_subscribers) if lists_mails else None,
    )
    bot.trackers = connect_trackers(bot.settings.trackers, bot.clock)
    return AppContext(
        desk=bot.desk,
        clock=bot.clock,
        policy=chosen,
        learner=make_learner(bot.desk, bot.clock, classifier),
        live_classifier=LiveClassifier(
            classifier, shipped_words()[0].shipped_replies, desk=bot.desk, clock=bot.clock
        ),
        rules=load_rules_of_engagement(RULES, help_url=chosen.help_url, detector=classifier.detector),
        abuse=AbuseBlur(load_abuse(PROMPTS / "abuse.toml").mask, bot.settings.choices.cards.blur_abuse),
        networks=networks,
        venues=handoff_venues(bot.settings, networks, PROMPTS),
        team_chat=team_chat,
        destinations=bot.destinations,
        trackers=bot.trackers,
        fixed_replies=load_fixed_replies(PROMPTS / "trackers", chosen.forms_of_address),
        directory=bot.directory,
        modals=Modals(bot.slack),
        download=SlackFiles(bot.slack).fetch,
        team_url=identity.team_url,
        bot_user_id=identity.bot_user_id,
        email=bot.email,
        drafter=load_drafter(bot.model, PROMPTS, networks.count) if bot.model else None,
        assistant=load_assistant(bot.model, PROMPTS, glossary, networks.count) if bot.model else None,
        stop_words=load_stop_words(PROMPTS / "stop_words.toml"),
        articles=_articles(bot.settings, trained),
        notice_words=load_notice_words(PROMPTS / "outages", chosen.forms_of_address, zone=office.zone),
    )


def _articles(settings: Settings, trained: TrainedHeads | None) -> ArticleLibrary:
    """Return the library of help articles, which a timer fills; an empty one where no folder is set."""
    if not (chosen := settings.choices.knowledge.articles):
        return ArticleLibrary()
    read = ArticleFolder(settings.folder / chosen).read_changed
    return ArticleLibrary.by_encoder(read, trained.encoder, MatrixIndex) if trained else ArticleLibrary(read)


def _networks(bot: Bot, accounts: Mapping[str, Account]) -> Networks:
    connected = {
        name: Connected(
            profile=bot.registry[name].profile,
            client=client,
            account=accounts[name],
            query=search_query(bot.settings.choices.intake, bot.registry[name]),
            direct=client.direct if bot.settings.choices.dm.enabled else None,
        )
        for name, client in bot.clients.items()
    }
    return Networks(connected, [EMAIL_PROFILE, *(entry.profile for entry in bot.registry.values())])


def assemble(bot: Bot, ctx: AppContext) -> RunningBot:
    """Add the edges to the context: Slack, the web side, the timers and the outbox loop."""
    environment, choices = bot.settings.environment, bot.settings.choices
    signing_secret, app_token = environment.signing_secret, environment.slack_app_token
    leads = bot.desk.leads
    rehearsals = open_rehearsals(ctx, bot.settings, PROMPTS, leads)
    app = slack_app(ctx, bot.slack, signing_secret=signing_secret, find_rehearsal=rehearsals.find)
    requests = SlackRequests(app, Signature(signing_secret)) if signing_secret else None
    chat = open_chat(ctx, bot.settings, PROMPTS)
    dispatcher = dispatcher_of(ctx, owner=f"bot-{uuid.uuid4().hex}")
    delivery = Delivery(bot.desk, dispatcher, bot.clock, sole_worker=bot.store.workers == 1)
    bot.desk.on_effects, bot.desk.on_ran = delivery.wake, ctx.metrics.observe_use_case
    pages = operations_pages(
        ctx, partial(schema_fault, bot.store), lambda: bot.running, reading_intervals(ctx, choices)
    )
    watch = HealthWatch(
        ctx=ctx,
        health=pages.health,
        owner=dispatcher.owner,
        alive_url=environment.alive_url.get_secret_value() if environment.alive_url else None,
        on_lost=lambda text: bot.running.lose(text) if bot.running else None,
    )
    socket = SocketRequests(app, app_token.get_secret_value()) if app_token else None
    polling = polling_timers(ctx, choices, load_opt_out(PROMPTS / "opt_out.toml"))
    return RunningBot(
        networks=ctx.networks,
        delivery=delivery,
        schedule=Schedule(
            [*maintenance_timers(ctx, MissedLines().read), *polling, *watch.timers(), *rehearsals.timers()],
            desk=bot.desk,
            clock=bot.clock,
            leads=leads,
        ),
        web=WebServer(
            web_app(
                requests,
                all_pages(ctx, bot.settings, PROMPTS, chat, pages),
                not_found_page(ctx, bot.settings, PROMPTS),
            ),
            environment.http_host,
            environment.http_port,
            proxies=choices.web.proxies,
        ),
        learner=ctx.learner,
        chat=chat,
        background=ctx.background,
        rehearsals=rehearsals,
        socket=socket,
        socket_watch=SocketWatch(socket.client, time.monotonic) if socket else None,
        metrics=metrics_server(pages, environment.metrics_host, environment.metrics_port),
    )


async def _close(*parts: SocialNetwork | Destination | Tracker | ModelClient | Email | None) -> None:
    for part in parts:
        if part is not None:
            await part.close()


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = stop_signals()
    await serve(build(settings, SystemClock()), stop)


@ends_with_its_output
def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or list them; errors that the user can fix are printed alone, with exit code 2."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.handler(arguments))
    except (CannotStart, SettingsError, StoreError, UnusableFile) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        return ENDED_BY_INTERRUPT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bot.py", description="Switchboard: public mentions become Slack cards that a person answers."
    )
    parser.set_defaults(handler=lambda _arguments: parser.parse_args(["--help"]))
    commands = parser.add_subparsers(metavar="command")
    for name, handler, help_ in (
        ("run", _run, "work until told to stop"),
        ("demo", _demo, "show everything in a pretend world; no key needed"),
        ("check", _check, "look at every setting and connection, and say what to do"),
        ("manifest", _manifest, "print the Slack app manifest to paste"),
        ("train", _train, "learn from the labelled posts in prompts/training how to read posts"),
        ("eval", _eval, "measure how well labelled posts are read"),
        ("rules", _rules, "try the rules of engagement on answers in a file"),
        ("replies", _replies, "write the saved replies to files, or read them from files"),
        *((name, partial(_print_lines, run), help_) for name, run, help_ in COMMANDS),
    ):
        command = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(handler=handler, folder=Path.cwd())
        add_arguments(name, command)
    return parser


def _load_settings(arguments: argparse.Namespace) -> Settings:
    return load_settings(arguments.folder, **setting_kinds())


def _run(arguments: argparse.Namespace) -> int:
    settings = _load_settings(arguments)
    configure_logging(settings.secrets(), loggers_of(NETWORKS), form=settings.choices.log.format)
    wait_until_reachable(partial(open_store, settings.environment.database_url.get_secret_value()))
    asyncio.run(run(settings))
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from handlers.demo.history import write_history
    from sandbox.demo import demo

    write = None if arguments.without_history else partial(write_history, build, connect, SystemClock())
    return asyncio.run(demo(Path(__file__).resolve(), write, port=arguments.port, with_model=arguments.model))


def _check(arguments: argparse.Namespace) -> int:
    refuse_wrong_options(arguments, NETWORKS)
    if arguments.post is not None:
        print(*try_post(arguments, load_choices(arguments.folder), reading_classifier), sep="\n")
        return 0
    lines = asyncio.run(check(arguments.folder))
    print(*format_checks(lines, with_unset=arguments.with_unset), sep="\n")
    return 1 if any(line.ok is False for line in lines) else 0


async def check(folder: Path, registry: Mapping[str, NetworkEntry] = NETWORKS) -> list[CheckLine]:
    """Check the settings, the database, and every system that they configure; returns a line for each."""
    settings, lines = check_settings(folder, **setting_kinds(registry))
    if settings is None:
        return lines
    configure_logging(settings.secrets(), loggers_of(registry), level=logging.CRITICAL)
    environment, choices = settings.environment, settings.choices
    (client, directory), clock, token = _slack(settings), SystemClock(), environment.slack_app_token
    lines += await check_files(settings, directory, PROMPTS, clock.now())
    clients, email, model = _clients(settings, clock, registry), _email(settings, clock), _model(settings)
    try:
        lines += await probe_slack(
            client,
            directory,
            app_token=token.get_secret_value() if token is not None else None,
            channels=sorted(choices.channels()),
            agents_group=choices.slack.agents_group,
            now=clock.now(),
        )
        lines += await check_roles(choices, directory)
        lines += await check_routes(choices, directory, registry)
        lines += await check_networks(clients, choices.intake, registry, direct=choices.dm.enabled)
        lines += await check_model(model, settings, PROMPTS, clock.now())
        lines += await check_spending(settings, registry, clock.now())
        links = address_links(environment.email_from, environment.public_url, environment.secret_key)
        lines += await with_email_list(settings, await check_email(email, links))
        lines.append(check_chat(environment.public_url, environment.secret_key))
        lines += await check_destinations(settings, SlackTeamChat(client, directory), clock)
        lines += await check_trackers(settings, clock)
    finally:
        await _close(*clients.values(), model, email)
    return lines


def _manifest(arguments: argparse.Namespace) -> int:
    print(manifest_text(socket_mode=arguments.request_url is None, request_url=arguments.request_url))
    return 0


def _train(_arguments: argparse.Namespace) -> int:
    print(train(TRAINING, HEADS, encoder=UseMultilingual(), make_classifier=reading_classifier))
    return 0


def _eval(arguments: argparse.Namespace) -> int:
    evaluation = Evaluation(
        posts=arguments.file or HELD_OUT,
        desks=arguments.desks,
        answers=arguments.answers,
        accepted=ACCEPTED if arguments.file is None else None,
        rules=load_rules_of_engagement(RULES, help_url="", detector=LinguaDetector()),
        profile=next(iter(NETWORKS.values())).profile,
    )
    lines, is_well = evaluate_classifiers(
        evaluation, make_classifier=reading_classifier, accept=arguments.accept
    )
    print(*lines, sep="\n")
    if arguments.model:
        settings, clock = _load_settings(arguments), SystemClock()
        asyncio.run(evaluate_model(evaluation, settings, PROMPTS, reading_classifier, clock, arguments.limit))
    return 0 if is_well else 1


def _rules(arguments: argparse.Namespace) -> int:
    help_url = load_choices(arguments.folder).brand.help_url
    lines, is_clean = try_rules(
        arguments.file,
        rules=load_rules_of_engagement(RULES, help_url=help_url, detector=LinguaDetector()),
        replies=shipped_words()[0].saved_replies,
        profile=next(iter(NETWORKS.values())).profile,
        help_url=help_url,
    )
    print(*lines, sep="\n")
    return 0 if is_clean else 1


def _replies(arguments: argparse.Namespace) -> int:
    brand = load_choices(arguments.folder).brand
    rules = load_rules_of_engagement(RULES, help_url=brand.help_url, detector=LinguaDetector())
    name, profiles = brand.name or "Brand", [entry.profile for entry in NETWORKS.values()]
    checker = ReplyChecker(profiles=profiles, rules=rules, brand=name, help_url=brand.help_url)
    files = ReplyFiles(shipped_words()[0].shipped_replies, checker=checker, now=SystemClock().now())
    with closing(
        open_store(load_database_url(arguments.folder).get_secret_value(), must_exist=True)
    ) as store:
        print(*files.run(store, arguments), sep="\n")
    return 0


def _print_lines(run: Run, arguments: argparse.Namespace) -> int:
    print(*run(arguments, SystemClock().now()), sep="\n")
    return 0


if __name__ == "__main__":
    settle_memory()
    take_interrupts()
    sys.exit(main())
