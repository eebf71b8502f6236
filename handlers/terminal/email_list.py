"""Show in `bot.py check` whether notices can be mailed to the subscribers of the e-mail list."""

import asyncio
from collections.abc import Sequence

from adapters.settings import Settings
from domain.diagnostics import CheckLine
from storage.diagnostics import count_confirmed_subscribers

NAME = "E-mail list"
OUTGOING = "E-mail out"


async def with_email_list(settings: Settings, mail: Sequence[CheckLine]) -> list[CheckLine]:
    """Add the line about the list to those about the mail account."""
    return [*mail, await _list_line(settings, mail)]


async def _list_line(settings: Settings, mail: Sequence[CheckLine]) -> CheckLine:
    url = settings.environment.database_url.get_secret_value()
    count = await asyncio.to_thread(count_confirmed_subscribers, url)
    if count is None:
        return CheckLine(
            NAME, ok=None, detail="subscribers cannot be counted: the database is in use, or not ready"
        )
    who = f"{count:,} {'subscriber' if count == 1 else 'subscribers'}"
    is_needed = False if count else None  # nobody waits for mails of a list without subscribers
    outgoing = next((line for line in mail if line.name == OUTGOING), None)
    if outgoing is None:
        remedy = "set SMTP_URL, IMAP_URL, EMAIL_FROM and SECRET_KEY"
        return CheckLine(NAME, ok=is_needed, detail=f"{who}; no mail account is set", remedy=remedy)
    if settings.environment.public_url is None:
        detail = f"{who}; not mailed, as PUBLIC_URL, where they unsubscribe, is not set"
        return CheckLine(NAME, ok=is_needed, detail=detail, remedy="set PUBLIC_URL")
    if outgoing.ok is False:
        detail = f"{who}; the mail account does not answer"
        return CheckLine(NAME, ok=is_needed, detail=detail, remedy=f"see the line “{OUTGOING}”")
    where = settings.environment.public_url
    return CheckLine(NAME, ok=True, detail=f"{who}; the mail account answers; they unsubscribe at {where}")
