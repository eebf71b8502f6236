"""Subscribe, confirm and unsubscribe on the web: only by a button, and nobody learns who is on the list."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import aiohttp
import pytest

from adapters.email.links import SubscriberLinks
from domain.outages.policy import Component, OutagePolicy
from domain.outages.subscribers import (
    CONFIRM_PATH,
    CONFIRMABLE_FOR,
    SUBSCRIBE_PATH,
    UNSUBSCRIBE_PATH,
    Choice,
    Subscriber,
    SubscriberState,
)
from domain.triage.form_of_address import DEFAULT_FORMS
from handlers.desk import Desk
from handlers.outages.subscribers import ASK_AGAIN_AFTER, end_subscription
from handlers.web.app import web_app
from handlers.web.form_pages.rate_limits import MAILS_AN_HOUR, TAGGED_MAILS_AN_HOUR
from handlers.web.form_pages.words import load_page_words
from handlers.web.server import WebServer
from handlers.web.subscribe import SubscribePages
from storage.engine import Store
from tests.adapters.email.places import MailServer, sandbox_server
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import POLICY, do
from tests.handlers.outages.mail_world import Mailer, subscribed
from tests.source import ROOT

KEY = "k" * 40
WORDS = load_page_words(ROOT / "prompts" / "subscribe", DEFAULT_FORMS)
ANA = "ana@example.com"
OUTAGES = OutagePolicy(components=(Component(name="Payments"), Component(name="Log <in>")))


@dataclass
class Site:
    """The served pages."""

    store: Store
    desk: Desk
    clock: ManualClock
    session: aiohttp.ClientSession
    address: str

    @property
    def links(self) -> SubscriberLinks:
        return SubscriberLinks(self.address, KEY)

    @property
    def form(self) -> str:
        return self.address + SUBSCRIBE_PATH

    def subscriber(self, address: str = ANA) -> Subscriber | None:
        with self.store.unit_of_work() as uow:
            return uow.subscribers.by_address([address]).get(address)

    async def get(self, url: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(url, headers=headers) as answer:
            return answer.status, await answer.text()

    async def send(self, url: str, form: object = None, **headers: str) -> tuple[int, str]:
        async with self.session.post(url, data=form, headers=headers) as answer:
            return answer.status, await answer.text()

    def confirm_link(self) -> str:
        """Return the link in the mail that was asked for."""
        asked = self.subscriber()
        assert asked is not None
        return self.links.confirm(asked.id, asked.nonce)


@asynccontextmanager
async def served(store: Store, outages: OutagePolicy = OUTAGES) -> AsyncIterator[Site]:
    """Serve the pages while the block runs."""
    desk, clock = Desk(store), ManualClock()

    ctx = a_context(desk, clock=clock, policy=replace(POLICY, brand="Acme & <Sons>", outages=outages))
    links = SubscriberLinks("http://placeholder", KEY)
    pages = SubscribePages(ctx, links=links, words=WORDS, ours="support@acme.example", colour="#0f766e")
    server = WebServer(web_app(None, pages.routes()), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Site(store, desk, clock, session, server.address)
    await server.stop()
    desk.close()


@pytest.fixture
async def site(store: Store) -> AsyncIterator[Site]:
    async with served(store) as made:
        yield made


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with sandbox_server() as made:
        yield made


async def test_somebody_subscribes_by_the_button_behind_the_mail(site: Site) -> None:
    status, page = await site.get(site.form, **{"Accept-Language": "de-AT,en;q=0.5"})
    assert status == 200
    assert "Störungsmeldungen · Acme &amp; &lt;Sons&gt;" in page
    assert 'value="Log &lt;in&gt;"' in page
    assert '<option value="de" lang="de" selected>Deutsch</option>' in page
    form = {"address": " Ana@Example.com ", "language": "fr", "component": "Payments"}
    status, page = await site.send(site.form, form)
    assert (status, "Look into your mailbox" in page) == (200, True)
    pending = site.subscriber()
    assert pending is not None
    assert pending.state is SubscriberState.PENDING
    for _ in range(2):
        status, page = await site.get(site.confirm_link())
        assert (status, "Get news of outages?" in page) == (200, True)
    assert site.subscriber() == pending, "a look changes nothing"
    link = site.confirm_link()
    status, page = await site.send(link)
    assert (status, "You are subscribed" in page) == (200, True)
    confirmed = site.subscriber()
    assert confirmed is not None
    assert confirmed.state is SubscriberState.CONFIRMED
    assert confirmed.choice == Choice(language="fr", components=("Payments",))
    assert (await site.send(link))[0] == (await site.get(link))[0] == 410


async def test_the_mail_leads_to_the_page(site: Site, mail: MailServer) -> None:
    await site.send(site.form, {"address": ANA, "language": "de"})
    email = mail.email()
    await Mailer.of(site.desk, email).run()
    await email.close()
    assert mail.office is not None
    [stored] = mail.office.mailbox(ANA).inbox.mails
    message = message_from_bytes(stored.content, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"https://help\.acme\.example(/outages/confirm/\S+)", body.get_content())
    assert found is not None
    assert site.confirm_link() == site.address + found[1]


async def test_the_answer_does_not_tell_who_is_on_the_list(site: Site) -> None:
    subscribed(site.store, "ana")
    before = site.subscriber()
    assert before is not None
    known = await site.send(site.form, {"address": ANA, "component": "Payments"})
    unknown = await site.send(site.form, {"address": "eve@example.com", "component": "Payments"})
    assert known == unknown
    after = site.subscriber()
    assert after is not None
    assert (after.state, after.choice) == (before.state, before.choice), "nobody else changes what Ana wants"
    await site.send(site.confirm_link())
    changed = site.subscriber()
    assert changed is not None
    assert changed.choice.components == ("Payments",)


async def test_an_address_is_not_flooded_with_mails(site: Site) -> None:
    await site.send(site.form, {"address": ANA})
    first = site.confirm_link()
    assert (await site.send(site.form, {"address": ANA}))[0] == 200
    assert site.confirm_link() == first
    site.clock.moment += ASK_AGAIN_AFTER
    await site.send(site.form, {"address": ANA})
    second = site.confirm_link()
    assert second != first
    site.clock.moment -= ASK_AGAIN_AFTER  # the clock is set right: nobody waits until it is there again
    await site.send(site.form, {"address": ANA})
    assert site.confirm_link() != second


async def test_what_strangers_ask_for_later_leaves_the_owners_link_and_choice_alone(site: Site) -> None:
    await site.send(site.form, {"address": ANA, "language": "de", "component": "Payments"})
    link = site.confirm_link()
    for language, component in (("ja", "Log <in>"), ("fr", "")):
        site.clock.moment += ASK_AGAIN_AFTER
        await site.send(site.form, {"address": ANA, "language": language, "component": component})
    _, page = await site.get(link)
    assert '<span lang="de">Deutsch</span> · Payments</p>' in page
    other = site.confirm_link()
    _, page = await site.get(other)
    assert '<span lang="fr">Français</span></p>' in page
    assert (await site.send(link))[0] == 200
    confirmed = site.subscriber()
    assert confirmed is not None
    assert confirmed.state is SubscriberState.CONFIRMED
    assert confirmed.choice == Choice(language="de", components=("Payments",))
    assert (await site.send(other))[0] == (await site.send(link))[0] == 410
    site.clock.moment += ASK_AGAIN_AFTER
    await site.send(site.form, {"address": ANA, "language": "ja"})
    assert [(await site.send(old))[0] for old in (link, other)] == [410, 410]
    assert site.subscriber() is not None
    assert (await site.send(site.confirm_link()))[0] == 200


async def test_each_link_that_was_asked_for_is_mailed(site: Site, mail: MailServer) -> None:
    asked = []
    for language in ("de", "it"):
        await site.send(site.form, {"address": ANA, "language": language})
        asked.append(site.confirm_link())
        site.clock.moment += ASK_AGAIN_AFTER
    email = mail.email()
    mailer = Mailer.of(site.desk, email)
    mailer.clock.moment = site.clock.moment
    await mailer.run()
    await email.close()
    assert mail.office is not None
    bodies = [
        str(message_from_bytes(one.content, policy=default)) for one in mail.office.mailbox(ANA).inbox.mails
    ]
    links = [re.search(r"/outages/confirm/[^\s\"<]+", body.replace("=\n", "")) for body in bodies]
    languages = [re.search(r'lang=(?:3D)?"([a-z]+)"', body) for body in bodies]
    told = {
        site.address + link[0]: language[1]
        for link, language in zip(links, languages, strict=True)
        if link and language
    }
    # Two mails leave at once, so either may be there first.
    assert told == dict(zip(asked, ("de", "it"), strict=True)), "each in the language that was chosen with it"


async def test_who_reported_us_as_spam_is_asked_once_while_the_link_is_valid(site: Site) -> None:
    [ana] = subscribed(site.store, "ana")
    complained = SubscriberState.COMPLAINED
    do(site.store, end_subscription, subscriber_id=ana, state=complained, now=site.clock.moment)
    links = set()
    for _ in range(3):
        assert (await site.send(site.form, {"address": ANA}))[0] == 200
        links.add(site.confirm_link())
        site.clock.moment += CONFIRMABLE_FOR / 3
    assert len(links) == 1
    assert (await site.send(links.pop()))[0] == 200
    again = site.subscriber()
    assert again is not None
    assert again.state is SubscriberState.CONFIRMED


async def test_a_mailbox_is_not_flooded_by_its_tags(site: Site) -> None:
    """Mail to ana+1@gmail.com, a.na@gmail.com and the like is delivered to one person.

    Strangers who make up tags do not keep her own address from being subscribed.
    """
    tagged = [f"ana+{number}@gmail.com" for number in range(TAGGED_MAILS_AN_HOUR)]
    ana = "ana@gmail.com"
    plain = [ana, "a.na@gmail.com"] + (MAILS_AN_HOUR - TAGGED_MAILS_AN_HOUR - 2) * [ana]
    for address in tagged:
        assert (await site.send(site.form, {"address": address}))[0] == 200
    for another in ("ana+x@gmail.com", "a.na+y@GOOGLEMAIL.com", "ana\uff0bz@gmail.com"):
        status, page = await site.send(site.form, {"address": another})
        assert (status, "each of these links works" in page) == (429, True)
    for address in plain:
        assert (await site.send(site.form, {"address": address}))[0] == 200
    for another in ("Ana@gmail.com", "a.na@gmail.com", "ana+x@gmail.com"):
        status, page = await site.send(site.form, {"address": another})
        assert (status, "each of these links works" in page) == (429, True)
    assert (await site.send(site.form, {"address": "ben@example.com"}))[0] == 200
    for _ in range(MAILS_AN_HOUR):  # of others, who have nothing to do with ana's mailbox
        assert (await site.send(site.form, {"address": "a.na@example.com"}))[0] == 200
    assert (await site.send(site.form, {"address": ANA}))[0] == 200
    with site.store.unit_of_work() as uow:
        known = {one.address for one in uow.subscribers.all()}
    assert known == {*tagged, *plain, "ben@example.com", "a.na@example.com", ANA}


async def test_a_link_expires(site: Site) -> None:
    await site.send(site.form, {"address": ANA})
    site.clock.moment += CONFIRMABLE_FOR * 1.01
    status, page = await site.send(site.confirm_link())
    assert (status, 'href="../subscribe"' in page) == (410, True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("ana", "not an e-mail address"),
        ("", "not an e-mail address"),
        ("a@b.example\r\nBcc: x@y.example", "not an e-mail address"),
        ("support+x@acme.example", "our own address"),
    ],
)
async def test_a_wrong_address_is_told_and_the_rest_kept(site: Site, typed: str, told: str) -> None:
    status, page = await site.send(site.form, {"address": typed, "language": "it", "component": "Log <in>"})
    assert (status, told in page) == (422, True)
    assert '<option value="it" lang="it" selected>' in page
    assert 'value="Log &lt;in&gt;" checked' in page


async def test_all_of_many_components_can_be_chosen(store: Store) -> None:
    names = tuple(f"Компонент № {number:02} в Гонконге и Макао" for number in range(60))
    outages = OutagePolicy(components=tuple(Component(name=name) for name in names))
    async with served(store, outages) as site:
        form = [("address", ANA), ("language", "en"), *(("component", name) for name in names)]
        assert (await site.send(site.form, form))[0] == 200
        subscriber = site.subscriber()
        assert subscriber is not None
        assert subscriber.asked == Choice(language="en", components=names)
        assert len(site.confirm_link()) < 400
        assert (await site.send(site.confirm_link()))[0] == 200
        subscriber = site.subscriber()
        assert subscriber is not None
        assert subscriber.choice == Choice(language="en", components=names)


async def test_a_link_may_name_the_language_of_the_page(site: Site) -> None:
    asked = {"Accept-Language": "es"}
    assert '<html lang="de"' in (await site.get(f"{site.form}?language=de", **asked))[1]
    assert '<html lang="es"' in (await site.get(f"{site.form}?language=xx", **asked))[1]


async def test_unknown_choices_are_left_out(site: Site) -> None:
    form = {"address": ANA, "language": "xx", "component": "Fax"}
    assert (await site.send(site.form, form, **{"Accept-Language": "es"}))[0] == 200
    await site.send(site.confirm_link())
    subscriber = site.subscriber()
    assert subscriber is not None
    assert subscriber.choice == Choice(language="es")


async def test_one_click_unsubscribes_for_good_and_a_look_does_not(site: Site) -> None:
    [ana] = subscribed(site.store, "ana")
    link = site.links.unsubscribe(ana)
    status, page = await site.get(link)
    assert (status, "<button" in page) == (200, True)
    subscriber = site.subscriber()
    assert subscriber is not None
    assert subscriber.state is SubscriberState.CONFIRMED
    for _ in range(40):
        status, page = await site.send(link, {"List-Unsubscribe": "One-Click"})
        assert (status, "You are unsubscribed" in page) == (200, True)
    gone = site.subscriber()
    assert gone is not None
    assert gone.state is SubscriberState.UNSUBSCRIBED
    status, page = await site.get(link)
    assert (status, "<button" in page) == (200, False)


@pytest.mark.parametrize("kind", ["confirm", "unsubscribe"])
async def test_a_forged_link_changes_nothing(site: Site, kind: str) -> None:
    subscribed(site.store, "ana")
    for token in ("1", "1.x", "1-.x", "x" * 2000):
        assert (await site.get(f"{site.address}/outages/{kind}/{token}"))[0] == 404
        assert (await site.send(f"{site.address}/outages/{kind}/{token}"))[0] == 404
    stranger = SubscriberLinks(site.address, "o" * 40)
    assert (await site.send(stranger.unsubscribe(1)))[0] == 404


async def test_another_site_cannot_subscribe_its_visitors(site: Site) -> None:
    status, _ = await site.send(site.form, {"address": ANA}, **{"Sec-Fetch-Site": "cross-site"})
    assert (status, site.subscriber()) == (403, None)


async def test_who_asks_too_often_waits(site: Site) -> None:
    answers = [(await site.send(site.form, {"address": f"a{n}@example.com"}))[0] for n in range(25)]
    assert set(answers) == {200, 429}
    assert answers[:20] == [200] * 20


async def test_many_mistyped_addresses_of_others_make_nobody_wait(site: Site) -> None:
    for host, count in (("127.0.0.2", 20), ("127.0.0.3", 20), ("127.0.0.4", 1)):
        there = aiohttp.TCPConnector(local_addr=(host, 0))
        async with aiohttp.ClientSession(connector=there) as session:
            answers = [await _status(session, site.form, {"address": "ana"}) for _ in range(count)]
        assert set(answers) == {422}


async def _status(session: aiohttp.ClientSession, url: str, form: dict[str, str]) -> int:
    async with session.post(url, data=form) as answer:
        return answer.status


async def test_a_huge_form_is_refused(site: Site) -> None:
    assert (await site.send(site.form, {"address": "a" * 10_000}))[0] == 413


async def test_the_pages_load_nothing_from_elsewhere(site: Site) -> None:
    async with site.session.get(site.form) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', await answer.text())
    async with site.session.get(f"{site.address}/outages/page.css") as style:
        assert (style.status, style.content_type) == (200, "text/css")


def test_every_language_of_the_chat_has_its_words() -> None:
    assert set(WORDS.phrases) == {path.stem for path in (ROOT / "prompts" / "chat").glob("*.toml")}


@pytest.mark.parametrize("path", [CONFIRM_PATH, UNSUBSCRIBE_PATH])
async def test_a_link_that_was_cut_before_its_token_is_told_in_a_page(site: Site, path: str) -> None:
    for cut in (path, path + "/"):
        status, page = await site.get(site.address + cut)
        assert (status, "The link may be incomplete" in page) == (404, True)
        assert 'href="page.css"' in page, "the style sheet is beside it"
    status, page = await site.get(f"{site.address}{path}/abc")
    assert (status, 'href="../page.css"' in page) == (404, True)
