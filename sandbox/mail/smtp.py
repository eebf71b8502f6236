"""Serve SMTP with authentication and injected faults."""

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.faults import Fault
from sandbox.mail.post_office import BRAND, PASSWORD, PostOffice

LARGEST_MAIL = 35 * 1024 * 1024  # bytes


def smtp_server(office: PostOffice) -> SMTP:
    """Create the SMTP protocol of one connection."""
    return SMTP(
        _Hooks(office),
        hostname="mx.sandbox.example",
        data_size_limit=LARGEST_MAIL,
        authenticator=_authenticate,
        auth_require_tls=False,
    )


def _authenticate(
    _server: SMTP,
    _session: Session,
    _envelope: Envelope,
    _mechanism: str,
    given: Any,  # noqa: ANN401 - aiosmtpd's signature
) -> AuthResult:
    is_valid = isinstance(given, LoginPassword) and (given.login, given.password) == (
        BRAND.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(
        success=is_valid, handled=False, message=None if is_valid else "535 5.7.8 Wrong user or password"
    )


class _Hooks:
    """Handlers that aiosmtpd calls at each SMTP command."""

    def __init__(self, office: PostOffice) -> None:
        self._office = office

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Log in first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._failing(server, "smtp:MAIL") or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._failing(server, "smtp:RCPT") or self._office.refusal(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it by this name
        fault = self._office.faults.next_fault("smtp:DATA")
        if fault is not None and fault.mode == "status":
            return _answer(fault)
        # A server that has accepted the data delivers it, even when its client no longer waits for the
        # answer.
        await asyncio.shield(asyncio.ensure_future(self._accept(envelope, fault)))
        if fault is not None and fault.mode.startswith("lost"):
            _abort(server)
        return "250 OK taken"

    async def _accept(self, envelope: Envelope, fault: Fault | None) -> None:
        if fault is not None and fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
        if fault is None or fault.mode != "lost-before":
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self._office.send(envelope.mail_from or "", envelope.rcpt_tos, content)

    async def _failing(self, server: SMTP, call: str) -> str | None:
        fault = self._office.faults.next_fault(call)
        if fault is None:
            return None
        if fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.mode == "status":
            return _answer(fault)
        _abort(server)
        return "421 gone"


def _answer(fault: Fault) -> str:
    return f"{fault.status} {fault.body or 'as asked for'}"


def _abort(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.abort()  # type: ignore[attr-defined]  # a transport over a socket has it
