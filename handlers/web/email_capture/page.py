"""Serve the e-mail capture page: GET shows the form, POST stores the address and leads to what was stored.

It needs no script, sets no cookie and loads nothing from other origins.
"""

import re
from collections.abc import Mapping

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.email.links import ADDRESS_PATH, AddressLinks
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH, delivers_to, typed_address
from domain.records.audit import SYSTEM
from handlers.context import AppContext
from handlers.handoffs.email_capture import Invitation, InvitationState, open_invitation, submit_address
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

_RECEIPT = "left"  # the query's field
_STATUS = {
    InvitationState.OPEN: 200,
    InvitationState.USED: 410,
    InvitationState.EXPIRED: 410,
    InvitationState.UNKNOWN: 404,
}


class EmailCapturePage:
    """The page of one brand. `ours` is the brand's own e-mail address, which customers cannot enter."""

    def __init__(
        self, ctx: AppContext, *, links: AddressLinks, words: PageWords, ours: str, colour: str
    ) -> None:
        self._ctx = ctx
        self._links = links
        self._words = words
        self._ours = ours
        self._limits = PageLimiter()
        self._colour = colour

    def routes(self) -> list[BaseRoute]:
        """Return the routes under `ADDRESS_PATH`."""
        limited = [Middleware(BodyLimit, max_size=MAX_FORM_BYTES)]
        path = ADDRESS_PATH + "/{token:str}"
        return [
            style_route(ADDRESS_PATH + "/page.css", self._colour),
            Route(path, self._on_get, methods=["GET"]),
            Route(path, self._on_post, methods=["POST"], middleware=limited),
        ]

    async def _on_get(self, request: Request) -> Response:
        if not self._limits.may_view(rate_limit_key(request)):
            return self._render(request, "busy", "", 429)
        nonce = self._links.value_of(request.path_params["token"])
        if nonce is None:
            return self._render_closed(request, Invitation(InvitationState.UNKNOWN))
        invitation = await self._ctx.desk.run(open_invitation, nonce=nonce, now=self._ctx.clock.now())
        if invitation.state is InvitationState.OPEN:
            return await self._render_form(request, invitation)
        receipt = request.query_params.get(_RECEIPT, "")
        if invitation.address and self._links.is_receipt(nonce, receipt):
            return self._render_thanks(request, invitation)
        return self._render_closed(request, invitation)

    async def _on_post(self, request: Request) -> Response:
        nonce = self._links.value_of(request.path_params["token"])
        if not self._limits.may_submit(rate_limit_key(request), nonce or ""):
            return self._render(request, "busy", "", 429)
        if nonce is None:
            return self._render_closed(request, Invitation(InvitationState.UNKNOWN))
        fields = parse_form(await request.body())
        address_text = fields.get("address", [""])[0].strip()[:MAX_ADDRESS_LENGTH]
        address, agreed = typed_address(address_text), fields.get("agreed") == ["yes"]
        invitation = await self._ctx.desk.run(open_invitation, nonce=nonce, now=self._ctx.clock.now())
        problem = self._problem(address, agreed=agreed)
        if invitation.state is InvitationState.OPEN and problem:
            return await self._render_form(
                request, invitation, typed=address_text, agreed=agreed, problem=problem
            )
        if address is None or problem:
            return self._render_closed(request, invitation)
        previous = await self._ctx.desk.run(
            submit_address, nonce=nonce, address=address, now=self._ctx.clock.now()
        )
        if previous.state is not InvitationState.OPEN:
            return self._render_closed(request, previous)
        # A page that answers a form is lost when a telephone loads it anew, and the code with it. The
        # address is relative: no Host header decides where it leads.
        return Response(
            status_code=303, headers={**HEADERS, "Location": f"?{_RECEIPT}={self._links.receipt(nonce)}"}
        )

    def _problem(self, address: str | None, *, agreed: bool) -> str:
        """Return the name of the phrase that says why the address is refused; empty if it is accepted."""
        if address is None:
            return "wrong_address"
        if delivers_to(address, self._ours):
            return "own_address"
        return "" if agreed else "not_agreed"

    async def _render_form(
        self,
        request: Request,
        invitation: Invitation,
        *,
        typed: str = "",
        agreed: bool = False,
        problem: str = "",
    ) -> Response:
        status = 422 if problem else 200
        is_agent = invitation.offered_by != SYSTEM
        who = await self._ctx.directory.first_name(invitation.offered_by) if is_agent else ""
        network = self._ctx.networks.profile(invitation.network).label
        phrases = self._words.phrases_in(self._language(request, invitation.language))
        why = _why(phrases, brand=self._ctx.policy.brand, who=who, network=network)
        return self._render(
            request,
            "form",
            invitation.language,
            status,
            typed=typed,
            agreed=agreed,
            problem=problem,
            why=why,
        )

    def _render_thanks(self, request: Request, invitation: Invitation) -> Response:
        """Render what the browser that left the address sees. A code is shown where it can be sent to us."""
        recipient = self._ctx.code_recipient(invitation.network)
        code = invitation.code if recipient is not None else ""
        return self._render(
            request,
            "thanks",
            invitation.language,
            200,
            address=invitation.address,
            code=code,
            recipient=recipient,
        )

    def _render_closed(self, request: Request, invitation: Invitation) -> Response:
        return self._render(request, invitation.state.value, invitation.language, _STATUS[invitation.state])

    def _language(self, request: Request, wanted: str) -> str:
        """Return the customer's language, or the browser's where we do not have that or know no customer."""
        if wanted in self._words.phrases:
            return wanted
        accepted = request.headers.get("accept-language", "")
        return choose_language(accepted, self._words.phrases, self._ctx.policy.default_language)

    def _render(
        self, request: Request, section: str, language: str, status: int, **values: object
    ) -> Response:
        defaults = {
            "typed": "",
            "agreed": False,
            "problem": "",
            "address": "",
            "code": "",
            "recipient": None,
            "why": "",
        }
        page = self._words.render(
            self._language(request, language), self._ctx.policy.brand, what=section, **(defaults | values)
        )
        headers = REJECTED_HEADERS if values.get("problem") else HEADERS
        return HTMLResponse(page, status_code=status, headers={**headers, "Vary": "Accept-Language"})


def _why(phrases: Mapping[str, str], *, brand: str, who: str, network: str) -> str:
    """Return the sentence that says who asks and why; `who` is a first name, or empty."""
    values = {"who": who or phrases["somebody"], "network": network, "brand": brand}
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), phrases["why"])
