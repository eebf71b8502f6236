"""Skip a poison message, one that fails to be stored each time, and alert on-call."""

from datetime import datetime

from domain.accounts import Account
from domain.delivery.effects import Alert
from domain.intake.email import ReceivedEmail
from domain.intake.private_messages import IncomingMessage
from domain.intake.streams import Stream
from domain.policy import Policy
from handlers.cases.alerts import alert
from handlers.intake.email import record_mailbox_read
from storage.unit_of_work import UnitOfWork


def skip_direct_message(
    uow: UnitOfWork, message: IncomingMessage, *, stream: Stream, policy: Policy, why: str, now: datetime
) -> None:
    """Alert on-call, once, of a direct message that could not be stored.

    Leaves the cursor alone: it moves once the rest of the page is stored.
    """
    text = (
        f"A direct message to {stream.owner} from @{message.author.handle} could not be stored and has no card ({why}). "
        f"Its id is {message.external_id}. It is still in the account's inbox: look at it there, answer it from there, and "
        "report this with the log."
    )
    # Not `alert`, which repeats hourly: the network may list the message for a while.
    account = stream.account
    dedupe_key = f"skipped:{account.network}:{account.id}:{message.external_id}"
    uow.outbox.add([Alert(text=text, dedupe_key=dedupe_key, channel=policy.alert_channel)], now=now)


def skip_email(
    uow: UnitOfWork, received: ReceivedEmail, *, account: Account, policy: Policy, why: str, now: datetime
) -> None:
    """Alert on-call, once, of a mail that could not be stored, and move the cursor past it."""
    text = (
        f"A mail to {account.handle} could not be stored and has no card ({why}). It is still in the mailbox: look at what came "
        "there just now, answer it from there, and report this with the log."
    )
    alert(uow, policy, text, dedupe_key=f"skipped:{account.id}:{received.position}", now=now)
    record_mailbox_read(uow, account=account, position=received.position, added=False, policy=policy, now=now)
