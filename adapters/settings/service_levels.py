"""Convert the choices to the domain's service levels."""

from collections.abc import Mapping
from datetime import timedelta

from adapters.settings.choices import Choices
from adapters.settings.sla import SlaPolicy
from domain.cases.service_levels import MissedTargetAct, ServiceLevel, ServiceLevels
from domain.triage.assessment import Urgency


def service_levels(choices: Choices, channel_ids: Mapping[str, str]) -> ServiceLevels:
    """Return the service levels of these choices; `channel_ids` are by channel name."""
    sla = choices.sla
    defaults = {
        Urgency.URGENT: sla.urgent,
        Urgency.HIGH: sla.high,
        Urgency.NORMAL: sla.normal,
        Urgency.LOW: sla.low,
    }
    return ServiceLevels(
        levels=[_level(policy, channel_ids) for policy in sla.policies],
        defaults={urgency: timedelta(minutes=minutes) for urgency, minutes in defaults.items()},
        hours=choices.office.office_hours,
        remind_of_promises=timedelta(minutes=choices.promises.remind_minutes),
    )


def _level(policy: SlaPolicy, channel_ids: Mapping[str, str]) -> ServiceLevel:
    return ServiceLevel(
        name=policy.name,
        urgencies=frozenset(Urgency[name.upper()] for name in policy.urgency),
        situations=frozenset(situation.value for situation in policy.situation),
        languages=frozenset(policy.language),
        channels=frozenset(channel_ids[channel] for channel in policy.channel),
        tags=frozenset(policy.tag),
        first=_span(policy.first),
        following=_span(policy.next),
        resolution=_span(policy.resolution),
        at_all_hours=policy.hours == "always",
        warn_before=_span(policy.warn),
        at_warning=frozenset(map(MissedTargetAct, policy.at_warning)),
        at_breach=frozenset(map(MissedTargetAct, policy.at_breach)),
    )


def _span(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)
