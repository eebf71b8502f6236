"""Put together the pages for customers: live chat, the feed of outages, the e-mail form and list."""

import logging
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from starlette.routing import BaseRoute

from adapters.chat import chat_links, chat_unavailable_reason, check_greetings
from adapters.email import EMAIL_UNAVAILABLE_REASON, address_links
from adapters.prompts.invitations import load_invitations
from adapters.prompts.sentences import load_sentences
from adapters.prompts.templates import load_template
from adapters.settings import Settings
from domain.handoffs.code_answers import CodeWords
from domain.networks import Networks
from domain.venues import Venue
from handlers.context import AppContext
from handlers.handoffs.venues import HandoffVenues
from handlers.outages.published import FEED, published_notices
from handlers.web.chat.context import Appearance, Chat
from handlers.web.chat.routes import chat_routes
from handlers.web.email_capture import EmailCapturePage
from handlers.web.feed import Feed
from handlers.web.form_pages.words import PageWords, load_page_words
from handlers.web.not_found import NotFoundPage
from handlers.web.operations import OperationsPages
from handlers.web.subscribe import SubscribePages

log = logging.getLogger(__name__)


def handoff_venues(settings: Settings, networks: Networks, prompts: Path) -> HandoffVenues:
    """Return the venues of a hand-off, or why one is not available."""
    environment = settings.environment
    links: dict[Venue, Callable[[str], str]] = {}
    form = address_links(environment.email_from, environment.public_url, environment.secret_key)
    if form is not None:
        links[Venue.EMAIL] = form.link
    if (chat := chat_links(environment.public_url, environment.secret_key)) is not None:
        links[Venue.CHAT] = chat.link
    return HandoffVenues(
        networks=networks,
        links=links,
        unavailable_reasons={
            Venue.EMAIL: EMAIL_UNAVAILABLE_REASON,
            Venue.CHAT: chat_unavailable_reason(environment.public_url, environment.secret_key),
        },
        proposed_text=load_invitations(prompts / "invitations.toml").text,
        new_nonce=lambda: secrets.token_urlsafe(24),
        new_code=lambda: f"{secrets.randbelow(10**6):06}",
        code_words=CodeWords(load_sentences(prompts / "verification.toml", settings.choices.address.forms)),
    )


def open_chat(ctx: AppContext, settings: Settings, prompts: Path) -> Chat | None:
    """Return the live chat; `None` where no public address is set."""
    environment = settings.environment
    links = chat_links(environment.public_url, environment.secret_key)
    if links is None:
        return None
    appearance = Appearance.of(settings.choices)
    sentences = load_sentences(prompts / "chat", ctx.policy.forms_of_address)
    for line in check_greetings(appearance.greetings, sentences):
        log.warning("%s: %s; %s", line.name, line.detail, line.remedy)
    return Chat(ctx=ctx, links=links, appearance=appearance, sentences=sentences)


def all_pages(
    ctx: AppContext, settings: Settings, prompts: Path, chat: Chat | None, operations: OperationsPages
) -> Sequence[BaseRoute]:
    """Return the routes of health, and of the pages for customers that the settings allow."""
    environment = settings.environment
    routes = operations.health_routes(environment.health_token)
    routes += chat_routes(chat) if chat is not None else []
    if environment.public_url is not None:
        read = partial(ctx.desk.run, published_notices, destination=FEED)
        feed = Feed(brand=ctx.policy.brand, public_url=environment.public_url, read=read, clock=ctx.clock)
        routes += feed.routes()
    links = address_links(environment.email_from, environment.public_url, environment.secret_key)
    if links is None or ctx.email is None:
        return routes
    colour, forms = settings.choices.chat.colour, ctx.policy.forms_of_address
    words, ours = load_page_words(prompts / "email_capture", forms), ctx.email.account.id
    routes = [*routes, *EmailCapturePage(ctx, links=links, words=words, ours=ours, colour=colour).routes()]
    if (mails := ctx.email.subscriber_mails) is None:
        return routes
    words = load_page_words(prompts / "subscribe", forms)
    return [*routes, *SubscribePages(ctx, links=mails.links, words=words, ours=ours, colour=colour).routes()]


def not_found_page(ctx: AppContext, settings: Settings, prompts: Path) -> NotFoundPage:
    """Return the page that is shown where there is none, in the words of a link that was cut off."""
    sentences = load_sentences(prompts / "email_capture" / "words.toml", ctx.policy.forms_of_address)
    return NotFoundPage(
        words=PageWords(load_template(prompts / "not_found" / "page.html"), sentences),
        brand=ctx.policy.brand,
        default_language=ctx.policy.default_language,
        colour=settings.choices.chat.colour,
    )
