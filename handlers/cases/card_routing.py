"""When a channel is closed to us: its cards go where somebody sees them, and somebody is told."""

from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.delivery.effects import Alert, PostCard
from domain.delivery.outcomes import Failed
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action
from handlers.cases.transitions import save_change
from storage.unit_of_work import UnitOfWork

#: Slack's word for a message that somebody deleted.
MESSAGE_GONE = "message_not_found"


def alert(uow: UnitOfWork, policy: Policy, text: str, *, once: str, now: datetime) -> None:
    """Tell the people who run the bot, at most once an hour for each `once`."""
    hourly = f"{once}:{now:%Y%m%dT%H}"
    uow.outbox.add([Alert(text=text, once=hourly, channel=policy.alert_channel)], now=now)


def reroute_alert(uow: UnitOfWork, policy: Policy, effect: Alert, failure: Failed, *, now: datetime) -> None:
    """An alert could not be posted where alerts go: post it in the fallback channel."""
    if failure.route_broken and effect.channel != policy.fallback_channel:
        again = replace(effect, channel=policy.fallback_channel, once=f"{effect.once}:fallback")
        uow.outbox.add([again], now=now)


def reroute_card(
    uow: UnitOfWork, policy: Policy, case_id: int, channel: str, failure: Failed, *, now: datetime
) -> None:
    """A card could not be posted in `channel`: send it to the fallback channel, unless it is the card that is at fault."""
    case = uow.cases.get(case_id)
    if failure.drawn_wrong:
        _tell_not_drawn(uow, policy, case, failure, now=now)
        return
    if channel != policy.fallback_channel:
        _reroute(uow, policy, case, channel, failure, now=now)
        return
    text = (
        f"Cards cannot be posted in {channel_name(channel)} either: {failure.reason}. Their cases are in App Home and come with "
        "/mentions next. Mend the channel, or choose another fallback_channel in switchboard.toml."
    )
    alert(uow, policy, text, once=f"route:{channel}", now=now)


def recover_missing_card(
    uow: UnitOfWork, policy: Policy, case_id: int, failure: Failed, *, now: datetime
) -> None:
    """A posted card, or its thread, can no longer be kept up to date: post it anew, elsewhere where its channel is closed to us.

    However often it is missed before the new one is there, one new one is posted: what is already on its way is not asked for
    again, and asking for a further update here would keep the new card from ever having its turn.
    """
    case = uow.cases.get(case_id)
    if failure.drawn_wrong:
        _tell_not_drawn(uow, policy, case, failure, now=now)
    if not case.state.is_active:
        return
    if failure.code == MESSAGE_GONE:
        uow.outbox.add(
            [PostCard(case.id, case.channel, again=_in_place_of(case))], now=now, priority=case.sort_key
        )
    elif failure.route_broken and case.channel != policy.fallback_channel:
        _reroute(uow, policy, case, case.card_channel or case.channel, failure, now=now)


def _tell_not_drawn(uow: UnitOfWork, policy: Policy, case: Case, failure: Failed, *, now: datetime) -> None:
    """Once for each case: it is tried again with every change of the case, and fails again until the bot is mended."""
    text = (
        f"What Slack is to show of case {case.id} (@{case.author.handle}) is missing or out of date: {failure.reason}. This is a fault "
        "of Switchboard: report it with the log. The case itself is safe: it is in App Home and comes with /mentions next."
    )
    uow.outbox.add([Alert(text=text, once=f"not_drawn:{case.id}", channel=policy.alert_channel)], now=now)


def _in_place_of(case: Case) -> int:
    """A number that stands for the card that is gone."""
    return int("".join(filter(str.isdecimal, case.card_ts or "")) or case.version)


def _reroute(
    uow: UnitOfWork, policy: Policy, case: Case, channel: str, failure: Failed, *, now: datetime
) -> None:
    moved = save_change(
        uow,
        replace(case, channel=policy.fallback_channel),
        actor=SYSTEM,
        action=Action.ROUTE_FAILED,
        now=now,
        detail={"channel": channel, "reason": failure.reason, "stood_there": case.card_channel == channel},
    )
    uow.outbox.add(
        [PostCard(case.id, policy.fallback_channel, again=moved.version)], now=now, priority=case.sort_key
    )
    alert(
        uow,
        policy,
        f"Cards cannot be posted in {channel_name(channel)}: {failure.reason}. "
        f"They go to {channel_name(policy.fallback_channel)} until that is mended.",
        once=f"route:{channel}",
        now=now,
    )


def channel_name(channel: str) -> str:
    """The channel as alerts show it."""
    return "#" + channel.removeprefix("#")
