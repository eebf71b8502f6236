"""Hand over the lead of an outage."""

from datetime import datetime, timedelta

from domain.delivery.effects import Alert
from domain.outages.lifecycle import Actor
from domain.outages.outage import Outage
from domain.outages.policy import Right
from handlers.outages.lookup import get_outage
from handlers.outages.trail import record_lead
from storage.unit_of_work import UnitOfWork

_MINUTES_IN_TWO_HOURS = 120


def hand_over_lead(
    uow: UnitOfWork, *, outage_id: int, to: str, actor: Actor, by_name: str, now: datetime
) -> Outage:
    """Make somebody else the lead of an outage, and tell them, unless they took it themselves.

    `by_name` is the actor's name, for what they are told.
    """
    actor.require(Right.DRAFT)
    outage = get_outage(uow, outage_id)
    if outage.lead == to:
        return outage
    led = outage.changed(lead=to)
    uow.outages.save(led)
    record_lead(uow, outage, led, actor=actor.user_id, now=now)
    if to != actor.user_id:
        key = f"outage:{outage.id}:lead:{to}:{led.version}"
        uow.outbox.add([Alert(_text(led, by_name, now), key, to, outage.id)], now=now)
    return led


def _text(outage: Outage, by_name: str, now: datetime) -> str:
    text = f"You lead “{outage.title}” from now on: {by_name or 'a colleague'} handed it over to you. "
    if (due := outage.next_update_due) is None:
        return text + "No time is promised for its next update. The board has the buttons."
    return text + f"Its next update is {_when(due - now)}. The board has the buttons, and you are reminded."


def _when(left: timedelta) -> str:
    minutes = left // timedelta(minutes=1)
    if minutes < _MINUTES_IN_TWO_HOURS:
        return f"due in {minutes} minutes" if minutes > 1 else "due now"
    hours, rest = divmod(minutes, 60)
    return f"due in {hours} h {rest} min" if rest else f"due in {hours} hours"
