"""Serves the page: GET shows it, POST keeps the address. It needs no script, sets no cookie and loads nothing from elsewhere."""

from pathlib import Path
from urllib.parse import parse_qs

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.email.links import ADDRESS_PATH, AddressLinks
from domain.clock import Clock
from domain.handoffs.email_addresses import MAX_ADDRESS_LENGTH, delivers_to, email_address
from handlers.desk import Desk
from handlers.handoffs.email_capture import Invitation, InvitationState, open_invitation, submit_address
from handlers.web.body_limits import BodyLimit
from handlers.web.client_address import source_of
from handlers.web.email_capture.rate_limits import Limits
from handlers.web.email_capture.words import PageWords

LARGEST_FORM = 4_000  # bytes
READ_AT_MOST = 1_000_000  # bytes of a larger one
STYLE = Path(__file__).with_name("page.css")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
_STATUS = {
    InvitationState.OPEN: 200,
    InvitationState.USED: 410,
    InvitationState.EXPIRED: 410,
    InvitationState.UNKNOWN: 404,
}


class AddressPage:
    """The page for one brand; `ours` is its own address, which is nobody's to leave."""

    def __init__(
        self, *, desk: Desk, clock: Clock, links: AddressLinks, words: PageWords, brand: str, ours: str
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._links = links
        self._words = words
        self._brand = brand
        self._ours = ours
        self._limits = Limits()
        self._style = STYLE.read_text(encoding="utf-8")

    def routes(self) -> list[BaseRoute]:
        """Everything under `ADDRESS_PATH`."""
        small = [Middleware(BodyLimit, largest=LARGEST_FORM, read_at_most=READ_AT_MOST)]
        path = ADDRESS_PATH + "/{token:str}"
        return [
            Route(ADDRESS_PATH + "/page.css", self._on_style, methods=["GET"]),
            Route(path, self._on_get, methods=["GET"]),
            Route(path, self._on_post, methods=["POST"], middleware=small),
        ]

    async def _on_style(self, _request: Request) -> Response:
        headers = {"x-content-type-options": "nosniff", "Cache-Control": "max-age=3600"}
        return Response(self._style, media_type="text/css", headers=headers)

    async def _on_get(self, request: Request) -> Response:
        if not self._limits.may_look(source_of(request)):
            return self._shown("busy", "", 429)
        nonce = self._links.nonce_of(request.path_params["token"])
        if nonce is None:
            return self._closed(Invitation(InvitationState.UNKNOWN))
        invited = await self._desk.run(open_invitation, nonce=nonce, now=self._clock.now())
        return self._form(invited) if invited.state is InvitationState.OPEN else self._closed(invited)

    async def _on_post(self, request: Request) -> Response:
        nonce = self._links.nonce_of(request.path_params["token"])
        if not self._limits.may_send(source_of(request), nonce or ""):
            return self._shown("busy", "", 429)
        if nonce is None:
            return self._closed(Invitation(InvitationState.UNKNOWN))
        given = _form(await request.body())
        typed = given.get("address", [""])[0].strip()[:MAX_ADDRESS_LENGTH]
        address, agrees = email_address(typed), given.get("agreed") == ["yes"]
        invited = await self._desk.run(open_invitation, nonce=nonce, now=self._clock.now())
        problem = self._problem(address, agrees=agrees)
        if invited.state is InvitationState.OPEN and problem:
            return self._form(invited, typed=typed, agreed=agrees, problem=problem)
        if address is None or problem:
            return self._closed(invited)
        before = await self._desk.run(submit_address, nonce=nonce, address=address, now=self._clock.now())
        if before.state is not InvitationState.OPEN:
            return self._closed(before)
        return self._shown("thanks", before.language, 200, address=address, code=before.code)

    def _problem(self, address: str | None, *, agrees: bool) -> str:
        """Which of the page's phrases says why the address is not taken; empty where it is."""
        if address is None:
            return "wrong_address"
        if delivers_to(address, self._ours):
            return "own_address"
        return "" if agrees else "not_agreed"

    def _form(
        self, invited: Invitation, *, typed: str = "", agreed: bool = False, problem: str = ""
    ) -> Response:
        status = 422 if problem else 200
        return self._shown("form", invited.language, status, typed=typed, agreed=agreed, problem=problem)

    def _closed(self, invited: Invitation) -> Response:
        return self._shown(invited.state.value, invited.language, _STATUS[invited.state])

    def _shown(self, what: str, language: str, status: int, **values: object) -> Response:
        usual = {"typed": "", "agreed": False, "problem": "", "address": "", "code": ""}
        page = self._words.render(language, self._brand, what=what, **(usual | values))
        return HTMLResponse(page, status_code=status, headers=_HEADERS)


def _form(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode(), max_num_fields=10, keep_blank_values=True)
    except ValueError:
        return {}
