"""Fall back to another channel when cards cannot be posted, and re-post deleted ones."""

from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.delivery.effect import Effect
from domain.delivery.effects import Alert, PostCard
from domain.delivery.outcomes import Failed
from domain.delivery.routing_effects import MarkMoved, UpdateCardOnceOpen
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action
from handlers.cases.alerts import alert, channel_name
from handlers.cases.transitions import save_change
from storage.unit_of_work import UnitOfWork

#: Slack's error code for a deleted message.
MESSAGE_GONE = "message_not_found"


def reroute_card(
    uow: UnitOfWork, policy: Policy, case_id: int, channel: str, failure: Failed, *, now: datetime
) -> None:
    """Reroute a card that could not be posted in `channel` to the fallback channel, and alert on-call.

    A card that stands already says where the case went.
    No reroute where rendering failed or `channel` is the fallback itself: only an alert.
    """
    case = uow.cases.get(case_id)
    if failure.invalid_content:
        _alert_render_failed(uow, policy, case, failure, now=now)
        return
    if channel != policy.fallback_channel:
        _reroute(uow, policy, case, channel, failure, now=now)
        return
    text = (
        f"Cards cannot be posted in {channel_name(channel)} either: {failure.reason}. Their cases are in App Home and come with "
        "/mentions next. Mend the channel, or choose another fallback_channel in switchboard.toml."
    )
    alert(uow, policy, text, dedupe_key=f"route:{channel}", now=now)


def recover_missing_card(
    uow: UnitOfWork, policy: Policy, case_id: int, failure: Failed, *, now: datetime
) -> None:
    """Re-post an active case's card that was deleted, or reroute it where its channel is unusable.

    Where the card stays in an unusable channel, it is updated once the channel is usable.
    Repeated failures enqueue one new card: the effect's key is deduplicated. No card update is enqueued here:
    it would come before the new card in the case's stream and fail again.
    """
    case = uow.cases.get(case_id)
    if failure.invalid_content:
        _alert_render_failed(uow, policy, case, failure, now=now)
    if failure.route_broken and not (case.state.is_active and case.channel != policy.fallback_channel):
        uow.outbox.add([UpdateCardOnceOpen(case.id)], now=now)
        return
    if not case.state.is_active:
        return
    if failure.code == MESSAGE_GONE:
        uow.outbox.add(
            [PostCard(case.id, case.channel, again=_replaced_card_number(case))],
            now=now,
            priority=case.sort_key,
        )
    elif failure.route_broken:
        _reroute(uow, policy, case, case.card_channel or case.channel, failure, now=now)


def _alert_render_failed(
    uow: UnitOfWork, policy: Policy, case: Case, failure: Failed, *, now: datetime
) -> None:
    """Alert on-call that a card cannot be rendered, once per case.

    Every change of the case renders it and fails again.
    """
    text = (
        f"What Slack is to show of case {case.id} ({case.author.mention}) is missing or out of date: {failure.reason}. This is a fault "
        "of Switchboard: report it with the log. The case itself is safe: it is in App Home and comes with /mentions next."
    )
    uow.outbox.add(
        [Alert(text=text, dedupe_key=f"not_drawn:{case.id}", channel=policy.alert_channel)], now=now
    )


def _replaced_card_number(case: Case) -> int:
    """Return a number that identifies the deleted card, so that its replacement is posted once."""
    return int("".join(filter(str.isdecimal, case.card_ts or "")) or case.version)


def _reroute(
    uow: UnitOfWork, policy: Policy, case: Case, channel: str, failure: Failed, *, now: datetime
) -> None:
    rerouted = save_change(
        uow,
        replace(case, channel=policy.fallback_channel),
        actor=SYSTEM,
        action=Action.ROUTE_FAILED,
        now=now,
        detail={"channel": channel, "reason": failure.reason, "stood_there": case.card_channel == channel},
    )
    effects: list[Effect] = [PostCard(case.id, policy.fallback_channel, again=rerouted.version)]
    if case.card_channel is not None and case.card_ts is not None:
        effects.append(MarkMoved(case.id, case.card_channel, case.card_ts))
    uow.outbox.add(effects, now=now, priority=case.sort_key)
    alert(
        uow,
        policy,
        f"Cards cannot be posted in {channel_name(channel)}: {failure.reason}. "
        f"They go to {channel_name(policy.fallback_channel)} until that is mended.",
        dedupe_key=f"route:{channel}",
        now=now,
    )
