"""Shorten the paces at which the bot calls others and looks for work: no story waits for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from adapters.charts import drawer
from adapters.email import imap
from domain.delivery.pacing import Pace
from domain.networks import Networks
from domain.outages.destinations import Destinations
from domain.outages.policy import OutagePolicy
from handlers import post_spacing
from handlers.delivery import loop, performers
from handlers.rehearsal import runner
from handlers.timers import health, maintenance, outage_links, rota, spikes
from storage import leadership
from storage.outbox_claims import Paces

#: Of each interval. Bursts and the order of what is sent stay as they are.
SHARE = 0.1
_TIMERS = (
    (imap, "_STOP_CHECK_SECONDS"),
    (leadership, "LEASE"),
    (leadership, "RENEW_AFTER"),
    (loop, "RECOVER_EVERY"),
    (post_spacing, "SPACING"),
    (health, "WATCH_EVERY"),
    (maintenance, "EXPIRE_EVERY"),
    (maintenance, "REMIND_EVERY"),
    (maintenance, "WAKE_EVERY"),
    (outage_links, "COMPARE_EVERY"),
    (outage_links, "FOLLOW_EVERY"),
    (outage_links, "TAKE_BACK_EVERY"),
    (rota, "ASSIGN_EVERY"),
    (spikes, "FOLLOW_EVERY"),
    (spikes, "LOOK_EVERY"),
    (runner, "TEND_EVERY"),
)


@contextmanager
def shortened(share: float = SHARE) -> Iterator[None]:
    """Have every bot that is built meanwhile wait this share of each interval."""
    paces_with = performers.paces_with

    def shorter(networks: Networks, destinations: Destinations, policy: OutagePolicy | None = None) -> Paces:
        pace_of = paces_with(networks, destinations, policy)
        return lambda destination: _shorter(pace_of(destination), share)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(performers, "paces_with", shorter)
        # How busy the machine is, is no part of a story: without its chart an alert has another form.
        patch.setattr(drawer, "TIMEOUT", 200.0)
        for module, name in _TIMERS:
            patch.setattr(module, name, getattr(module, name) * share)
        yield


def _shorter(pace: Pace | None, share: float) -> Pace | None:
    return replace(pace, interval=pace.interval * share) if pace else None
