"""The state of what we read: how far each stream is, and telling somebody when one is in trouble, in words."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.intake.posts import Page, revision_order
from domain.intake.private_messages import IncomingPage
from domain.intake.sources import Cursor, SourceError, SourceFault
from domain.policy import Policy
from handlers.cases.card_routing import alert
from storage.unit_of_work import UnitOfWork

MENTIONS = "mentions"
SEARCH = "search"
DIRECT = "dm"
INBOX = "inbox"
#: What a stream is called where that is not its name, and what it brings where those are no posts.
_CALLED = {DIRECT: "direct messages", INBOX: "mails"}

UNREACHABLE_FOR = timedelta(minutes=10)

#: What is to be done on the network itself is said by whoever knows the network: the error's own words.
_REMEDIES = {
    SourceFault.REFUSED: "Then run `python bot.py check`. Reading goes on by itself once it works.",
    SourceFault.OUT_OF_CREDIT: "Reading goes on by itself after that.",
    SourceFault.USAGE_CAP: "Reading goes on by itself after that.",
    SourceFault.UNAVAILABLE: "Nothing to do here: it is tried again all the time, and nothing is lost meanwhile.",
}


def known_account(uow: UnitOfWork, *, network: str) -> Account | None:
    """Our account on the network as it was last seen."""
    return uow.accounts.get(network)


def keep_account(uow: UnitOfWork, *, account: Account) -> None:
    """Remember our account as the network shows it now."""
    uow.accounts.save(account)


def get_cursor(uow: UnitOfWork, *, account: Account, stream: str) -> Cursor:
    """How far the stream has been read."""
    return uow.cursors.get(account.network, account.id, stream)


def record_failure(
    uow: UnitOfWork,
    *,
    account: Account,
    stream: str,
    error: SourceError,
    pause: timedelta,
    policy: Policy,
    now: datetime,
    unreachable_for: timedelta = UNREACHABLE_FOR,
) -> None:
    """A reading failed: pause the stream and tell somebody where that is called for."""
    cursor = uow.cursors.get(account.network, account.id, stream)
    trouble = error.trouble
    if trouble.pauses:
        if cursor.paused is not trouble:
            text = f"Reading {_called(stream)} of {_at(account)} has paused: {_sentence(error)} {_REMEDIES[trouble]}"
            alert(uow, policy, text, once=f"paused:{stream}:{trouble}:{now.isoformat()}", now=now)
        uow.cursors.save(replace(cursor, paused=trouble, paused_until=error.resume_at or now + pause))
    elif trouble is SourceFault.RATE_LIMIT:
        uow.cursors.save(replace(cursor, paused_until=error.resume_at or now + timedelta(minutes=1)))
    elif cursor.read_at is None or now - cursor.read_at > unreachable_for:
        text = f"{_called(stream).capitalize()} of {_at(account)} could not be read {_how_long(cursor, now)}: {_sentence(error)}"
        text += f" {_REMEDIES.get(trouble, 'See the log, and run `python bot.py check`.')}"
        alert(uow, policy, text, once=f"unreadable:{stream}", now=now)


def _called(stream: str) -> str:
    return _CALLED.get(stream, stream)


def _at(account: Account) -> str:
    """Our account as people know it: an address has its @ within."""
    return account.handle if "@" in account.handle else f"@{account.handle}"


def _sentence(error: SourceError) -> str:
    """The error's own words, closed with a full stop where they have none."""
    said = str(error)
    return said if said.rstrip('"”').endswith((".", "!", "?")) else f"{said}."


def _how_long(cursor: Cursor, now: datetime) -> str:
    if cursor.read_at is None:
        return "so far"
    return f"for {int((now - cursor.read_at).total_seconds() // 60)} min"


def record_reading(
    uow: UnitOfWork,
    *,
    account: Account,
    stream: str,
    page: Page | IncomingPage,
    policy: Policy,
    now: datetime,
) -> None:
    """A reading worked: say so after a pause, and say where more came than the network shows.

    Belongs into the transaction that moves the cursor: what is said here can be said only once.
    """
    cursor = uow.cursors.get(account.network, account.id, stream)
    if cursor.paused is not None:
        text = f"Reading {_called(stream)} of {_at(account)} works again. What came meanwhile has been read."
        alert(uow, policy, text, once=f"resumed:{stream}:{now.isoformat()}", now=now)
    uow.cursors.save(replace(cursor, paused=None, paused_until=None))
    if page.skipped:
        text = (
            f"{len(page.skipped)} {_CALLED.get(stream, 'posts')} for {_at(account)} could not be read and have no card: {', '.join(page.skipped)}. "
            "Look at them on the network, and report what is odd about them."
        )
        alert(uow, policy, text, once=f"skipped:{stream}:{max(page.skipped, key=revision_order)}", now=now)
    if page.gap:
        text = (
            f"Some {_called(stream)} of {_at(account)} may be missing: more came since the last reading than the network "
            "shows. Look through the network's own notifications for the time before this message."
        )
        alert(uow, policy, text, once=f"gap:{stream}:{page.newest_id}", now=now)


def alert_if_silent(
    uow: UnitOfWork, *, account: Account, stream: str, quiet_after: timedelta, policy: Policy, now: datetime
) -> None:
    """Tell somebody once when nothing has arrived for too long."""
    cursor = uow.cursors.get(account.network, account.id, stream)
    if cursor.arrived_at is None or cursor.quiet_alerted_at or now - cursor.arrived_at < quiet_after:
        return
    hours = (now - cursor.arrived_at).total_seconds() / 3600
    text = (
        f"Nothing has arrived for {_at(account)} for {hours:.0f} h. If that is unusual, look at the account on the "
        "network and run `python bot.py check`."
    )
    alert(uow, policy, text, once=f"quiet:{stream}", now=now)
    uow.cursors.save(replace(cursor, quiet_alerted_at=now))
