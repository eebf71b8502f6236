"""Subscribe to the e-mail list, confirm it, and unsubscribe; each change needs a POST.

Programs follow the links in mails to look for malware, so that a GET changes nothing. There is no cookie, and
the links carry a signature: another site cannot make a visitor change anything. The pages need no script and
load nothing from other origins.
"""

import secrets
from collections.abc import Collection
from urllib.parse import urlencode

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.email.links import SubscriberLinks
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH, delivers_to, typed_address
from domain.outages.subscribers import CONFIRM_PATH, SUBSCRIBE_PATH, UNSUBSCRIBE_PATH, Choice
from handlers.context import AppContext
from handlers.outages.subscribers import choice_to_confirm, confirm, is_subscribed, subscribe, unsubscribe
from handlers.web.body_limits import BodyLimit
from handlers.web.chat.language import choose_language
from handlers.web.client_address import rate_limit_key
from handlers.web.form_pages.rate_limits import PageLimiter
from handlers.web.form_pages.responses import (
    HEADERS,
    MAX_FORM_BYTES,
    REJECTED_HEADERS,
    parse_form,
    style_route,
)
from handlers.web.form_pages.words import PageWords

_STYLE_PATH = f"{SUBSCRIBE_PATH.rpartition('/')[0]}/page.css"
_CUT_LINKS = (CONFIRM_PATH, UNSUBSCRIBE_PATH)
_CROSS_SITE = "cross-site"


class SubscribePages:
    """The pages of one brand. `ours` is the brand's own e-mail address, which nobody can enter."""

    def __init__(
        self, ctx: AppContext, *, links: SubscriberLinks, words: PageWords, ours: str, colour: str
    ) -> None:
        self._ctx = ctx
        self._links = links
        self._words = words
        self._ours = ours
        self._limits = PageLimiter()
        self._colour = colour
        self._languages = {code: words.phrases[code]["own_name"] for code in sorted(words.phrases)}

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the pages."""
        ticked = urlencode([("component", name) for name in self._components])
        form_limit = [Middleware(BodyLimit, max_size=MAX_FORM_BYTES + len(ticked))]
        limited = [Middleware(BodyLimit, max_size=MAX_FORM_BYTES)]
        confirm_link, unsubscribe_link = CONFIRM_PATH + "/{token:str}", UNSUBSCRIBE_PATH + "/{token:str}"
        return [
            style_route(_STYLE_PATH, self._colour),
            *(Route(path, self._on_cut_link, methods=["GET"]) for path in _CUT_LINKS),
            Route(SUBSCRIBE_PATH, self._on_form, methods=["GET"]),
            Route(SUBSCRIBE_PATH, self._on_subscribe, methods=["POST"], middleware=form_limit),
            Route(confirm_link, self._on_confirm_link, methods=["GET"]),
            Route(confirm_link, self._on_confirm, methods=["POST"], middleware=limited),
            Route(unsubscribe_link, self._on_unsubscribe_link, methods=["GET"]),
            Route(unsubscribe_link, self._on_unsubscribe, methods=["POST"], middleware=limited),
        ]

    @property
    def _components(self) -> list[str]:
        return [component.name for component in self._ctx.policy.outages.components]

    async def _on_form(self, request: Request) -> Response:
        if not self._limits.may_view(rate_limit_key(request)):
            return self._render(request, "busy", 429)
        return self._render_form(request)

    async def _on_subscribe(self, request: Request) -> Response:
        """Send a confirmation mail; the answer does not tell whether the address is known."""
        fields = parse_form(await request.body(), max_fields=10 + len(self._components))
        typed = fields.get("address", [""])[0].strip()[:MAX_ADDRESS_LENGTH]
        address = typed_address(typed)
        visitor = rate_limit_key(request)
        if not self._limits.may_submit(visitor, f"by {visitor}" if address is None else f"to {address}"):
            return self._render(request, "busy", 429)
        if request.headers.get("sec-fetch-site") == _CROSS_SITE:
            return self._render(request, "unknown", 403)
        wanted = fields.get("language", [""])[0]
        choice = Choice(
            language=wanted if wanted in self._languages else self._language(request),
            components=tuple(name for name in self._components if name in fields.get("component", [])),
        )
        if address is None or delivers_to(address, self._ours):
            problem = "wrong_address" if address is None else "own_address"
            return self._render_form(request, typed=typed, choice=choice, problem=problem)
        if not self._limits.may_mail(address):
            return self._render(request, "mailed", 429)
        await self._ctx.desk.run(
            subscribe,
            address=address,
            choice=choice,
            nonce=secrets.token_urlsafe(16),
            now=self._ctx.clock.now(),
        )
        return self._render(request, "sent", 200)

    async def _on_confirm_link(self, request: Request) -> Response:
        if (found := self._links.confirmed_by(request.path_params["token"])) is None:
            return self._render_unknown(request)
        subscriber_id, nonce = found
        choice = await self._ctx.desk.run(
            choice_to_confirm,
            subscriber_id=subscriber_id,
            nonce=nonce,
            components=self._components,
            now=self._ctx.clock.now(),
        )
        if choice is None:
            return self._render(request, "expired", 410)
        return self._render(
            request,
            "confirm",
            200,
            chosen_language=choice.language,
            chosen_components=choice.components,
        )

    async def _on_confirm(self, request: Request) -> Response:
        if (found := self._links.confirmed_by(request.path_params["token"])) is None:
            return self._render_unknown(request)
        subscriber_id, nonce = found
        is_confirmed = await self._ctx.desk.run(
            confirm,
            subscriber_id=subscriber_id,
            nonce=nonce,
            components=self._components,
            now=self._ctx.clock.now(),
        )
        return self._render(request, *(("confirmed", 200) if is_confirmed else ("expired", 410)))

    async def _on_unsubscribe_link(self, request: Request) -> Response:
        if (subscriber_id := self._links.unsubscribed_by(request.path_params["token"])) is None:
            return self._render_unknown(request)
        goes_on = await self._ctx.desk.run(is_subscribed, subscriber_id=subscriber_id)
        return self._render(request, "unsubscribe" if goes_on else "unsubscribed", 200)

    async def _on_unsubscribe(self, request: Request) -> Response:
        """End the subscription: by the page's button, or by a mail program's one click (RFC 8058).

        It is not limited by visitor: a mail provider makes the requests of all its users.
        """
        if (subscriber_id := self._links.unsubscribed_by(request.path_params["token"])) is None:
            return self._render_unknown(request)
        await self._ctx.desk.run(unsubscribe, subscriber_id=subscriber_id, now=self._ctx.clock.now())
        return self._render(request, "unsubscribed", 200)

    async def _on_cut_link(self, request: Request) -> Response:
        """Answer a link that a mail program has cut off before its token."""
        return self._render_unknown(request)

    def _render_unknown(self, request: Request) -> Response:
        if not self._limits.may_view(rate_limit_key(request)):
            return self._render(request, "busy", 429)
        return self._render(request, "unknown", 404)

    def _render_form(
        self, request: Request, *, typed: str = "", choice: Choice | None = None, problem: str = ""
    ) -> Response:
        chosen = choice or Choice(language=self._language(request))
        return self._render(
            request,
            "form",
            422 if problem else 200,
            typed=typed,
            problem=problem,
            chosen_language=chosen.language,
            chosen_components=chosen.components,
        )

    def _render(self, request: Request, section: str, status: int, **values: object) -> Response:
        language = self._language(request)
        page = self._words.render(
            language,
            self._ctx.policy.brand,
            what=section,
            up="" if request.url.path.rstrip("/").endswith((SUBSCRIBE_PATH, *_CUT_LINKS)) else "../",
            languages=self._languages,
            components=self._components,
            **({"typed": "", "problem": "", "chosen_language": "", "chosen_components": ()} | values),
        )
        headers = REJECTED_HEADERS if values.get("problem") else HEADERS
        return HTMLResponse(page, status_code=status, headers={**headers, "Vary": "Accept-Language"})

    def _language(self, request: Request) -> str:
        available: Collection[str] = self._languages
        if (asked := request.query_params.get("language", "")) in available:
            return asked
        accepted = request.headers.get("accept-language", "")
        return choose_language(accepted, available, self._ctx.policy.default_language)
