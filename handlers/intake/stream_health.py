"""Track the health of each stream: pause it on errors, and alert on failure, recovery, gaps and silence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.delivery.effects import Alert
from domain.intake.posts import Page, revision_order
from domain.intake.private_messages import IncomingPage
from domain.intake.stream_names import DIRECT_MESSAGES, INBOX, PUSH
from domain.intake.streams import Cursor, SourceError, SourceFault, Stream
from domain.policy import Policy
from handlers.cases.alerts import alert
from storage.unit_of_work import UnitOfWork

#: Display names of the items of streams that do not consist of posts.
_ITEM_NAMES = {DIRECT_MESSAGES: "direct messages", INBOX: "mails", PUSH: "pushed posts"}

#: How long a stream may fail with transient errors before it is alerted of.
UNREACHABLE_ALERT_AFTER = timedelta(minutes=10)

# Only what is to be done here: the error's own text names the remedy on the network's side.
_REMEDIES = {
    SourceFault.REFUSED: "Then run `python bot.py check`.",
    SourceFault.UNAVAILABLE: "Nothing to do here: it is tried again all the time, and nothing is lost meanwhile.",
}


def get_account(uow: UnitOfWork, *, network: str) -> Account | None:
    """Return our account on the network as it was last stored; `None` if it never was."""
    return uow.accounts.get(network)


def save_account(uow: UnitOfWork, *, account: Account) -> None:
    """Store our account as the network reports it now."""
    uow.accounts.save(account)


def get_cursor(uow: UnitOfWork, *, account: Account, stream: str) -> Cursor:
    """Return how far the stream has been read."""
    return uow.cursors.get(account.network, account.id, stream)


def record_failure(
    uow: UnitOfWork,
    *,
    stream: Stream,
    error: SourceError,
    pause: timedelta,
    policy: Policy,
    now: datetime,
    alert_after: timedelta = UNREACHABLE_ALERT_AFTER,
) -> None:
    """Handle a failed read: pause the stream, back off, or alert, depending on the fault.

    A fault that pauses is alerted of once for all streams of the account that fail by it, and the stream is
    retried after `pause` or at the time that the network named. A rate limit backs off without an alert. Any
    other fault is alerted of, at most hourly, if the stream was never read or not for longer than
    `alert_after`.
    """
    if error.fault.pauses:
        _pause(uow, stream, error, pause, policy, now)
        return
    cursor = uow.cursors.get(stream.account.network, stream.account.id, stream.name)
    fault = error.fault
    if fault is SourceFault.RATE_LIMIT:
        until = error.resume_at or now + timedelta(minutes=1)
        began = now if cursor.pause_reason is None else cursor.paused_at
        uow.cursors.save(replace(cursor, paused_until=until, paused_at=began))
    elif cursor.read_at is None or now - cursor.read_at > alert_after:
        text = f"{_items(stream).capitalize()} of {stream.owner} could not be read {_outage_duration(cursor, now)}: {_sentence(error)}"
        text += f" {_REMEDIES.get(fault, 'See the log, and run `python bot.py check`.')}"
        alert(uow, policy, text, dedupe_key=f"unreadable:{stream.key}", now=now)


def _pause(
    uow: UnitOfWork, stream: Stream, error: SourceError, pause: timedelta, policy: Policy, now: datetime
) -> None:
    """Pause the stream; alert unless another stream of the account has paused by the same fault."""
    account, fault = stream.account, error.fault
    others = {one.stream: one for one in uow.cursors.of_account(account.network, account.id)}
    cursor = others.pop(stream.name, None) or uow.cursors.get(account.network, account.id, stream.name)
    began = cursor.fault_began(fault, others.values(), now=now)
    uow.cursors.save(
        replace(cursor, pause_reason=fault, paused_until=error.resume_at or now + pause, paused_at=began)
    )
    if cursor.pause_reason is fault or any(other.has_paused(fault, began) for other in others.values()):
        return
    remedy = " ".join(filter(None, [_REMEDIES.get(fault), _goes_on(error, pause)]))
    text = f"Reading {_items(stream)} of {stream.owner} has paused: {_sentence(error)} {remedy}"
    if others:
        text += " What else is read there may pause for the same reason, which is not told again."
    _alert(uow, policy, text, dedupe_key=f"paused:{stream.key}:{fault}:{began.isoformat()}", now=now)


def _resume(uow: UnitOfWork, stream: Stream, paused: Cursor, policy: Policy, now: datetime) -> None:
    """Alert that reading works again, and have the streams that the same fault paused tried at once.

    One that still fails is alerted of like a new fault.
    """
    text = f"Reading {_items(stream)} of {stream.owner} works again. What came meanwhile has been read."
    uow.cursors.resume_others(paused)
    began = (paused.paused_at or now).isoformat()
    key = f"resumed:{paused.network}:{paused.account_id}:{paused.pause_reason}:{began}"
    _alert(uow, policy, text, dedupe_key=key, now=now)


def _alert(uow: UnitOfWork, policy: Policy, text: str, *, dedupe_key: str, now: datetime) -> None:
    """Enqueue an alert; unlike other alerts, two within an hour may both be news."""
    uow.outbox.add([Alert(text=text, dedupe_key=dedupe_key, channel=policy.alert_channel)], now=now)


def _goes_on(error: SourceError, pause: timedelta) -> str:
    """Say how soon reading goes on by itself, unless the network named a time of its own."""
    if error.resume_at is not None:
        return "Reading goes on by itself after that."
    minutes = round(pause / timedelta(minutes=1))
    every = "every minute" if minutes <= 1 else f"every {minutes} minutes"
    return f"It is tried again {every}, and reading goes on by itself once it works."


def _items(stream: Stream) -> str:
    return _ITEM_NAMES.get(stream.name, stream.name)


def _unread_text(stream: Stream, skipped: Sequence[str]) -> str:
    names = _ITEM_NAMES.get(stream.name, "posts")
    count, have, them = (
        (f"1 {names.removesuffix('s')}", "has", "it")
        if len(skipped) == 1
        else (f"{len(skipped)} {names}", "have", "them")
    )
    return (
        f"{count} for {stream.owner} could not be read and {have} no card: {', '.join(skipped)}. "
        f"Look at {them} on the network, and report what is odd about {them}."
    )


def _sentence(error: SourceError) -> str:
    """End the error's text with a full stop if it has no closing punctuation."""
    text = str(error)
    return text if text.rstrip('"”').endswith((".", "!", "?")) else f"{text}."


def _outage_duration(cursor: Cursor, now: datetime) -> str:
    if cursor.read_at is None:
        return "so far"
    return f"for {int((now - cursor.read_at).total_seconds() // 60)} min"


def record_success(
    uow: UnitOfWork,
    *,
    stream: Stream,
    page: Page | IncomingPage,
    policy: Policy,
    now: datetime,
) -> None:
    """Handle a successful read: clear the pause, and alert of recovery, of unreadable items and of a gap.

    Call it in the transaction that moves the cursor: after that commit, these alerts cannot be raised again.
    """
    cursor = uow.cursors.get(stream.account.network, stream.account.id, stream.name)
    if cursor.pause_reason is not None:
        _resume(uow, stream, cursor, policy, now)
    uow.cursors.save(replace(cursor, pause_reason=None, paused_until=None, paused_at=None))
    if page.skipped:
        text = _unread_text(stream, page.skipped)
        alert(
            uow,
            policy,
            text,
            dedupe_key=f"skipped:{stream.key}:{max(page.skipped, key=revision_order)}",
            now=now,
        )
    if page.gap:
        text = (
            f"Some {_items(stream)} of {stream.owner} may be missing: more came since the last reading than the network "
            "shows. Look through the network's own notifications for the time before this message."
        )
        alert(uow, policy, text, dedupe_key=f"gap:{stream.key}:{page.newest_id}", now=now)


def alert_if_quiet(
    uow: UnitOfWork, *, stream: Stream, quiet_after: timedelta, policy: Policy, now: datetime
) -> None:
    """Alert, once per quiet period, if nothing has arrived on the stream for `quiet_after`."""
    cursor = uow.cursors.get(stream.account.network, stream.account.id, stream.name)
    if cursor.arrived_at is None or cursor.quiet_alerted_at or now - cursor.arrived_at < quiet_after:
        return
    hours = (now - cursor.arrived_at).total_seconds() / 3600
    text = (
        f"Nothing has arrived for {stream.owner} for {hours:.0f} h. If that is unusual, look at the account on the "
        "network and run `python bot.py check`."
    )
    alert(uow, policy, text, dedupe_key=f"quiet:{stream.key}", now=now)
    uow.cursors.save(replace(cursor, quiet_alerted_at=now))
