"""A message that the desk stumbles over each time is left out, so that those behind it are read; somebody is told."""

from datetime import datetime

from domain.effects import Alert
from domain.policy import Policy
from domain.ports import Account, UnitOfWork
from domain.private import Heard


def pass_over_direct(
    uow: UnitOfWork, heard: Heard, *, account: Account, policy: Policy, why: str, now: datetime
) -> None:
    """Tell somebody, once, of a direct message that could not be stored. The cursor moves with those behind it."""
    told = (
        f"A direct message to @{account.handle} from @{heard.author.handle} could not be stored and has no card ({why}). Its id is "
        f"{heard.external_id}. It is still in the account's inbox: look at it there, answer it from there, and report this with the log."
    )
    # It may be listed again for a while: not once an hour, as other alerts.
    once = f"passed_over:{account.network}:{account.id}:{heard.external_id}"
    uow.outbox.add([Alert(text=told, once=once, channel=policy.alert_channel)], now=now)
