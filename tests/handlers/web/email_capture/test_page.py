"""Capture an e-mail address on a page: once, by whoever has the link; others see nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html import unescape

import aiohttp
import pytest

from adapters.email import AddressLinks
from domain.cases.case import CaseState
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.venues import Venue
from handlers.desk import Desk
from handlers.web.app import web_app
from handlers.web.email_capture import EmailCapturePage
from handlers.web.form_pages.words import load_page_words
from handlers.web.server import WebServer
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import HOUR, NOW, POLICY, SAM, a_stored_case, case_of, networks
from tests.source import ROOT

KEY = "k" * 40
NONCE = "nobody-can-guess-this"
WORDS = load_page_words(ROOT / "prompts" / "email_capture", DEFAULT_FORMS)
AGREED = {"address": "Ana.Ruiz@Example.com", "agreed": "yes"}


@dataclass
class Site:
    """The served page, and the hand-off of its link."""

    store: Store
    clock: ManualClock
    session: aiohttp.ClientSession
    links: AddressLinks
    handoff: Handoff

    @property
    def link(self) -> str:
        return self.links.link(self.handoff.nonce)

    def stored(self) -> Handoff:
        with self.store.unit_of_work() as uow:
            return uow.handoffs.get(self.handoff.id)

    def change(self, **changes: object) -> None:
        changed = replace(self.stored(), **changes)  # type: ignore[arg-type]  # any of the fields
        with self.store.unit_of_work() as uow:
            uow.handoffs.save(changed)

    async def get(self, link: str | None = None) -> tuple[int, str]:
        async with self.session.get(link or self.link) as answer:
            return answer.status, await answer.text()

    async def send(self, form: object, link: str | None = None, **more: object) -> tuple[int, str]:
        async with self.session.post(link or self.link, data=form, **more) as answer:  # type: ignore[arg-type]  # whatever a test sends
            return answer.status, await answer.text()


@pytest.fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """The page on SQLite."""
    async with served(sqlite) as made:
        yield made


@pytest.fixture
async def site_on_each(store: Store) -> AsyncIterator[Site]:
    """The page on each database in turn."""
    async with served(store) as made:
        yield made


class _Directory:
    async def first_name(self, user_id: str) -> str:
        return {SAM: "Sam <b>"}[user_id]


@asynccontextmanager
async def served(store: Store, *, direct: bool = True) -> AsyncIterator[Site]:
    """Serve the page while the block runs, with one open offer; `direct`: direct messages are read."""
    desk = Desk(store)
    case = a_stored_case(store)
    handoff = Handoff(
        id=0,
        case_id=case.id,
        venue=Venue.EMAIL,
        state=HandoffState.OFFERED,
        offered_at=NOW,
        offered_by=SAM,
        expires_at=NOW + 24 * HOUR,
        nonce=NONCE,
        code="482913",
    )
    with store.unit_of_work() as uow:
        handoff = uow.handoffs.add(handoff)
    clock = ManualClock()

    made = AddressLinks("http://placeholder", KEY)
    policy = replace(POLICY, brand="Acme & <Sons>")
    ctx = a_context(
        desk, clock=clock, policy=policy, directory=_Directory(), networks=networks(direct=direct)
    )
    page = EmailCapturePage(ctx, links=made, words=WORDS, ours="support@acme.example", colour="#0f766e")
    server = WebServer(web_app(None, page.routes()), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Site(store, clock, session, AddressLinks(server.address, KEY), handoff)
    await server.stop()
    desk.close()


async def test_a_look_changes_nothing_and_sending_arrives(site: Site) -> None:
    for _ in range(3):
        status, page = await site.get()
        assert status == 200
    assert "Acme &amp; &lt;Sons&gt; may keep this address" in page
    assert "You wrote to us on X. Sam &lt;b&gt; of Acme &amp; &lt;Sons&gt; asks for your address" in page
    assert "Ana" not in page, "nobody is told whose link this is"
    assert site.stored().state is HandoffState.OFFERED
    status, page = await site.send(AGREED)
    assert (status, "ana.ruiz@example.com" in page, "482913" in page) == (200, True, True)
    there = site.stored()
    assert (there.state, there.address, there.arrived_at) == (
        HandoffState.ARRIVED,
        "ana.ruiz@example.com",
        NOW,
    )
    assert not there.is_verified
    case = case_of(site.store, there.case_id)
    assert (case.state, case.waiting_since) == (CaseState.OPEN, NOW), "it is our turn to write"


async def test_what_was_left_is_there_after_the_page_is_loaded_anew(site: Site) -> None:
    """Telephones load pages anew by themselves, and the code is on this one."""
    async with site.session.post(site.link, data=AGREED, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"][:6]) == (303, "?left=")
        again = site.link + answer.headers["Location"]
    for _ in range(2):
        status, page = await site.get(again)
        assert (status, "ana.ruiz@example.com" in page, "482913" in page, "@acme" in page) == (
            200,
            True,
            True,
            True,
        )
    for other in ("", "?left=", "?left=x", "?left=%E2%82%AC", "?left=" + site.links.receipt("another")):
        status, page = await site.get(site.link + other)
        assert (status, "ana.ruiz" in page, "482913" in page) == (410, False, False), other


async def test_a_code_is_shown_only_while_it_is_of_use(site: Site) -> None:
    again = f"{site.link}?left={site.links.receipt(NONCE)}"
    assert (await site.get(again))[0] == 200, "the form: nothing was left yet"
    await site.send(AGREED)
    site.change(proof=Proof.AGENT, verified_at=NOW, verified_by=SAM)
    status, page = await site.get(again)
    assert (status, "ana.ruiz@example.com" in page, "482913" in page) == (200, True, False)
    site.change(state=HandoffState.RETURNED)
    assert (await site.get(again))[0] == 410


async def test_no_code_is_shown_where_nobody_reads_direct_messages(sqlite: Store) -> None:
    async with served(sqlite, direct=False) as site:
        status, page = await site.send(AGREED)
    assert (status, "ana.ruiz@example.com" in page, "482913" in page) == (200, True, False)


async def test_a_link_works_once(site: Site) -> None:
    await site.send(AGREED)
    for status, page in (await site.get(), await site.send(AGREED | {"address": "eve@example.com"})):
        assert status == 410
        assert "has been used" in page
        assert "ana.ruiz@example.com" not in page
    assert site.stored().address == "ana.ruiz@example.com"


@pytest.mark.parametrize(
    ("of_the_case", "title"), [("de", "Weiter per E-Mail"), ("ko", "Continuer par e-mail")]
)
async def test_it_speaks_the_customers_language_or_else_the_browsers(
    site: Site, of_the_case: str, title: str
) -> None:
    with site.store.unit_of_work() as uow:
        case = uow.cases.get(site.handoff.case_id)
        uow.cases.save(replace(case, assessment=replace(case.assessment, language=of_the_case)))
    french = {"Accept-Language": "fr-CH, fr;q=0.9"}
    async with site.session.get(site.link, headers=french) as answer:
        page = await answer.text()
        assert title in page
        assert answer.headers["Vary"] == "Accept-Language"
    async with site.session.get(site.link[:-1], headers=french) as answer:
        assert (answer.status, "Il n'y a rien ici" in unescape(await answer.text())) == (404, True)


async def test_of_two_at_the_same_moment_one_is_first(site_on_each: Site) -> None:
    sent = await asyncio.gather(
        *(site_on_each.send(AGREED | {"address": f"{n}@example.com"}) for n in range(6))
    )
    statuses = sorted(status for status, _ in sent)
    assert statuses == [200, 410, 410, 410, 410, 410]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@localhost",
        "a b@example.com",
        "x@example.com\nBcc: y@example.com",
        "<script>@example.com",
    ],
)
async def test_what_is_no_address_is_given_back(site: Site, typed: str) -> None:
    status, page = await site.send({"address": typed, "agreed": "yes"})
    assert status == 422
    assert "This is not an e-mail address" in page
    assert "<script>" not in page
    assert site.stored().address is None


async def test_an_address_is_taken_as_it_was_pasted(site: Site) -> None:
    status, _page = await site.send({"address": "Ana Ruiz <ana＠Example.com>;", "agreed": "yes"})
    assert status == 200
    assert site.stored().address == "ana@example.com"


@pytest.mark.parametrize(
    "typed",
    ["support@acme.example", "Support@ACME.example", "support+12-abc@acme.example", "support+@acme.example"],
)
async def test_our_own_address_is_nobodys_to_leave(site: Site, typed: str) -> None:
    status, page = await site.send({"address": typed, "agreed": "yes"})
    assert status == 422
    assert "This is our own address" in page
    assert 'aria-invalid="true"' in page
    assert site.stored().address is None
    assert (await site.send(AGREED | {"address": "supporter@acme.example"}))[0] == 200


async def test_without_consent_nothing_is_kept(site: Site) -> None:
    status, page = await site.send({"address": "ana@example.com"})
    assert (status, "Tick the box" in page, 'value="ana@example.com"' in page) == (422, True, True)
    assert site.stored().address is None


async def test_a_forged_link_gets_a_page_that_says_nothing(site: Site) -> None:
    forged = [
        site.link[:-1],
        site.link.replace(NONCE, "another-nonce"),
        site.links.link("never-offered"),
        AddressLinks(site.link.partition("/address")[0], "o" * 40).link(NONCE),
    ]
    for link in forged:
        for status, page in (await site.get(link), await site.send(AGREED, link)):
            assert status == 404
            assert "There is nothing here" in page
    assert site.stored().address is None


async def test_an_expired_link_says_how_to_get_another(site: Site) -> None:
    site.clock.advance(hours=25)
    for status, page in (await site.get(), await site.send(AGREED)):
        assert status == 410
        assert "you will get a new one" in page
    assert site.stored().address is None


@pytest.mark.parametrize("state", [HandoffState.REPLACED, HandoffState.RETURNED, HandoffState.EXPIRED])
async def test_an_offer_that_is_over_takes_nothing(site: Site, state: HandoffState) -> None:
    site.change(state=state)
    assert (await site.get())[0] == (await site.send(AGREED))[0] == 410


async def test_the_link_of_another_venue_is_none_of_this_page(site: Site) -> None:
    site.change(venue=Venue.CHAT)
    assert (await site.get())[0] == 404


async def test_nothing_from_elsewhere_may_run_or_be_loaded(site: Site) -> None:
    async with site.session.get(site.link) as answer:
        policy, page = answer.headers["Content-Security-Policy"], await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert re.findall(r'(?:src|href|action)="([^"]*)"', page) == ["page.css"]
    async with site.session.get(site.link.rpartition("/")[0] + "/page.css") as style:
        assert (style.status, style.content_type) == (200, "text/css")


async def test_a_body_that_is_too_large_or_odd_is_refused(site: Site) -> None:
    assert (await site.send({"address": "a" * 10_000, "agreed": "yes"}))[0] == 413
    assert (await site.send(b"\xff\xfe"))[0] == 400
    assert (await site.send("&".join("a=b" for _ in range(50)).encode()))[0] == 422
    assert site.stored().address is None


async def test_who_sends_too_often_is_asked_to_wait(site: Site) -> None:
    answers = [(await site.send({"address": "x"}))[0] for _ in range(25)]
    assert answers[0] == 422
    assert answers[-1] == 429


async def test_the_page_speaks_the_customers_language(site: Site) -> None:
    with site.store.unit_of_work() as uow:
        case = uow.cases.get(site.handoff.case_id)
        uow.cases.save(replace(case, assessment=replace(case.assessment, language="es")))
    _, page = await site.get()
    assert '<html lang="es" dir="ltr">' in page
    assert "Tu dirección de correo" in page


def test_there_are_words_in_every_language_that_we_promise() -> None:
    assert {"en", "es", "de", "fr", "pt", "it", "ja", "ar"} <= set(WORDS.phrases)
