"""Detect spikes, follow them until they are over, and take a person's word that one is no outage."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.delivery.outcomes import Failed
from domain.delivery.surge_effects import PostSpike, UpdateSpike
from domain.errors import DeskError
from domain.intake.stream_names import MENTIONS, SEARCH
from domain.policy import Policy
from domain.records.audit import Action, Entry
from domain.surge.looks import look
from domain.surge.spikes import (
    RETENTION,
    Spike,
    SpikeState,
    cleared_at,
    dismiss,
    must_edit_alert,
    open_silence,
    required_log_p,
    restore,
)
from domain.surge.watch import SurgeWatch
from domain.triage.situations import Cues
from handlers.surge.post_names import NameReader
from storage.unit_of_work import UnitOfWork

#: A stream that was read within this time, and is not paused, counts as healthy.
HEALTHY_WITHIN = timedelta(minutes=5)
#: For how long after nobody followed it a spike is taken to go on; what goes on for longer is found anew.
GOES_ON_FOR = timedelta(hours=1)


class SpikeGone(DeskError):
    """The spike is not stored any more."""

    def __init__(self) -> None:
        super().__init__("Nothing was done: this alert is so old that nothing is learnt from it any more.")


class NotDismissed(DeskError):
    """Nobody says any more that the spike is no outage."""

    def __init__(self) -> None:
        super().__init__("Somebody was first: that it is not an outage has been taken back already.")


class AlreadyDismissed(DeskError):
    """Somebody has said before that the spike is no outage."""

    def __init__(self) -> None:
        super().__init__("Somebody was first: this has been marked as not an outage already.")


def detect_spikes(
    uow: UnitOfWork,
    *,
    watch: SurgeWatch,
    cues: Cues,
    policy: Policy,
    accounts: Sequence[Account],
    now: datetime,
) -> None:
    """Open, follow and end spikes and silences by what `watch` holds, and have the alerts posted.

    By `cues` posts are left out of a second spike that name what an open one is about.
    """
    known = uow.spikes.since(now - RETENTION)
    # Locked and read again: a person may have dismissed one meanwhile.
    known = [get_spike(uow, spike_id=spike.id) if spike.is_open else spike for spike in known]
    findings = watch.findings(now=now, since=cleared_at(known), required=required_log_p(known, now=now))
    open_now = [spike for spike in known if spike.is_open]
    over = [spike for spike in known if not spike.is_open]
    found = look(open_now, findings, watch, NameReader(uow, watch, cues), now=now, over=over)
    for before, after in found.followed:
        _save_if_changed(uow, before, after, now)
    if found.opened is not None:
        _open(uow, found.opened, policy, now)
    silent = {spike.series.subject for spike in open_now if spike.is_silence}
    for account in accounts:
        if account.network not in silent:
            _detect_silence(uow, account, watch, policy, now)


def _detect_silence(
    uow: UnitOfWork, account: Account, watch: SurgeWatch, policy: Policy, now: datetime
) -> None:
    """Open a silence if nothing came from a network that is read without an error, and much is usual."""
    mentions, searched = (uow.cursors.get(account.network, account.id, name) for name in (MENTIONS, SEARCH))
    arrivals = [cursor.arrived_at for cursor in (mentions, searched) if cursor.arrived_at is not None]
    if mentions.read_at is None or mentions.pause_reason is not None or not arrivals:
        return
    last = max(arrivals)
    is_healthy = now - mentions.read_at <= HEALTHY_WITHIN
    if is_healthy and watch.is_silent(account.network, since=last, now=now):
        _open(uow, open_silence(account.network, watch, since=last, now=now), policy, now)


def _open(uow: UnitOfWork, spike: Spike, policy: Policy, now: datetime) -> None:
    stored = uow.spikes.add(spike)
    uow.outbox.add([PostSpike(stored.id, policy.alert_channel)], now=now)


def _save_if_changed(uow: UnitOfWork, before: Spike, after: Spike, now: datetime) -> None:
    if after == before:
        return
    uow.spikes.save(after)
    if must_edit_alert(before, after):
        uow.outbox.add([UpdateSpike(after.id)], now=now)


def dismiss_spike(uow: UnitOfWork, *, spike_id: int, user_id: str, now: datetime) -> Spike:
    """Record that a spike is no outage: its hours are usual, and as many raise no alert at such hours.

    Raises `SpikeGone` and `AlreadyDismissed`.
    """
    spike = get_spike(uow, spike_id=spike_id)
    if spike.state is SpikeState.DISMISSED:
        raise AlreadyDismissed
    dismissed = dismiss(spike, by=user_id, now=now)
    _judge(uow, dismissed, Action.SPIKE_DISMISSED, by=user_id, now=now)
    return dismissed


def restore_spike(uow: UnitOfWork, *, spike_id: int, user_id: str, now: datetime) -> Spike:
    """Take back that a spike is no outage: its alert offers again what can be done, and it taught nothing.

    It goes on where it did when it was dismissed, unless that is long ago, or another spike is open for what
    it is about. Raises `SpikeGone` and `NotDismissed`.
    """
    spike = get_spike(uow, spike_id=spike_id)
    if spike.state is not SpikeState.DISMISSED or spike.ended_at is None:
        raise NotDismissed
    about = set(spike.all_series)
    is_alerted = any(one.is_open and about & set(one.all_series) for one in uow.spikes.since(now - RETENTION))
    goes_on = now - spike.ended_at <= GOES_ON_FOR and not is_alerted
    restored = restore(spike, goes_on=goes_on)
    _judge(uow, restored, Action.SPIKE_RESTORED, by=user_id, now=now)
    return restored


def _judge(uow: UnitOfWork, spike: Spike, action: Action, *, by: str, now: datetime) -> None:
    """Store what somebody said of a spike, and have its alert show that."""
    uow.spikes.save(spike)
    detail = {
        "spike": spike.id,
        "series": [series.key for series in spike.all_series],
        "count": spike.count,
        "expected": round(spike.expected, 2),
    }
    uow.audit.add_many([Entry(at=now, actor=by, action=action, case_id=None, version=None, detail=detail)])
    uow.outbox.add([UpdateSpike(spike.id)], now=now)


def record_alert(uow: UnitOfWork, *, spike_id: int, channel: str, ts: str) -> None:
    """Store where the alert of a spike stands."""
    uow.spikes.save(replace(get_spike(uow, spike_id=spike_id), channel=channel, ts=ts))


def reroute_alert(
    uow: UnitOfWork, policy: Policy, effect: PostSpike, failure: Failed, *, now: datetime
) -> None:
    """Post the alert of a spike in the fallback channel where its own channel is unusable."""
    if failure.route_broken and effect.channel != policy.fallback_channel:
        uow.outbox.add([PostSpike(effect.spike_id, policy.fallback_channel)], now=now)


def get_spike(uow: UnitOfWork, *, spike_id: int) -> Spike:
    """Return the spike, locked; raises `SpikeGone`."""
    spike = uow.spikes.get(spike_id)
    if spike is None:
        raise SpikeGone
    return spike
